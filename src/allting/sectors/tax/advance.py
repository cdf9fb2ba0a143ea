"""Advance tax (forskuddsskatt): decided with the tax card, billed term by term, and counted at the settlement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allting.common.audit import api as audit
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import legal_deadline, next_working_day
from allting.kernel.text import said
from allting.sectors.tax import additional
from allting.sectors.tax.models import AdditionalTax, AdvanceTax, AdvanceTerm, TaxReturn
from allting.sectors.tax.services.tax_return import SMALLEST

SERVICE, AUTHORITY = "advance-tax", "skatteetaten"
LAW = "skattebetalingsloven § 10-20"
TERMS = ((3, 15), (6, 15), (9, 15), (12, 15))  # month and day (§ 10-20, first paragraph)
NOTICE = "3 weeks"  # between the notice and the day to pay (§ 10-20, first paragraph)
ONE_BILL_BELOW = 2000_00  # øre that are paid all at once (§ 10-20, first paragraph)
LAST_SPREAD = (10, 24)  # told of later, more is due three weeks after (skattebetalingsforskriften § 10-20-1)


@dataclass(frozen=True, slots=True)
class Term:
    """One day to pay; ``amount`` in øre, ``billed`` when its bill has been sent."""

    day: date
    amount: int
    billed: bool


@dataclass(frozen=True, slots=True)
class Advance:
    """The advance tax of a year as its payer sees it; in øre. ``paid`` is what has come in of it."""

    year: int
    amount: int
    paid: int
    terms: tuple[Term, ...]


def decide(actor: Actor, purpose: Purpose, person: UUID, year: int, amount: int) -> None:
    """A person's advance tax of the year is ``amount`` øre, in the caller's transaction. More is spread over the terms
    to come; less comes off these first, and then off what is billed and not paid: what is paid is not given back
    before the settlement. The caller holds nothing of the payments.
    """
    amount = amount if amount >= SMALLEST else 0
    if not amount and not AdvanceTax.objects.filter(person=person, year=year).exists():
        return
    row, _new = AdvanceTax.objects.get_or_create(person=person, year=year)
    row = AdvanceTax.objects.select_for_update().get(pk=row.pk)
    waiting = list(row.terms.filter(billed=None, amount__gt=0).order_by("day"))
    differs = amount - credited(row.pk) - sum(one.amount for one in waiting)
    if differs >= SMALLEST:
        _add(row, differs)
    elif differs < 0:
        _take_off(row, waiting, -differs)
    row.amount = credited(row.pk) + sum(row.terms.filter(billed=None).values_list("amount", flat=True))
    row.save(update_fields=["amount"])
    audit.record(actor, purpose, "tax.advance", person, action="change", fields=["amount"])


def credited(advance: UUID) -> int:
    """Øre of advance tax that the settlement counts: all that is asked for by bills, paid or not (§ 7-1)."""
    return -payment.standing([advance])


def days(today: date, year: int, amount: int, *, first: bool) -> list[date]:
    """When ``amount`` øre told of ``today`` are to be paid, in equal parts: the ``first`` of a year by
    skattebetalingsloven § 10-20, first paragraph, and what comes on top by skattebetalingsforskriften § 10-20-1."""
    soonest = legal_deadline(today, NOTICE)
    ordinary = [next_working_day(date(year, *one)) for one in TERMS]
    if first:
        coming = [max(one, soonest) for one in ordinary if one >= today]
        small = [one for one in coming if one >= ordinary[1]]
    else:
        spread = [one for one in ordinary if one >= soonest]
        coming = spread if today <= date(year, *LAST_SPREAD) else []
        small = [one for one in spread if one in ordinary[1:3]]
    chosen = small[:1] if amount < ONE_BILL_BELOW else coming
    return sorted(set(chosen)) or [soonest]


def _add(row: AdvanceTax, amount: int) -> None:
    chosen = days(timezone.localdate(), row.year, amount, first=not row.terms.exists())
    each = amount // (100 * len(chosen)) * 100  # whole kroner; the first takes what does not go up
    for place, day in enumerate(chosen):
        waits = row.terms.filter(day=day, billed=None).first()
        term = waits or AdvanceTerm(advance=row, day=day, amount=0)
        term.amount += amount - each * (len(chosen) - 1) if place == 0 else each
        term.save()
        if waits is None:
            _send(term, day - timedelta(weeks=3))


def _send(term: AdvanceTerm, day: date, why: str = "") -> None:
    due = timezone.make_aware(datetime.combine(day, time(6)))
    outbox.put("tax.advance_bill", f"{term.pk}{why}", {"term": str(term.pk)}, due=max(due, timezone.now()))


def _take_off(row: AdvanceTax, waiting: Sequence[AdvanceTerm], amount: int) -> None:
    """Evenly off the terms that wait; the rest off what is billed and not paid."""
    whole = sum(one.amount for one in waiting)
    left = max(0, whole - amount)
    shares = [left * one.amount // (100 * whole) * 100 for one in waiting]
    for place, one in enumerate(waiting):
        one.amount = left - sum(shares[1:]) if place == 0 else shares[place]
        one.amount = one.amount if one.amount >= SMALLEST else 0
        one.save(update_fields=["amount"])
    if amount > whole:
        lower(row, amount - whole)


def lower(row: AdvanceTax, amount: int) -> int:
    """Take up to ``amount`` øre off what is billed and not paid, the latest bill first; returns how much."""
    with translation.override(registers.contact(Party("person", row.person)).language):
        why = gettext("Your advance tax for %(year)d is counted anew.") % {"year": row.year}
    return payment.lower([row.pk], amount, why, paid=False)


def bill(payload: Mapping[str, Any], key: str) -> None:
    """Effect tax.advance_bill: the bill of a term, once. Nothing when it has fallen away, or she is dead."""
    term = AdvanceTerm.objects.select_related("advance").get(pk=payload["term"])
    row = AdvanceTax.objects.select_for_update().get(pk=term.advance_id)
    term.refresh_from_db()
    if term.billed or term.amount < SMALLEST or not registers.is_alive(row.person):
        return
    body, day = registers.authority(AUTHORITY), max(term.day, timezone.localdate())
    payment.bill(
        Party("person", row.person), creditor=body.id, creditor_name=body.name, case=row.pk, case_number=str(row.year),
        amount=term.amount, text=said(_("Advance tax for %(year)s"), year=str(row.year)), key=f"advance:{term.pk}",
        service=SERVICE, due=day, kind="tax", law=LAW,
    )  # fmt: skip
    term.billed = timezone.now()
    term.save(update_fields=["billed"])


def waits(advance: UUID) -> bool:
    """Whether terms of it are still to be billed."""
    return AdvanceTerm.objects.filter(advance=advance, billed=None, amount__gt=0).exists()


def hasten(payload: Mapping[str, Any], key: str) -> None:
    """Effect tax.advance_hasten: a term was not paid in time, so those to come are due too (§ 10-20, fourth paragraph).
    Their bills are sent now, with at least the days that the reminder gave."""
    row, until = AdvanceTax.objects.select_for_update().get(pk=payload["advance"]), date.fromisoformat(payload["until"])
    for term in row.terms.filter(billed=None, amount__gt=0, day__gt=until):
        term.day = until
        term.save(update_fields=["day"])
        _send(term, timezone.localdate(), ":hastened")


def mine(actor: Actor, year: int) -> Advance | None:
    """The party's own of the year, or nothing. The caller has asked ``cards.mine``, which says who may see it."""
    row = AdvanceTax.objects.filter(person=actor.party.id, year=year).first()
    if row is None:
        return None
    terms = row.terms.filter(amount__gt=0).order_by("day")
    shown = tuple(Term(one.day, one.amount, one.billed is not None) for one in terms)
    return Advance(year, row.amount, payment.paid([row.pk]), shown)


def dataset(subject: UUID) -> list[dict[str, Any]]:
    """tax.years on the exchange: for each year what was asked for and paid in advance tax, what has come of additional
    advance tax and of that too late, in øre, and when the year was first settled."""
    settled = dict(TaxReturn.objects.filter(person=subject).values_list("year", "settled"))
    advance = {one.year: one.pk for one in AdvanceTax.objects.filter(person=subject)}
    extra = {one.year: additional.came(one) for one in AdditionalTax.objects.filter(person=subject)}
    nothing = additional.Came()
    return [
        {
            "id": str(year), "name": str(year), "year": year,
            "advance": credited(advance[year]) if year in advance else 0,
            "paid": payment.paid([advance[year]]) if year in advance else 0,
            "extra": extra.get(year, nothing).paid, "extra_late": extra.get(year, nothing).late,
            "settled": day.isoformat() if (day := settled.get(year)) else None,
        }
        for year in sorted({*settled, *advance, *extra}, reverse=True)
    ]  # fmt: skip
