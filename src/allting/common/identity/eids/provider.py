"""What an electronic ID is to the gateway. Each is a folder in ``identity/providers`` (docs/howto/eid.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from allting.common.identity.eids.flow import Flow
from allting.kernel.actor import Level
from allting.kernel.text import Text


class Known(Protocol):
    """The end of a login: ``person`` has shown who she is at ``level``, with the eID that writes ``amr``.

    ``methods`` are the values of RFC 8176 that are true of this very login.
    """

    def __call__(self, person: UUID, level: Level, amr: str, *methods: str) -> HttpResponse: ...


_FOLDER = "allting.common.identity.providers"
SUPPLIERS = "oidc"  # the folder that serves every eID of EID_SUPPLIERS_FILE


@dataclass(frozen=True, slots=True)
class Login:
    """A login under way, as a provider's page sees it.

    ``wanted`` is the level the service asks for, ``fresh`` that somebody must be asked now, ``step`` which of the
    provider's pages this is (empty: the first), ``query`` the login's own request, and ``flow`` what is remembered
    of it in this browser. ``known(person, level, amr, *methods)`` ends it: somebody has shown who she is.
    """

    provider: str
    wanted: Level
    known: Known
    flow: Flow
    query: str
    step: str = ""
    fresh: bool = False

    def address(self, step: str = "") -> str:
        """The path of another page of the same login."""
        return login_path(self.query, self.provider, step)


@dataclass(frozen=True, slots=True)
class Held:
    """Something a person has of an eID: a passkey, an account. ``id`` is empty when there can be only one."""

    name: str
    level: Level
    since: datetime
    last_used: datetime | None
    id: str = ""


def _always() -> bool:
    return True


def _nothing(person: UUID) -> Sequence[Held]:
    return ()


@dataclass(frozen=True, slots=True)
class Provider:
    """An electronic ID.

    ``who`` says in a line who can use it; ``levels`` are those it reaches and ``amr`` the values it writes in the
    ID token (at most 30 letters); ``page`` answers each of its pages, of which ``steps`` are those beyond the
    first. ``ready`` is whether it can work on this installation. ``held`` lists what a person has of it, ``add``
    and ``mine`` are the paths where she gets and looks after it (empty: she cannot do so here).
    """

    name: str
    title: Text
    who: Text
    levels: tuple[Level, ...]
    amr: tuple[str, ...]
    page: Callable[[HttpRequest, Login], HttpResponse]
    steps: frozenset[str] = frozenset()
    ready: Callable[[], bool] = _always
    held: Callable[[UUID], Sequence[Held]] = _nothing
    add: str = ""
    mine: str = ""

    @property
    def highest(self) -> Level:
        return max(self.levels)


def login_path(query: str, provider: str = "", step: str = "") -> str:
    """The address of a page of the login whose request is ``query``."""
    parts = [quote(part, safe="") for part in (provider, step) if part]
    return "/".join(["/id/eid", *parts]) + (f"?{query}" if query else "")


def provider(name: str) -> Provider | None:
    """The eID of this name: a folder, or one of EID_SUPPLIERS_FILE; None when there is none."""
    if name != SUPPLIERS and name.isidentifier() and find_spec(f"{_FOLDER}.{name}") is not None:
        found: Provider = import_module(f"{_FOLDER}.{name}").PROVIDER
        return found
    supplier: Provider | None = import_module(f"{_FOLDER}.{SUPPLIERS}").supplier(name)
    return supplier


def providers() -> list[Provider]:
    """The eIDs of this installation (EID_PROVIDERS) that can work, in its order."""
    found = [provider(name) for name in settings.EID_PROVIDERS]
    return [one for one in found if one is not None and one.ready()]


def title_of(amr: str) -> str:
    """What people call the eID that writes this ``amr``."""
    return next((str(one.title) for one in providers() if amr in one.amr), amr)
