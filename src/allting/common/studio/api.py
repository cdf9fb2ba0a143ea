"""The studio: a service owner changes her services, sees what that does, and saves the file for review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.studio import access, beginning, changing, drafting
from allting.common.studio.differences import differences
from allting.common.studio.drafting import Opened
from allting.common.studio.finding import Finding, findings
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid

__all__ = [
    "Following", "Opened", "Trial", "add", "begin", "change", "differences", "discard", "following", "keep", "move",
    "offers", "opened", "patch", "proposed", "save", "services", "trial", "typed",
]  # fmt: skip
DATASET = "studio.service"


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
    """The services of the authority she owns services for; those that are not published yet come first. Raises
    NotAllowed."""
    own = access.authority(actor)
    return beginning.begun(own) + [
        _opened(one) for one in catalogue.services() if access.owns(own, one.service.offered_by)
    ]


def opened(actor: Actor, slug: str) -> Opened:
    """One of them: as it is worked on, else as it waits for review, else as published. Raises NotAllowed, NotFound."""
    own = access.authority(actor)
    found = beginning.published(slug)
    if found is None:
        return beginning.opened(own, slug)
    access.must_own(actor, found.service.offered_by)
    return _opened(found)


def offers(actor: Actor) -> list[tuple[str, str]]:
    """In whose name she may begin a service, with what it is called. Raises NotAllowed."""
    return beginning.offers(access.authority(actor))


def begin(actor: Actor, form: changing.Form) -> str:
    """Begin a new service, as ``allting new-service`` does; its name. Raises Invalid by input, NotAllowed,
    Unavailable."""
    return beginning.begin(access.authority(actor), form)


def proposed(actor: Actor, slug: str, text: str) -> catalogue.Published | None:
    """The text as a service, for preview and test run; None while it cannot be read. Raises NotAllowed, NotFound."""
    opened(actor, slug)
    return catalogue.proposed(slug, text)[0]


def trial(actor: Actor, slug: str, text: str) -> Trial:
    """Check a text, run its examples, and tell how it differs from what is published; nothing is kept."""
    before = opened(actor, slug)
    found, faults = catalogue.proposed(slug, text)
    said = findings(text, faults)
    try:
        changes = _differences(before, text)
    except catalogue.BadFile:
        return Trial(said)
    if found is None:
        return Trial(said, changes)
    said += _not_hers(actor, found.service.offered_by)
    examples = [(str(one.name or place), why) for place, (one, why) in enumerate(catalogue.tried(found), 1)]
    return Trial(said, changes, examples, found)


def _differences(before: Opened, text: str) -> list[str]:
    """How the text differs from what is published, in words. Raises BadFile."""
    return differences(before.published, text) if before.published else [_("This service is new.")]


def typed(actor: Actor, slug: str, at: str, form: changing.Form) -> str:
    """The text as it would be with what was typed at one place; nothing is kept. Raises as ``change``."""
    return changing.changed(opened(actor, slug).text, at, form)


# --- The draft -------------------------------------------------------------------------------------------


def keep(actor: Actor, slug: str, text: str, base: str) -> None:
    """Keep a text as the draft, right or not, as long as it is YAML.

    Raises Invalid, Conflict when another has changed the draft since ``base``, NotAllowed, NotFound, Unavailable.
    """
    opened(actor, slug)
    if refused := _not_hers(actor, drafting.as_data(text).get("offered_by")):
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


def discard(actor: Actor, slug: str) -> bool:
    """Forget the draft: the service is as it waits for review, or as published; False when it is neither. Raises
    NotAllowed, NotFound."""
    return drafting.discard(opened(actor, slug))


def _keep(actor: Actor, slug: str, base: str, changed: Callable[[str], str]) -> None:
    drafting.keep(lambda: opened(actor, slug), base, changed)


# --- For review ------------------------------------------------------------------------------------------


def save(actor: Actor, slug: str, base: str) -> bool:
    """Save the draft for review, when it is right; whether it was committed. It is logged who did, and when.

    Raises Invalid with each finding, Conflict when another has changed it since ``base``, NotAllowed, NotFound,
    Unavailable.
    """
    own = access.authority(actor)
    with drafting.held(lambda: opened(actor, slug), base) as now:
        drafting.must_be_right(trial(actor, slug, now.text).findings)
        law = str(catalogue.as_data(now.text)["law"])
        return drafting.save(actor, own, DATASET, now, law, lambda: _differences(now, now.text))


def patch(actor: Actor, slug: str) -> str:
    """The change from what is published, as a unified diff that ``git apply`` and ``patch -p1`` take."""
    return drafting.patch(opened(actor, slug))


def following(actor: Actor, slug: str) -> list[Following]:
    """The open cases by the version they follow, and what the draft would have been to them. Cases stay on the version
    they began with: this tells what is not changed for them. Numbers only, no one's case."""
    own, text, service = access.authority(actor), opened(actor, slug).text, beginning.published(slug)
    if service is None:
        return []
    shared = service.service.offered_by in access.SHARED
    return [
        Following(count, digest == service.digest, _changes(slug, digest, text))
        for digest, count in cases.begun_with(slug, None if shared else own.id).items()
    ]


def _changes(slug: str, digest: str, text: str) -> list[str]:
    try:
        return differences(catalogue.at(slug, digest).text, text)
    except catalogue.BadFile:
        return []


def _not_hers(actor: Actor, offered_by: Any) -> list[Finding]:
    if access.owns(access.authority(actor), offered_by):
        return []
    said = _("offered_by: %(who)s is another authority; a service cannot be given away here") % {"who": offered_by}
    return [Finding(1, said, ("offered_by",), "")]


def _opened(published: catalogue.Published) -> Opened:
    return drafting.opened(published.slug, published.service.title, published.text)
