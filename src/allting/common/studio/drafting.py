"""A file that is worked on: its draft, what waits for review, and what is published; a service's, or a law's rates."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.common.studio import folder
from allting.common.studio.finding import Finding
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import Conflict, Invalid

LARGEST = 200_000  # letters, as the catalogue reads
_log = logging.getLogger("allting.studio")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to work on. ``base`` tells which text the work began with.

    ``draft``: it is worked on and not saved; ``saved``: when what waits for review was saved, else None.
    """

    slug: str
    title: Any
    text: str
    base: str
    published: str
    draft: bool
    saved: datetime | None
    can_keep: bool

    @property
    def new(self) -> bool:
        """Whether nothing is published under this name yet."""
        return not self.published


def opened(slug: str, title: Any, published: str) -> Opened:
    """As it is worked on, else as it waits for review, else as published."""
    draft, kept = folder.draft(slug), folder.text_of(slug)
    text = next(one for one in (draft, kept, published) if one is not None)
    digest = sha256(text.encode()).hexdigest()
    waits = kept is not None and kept != published
    saved = folder.saved_at(slug) if waits else None
    return Opened(slug, title, text, digest, published, draft is not None, saved, folder.root() is not None)


def keep(look: Callable[[], Opened], base: str, changed: Callable[[str], str]) -> None:
    """Keep a changed text as the draft. ``look`` opens the file anew while nobody else may write.

    Raises Conflict when another has changed the draft since ``base``, Invalid, Unavailable.
    """
    with held(look, base) as now:
        text = changed(now.text)
        if len(text) > LARGEST:
            raise Invalid(errors={"text": [_("The file is too large.")]})
        if text != now.text:
            folder.keep(now.slug, text)


def as_data(text: str) -> dict[str, Any]:
    """What a text that is to be kept says. Raises Invalid when it is not YAML."""
    try:
        return catalogue.as_data(text)
    except catalogue.BadFile as bad:
        raise Invalid(errors={"text": [f"{one.line}: {one.text}" for one in bad.faults]}) from None


def discard(now: Opened) -> bool:
    """Forget the draft: the file is as it waits for review, or as published; whether there is one."""
    with folder.held():
        folder.drop(now.slug)
    return not now.new or now.saved is not None


@contextmanager
def held(look: Callable[[], Opened], base: str) -> Iterator[Opened]:
    """The file, while nobody else may write. Raises Conflict when it is not what ``base`` says."""
    with folder.held():
        now = look()
        if now.base != base:
            raise Conflict(code="file-changed")
        yield now


def save(
    actor: Actor, own: registers.Authority, dataset: str, now: Opened, law: str, said: Callable[[], Sequence[str]]
) -> bool:
    """Write a draft that is right for review, within ``held``; whether it was committed. It is logged who did.

    ``said`` tells the change in words. Raises Unavailable.
    """
    with transaction.atomic():
        purpose = Purpose(law, _("A service was changed"))
        audit.record(actor, purpose, dataset, own.id, action="change", fields=[now.slug])
        who = actor.name or own.name
        committed = folder.write(now.slug, now.text, who, f"studio@{own.slug}.invalid", _message(now.slug, said))
        folder.drop(now.slug)
    _log.info("file saved", extra={"service": now.slug, "authority": own.slug, "committed": committed})
    return committed


def _message(slug: str, said: Callable[[], Sequence[str]]) -> str:
    """The change in words, in Bokmål: reviewers read it."""
    with translation.override("nb"):
        words = said()
    return "\n".join([f"{slug}: {words[0] if len(words) == 1 else len(words)}"[:100], "", *words])


def must_be_right(findings: Sequence[Finding]) -> None:
    """Raises Invalid with each finding."""
    if findings:
        raise Invalid(errors={"text": [f"{one.line}: {one.text}" for one in findings]})


def patch(now: Opened) -> str:
    """The change from what is published, as a unified diff that ``git apply`` and ``patch -p1`` take."""
    name = folder.place_of(now.slug)
    lines = difflib.unified_diff(
        now.published.splitlines(keepends=True), now.text.splitlines(keepends=True),
        "/dev/null" if now.new else f"a/{name}", f"b/{name}",
    )  # fmt: skip
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
