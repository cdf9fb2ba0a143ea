"""How an authority keeps up: received, decided, how long it took. Counts only, and nobody in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.lifecycle import AT_WORK
from allting.common.cases.models import Case
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.text import Text, alphabetical

LONGEST = timedelta(days=366)


@dataclass(slots=True)
class Line:
    """One service in the period: ``median`` in days from sent to decided; ``late`` decided after the day promised;
    ``waiting`` and ``overdue`` as it is now."""

    service: str
    title: Text
    received: int = 0
    decided: int = 0
    late: int = 0
    waiting: int = 0
    overdue: int = 0
    days: dict[int, int] = field(default_factory=dict)

    @property
    def median(self) -> float | None:
        """The middle one, or half-way between the two in the middle; None when nothing is decided."""
        if not self.days:
            return None
        count = sum(self.days.values())
        low, high = _nth(self.days, (count - 1) // 2), _nth(self.days, count // 2)
        return (low + high) / 2


def _nth(histogram: dict[int, int], place: int) -> int:
    for days in sorted(histogram):
        place -= histogram[days]
        if place < 0:
            return days
    raise IndexError


def figures(actor: Actor, first: date, last: date) -> list[Line]:
    """The officer's authority from ``first`` to ``last``, by service and with the sum of all as the last line.

    Three questions to the database, each over the period's cases or those that are open. Raises Invalid for a period
    that is turned around or longer than a year.
    """
    if not actor.is_officer:
        raise NotAllowed()
    if not timedelta() <= last - first <= LONGEST:
        raise Invalid(errors={"last": [_("Choose a last day after the first, at most a year on")]})
    lines: dict[str, Line] = defaultdict(lambda: Line("", Text.same("–")))
    total = Line("", Text.same("–"))
    rows = Case.objects.filter(authority=actor.authority)
    _received(rows, first, last, lines)
    _decided(rows, first, last, lines)
    _waiting(Case.objects.filter(desk=actor.authority), lines)
    for slug, line in lines.items():
        line.service, line.title = slug, _title(slug)
        _add(total, line)
    return [*sorted(lines.values(), key=lambda one: alphabetical(one.title)), total]


def _received(rows: Any, first: date, last: date, lines: dict[str, Line]) -> None:
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    found = rows.filter(submitted__gte=begins, submitted__lt=ends).order_by().values_list("service")
    for service, count in found.annotate(count=Count("pk")):
        lines[service].received = count


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _decided(rows: Any, first: date, last: date, lines: dict[str, Line]) -> None:
    found = rows.filter(first_decided__gte=first, first_decided__lte=last).order_by()
    groups = found.values_list("service", "first_decided", TruncDate("submitted"))
    for service, decided, sent, count, late in groups.annotate(count=Count("pk"), lates=Count("pk", Q(late=True))):
        line, days = lines[service], (decided - sent).days
        line.decided, line.late = line.decided + count, line.late + late
        line.days[days] = line.days.get(days, 0) + count


def _waiting(rows: Any, lines: dict[str, Line]) -> None:
    today = timezone.localdate()
    found = rows.filter(state__in=AT_WORK).order_by().values_list("service")
    for service, count, over in found.annotate(count=Count("pk"), over=Count("pk", Q(due__lt=today))):
        lines[service].waiting, lines[service].overdue = count, over


def _title(slug: str) -> Text:
    try:
        return catalogue.service(slug).service.title
    except NotFound:  # no longer on offer
        return Text.same(slug)


def _add(total: Line, line: Line) -> None:
    for name in ("received", "decided", "late", "waiting", "overdue"):
        setattr(total, name, getattr(total, name) + getattr(line, name))
    for days, count in line.days.items():
        total.days[days] = total.days.get(days, 0) + count
