"""The days a case must keep, by the law's calendar, and who is told before one of them breaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from allting.common.cases.lifecycle import AT_WORK
from allting.common.cases.models import Case, Skill, Substitute
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.calendar import is_working_day, legal_deadline

AHEAD = 5  # working days before a deadline that its officer is told
MOST_TOLD = 50  # officers told of a case that nobody has taken


def begin(case: Case, period: str, since: date | None = None) -> None:
    """The time to answer runs from today, or from the day ``since`` which it has been here. Longer than a month, and a
    provisional reply is due within the month (forvaltningsloven § 11 a)."""
    day = since or timezone.localdate()
    case.due = legal_deadline(day, period)
    month = legal_deadline(day, "1 month")
    case.reply_by = month if case.due > month else None
    case.save(update_fields=["due", "reply_by"])
    watch(case)


def watch(case: Case) -> None:
    """Put the warnings of a case's days in the caller's transaction; a day that moves gets a new one."""
    for kind, day in (("due", case.due), ("reply_by", case.reply_by)):
        if day is not None:
            payload = {"case": str(case.pk), "kind": kind, "day": day.isoformat()}
            outbox.put("cases.warn", f"{case.pk}:{kind}:{day}", payload, due=morning_of(before(day)))


def warn(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: tell who handles it, or those who could take it; not when it is done, or has more time."""
    case = Case.objects.filter(pk=payload["case"], state__in=AT_WORK).defer("content").first()
    if case is None or str(getattr(case, payload["kind"])) != payload["day"]:
        return
    for person in _handlers(case):
        notification.nudge(Party("person", person), "work-due", f"{key}:{person}")


def _handlers(case: Case) -> list[UUID]:
    """Who has it, and who stands in for her; else those who handle the service, which those do who chose none."""
    if case.officer is not None:
        return [case.officer, *stand_ins(case.desk, case.officer)]
    skilled = Skill.objects.filter(authority=case.desk)
    hers = list(skilled.filter(service=case.service).order_by("id").values_list("person", flat=True)[:MOST_TOLD])
    if hers:
        return hers
    chose = set(skilled.values_list("person", flat=True))
    return [one for one, _name in registers.officers(case.desk) if one not in chose][:MOST_TOLD]


def stand_ins(authority: UUID, person: UUID) -> list[UUID]:
    """Who stands in for ``person`` today."""
    today = timezone.localdate()
    rows = Substitute.objects.filter(authority=authority, person=person, starts__lte=today, ends__gte=today)
    return list(rows.values_list("stand_in", flat=True))


def before(day: date, working_days: int = AHEAD) -> date:
    """So many working days before ``day``."""
    while working_days:
        day -= timedelta(days=1)
        working_days -= is_working_day(day)
    return day


def next_working_days(day: date) -> date:
    """The last day that is within a warning of ``day``."""
    return legal_deadline(day, f"{AHEAD} working days")


def morning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(7)))


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
