"""How an authority does its work, in figures: for its own cases only, month by month, and nobody is seen in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from allting.common.cases.assigning import at_work
from allting.common.cases.lifecycle import AT_WORK, State
from allting.common.cases.models import APPEALS, Case, Event
from allting.common.cases.searching import id_at, start_of
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Actor
from allting.kernel.text import Text, alphabetical

MONTHS: Final = 12
FEWEST: Final = 5  # a smaller number than this, and not none, is not given to others


@dataclass(slots=True)
class Line:
    """The figures of a service, a month, or both. Days are calendar days from sent to the first decision; ``in_time``
    those within the day that was promised; ``stood`` and ``changed`` appeals that are decided."""

    received: int = 0
    decided: int = 0
    in_time: int = 0
    appeals: int = 0
    stood: int = 0
    changed: int = 0
    open: int = 0
    overdue: int = 0
    days: Counter[int] = field(default_factory=Counter)

    def add(self, other: Line) -> None:
        for name in ("received", "decided", "in_time", "appeals", "stood", "changed", "open", "overdue"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.days.update(other.days)

    def within(self, share: float) -> int | None:
        """The days within which so large a part of the decisions came (nearest rank); None without any."""
        place = -int(-share * self.decided // 1)
        for days in sorted(self.days):
            place -= self.days[days]
            if place <= 0 < self.decided:
                return days
        return None

    @property
    def median(self) -> int | None:
        return self.within(0.5)

    @property
    def ninety(self) -> int | None:
        return self.within(0.9)

    @property
    def percent(self) -> int | None:
        """How much of what was decided came in time, rounded down: 100 is all."""
        return 100 * self.in_time // self.decided if self.decided else None

    def exported(self) -> dict[str, int | None]:
        """What may leave the authority: None for a number between none and five, and for what would tell of it."""
        counts = {"received": self.received, "decided": self.decided, "appeals": self.appeals, "stood": self.stood,
                  "changed": self.changed}  # fmt: skip
        late = self.decided - self.in_time
        told = self.decided >= FEWEST
        shares = {"median": self.median if told else None, "ninety": self.ninety if told else None,
                  "percent": self.percent if told and not _few(late) and not _few(self.in_time) else None}  # fmt: skip
        return {name: None if _few(number) else number for name, number in counts.items()} | shares


def _few(number: int) -> bool:
    return 0 < number < FEWEST


@dataclass(frozen=True, slots=True)
class Figures:
    """The months, oldest first, and what happened in each of each service; what lies open now is in no month."""

    months: list[date]
    titles: Mapping[str, Text]
    lines: Mapping[tuple[str, date], Line]
    now: Mapping[str, Line]

    def by_month(self, service: str = "") -> list[tuple[date, Line]]:
        """One line a month, also where nothing happened; of one ``service``, or of all."""
        found = {month: Line() for month in self.months}
        for (one, month), line in self.lines.items():
            if month in found and service in ("", one):
                found[month].add(line)
        return list(found.items())

    def by_service(self) -> list[tuple[str, Text, Line]]:
        """One line a service, all months together, and what lies open, by title."""
        found: dict[str, Line] = {}
        for (service, month), line in self.lines.items():
            if month in self.months:
                found.setdefault(service, Line()).add(line)
        for service, line in self.now.items():
            found.setdefault(service, Line()).add(line)
        rows = [(service, self.titles.get(service, Text.same(service)), line) for service, line in found.items()]
        return sorted(rows, key=lambda row: alphabetical(row[1]))

    def total(self, service: str = "") -> Line:
        whole = Line()
        for one, _title, line in self.by_service():
            if service in ("", one):
                whole.add(line)
        return whole


def figures(actor: Actor) -> Figures:
    """The last twelve months of the officer's own authority, this one included. Raises NotAllowed.

    Four queries, however much there is.
    """
    authority, months = at_work(actor)[1], _months(timezone.localdate())
    lines: dict[tuple[str, date], Line] = {}
    first = months[0]
    cases = Case.objects.filter(authority=authority)
    _received(cases.filter(id__gte=id_at(first)), lines)
    _decided(cases.filter(first_decided__gte=first), lines)
    _appealed(Event.objects.filter(kind__in=APPEALS, at__gte=start_of(first), case__authority=authority), lines)
    titles = {published.service.service: published.service.title for published in catalogue.services()}
    return Figures(months, titles, lines, _open(authority))


def _months(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def _line(lines: dict[tuple[str, date], Line], service: str, month: Any) -> Line:
    return lines.setdefault((service, date(month.year, month.month, 1)), Line())


def _received(rows: Any, lines: dict[tuple[str, date], Line]) -> None:
    """What reached the authority: not what waits for signatures or a fee, or lapsed for want of them."""
    rows = rows.exclude(state__in=(State.SIGNING, State.PAYING, State.LAPSED))
    rows = rows.annotate(month=TruncMonth("submitted")).values_list("service", "month")
    for service, month, count in rows.annotate(count=Count("id")):
        _line(lines, service, month).received += count


def _decided(rows: Any, lines: dict[tuple[str, date], Line]) -> None:
    rows = rows.annotate(month=TruncMonth("first_decided"), took=F("first_decided") - TruncDate("submitted"))
    rows = rows.values_list("service", "month", "late", "took")
    for service, month, late, took, count in rows.annotate(count=Count("id")):
        line = _line(lines, service, month)
        line.decided += count
        line.in_time += 0 if late else count
        line.days[took.days] += count


def _appealed(rows: Any, lines: dict[tuple[str, date], Line]) -> None:
    rows = rows.annotate(month=TruncMonth("at")).values_list("case__service", "month", "kind", "case__appeal_result")
    for service, month, kind, result, count in rows.annotate(count=Count("id")):
        line = _line(lines, service, month)
        if kind == "appealed":
            line.appeals += count
        elif kind == "appeal-decided" and result == "upheld":
            line.stood += count
        else:
            line.changed += count


def _open(authority: Any) -> dict[str, Line]:
    rows = Case.objects.filter(desk=authority, state__in=AT_WORK).values_list("service")
    late = Count("id", filter=Q(due__lt=timezone.localdate()))
    return {
        service: Line(open=count, overdue=overdue)
        for service, count, overdue in rows.annotate(count=Count("id"), overdue=late)
    }
