"""Paying what is missing before it is due: what is offered on the page of the return, and asking for the bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.payment import api as payment
from allting.kernel.actor import Actor, Purpose
from allting.kernel.money import kroner
from allting.kernel.problems import Conflict, Invalid
from allting.sectors.tax import additional
from allting.sectors.tax.models import AdditionalTax, TaxReturn
from allting.sectors.tax.returns.own import Return
from allting.sectors.tax.services.tax_return import SMALLEST, missing

MOST = 1_000_000_000_00  # øre: more is a slip of the hand


@dataclass(frozen=True, slots=True)
class Extra:
    """Additional advance tax as the one who may pay it sees it; øre. ``until``: the last day that counts; ``missing``:
    what the tax lacks, without interest, nothing when there is nothing to offer; ``most``: more cannot be asked for,
    None: she decides; ``bill``: the one that waits; ``paid``, ``late``: what has come in, and of that after the day;
    ``asked``: how many times she has asked."""

    until: date
    missing: int
    most: int | None
    bill: payment.Bill | None
    paid: int
    late: int
    asked: int

    @property
    def offered(self) -> bool:
        return bool(self.missing) and timezone.localdate() <= self.until


def extra_of(actor: Actor, found: Return) -> Extra:
    """What there is to pay by the return that ``view`` has shown her."""
    row = AdditionalTax.objects.filter(person=actor.party.id, year=found.year).first()
    waits = payment.bill_of_case(row.pk) if row else None
    of = TaxReturn.objects.get(person=actor.party.id, year=found.year)
    settled = list(of.deliveries.filter(withdrawn=False).values_list("case", flat=True)) if of.settled else []
    came, lacks = additional.came(row), missing(found.outcome.more) if found.outcome else 0
    if of.settled and of.tax is None:  # before this was here: what it came to is not kept, so it is not counted again
        lacks = 0
    if settled:
        lacks = min(lacks, -payment.standing(settled) - payment.paid(settled))
    return Extra(
        additional.last_day(found.year), lacks if lacks >= SMALLEST else 0, lacks if settled else None,
        waits if waits and waits.status == "due" else None, came.paid, came.late, row.asked if row else 0,
    )  # fmt: skip


def pay_extra(actor: Actor, found: Return, amount: int | None, asked: int) -> payment.Bill:
    """Ask for a bill of ``amount`` øre, None for what was no amount, by the return that ``view`` has shown her.
    ``asked``: how many times she had asked when she looked; pressed twice, or at once in two windows, one bill is sent.
    It takes the place of one that is not paid.

    Raises Invalid by "amount", and Conflict: "past-may" after the last day, "nothing-missing".
    """
    with transaction.atomic():
        # As the settlement holds it first.
        TaxReturn.objects.select_for_update().get(person=actor.party.id, year=found.year)
        row = additional.held(actor.party.id, found.year)
        now = extra_of(actor, found)
        if row.asked != asked and now.bill is not None:
            return now.bill
        if not now.offered:
            raise Conflict(code="past-may" if now.missing else "nothing-missing")
        billed = _checked(amount, now.most)
        purpose = Purpose(additional.LAW, _("You have asked to pay additional advance tax"))
        audit.record(actor, purpose, "tax.additional", row.person, action="change", fields=["amount"])
        return additional.bill(row, billed)


def _checked(amount: int | None, most: int | None) -> int:
    """The law names no least amount, and she decides how much; when the year is settled, no more than is left."""
    if amount is None or not 0 < amount < MOST:
        raise Invalid(errors={"amount": [_("Write an amount in kroner, for example 1500 or 1500,50")]})
    if most is not None and amount > most:
        wrong = _("The year is settled, and %(amount)s is left. Write no more than that.") % {"amount": kroner(most)}
        raise Invalid(errors={"amount": [wrong]})
    return amount
