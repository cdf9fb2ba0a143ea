"""Returns made for everyone something is reported about, and delivered by silence when the time is out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from uuid6 import uuid7

from allting.common.cases import api as cases
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import legal_deadline
from allting.kernel.problems import Invalid, NotFound
from allting.sectors.tax.models import Delivery, TaxReport, TaxReturn

SERVICE = "tax-return"
OFFICE = "skatteetaten"
CHUNK = 1000  # returns made in one transaction
TOLD_CHUNK = 100
SILENT_CHUNK = 20  # cases opened in one: each holds locks until all of them are there
TIME_AT_LEAST = "4 weeks"  # our own: who gets a return late has time too; nobody says yes to what she has not seen


def deadline(year: int) -> date:
    """The end of April of the year after (skatteforvaltningsforskriften § 8-2-3)."""
    return date(year + 1, 4, 30)


def last_day(year: int) -> date:
    """The last day to change it oneself: three years after the deadline (skatteforvaltningsloven § 9-4)."""
    return date(year + 4, 4, 30)


def make(year: int) -> int:
    """Make a return for each person something is reported about and who has none; returns how many were made.

    In parts: broken off, it goes on where it was. Those that are not delivered in time are delivered by silence.
    """
    made = 0
    while people := _without(year):
        with transaction.atomic():
            made += _made(year, people)
    return made


def _without(year: int) -> list[UUID]:
    """The next people without a return."""
    has = TaxReturn.objects.filter(person=OuterRef("person"), year=year)
    rows = TaxReport.objects.filter(~Exists(has), year=year, current=True, amount__gt=0)
    return list(rows.values_list("person", flat=True).distinct().order_by("person")[:CHUNK])


def _made(year: int, people: Sequence[UUID]) -> int:
    today = timezone.localdate()
    due = max(deadline(year), legal_deadline(today, TIME_AT_LEAST))
    rows = [TaxReturn(id=uuid7(), person=one, year=year, due=due) for one in people]
    TaxReturn.objects.bulk_create(rows, ignore_conflicts=True)
    outbox.put("tax.silence", f"{year}:{due}", {"year": year}, due=_morning_after(due))
    for place in range(0, len(people), TOLD_CHUNK):
        some = [str(one) for one in people[place : place + TOLD_CHUNK]]
        outbox.put("tax.tell", f"{year}:{some[0]}", {"year": year, "people": some})
    return len(rows)


def tell(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: some people have a return to look over; each is told once."""
    for one in payload["people"]:
        notification.nudge(Party("person", UUID(one)), "tax-return", f"tax-return:{payload['year']}:{one}")


def _morning_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time(6)))


def silence(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the time is out. Who has said nothing has said that it is right (skatteforvaltningsloven § 8-2,
    fourth paragraph). Some at a time; the next come by an effect of their own."""
    year, today = int(payload["year"]), timezone.localdate()
    waits = TaxReturn.objects.filter(year=year, case=None, held="", due__lt=today).order_by("id")
    some = list(waits.select_for_update(skip_locked=True)[:SILENT_CHUNK])
    for row in some:
        _assess(row)
    if some:
        outbox.put("tax.silence", f"{year}:after:{some[-1].pk}", {"year": year})


def _assess(row: TaxReturn) -> None:
    """What cannot be delivered so is held, with a code, and does not hinder the others."""
    if not registers.is_alive(row.person):
        _hold(row, "not-alive")
        return
    try:
        with transaction.atomic():
            case = cases.open_case(_office(), SERVICE, Party("person", row.person), {"year": row.year})
            record(row, case, silent=True)
    except (Invalid, NotFound) as refused:
        _hold(row, refused.code)


def _hold(row: TaxReturn, code: str) -> None:
    row.held = code[:20]
    row.save(update_fields=["held"])


def _office() -> Actor:
    office = registers.authority(OFFICE)
    return Actor.system(office.id, office.name)


def record(row: TaxReturn, case: UUID, *, silent: bool) -> None:
    """A held return is delivered as ``case``: one version more."""
    row.case, row.draft, row.revision, row.held = case, None, row.revision + 1, ""
    row.save(update_fields=["case", "draft", "revision", "held"])
    Delivery.objects.create(taxreturn=row, number=row.revision, case=case, silent=silent)


def withdrawn(*, case: UUID, service: str) -> None:
    """A delivery was taken back before it was decided: the version before it stands, or the return waits again."""
    if service != SERVICE:
        return
    found = Delivery.objects.filter(case=case, withdrawn=False).first()
    if found is None:
        return
    row = TaxReturn.objects.select_for_update().get(pk=found.taxreturn_id)
    Delivery.objects.filter(pk=found.pk).update(withdrawn=True)
    stands = row.deliveries.filter(withdrawn=False).order_by("-number").values_list("case", flat=True).first()
    row.case = stands
    row.save(update_fields=["case"])
    if stands is None:
        again = max(_morning_after(row.due), timezone.now())
        outbox.put("tax.silence", f"{row.year}:withdrawn:{case}", {"year": row.year}, due=again)


def held(year: int) -> list[tuple[str, int]]:
    """How many returns of the year silence could not deliver, by code: somebody must look at them."""
    rows = TaxReturn.objects.filter(year=year).exclude(held="")
    return sorted(rows.values_list("held").annotate(Count("id")))
