"""The settlement: the tax of a year against what was withheld, and what has been paid for the year before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allting.common.cases import api as cases
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.calendar import legal_deadline, next_working_day
from allting.kernel.rules import Pay
from allting.kernel.text import said
from allting.sectors.tax.models import Delivery, TaxReturn
from allting.sectors.tax.returns.making import SERVICE, deadline, record

SMALLEST = 100_00  # øre of one claim or payment (skattebetalingsforskriften § 10-4-1)
IN_TWO_FROM = 1000_00  # øre of residual tax that is paid in two parts (skattebetalingsloven § 10-21)
REFUND_LAW = "skattebetalingsloven § 7-1"
RESIDUAL_LAW = "skattebetalingsloven § 10-21"


def decided(*, told: cases.Concluded) -> None:
    """Handler of "cases.decided", in the decision's transaction: what is due one way or the other, once for each
    decision. What earlier decisions about the year have paid and billed is counted; only the difference moves.
    """
    outcome = told.outcome
    if told.service != SERVICE or not outcome.granted or "tax" not in outcome.more:
        return
    row = _held(told.case, told.party, int(outcome.more["year"]))
    made = list(row.deliveries.filter(withdrawn=False).values_list("case", flat=True))
    net = int(outcome.more["withheld"]) - int(outcome.more["tax"])
    net = net if abs(net) >= SMALLEST else 0
    difference = net - payment.standing(made)
    whose = {
        "case": told.case, "case_number": told.number, "party": told.party, "authority": told.authority,
        "name": told.authority_name, "key": f"tax:{told.case}:{told.revision}", "year": row.year,
    }  # fmt: skip
    if difference >= SMALLEST:
        _give(difference, made, whose)
    elif difference <= -SMALLEST:
        _claim(-difference, whose)


def _held(case: UUID, party: Party, year: int) -> TaxReturn:
    """The return of this case, held; one that was sent past the page gets its row now."""
    row, _new = TaxReturn.objects.get_or_create(person=party.id, year=year, defaults={"due": deadline(year)})
    row = TaxReturn.objects.select_for_update().get(pk=row.pk)
    if not Delivery.objects.filter(case=case).exists():
        record(row, case, silent=False)
    return row


def _give(amount: int, made: Sequence[UUID], whose: dict[str, Any]) -> None:
    """First off what is billed for the year, then out; what the case has paid out before is in the plan's sum."""
    with translation.override(registers.contact(whose["party"]).language):
        why = gettext("Your tax for %(year)d is counted anew.") % {"year": whose["year"]}
    left = amount - payment.lower(made, amount, why)
    if left < SMALLEST:
        return
    text = said(_("Tax for %(year)s, refund"), year=str(whose["year"]))
    payment.pay(
        whose["party"], debtor=whose["authority"], debtor_name=whose["name"],
        case=whose["case"], case_number=whose["case_number"], key=whose["key"], law=REFUND_LAW,
        pays=Pay(left + payment.made(whose["case"]), text),
    )  # fmt: skip


def _claim(amount: int, whose: dict[str, Any]) -> None:
    days = due_days(timezone.localdate(), whose["year"], amount)
    half = -(-amount // len(days))
    text = said(_("Residual tax for %(year)s"), year=str(whose["year"]))
    for place, day in enumerate(days):
        payment.bill(
            whose["party"], creditor=whose["authority"], creditor_name=whose["name"],
            case=whose["case"], case_number=whose["case_number"], amount=amount - half if place else half, text=text,
            key=f"{whose['key']}:{place}", service=SERVICE, due=day, kind="tax", law=RESIDUAL_LAW,
        )  # fmt: skip


def due_days(today: date, year: int, amount: int) -> list[date]:
    """When residual tax is to be paid: three weeks after the assessment, not before 20 August of the year after; from
    1000 kroner in two equal parts, the second five weeks later (skattebetalingsloven § 10-21)."""
    first = max(legal_deadline(today, "3 weeks"), next_working_day(date(year + 1, 8, 20)))
    return [first, next_working_day(first + timedelta(weeks=5))] if amount >= IN_TWO_FROM else [first]
