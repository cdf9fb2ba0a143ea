"""Days of sickness benefit paid for here, as § 8-12 counts them: 248 in three years, anew after 26 weeks fit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from allting.common.cases import api as cases
from allting.kernel.actor import Party
from allting.sectors.welfare.models import SickLeave

SERVICE = "sickness-benefit"
FIT = timedelta(weeks=26)


def decided(*, told: cases.Concluded) -> None:
    """A case is decided, in its transaction: what it gives is remembered; a new decision replaces it."""
    if told.service != SERVICE:
        return
    set_aside(case=told.case)
    if told.outcome.granted and told.outcome.more:
        SickLeave.objects.create(
            case=told.case, party=str(told.party), start=told.outcome.more["start"], days=told.outcome.more["days"]
        )


def set_aside(*, case: UUID) -> None:
    """The decision does not hold any more: its days do not count."""
    SickLeave.objects.filter(case=case).delete()


def had(subject: UUID) -> dict[str, Any]:
    """welfare.sickness_days: each day paid for since she last was without sickness benefit for 26 weeks, and the last
    of them, as dates. That she was wholly fit for work meanwhile no register tells: an officer sees to it."""
    found: list[date] = []
    for day in _days(SickLeave.objects.filter(party=str(Party("person", subject))).order_by("start")):
        if found and day - found[-1] > FIT:
            found = []
        found.append(day)
    return {"days": [one.isoformat() for one in found], "last": found[-1].isoformat() if found else None}


def _days(rows: Iterable[SickLeave]) -> list[date]:
    days: set[date] = set()
    for row in rows:
        day, left = row.start, row.days
        while left:
            if day.weekday() < 5:
                days.add(day)
                left -= 1
            day += timedelta(days=1)
    return sorted(days)
