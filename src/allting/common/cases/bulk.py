"""Several cases alike decided at once: each in its own transaction, and told which did not go, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from allting.common.cases.deciding import decide
from allting.common.cases.models import Case
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid, NotAllowed, Problem
from allting.kernel.text import Text

MOST = 100
WHY: Final[Mapping[str, Any]] = {
    "own-case": _("You are too near this case"),
    "case-changed": _("Something has happened in it since you opened the list"),
    "not-now": _("It cannot be decided in the state it is in"),
    "not-found": _("It is not in your queue"),
    "invalid": _("It needs something that the others do not: open it and decide it alone"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that is to be decided with others; ``revision`` is what the officer saw."""

    id: UUID
    revision: int
    number: str = ""
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """How it went with one; ``why`` is empty when it did."""

    case: UUID
    number: str
    why: Any = ""


def chosen(actor: Actor, ids: Sequence[UUID]) -> list[Chosen]:
    """Those of the officer's desk among ``ids``, in their order. Raises Invalid when they are of several services, or
    none, or too many."""
    if not actor.is_officer:
        raise NotAllowed()
    rows = {row.pk: row for row in Case.objects.filter(pk__in=ids[: MOST + 1], desk=actor.authority).defer("content")}
    if not rows or len(ids) > MOST:
        raise Invalid(errors={"case": [_("Choose between 1 and 100 cases")]})
    if len({row.service for row in rows.values()}) > 1:
        raise Invalid(errors={"case": [_("Choose cases of one service: only those that are alike go together")]})
    found = [rows[one] for one in dict.fromkeys(ids) if one in rows]
    return [
        Chosen(row.pk, row.revision, row.number, catalogue.at(row.service, row.digest).service.title) for row in found
    ]


def decide_all(actor: Actor, cases: Sequence[Chosen], outcome: str, grounds: str) -> list[Result]:
    """The same decision in each. Raises Invalid when it could be given in none: no outcome, a refusal with no grounds."""
    if outcome not in ("granted", "refused"):
        raise Invalid(errors={"outcome": [_("Choose a result")]})
    if outcome == "refused" and not grounds.strip():
        raise Invalid(errors={"grounds": [_("A refusal needs grounds")]})
    numbers = {one.id: one.number for one in chosen(actor, [one.id for one in cases])}
    return [_decide(actor, one, numbers.get(one.id, ""), outcome, grounds) for one in cases]


def _decide(actor: Actor, one: Chosen, number: str, outcome: str, grounds: str) -> Result:
    try:
        decide(actor, one.id, one.revision, outcome, grounds)
    except Problem as problem:
        return Result(one.id, number, WHY.get(problem.code, WHY["invalid"]))
    return Result(one.id, number)
