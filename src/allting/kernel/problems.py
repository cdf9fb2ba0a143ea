"""What can go wrong, said once: pages show it, REST answers it as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


def wants_json(request: Any) -> bool:
    """Whether a script asks (it says so, or nobody else comes there), not a reader."""
    if getattr(request, "between_programs", False):
        return True
    return bool(request.get_preferred_type(["text/html", "application/json"]) == "application/json")


STANDARD = frozenset({"type", "title", "status", "instance"})


class Problem(Exception):
    """A refusal the user can understand. ``title`` and ``detail`` are shown to her, translated.

    ``code`` is stable and for machines; ``errors`` maps a field's name to messages.
    """

    status = 400
    code = "problem"
    title: Any = _("This could not be done")

    def __init__(
        self,
        detail: Any = "",
        *,
        code: str | None = None,
        errors: Mapping[str, Sequence[Any]] | None = None,
        **extra: Any,
    ) -> None:
        if taken := STANDARD & extra.keys():
            raise TypeError(f"{', '.join(sorted(taken))} is a member of every problem: call it something else")
        super().__init__(str(code or self.code))
        self.detail = detail
        self.code = code or self.code
        self.errors = {name: list(messages) for name, messages in (errors or {}).items()}
        self.extra = extra

    def as_details(self, instance: str = "") -> dict[str, Any]:
        """The members of RFC 9457 section 3.1, with ``errors`` as an extension member."""
        details: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": str(self.title),
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            details["detail"] = str(self.detail)
        if instance:
            details["instance"] = instance
        if self.errors:
            details["errors"] = {name: [str(text) for text in texts] for name, texts in self.errors.items()}
        return details | self.extra


class LoginNeeded(Problem):
    """Nobody is logged in, or not at the level asked for (``level``)."""

    status = 401
    code = "login-needed"
    title = _("You need to log in")


class NotAllowed(Problem):
    """Logged in, but this is not hers to see or do."""

    status = 403
    code = "not-allowed"
    title = _("You do not have access to this")


class NotFound(Problem):
    """There is no such thing, or not for her: the two look the same from outside."""

    status = 404
    code = "not-found"
    title = _("We could not find this")


class Conflict(Problem):
    """Somebody was there first, or the thing is past the point where this can be done."""

    status = 409
    code = "conflict"
    title = _("This has changed since you opened it")


class Invalid(Problem):
    """What was filled in cannot be accepted; ``errors`` says why, field by field."""

    status = 422
    code = "invalid"
    title = _("Something needs to be corrected")


class TooLarge(Problem):
    """A file or a request is larger than allowed."""

    status = 413
    code = "too-large"
    title = _("The file is too large")


class Unavailable(Problem):
    """A part we depend on does not answer now; nothing was lost."""

    status = 503
    code = "unavailable"
    title = _("This does not work right now")


TO_THE_FRONT_PAGE = _("Go to the front page")


@dataclass(frozen=True, slots=True)
class Advice:
    """What the reader can do about a problem: a sentence, and where the page's one button leads."""

    text: Any = ""
    way: str = "/"
    way_text: Any = TO_THE_FRONT_PAGE


_advice: dict[str, Advice] = {}


def advise(advice: Mapping[str, tuple[Any, ...]]) -> None:
    """Called from a room's ``apps.py``: for each code that its problems bear, the members of ``Advice``."""
    _advice.update({code: Advice(*members) for code, members in advice.items()})


def advice_on(code: str) -> Advice:
    """What was advised, or nothing but the way to the front page."""
    return _advice.get(code, Advice())
