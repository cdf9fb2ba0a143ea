"""The register of pension earnings: figures by year with their history, and what is given of it to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict, NotFound
from allting.sectors.pension.balance import Balance, Figure, counted
from allting.sectors.pension.models import Earnings, TakeUp

DATASET: Final = "pension.earnings"
BASIS: Final = "folketrygdloven §§ 3-15 og 20-5"
AHEAD: Final = 7  # first days of months that a balance is told for: this month's and those one may begin in


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it: how many figures were new, corrected an earlier one, or said what was said before."""

    new: int = 0
    corrected: int = 0
    unchanged: int = 0


def store(figures: Mapping[UUID, Sequence[Figure]]) -> Taken:
    """Keep figures by person, all or nothing; each figure once. Sent again they change nothing. Raises Conflict when
    two write the same at once."""
    try:
        with transaction.atomic():
            return _stored([(person, one) for person, all_of in figures.items() for one in all_of])
    except IntegrityError:
        raise Conflict(code="reported-meanwhile") from None


def _stored(figures: Sequence[tuple[UUID, Figure]]) -> Taken:
    people = {person for person, _figure in figures}
    rows = Earnings.objects.select_for_update().filter(person__in=people, current=True)
    before = {(row.person, row.kind, row.year): row for row in rows}
    old, new = [], []
    for person, one in figures:
        row = before.get((person, one.kind, one.year))
        if row is not None and (row.amount, row.source) == (one.amount, one.source):
            continue
        old += [row.pk] if row else []
        fields = {"kind": one.kind, "year": one.year, "amount": one.amount, "source": one.source}
        new.append(Earnings(person=person, version=row.version + 1 if row else 1, **fields))
    Earnings.objects.filter(pk__in=old).update(current=False)
    Earnings.objects.bulk_create(new, batch_size=500)
    return Taken(len(new) - len(old), len(old), len(figures) - len(new))


def assessed(*, person: UUID, year: int, income: int, authority_name: str) -> None:
    """Handler of "tax.assessed": what the tax office has assessed as the year's pensionable income, in kroner. It is
    given on from the tax office to Nav, so that it stands in the person's log."""
    try:
        nav = registers.authority("nav")
    except NotFound:
        return
    store({person: [Figure("income", year, income, authority_name)]})
    with translation.override(registers.contact(Party("person", person)).language):
        purpose = Purpose(BASIS, _("Your assessed income, to count your pension earnings."))
    audit.record(Actor.system(nav.id, nav.name), purpose, "tax.assessed", person, fields=["income", "year"])


def balance_of(person: UUID, day: date) -> Balance | None:
    """Her balance on a day; None where nothing is known. For the room itself: others ask the exchange."""
    figures, taken = _known(person)
    return counted(figures, day, taken) if figures else None


def _known(person: UUID) -> tuple[list[Figure], list[tuple[date, int]]]:
    """Her figures, and what was left each time some was taken: all that a balance on any day is counted from."""
    rows = Earnings.objects.filter(person=person, current=True)
    # One that another took the place of before it began has taken nothing.
    holding = TakeUp.objects.filter(person=person, fallen=False).exclude(ended__lte=F("first"))
    taken = holding.order_by("id").values_list("first", "left")
    return [Figure(row.kind, row.year, row.amount, row.source) for row in rows], list(taken)


def dataset(subject: UUID) -> dict[str, Any] | None:
    """pension.earnings: the balance today and on the first of the coming months, in kroner, with the years behind it.

    ``years`` with ``accrued`` None, and those in ``left_out``, are not in the balance: their figures are not known.
    """
    today = timezone.localdate()
    figures, taken = _known(subject)
    if not figures:
        return None
    held = counted(figures, today, taken)
    months = [months_after(today.replace(day=1), ahead) for ahead in range(AHEAD)]
    coming = [counted(figures, month, taken) for month in months]
    incomes = [one for one in held.years if one.year < today.year]
    return {
        "balance": held.amount,
        "day": today.isoformat(),
        "income": incomes[-1].income if incomes else None,
        "income_year": incomes[-1].year if incomes else None,
        "opening": _opening(held.opening),
        "years": [
            {
                "year": one.year, "income": one.income, "accrued": one.accrued, "source": one.source,
                "counts_from": one.counts_from.isoformat(),
            }
            for one in held.years
        ],
        "left_out": list(held.left_out),
        "unadjusted": list(held.unadjusted),
        "months": [{"first": one.day.isoformat(), "balance": one.amount} for one in coming],
    }  # fmt: skip


def _opening(one: Figure | None) -> dict[str, Any] | None:
    return {"year": one.year, "amount": one.amount, "source": one.source} if one else None
