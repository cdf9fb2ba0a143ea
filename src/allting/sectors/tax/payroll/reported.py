"""What has been reported: to the employer that reported it, and about somebody to whoever may have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from allting.common.registers import api as registers
from allting.kernel.actor import Actor
from allting.kernel.problems import NotFound
from allting.sectors.tax.employment import employer_of
from allting.sectors.tax.models import PayrollLine, PayrollReport
from allting.sectors.tax.payroll.receiving import WHY, Receipt, content_of, receipt


@dataclass(frozen=True, slots=True)
class Reported:
    """One employee of a report, in øre."""

    row: int
    identity_number: str
    gross: int
    withheld: int


def reports(actor: Actor, limit: int = 50) -> list[Receipt]:
    """The enterprise's reports that count, newest month first. Raises NotAllowed."""
    rows = PayrollReport.objects.filter(employer=employer_of(actor), replaced=None)
    return [receipt(one) for one in rows.order_by("-month", "-pk")[:limit]]


def report(actor: Actor, report_id: UUID) -> Receipt:
    """One of the enterprise's own. Raises NotFound."""
    return receipt(_own(actor, report_id))


def _own(actor: Actor, report_id: UUID) -> PayrollReport:
    row = PayrollReport.objects.filter(pk=report_id, employer=employer_of(actor)).first()
    if row is None:
        raise NotFound()
    return row


def lines(actor: Actor, report_id: UUID, after: int = 0, limit: int = 100) -> list[Reported]:
    """Its employees by row; each sees in her log that it was read."""
    rows = list(_own(actor, report_id).lines.filter(row__gt=after).order_by("row")[:limit])
    numbers = registers.identity_numbers(actor, WHY, [one.person for one in rows])
    found = [(one, content_of(one)) for one in rows]
    return [
        Reported(one.row, numbers.get(one.person, ""), sum(content["incomes"].values()), content["withheld"])
        for one, content in found
    ]


def of_year(people: Sequence[UUID], year: int) -> dict[UUID, tuple[int, int]]:
    """Pay and tax withheld in a year, in øre, of each that something is reported of."""
    return _sums(year, person__in=people)


def by_employer(employer: UUID, year: int) -> dict[UUID, tuple[int, int]]:
    """The same of each that one employer has reported."""
    return _sums(year, report__employer=employer)


def _sums(year: int, **which: Any) -> dict[UUID, tuple[int, int]]:
    rows = PayrollLine.objects.filter(report__replaced=None, report__month__year=year, **which)
    gross: Counter[UUID] = Counter()
    withheld: Counter[UUID] = Counter()
    for one in rows.iterator(chunk_size=1000):
        content = content_of(one)
        gross[one.person] += sum(content["incomes"].values())
        withheld[one.person] += content["withheld"]
    return {one: (gross[one], withheld[one]) for one in gross}


def so_far(subject: UUID) -> dict[str, Any]:
    """tax.income_so_far on the exchange: what employers have reported of this year, in øre; empty when nothing is."""
    today: date = timezone.localdate()
    found = of_year([subject], today.year).get(subject)
    return {"wages": found[0], "withheld": found[1]} if found else {"wages": None, "withheld": None}
