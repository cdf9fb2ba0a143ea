"""What an employer's months come to in a year: reported to the tax return, as the year stands now."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

from allting.kernel.actor import Party
from allting.sectors.tax.models import PayrollLine, TaxReport
from allting.sectors.tax.payroll.receiving import content_of
from allting.sectors.tax.returns import reports

KINDS = ("wage", "withheld")


def report(*, employer: UUID, month: date, **facts: Any) -> None:
    """Handler of "tax.income_reported", in the report's transaction. Who is no longer in a month that was replaced is
    counted anew too: the amount becomes what the other months come to, at last nothing."""
    year = month.year
    if year < reports.FIRST_YEAR:
        return
    sums = _sums(employer, year)
    told = TaxReport.objects.filter(reporter=employer, reference__startswith=_reference(year), current=True)
    people = {person for person, _kind in sums} | set(told.values_list("person", flat=True))
    rows = [
        reports.Report(f"{_reference(year)}{kind}-{person.hex}", person, year, kind, sums[person, kind])
        for person in sorted(people)
        for kind in KINDS
    ]
    reports.store(Party("organisation", employer), rows)


def _reference(year: int) -> str:
    return f"payroll-{year}-"


def _sums(employer: UUID, year: int) -> Counter[tuple[UUID, str]]:
    """Øre by person and kind, of the reports that count."""
    rows = PayrollLine.objects.filter(report__employer=employer, report__replaced=None, report__month__year=year)
    sums: Counter[tuple[UUID, str]] = Counter()
    for one in rows.iterator(chunk_size=1000):
        content = content_of(one)
        sums[one.person, "wage"] += sum(content["incomes"].values())
        sums[one.person, "withheld"] += content["withheld"]
    return sums
