"""One step with several cases at once: each by the verb, and so by the rules, of one. One that cannot stops no other.

Only cases of one service at one stage, so that what is read on one page is true of them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from allting.common.cases import assigning, noting
from allting.common.cases.assigning import at_work, date_of
from allting.common.cases.deciding import decide, too_near, words_of
from allting.common.cases.lifecycle import State, may
from allting.common.cases.models import Case
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, Invalid, Problem
from allting.kernel.text import Text, written

DEEDS: Final = ("assign", "remind", "decide")
MOST: Final = 50  # cases at once: a page of the queue

NOT_HERE, NEAR = _("It does not lie at your authority."), _("You are too near this case (forvaltningsloven § 6).")
UNLIKE = _("It is of another service, or at another stage, than the first one you chose.")
NOT_NOW = _("This cannot be done with the case as it stands now.")
CHANGED = _("Someone has done something with it since you chose it. Open it to see what.")


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done with each. ``do``: assign (to ``person``), remind (``on`` a day) or decide (``outcome``:
    granted or refused, with the same ``grounds`` in every letter)."""

    do: str
    person: UUID | None = None
    on: str = ""
    outcome: str = ""
    grounds: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What will happen, or has happened, to one case. ``why`` not: empty when it can be, or was, done. ``waits``: for
    another officer's signature."""

    id: UUID
    number: str
    revision: int
    why: Any = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Looked:
    """The chosen cases before anything is done: of which service, and what each will be told."""

    title: Text | None
    countersigned: bool
    by_rule: bool
    decidable: bool
    lines: list[Told]

    @property
    def ready(self) -> list[Told]:
        return [one for one in self.lines if not one.why]


def look_over(actor: Actor, chosen: Sequence[UUID], deed: Deed | None = None) -> Looked:
    """What will happen to each of ``chosen``, in their order; nothing is done. No ``deed``: whether anything can.

    Raises NotAllowed for who is not at work, and Invalid as ``sound``.
    """
    if deed is not None:
        sound(actor, deed)
    rows = _rows(actor, chosen)
    first = next(iter(rows.values()), None)
    lines = [_foreseen(actor, rows.get(one), one, first, deed) for one in _once(chosen)]
    if first is None:
        return Looked(None, countersigned=False, by_rule=False, decidable=False, lines=lines)
    service = catalogue.at(first.service, first.digest).service
    return Looked(service.title, service.countersigned, bool(service.by_rule), _decidable(first), lines)


def together(actor: Actor, chosen: Sequence[tuple[UUID, int]], deed: Deed) -> list[Told]:
    """Do it with each, in a transaction of its own: its own event, letter and line in the log. Each id comes with the
    revision that was seen.

    Raises NotAllowed and Invalid as ``look_over``: before anything is done.
    """
    seen = dict(chosen)
    looked = look_over(actor, list(seen), deed)
    return [one if one.why else _done(actor, one, seen[one.id], deed) for one in looked.lines]


def sound(actor: Actor, deed: Deed) -> None:
    """Raises Invalid, field by field, for what would be wrong with every case."""
    if deed.do not in DEEDS:
        raise Invalid(errors={"do": [_("Choose what to do")]})
    if deed.do == "assign" and deed.person not in dict(assigning.colleagues(actor)):
        raise Invalid(errors={"person": [_("Choose a colleague")]})
    if deed.do == "remind":
        noting.sound(date_of("on", deed.on))
    if deed.do == "decide":
        _sound_decision(deed)


def _sound_decision(deed: Deed) -> None:
    wrong: dict[str, Any] = {}
    if deed.outcome not in ("granted", "refused"):
        wrong["outcome"] = [_("Choose a result")]
    try:
        if deed.outcome == "refused" or written(deed.grounds):
            words_of("grounds", deed.grounds)
    except Invalid as one:
        wrong |= one.errors
    if wrong:
        raise Invalid(errors=wrong)


def _once(chosen: Sequence[UUID]) -> list[UUID]:
    """Raises Invalid for none, or too many."""
    ids = list(dict.fromkeys(chosen))
    if not ids or len(ids) > MOST:
        raise Invalid(errors={"case": [_("Choose between 1 and %(most)d cases") % {"most": MOST}]})
    return ids


def _rows(actor: Actor, chosen: Sequence[UUID]) -> dict[UUID, Case]:
    """Those at the officer's desk, in the order they were chosen."""
    ids, (_person, authority) = _once(chosen), at_work(actor)
    found = Case.objects.filter(desk=authority).defer("content").in_bulk(ids)
    return {one: found[one] for one in ids if one in found}


def _foreseen(actor: Actor, row: Case | None, case_id: UUID, first: Case | None, deed: Deed | None) -> Told:
    if row is None or first is None:  # her own authority's only: of others she is not told even the number
        return Told(case_id, "", 0, NOT_HERE)
    why: Any = ""
    if (row.service, row.digest, row.state) != (first.service, first.digest, first.state):
        why = UNLIKE
    elif deed is not None and not _may(row, deed):
        why = NOT_NOW
    elif too_near(actor, row):
        why = NEAR
    waits = deed is not None and deed.do == "decide" and _waits(row)
    return Told(row.pk, row.number, row.revision, why, waits and not why)


def _may(row: Case, deed: Deed) -> bool:
    if deed.do == "decide":
        return _decidable(row)
    return deed.do == "remind" or may(row.state, "assigned")


def _decidable(row: Case) -> bool:
    """Not what waits for a second officer: she signs each by itself, once she has read it."""
    return row.state != State.PROPOSED and may(row.state, "decided")


def _waits(row: Case) -> bool:
    return catalogue.at(row.service, row.digest).service.countersigned


def _done(actor: Actor, one: Told, revision: int, deed: Deed) -> Told:
    waits = False
    try:
        if deed.do == "assign":
            assigning.assign(actor, one.id, revision, deed.person)
        elif deed.do == "remind":
            noting.remind(actor, one.id, deed.on)
        else:
            waits = not decide(actor, one.id, revision, deed.outcome, deed.grounds)
    except Problem as problem:
        return Told(one.id, one.number, one.revision, why_not(problem))
    return Told(one.id, one.number, one.revision, "", waits)


def why_not(problem: Problem) -> Any:
    """A refusal as one line of a list."""
    if isinstance(problem, Invalid):
        return next((texts[0] for texts in problem.errors.values()), problem.title)
    if isinstance(problem, Conflict):
        return CHANGED if problem.code == "case-changed" else NOT_NOW
    return NEAR if problem.code == "own-case" else NOT_HERE
