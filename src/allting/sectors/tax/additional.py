"""Additional advance tax (tilleggsforskudd, skattebetalingsloven § 4-7): a bill one asks for, what has come of it, and
when it falls away. Nobody owes it, so nobody is reminded of it; what is paid is counted at the settlement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.calendar import next_working_day
from allting.kernel.text import said
from allting.sectors.tax.models import AdditionalTax

SERVICE, AUTHORITY = "additional-advance-tax", "skatteetaten"
LAW = "skattebetalingsloven § 4-7"
ON_ITS_WAY = timedelta(days=7)  # our own: what was paid in time is told of by the bank some days after


@dataclass(frozen=True, slots=True)
class Came:
    """What has come in of it, in øre: all of it, and what of that came after the last day."""

    paid: int = 0
    late: int = 0

    @property
    def in_time(self) -> int:
        return self.paid - self.late


def last_day(year: int) -> date:
    """31 May of the year after, or the next working day (§ 4-7; the Tax Administration, Tilleggsforskudd)."""
    return next_working_day(date(year + 1, 5, 31))


def held(person: UUID, year: int) -> AdditionalTax:
    """The row of the year, held; made now when there is none."""
    row, _new = AdditionalTax.objects.get_or_create(person=person, year=year)
    return AdditionalTax.objects.select_for_update().get(pk=row.pk)


def came(row: AdditionalTax | None) -> Came:
    """What has come in. The day counts, not when it was asked for."""
    if row is None:
        return Came()
    paid = payment.paid([row.pk])
    return Came(paid, paid - payment.paid([row.pk], by=last_day(row.year)))


def bill(row: AdditionalTax, amount: int) -> payment.Bill:
    """Send the bill she has asked for, of ``amount`` øre; the one before it that is not paid falls away. The row is
    held."""
    lower(row, gettext("You have asked to pay another amount."))
    row.asked += 1
    row.save(update_fields=["asked"])
    body = registers.authority(AUTHORITY)
    made = payment.bill(
        Party("person", row.person), creditor=body.id, creditor_name=body.name, case=row.pk, case_number=str(row.year),
        amount=amount, text=said(_("Additional advance tax for %(year)s"), year=str(row.year)),
        key=f"additional:{row.pk}:{row.asked}", service=SERVICE, due=last_day(row.year), kind="tax", law=LAW,
    )  # fmt: skip
    over = timezone.make_aware(datetime.combine(last_day(row.year) + ON_ITS_WAY, time(6)))
    outbox.put("tax.additional_over", f"{row.pk}:{row.asked}", {"person": str(row.person), "year": row.year}, due=over)
    return made


def lower(row: AdditionalTax, why: str, keep: int = 0) -> int:
    """Take off what of it is billed and not paid, above ``keep`` øre; returns how much."""
    waits = -payment.standing([row.pk]) - payment.paid([row.pk])
    return payment.lower([row.pk], max(0, waits - keep), why, paid=False)


def settle(person: UUID, year: int, missing: int) -> None:
    """The year is settled, and ``missing`` øre are owed: a bill for more than that is lowered, and when the time is
    out it falls away."""
    row = AdditionalTax.objects.filter(person=person, year=year).first()
    if row is None:
        return
    over = timezone.localdate() >= last_day(year) + ON_ITS_WAY
    with translation.override(registers.contact(Party("person", person)).language):
        why = gettext("Your tax for %(year)d is counted anew.") % {"year": year}
    lower(row, why, 0 if over else max(0, missing))


def fall(payload: Mapping[str, Any]) -> None:
    """The time is out: what is not paid falls away, for nobody owes it."""
    person, year = UUID(payload["person"]), int(payload["year"])
    with translation.override(registers.contact(Party("person", person)).language):
        why = gettext("It was not paid in time. You owe nothing of it: the tax that is left is billed by itself.")
    lower(held(person, year), why)


def paid(*, bill: UUID, service: str, thing: UUID) -> None:
    """Handler of "payment.paid_alone": a year that is settled is counted again, by the worker, for the bill is held."""
    if service == SERVICE:
        row = AdditionalTax.objects.get(pk=thing)
        outbox.put("tax.additional_paid", str(bill), {"person": str(row.person), "year": row.year})
