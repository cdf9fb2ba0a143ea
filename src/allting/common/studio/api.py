"""The studio: a service owner changes her services, sees what that does, and saves the file for review."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.studio import access, changing, folder
from allting.common.studio.differences import differences
from allting.common.studio.finding import Finding, findings
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import Conflict, Invalid

__all__ = [
    "Following", "Opened", "Trial", "add", "change", "differences", "discard", "following", "keep", "move", "opened",
    "patch", "proposed", "save", "services", "trial", "typed",
]  # fmt: skip
DATASET = "studio.service"
LARGEST = 200_000  # letters, as the catalogue reads
_log = logging.getLogger("allting.studio")


@dataclass(frozen=True, slots=True)
class Opened:
    """A service's file to work on. ``base`` tells which text the work began with.

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


@dataclass(frozen=True, slots=True)
class Trial:
    """What a text would do. Without findings it may be saved."""

    findings: Sequence[Finding]
    changes: Sequence[str] = ()
    examples: Sequence[tuple[str, str]] = ()  # name, and what differs from what it promises
    found: catalogue.Published | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """Open cases that follow one version of the file, and in what the text differs from it."""

    count: int
    now: bool
    changes: Sequence[str] = field(default=())


def services(actor: Actor) -> list[Opened]:
    """The services of the authority she owns services for. Raises NotAllowed."""
    own = access.authority(actor)
    return [_opened(one) for one in catalogue.services() if access.owns(own, one.service.offered_by)]


def opened(actor: Actor, slug: str) -> Opened:
    """One of them: as it is worked on, else as it waits for review, else as published. Raises NotAllowed, NotFound."""
    return _opened(_mine(actor, slug))


def proposed(actor: Actor, slug: str, text: str) -> catalogue.Published | None:
    """The text as a service, for preview and test run; None while it cannot be read. Raises NotAllowed, NotFound."""
    _mine(actor, slug)
    return catalogue.proposed(slug, text)[0]


def trial(actor: Actor, slug: str, text: str) -> Trial:
    """Check a text, run its examples, and tell how it differs from what is published; nothing is kept."""
    before = _mine(actor, slug)
    found, faults = catalogue.proposed(slug, text)
    said = findings(text, faults)
    try:
        changes = differences(before.text, text)
    except catalogue.BadFile:
        return Trial(said)
    if found is None:
        return Trial(said, changes)
    said += _not_hers(actor, found.service.offered_by)
    examples = [(one.name or str(place), why) for place, (one, why) in enumerate(catalogue.tried(found), 1)]
    return Trial(said, changes, examples, found)


def typed(actor: Actor, slug: str, at: str, form: changing.Form) -> str:
    """The text as it would be with what was typed at one place; nothing is kept. Raises as ``change``."""
    return changing.changed(opened(actor, slug).text, at, form)


# --- The draft -------------------------------------------------------------------------------------------


def keep(actor: Actor, slug: str, text: str, base: str) -> None:
    """Keep a text as the draft, right or not, as long as it is YAML.

    Raises Invalid, Conflict when another has changed the draft since ``base``, NotAllowed, NotFound, Unavailable.
    """
    _mine(actor, slug)
    try:
        offered_by = catalogue.as_data(text).get("offered_by")
    except catalogue.BadFile as bad:
        raise Invalid(errors={"text": [f"{one.line}: {one.text}" for one in bad.faults]}) from None
    if refused := _not_hers(actor, offered_by):
        raise Invalid(errors={"text": [refused[0].text]})
    _keep(actor, slug, base, lambda now: text)


def change(actor: Actor, slug: str, at: str, form: changing.Form, base: str) -> None:
    """Put what was typed at one place into the draft. Raises as ``keep``, by input."""
    _keep(actor, slug, base, lambda now: changing.changed(now, at, form))


def move(actor: Actor, slug: str, at: str, form: changing.Form, base: str) -> None:
    """Move a part up or down, or take it out. Raises as ``keep``."""
    _keep(actor, slug, base, lambda now: changing.moved(now, at, form))


