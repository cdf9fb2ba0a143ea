"""The authority's queues and its search: a page at a time by key, as quick with a million cases as with ten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from allting.common.cases import assigning, searching
from allting.common.cases.lifecycle import AT_WORK, OVER, State
from allting.common.cases.listing import Listed, listed
from allting.common.cases.models import Case
from allting.kernel.actor import Actor

TABS: Final = ("open", "skills", "free", "mine", "sign", "appeals", "decided")


def queue(actor: Actor, which: str = "open", after: tuple[date, UUID] | None = None, limit: int = 50) -> list[Listed]:
    """The officer's queue, most urgent first; only her authority's.

    ``which``: open, skills (of the services she handles), free (nobody has taken them), mine (and theirs she stands
    in for), sign (another officer's, for her to countersign), appeals, or decided (newest first). ``after``: the last
    one of the page before.
    """
    if not actor.is_officer or actor.authority is None:
        return []
    rows = Case.objects.filter(desk=actor.authority).defer("content")
    if which == "decided":
        rows = rows.filter(state__in=OVER, **({"id__lt": after[1]} if after else {}))
        return listed(list(rows.order_by("-id")[:limit]), actor)
    rows = _narrowed(actor, rows.filter(state__in=AT_WORK), which)
    if after is not None:
        rows = rows.filter(Q(due__gt=after[0]) | Q(due=after[0], id__gt=after[1]), due__gte=after[0])
    return listed(list(rows.order_by("due", "id")[:limit]), actor)


def _narrowed(actor: Actor, rows: Any, which: str) -> Any:
    match which:
        case "appeals":
            return rows.filter(state__in=(State.APPEALED, State.FORWARDED))
        case "mine":
            return rows.filter(officer__in=[actor.person, *assigning.standing_in_for(actor)])
        case "free":
            return rows.filter(officer=None)
        case "sign":
            return rows.filter(state=State.PROPOSED).exclude(officer=actor.person)
        case "skills":
            services = assigning.skills(actor)
            return rows.filter(service__in=services) if services else rows
    return rows


def search(actor: Actor, wanted: searching.Wanted, before: UUID | None = None, limit: int = 50) -> Sequence[Listed]:
    """The desk's cases that fit, newest first. Raises as ``searching.found``."""
    return listed(searching.found(actor, wanted, before, limit), actor)
