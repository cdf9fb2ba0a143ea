"""The authority's queues: a page at a time by key, as quick with a million cases as with ten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from allting.common.cases import assigning, inquiry, searching
from allting.common.cases.deadlines import next_working_days
from allting.common.cases.lifecycle import AT_WORK, ENDED, State
from allting.common.cases.listing import Listed, listed
from allting.common.cases.models import Case
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Actor
from allting.kernel.text import Text, alphabetical

TABS: Final = ("open", "skills", "free", "mine", "sign", "appeals", "decided")
FEW: Final = 5  # cases in each part of the first page


@dataclass(frozen=True, slots=True)
class Only:
    """A queue narrowed to one service, or to those of one Los theme, or to both; empty: all of them."""

    service: str = ""
    theme: str = ""

    def narrow(self, rows: Any) -> Any:
        if self.theme:
            every = [one.service for one in catalogue.services()]
            rows = rows.filter(service__in=[one.service for one in every if self.theme in one.themes])
        return rows.filter(service=self.service) if self.service else rows


EVERYTHING: Final = Only()


def themes_handled(actor: Actor) -> list[tuple[str, Text]]:
    """The themes of the services that come to the officer's authority, by name."""
    mine = dict(assigning.handled(actor))
    names = {name for one in catalogue.services() if one.slug in mine for name in one.service.themes}
    known = catalogue.themes()
    return sorted(((name, known[name].title) for name in names), key=lambda one: alphabetical(one[1]))


def queue(
    actor: Actor, which: str = "open", after: tuple[date, UUID] | None = None, limit: int = 50,
    only: Only = EVERYTHING,
) -> list[Listed]:  # fmt: skip
    """The officer's queue, most urgent first; only her authority's, and ``only`` those services.

    ``which``: open, skills (of the services she handles), free (nobody has taken them), mine (and theirs she stands
    in for), sign (another officer's, for her to countersign), appeals, or decided (newest first). ``after``: the last
    one of the page before.
    """
    if not actor.is_officer or actor.authority is None:
        return []
    rows = only.narrow(Case.objects.filter(desk=actor.authority).defer("content"))
    if which == "decided":
        rows = rows.filter(state__in=ENDED, **({"id__lt": after[1]} if after else {}))
        return listed(list(rows.order_by("-id")[:limit]), actor)
    rows = _narrowed(actor, rows.filter(state__in=AT_WORK), which)
    if after is not None:  # the first part says no more than the second, in a way that an index can begin from
        rows = rows.filter(Q(due__gt=after[0]) | Q(due=after[0], id__gt=after[1]), due__gte=after[0])
    return listed(list(rows.order_by("due", "id")[:limit]), actor)


def _narrowed(actor: Actor, rows: Any, which: str) -> Any:
    match which:
        case "appeals":
            return rows.filter(state__in=(State.APPEALED, State.FORWARDED))
        case "mine":
            return rows.filter(officer__in=assigning.hands(actor).whose)
        case "free":
            return rows.filter(officer=None)
        case "sign":
            return rows.filter(state=State.PROPOSED).exclude(officer=actor.person)
        case "skills":
            return _of_services(rows, assigning.skills(actor))
    return rows


def _of_services(rows: Any, services: list[str]) -> Any:
    return rows.filter(service__in=services) if services else rows


@dataclass(frozen=True, slots=True)
class Desk:
    """An officer's first page: a few of each, the most urgent first."""

    mine: list[Listed]
    new: list[Listed]
    soon: list[Listed]
    sign: list[Listed]
    questions: list[inquiry.Asked]
    reminders: list[tuple[date, UUID, str]]


def desk(actor: Actor) -> Desk:
    """What the officer has, what nobody has taken of the services she handles, what others have that is due within
    the days of a warning, what waits for her to countersign, and what other authorities ask."""
    if not actor.is_officer or actor.authority is None:
        return Desk([], [], [], [], [], [])
    rows = Case.objects.filter(desk=actor.authority, state__in=AT_WORK).defer("content").order_by("due", "id")
    hers = assigning.hands(actor)
    whose = hers.whose
    new = _of_services(rows.filter(officer=None), hers.services)
    near = rows.filter(due__lte=next_working_days(timezone.localdate())).exclude(officer__in=whose)
    parts = (rows.filter(officer__in=whose), new, near.exclude(officer=None), _narrowed(actor, rows, "sign"))
    found = [list(part[: FEW + 1]) for part in parts]
    lines = {one.id: one for one in listed([row for part in found for row in part], actor)}
    mine, free, soon, sign = ([lines[row.pk] for row in part] for part in found)
    return Desk(mine, free, soon, sign, inquiry.to_answer(actor), hers.reminders)


def search(actor: Actor, wanted: searching.Wanted, before: UUID | None = None, limit: int = 50) -> list[Listed]:
    """The desk's cases that fit, newest first; ``before``: the last one of the page before. Raises as
    ``searching.found``."""
    return listed(searching.found(actor, wanted, before, limit), actor)
