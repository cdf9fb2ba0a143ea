"""The studio: a service owner changes her service's file, sees what it does, and saves it for review."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.studio import access, folder
from allting.common.studio.differences import differences
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import Conflict, Invalid

__all__ = ["Opened", "Trial", "differences", "opened", "save", "services", "trial"]
_log = logging.getLogger("allting.studio")


@dataclass(frozen=True, slots=True)
class Opened:
    """A service's file to work on. ``base`` tells which text the work began with; ``saved``: it waits for review."""

    slug: str
    title: Any
    text: str
    base: str
    saved: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a text would do. Without faults it may be saved."""

    faults: Sequence[str]
    changes: Sequence[str] = ()
    examples: Sequence[tuple[str, str]] = ()  # name, and what differs from what it promises
    pages: Sequence[tuple[catalogue.Page, Any]] = field(default=())


def services(actor: Actor) -> list[Opened]:
    """The services of the authority she owns services for. Raises NotAllowed."""
    own = access.authority(actor)
    return [_opened(one) for one in catalogue.services() if access.owns(own, one.service.offered_by)]


def opened(actor: Actor, slug: str) -> Opened:
    """One of them, as it stands in the working folder, or else as published. Raises NotAllowed and NotFound."""
    return _opened(_mine(actor, slug))


def trial(actor: Actor, slug: str, text: str) -> Trial:
    """Check a text, run its examples, tell what it changes, and make its pages; nothing is kept."""
    before = _opened(_mine(actor, slug))
    found, faults = catalogue.proposed(slug, text)
    said = [f"{one.path.name}:{one.line}: {one.text}" for one in faults]
    if found is None:
        return Trial(said)
    said += _not_hers(actor, found.service.offered_by)
    examples = [(one.name or str(place), why) for place, (one, why) in enumerate(catalogue.tried(found), 1)]
    return Trial(said, differences(before.text, text), examples, cases.preview_pages(found))


def save(actor: Actor, slug: str, text: str, base: str) -> bool:
    """Save a right text in the working folder; whether it was committed.

    Raises Invalid with each fault, Conflict when another has saved since ``base``, NotAllowed, NotFound, Unavailable.
    """
    own = access.authority(actor)
    tried = trial(actor, slug, text)
    if tried.faults:
        raise Invalid(errors={"text": list(tried.faults)})
    with folder.held(), transaction.atomic():
        now = opened(actor, slug)
        if now.base != base:
            raise Conflict(code="file-changed")
        law = str(catalogue.as_data(text)["law"])
        audit.record(actor, Purpose(law, _("A service was changed")), "studio.service", own.id, action="change")
        committed = folder.write(
            slug, text, actor.name or own.name, f"studio@{own.slug}.invalid", _message(slug, now, text)
        )
    _log.info("service saved", extra={"service": slug, "authority": own.slug, "committed": committed})
    return committed


def _message(slug: str, now: Opened, text: str) -> str:
    """The change in words, in Bokmål: reviewers read it."""
    with translation.override("nb"):
        said = differences(now.text, text)
    return "\n".join([f"{slug}: {said[0] if len(said) == 1 else len(said)}"[:100], "", *said])


def _not_hers(actor: Actor, offered_by: str) -> list[str]:
    if access.owns(access.authority(actor), offered_by):
        return []
    return [_("offered_by: %(who)s is another authority; a service cannot be given away here") % {"who": offered_by}]


def _mine(actor: Actor, slug: str) -> catalogue.Published:
    access.authority(actor)
    found = catalogue.service(slug)
    access.must_own(actor, found.service.offered_by)
    return found


def _opened(published: catalogue.Published) -> Opened:
    kept = folder.text_of(published.slug)
    text = published.text if kept is None else kept
    digest = sha256(text.encode()).hexdigest()
    return Opened(published.slug, published.service.title, text, digest, kept is not None and kept != published.text)
