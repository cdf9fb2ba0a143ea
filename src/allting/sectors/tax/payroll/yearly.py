"""What an employer's months come to in a year: reported to the tax return, as the year stands now."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from allting.kernel.actor import Party
from allting.sectors.tax.models import TaxReport
from allting.sectors.tax.payroll.reported import by_employer
from allting.sectors.tax.returns import reports

KINDS = ("wage", "withheld")


def report(*, employer: UUID, month: date, **facts: Any) -> None:
    """Handler of "tax.income_reported", in the report's transaction. Who is no longer in a month that was replaced is
    counted anew too: the amount becomes what the other months come to, at last nothing."""
    year = month.year
    if year < reports.FIRST_YEAR:
        return
    sums = by_employer(employer, year)
    told = TaxReport.objects.filter(reporter=employer, reference__startswith=_reference(year), current=True)
    people = set(sums) | set(told.values_list("person", flat=True))
    rows = [
        reports.Report(f"{_reference(year)}{kind}-{person.hex}", person, year, kind, amount)
        for person in sorted(people)
        for kind, amount in zip(KINDS, sums.get(person, (0, 0)), strict=True)
    ]
    reports.store(Party("organisation", employer), rows)


def _reference(year: int) -> str:
    return f"payroll-{year}-"