def add(actor: Actor, slug: str, at: str, form: changing.Form, base: str) -> str:
    """Add a page, a question or a choice; where it is now. Raises as ``keep``."""
    places: list[str] = []

    def more(now: str) -> str:
        text, place = changing.added(now, at, form)
        places.append(place)
        return text

    _keep(actor, slug, base, more)
    return places[0]


def discard(actor: Actor, slug: str) -> None:
    """Forget the draft: the service is as it waits for review, or as published. Raises NotAllowed, NotFound."""
    _mine(actor, slug)
    with folder.held():
        folder.drop(slug)


def _keep(actor: Actor, slug: str, base: str, changed: Callable[[str], str]) -> None:
    with folder.held():
        now = opened(actor, slug)
        if now.base != base:
            raise Conflict(code="file-changed")
        text = changed(now.text)
        if len(text) > LARGEST:
            raise Invalid(errors={"text": [_("The file is too large.")]})
        if text != now.text:
            folder.keep(slug, text)


# --- For review ------------------------------------------------------------------------------------------


def save(actor: Actor, slug: str, base: str) -> bool:
    """Save the draft for review, when it is right; whether it was committed. It is logged who did, and when.

    Raises Invalid with each finding, Conflict when another has changed it since ``base``, NotAllowed, NotFound,
    Unavailable.
    """
    own = access.authority(actor)
    with folder.held(), transaction.atomic():
        now = opened(actor, slug)
        if now.base != base:
            raise Conflict(code="file-changed")
        if faults := trial(actor, slug, now.text).findings:
            raise Invalid(errors={"text": [f"{one.line}: {one.text}" for one in faults]})
        purpose = Purpose(str(catalogue.as_data(now.text)["law"]), _("A service was changed"))
        audit.record(actor, purpose, DATASET, own.id, action="change", fields=[slug])
        who = actor.name or own.name
        committed = folder.write(slug, now.text, who, f"studio@{own.slug}.invalid", _message(now))
        folder.drop(slug)
    _log.info("service saved", extra={"service": slug, "authority": own.slug, "committed": committed})
    return committed


def patch(actor: Actor, slug: str) -> str:
    """The change from what is published, as a unified diff that ``git apply`` and ``patch -p1`` take."""
    now, name = opened(actor, slug), folder.place_of(slug)
    lines = difflib.unified_diff(
        now.published.splitlines(keepends=True), now.text.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def following(actor: Actor, slug: str) -> list[Following]:
    """The open cases by the version they follow, and what the draft would have been to them. Cases stay on the version
    they began with: this tells what is not changed for them. Numbers only, no one's case."""
    service = _mine(actor, slug)
    own = access.authority(actor)
    shared = service.service.offered_by in access.SHARED
    text = _opened(service).text
    return [
        Following(count, digest == service.digest, _changes(slug, digest, text))
        for digest, count in cases.begun_with(slug, None if shared else own.id).items()
    ]


def _changes(slug: str, digest: str, text: str) -> list[str]:
    try:
        return differences(catalogue.at(slug, digest).text, text)
    except catalogue.BadFile:
        return []


def _message(now: Opened) -> str:
    """The change in words, in Bokmål: reviewers read it."""
    with translation.override("nb"):
        said = differences(now.published, now.text)
    return "\n".join([f"{now.slug}: {said[0] if len(said) == 1 else len(said)}"[:100], "", *said])


def _not_hers(actor: Actor, offered_by: Any) -> list[Finding]:
    if access.owns(access.authority(actor), offered_by):
        return []
    said = _("offered_by: %(who)s is another authority; a service cannot be given away here") % {"who": offered_by}
    return [Finding(1, said, ("offered_by",), "")]


def _mine(actor: Actor, slug: str) -> catalogue.Published:
    access.authority(actor)
    found = catalogue.service(slug)
    access.must_own(actor, found.service.offered_by)
    return found


def _opened(published: catalogue.Published) -> Opened:
    slug = published.slug
    draft, kept = folder.draft(slug), folder.text_of(slug)
    text = next(one for one in (draft, kept, published.text) if one is not None)
    digest = sha256(text.encode()).hexdigest()
    waits = kept is not None and kept != published.text
    return Opened(
        slug, published.service.title, text, digest, published.text, draft is not None,
        folder.saved_at(slug) if waits else None, folder.root() is not None,
    )  # fmt: skip
