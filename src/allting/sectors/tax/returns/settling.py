"""The settlement: the tax of a year against what was withheld and paid in advance, and what has been paid before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allting.common.cases import api as cases
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel import events
from allting.kernel.actor import Party
from allting.kernel.rules import Pay
from allting.kernel.text import said
from allting.sectors.tax import additional, advance
from allting.sectors.tax.models import AdditionalTax, AdvanceTax, Delivery, TaxReturn
from allting.sectors.tax.returns.making import OFFICE, SERVICE, deadline, record
from allting.sectors.tax.services.tax_return import SMALLEST, due_days, interest_of

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
    row.assessed, row.number = told.case, told.number
    row.tax, row.withheld = int(outcome.more["tax"]), int(outcome.more["withheld"])
    row.save(update_fields=["assessed", "number", "tax", "withheld"])
    _tell(row, told)
    _settle(row, int(outcome.more.get("interest", 0)), f"tax:{told.case}:{told.revision}")


def additional_came(payload: Mapping[str, Any], key: str) -> None:
    """Effect tax.additional_paid: additional advance tax was paid. What the assessment that stands has billed is
    counted with it, without the interest that it spares her; one that is to come counts it by itself."""
    _again(payload, key)


def additional_over(payload: Mapping[str, Any], key: str) -> None:
    """Effect tax.additional_over: the time to pay it is out. What has come of it in part counts too."""
    _again(payload, key)
    additional.fall(payload)


def _again(payload: Mapping[str, Any], key: str) -> None:
    whose = {"person": UUID(payload["person"]), "year": int(payload["year"])}
    delivered = Delivery.objects.filter(taxreturn__in=TaxReturn.objects.filter(**whose), withdrawn=False)
    payment.hold_cases(delivered.values_list("case", flat=True))
    row = TaxReturn.objects.select_for_update().filter(**whose).first()
    if row is None or row.tax is None or row.withheld is None or row.settled is None:
        return
    bills, extra = _advance(row), additional.came(additional.held(row.person, row.year))
    if not extra.paid:
        return
    asked = advance.credited(bills.pk) if bills else 0
    unpaid = asked - (payment.paid([bills.pk]) if bills else 0)
    interest, _told = interest_of(row.withheld + asked - row.tax, extra.in_time, unpaid, row.year, row.settled)
    _settle(row, interest, f"tax:{row.assessed}:additional:{key}")


def _settle(row: TaxReturn, interest: int, key: str) -> None:
    """Move the difference between what the held return's assessment comes to now and what has been paid and billed."""
    made = list(row.deliveries.filter(withdrawn=False).values_list("case", flat=True))
    bills, body = _advance(row), registers.authority(OFFICE)
    net = _net(row, bills)
    total = net + interest
    difference = (total if abs(total) >= SMALLEST else 0) - payment.standing(made)
    whose = {
        "case": row.assessed, "case_number": row.number, "party": Party("person", row.person), "authority": body.id,
        "name": body.name, "key": key, "year": row.year,
    }  # fmt: skip
    if difference >= SMALLEST:
        _give(difference, made, bills, whose)
    elif difference <= -SMALLEST:
        _claim(-difference, whose)
    additional.settle(row.person, row.year, -net)


def _tell(row: TaxReturn, told: cases.Concluded) -> None:
    """The event "tax.assessed": the year's wages in whole kroner, which are pensionable income (folketrygdloven
    § 3-15, skatteloven § 12-2). Decisions from before wages were kept with them tell nothing."""
    if "wages" in told.outcome.more:
        events.publish(
            "tax.assessed", person=row.person, year=row.year, income=int(told.outcome.more["wages"]) // 100,
            authority_name=told.authority_name,
        )  # fmt: skip


def _advance(row: TaxReturn) -> AdvanceTax | None:
    """The year's advance tax, held."""
    return AdvanceTax.objects.select_for_update().filter(person=row.person, year=row.year).first()


def _net(row: TaxReturn, bills: AdvanceTax | None) -> int:
    """What she is to have by the assessment, in øre without interest; below nothing: what she owes. The advance tax is
    what stands now, for a settlement before may have let her off what she had not paid of it."""
    assert row.withheld is not None and row.tax is not None
    extra = AdditionalTax.objects.filter(person=row.person, year=row.year).first()
    return row.withheld - row.tax + (advance.credited(bills.pk) if bills else 0) + additional.came(extra).paid


def _held(case: UUID, party: Party, year: int) -> TaxReturn:
    """The return of this case, held; one that was sent past the page gets its row now."""
    row, _new = TaxReturn.objects.get_or_create(person=party.id, year=year, defaults={"due": deadline(year)})
    row = TaxReturn.objects.select_for_update().get(pk=row.pk)
    if not Delivery.objects.filter(case=case).exists():
        record(row, case, silent=False)
    if row.settled is None:
        row.settled = timezone.localdate()
        row.save(update_fields=["settled"])
    return row


def _give(amount: int, made: Sequence[UUID], bills: AdvanceTax | None, whose: dict[str, Any]) -> None:
    """First off what is billed for the year and the advance tax that is not paid, then out; what the case has paid out
    before is in the plan's sum."""
    with translation.override(registers.contact(whose["party"]).language):
        why = gettext("Your tax for %(year)d is counted anew.") % {"year": whose["year"]}
    left = amount - payment.lower(made, amount, why)
    left -= advance.lower(bills, left) if bills and left else 0
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
