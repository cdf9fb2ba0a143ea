"""Set-off: some of each later payment is kept back to cover a claim, only where ``rates/set_off.yaml`` names the law.

A treasurer decides it by a sum a month, after she has looked at what the payer needs to live on. The payer is told
before anything is taken, and may say no: then nothing more is taken until somebody has answered. Only within one
authority.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import yaml
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.payment import models, settling, terms, treasurer
from allting.common.payment.belonging import hold
from allting.common.payment.bills import Bill, own, read
from allting.common.payment.ledger import Account, Move, book
from allting.kernel import events
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.kernel.text import Text, written


@dataclass(frozen=True, slots=True)
class Rule:
    """Claims by ``claim`` may be taken from payments by ``against``, by ``law``; ``appeal`` is where to say no."""

    claim: str
    law: str
    against: tuple[str, ...]
    start: date
    needs: str
    appeal: str


@dataclass(frozen=True, slots=True)
class SetOff:
    """What payer and treasurer see; ``monthly`` and ``taken`` in øre; ``contested`` and ``answer`` in their words."""

    id: UUID
    law: str
    appeal: str
    monthly: int
    start: date
    why: str
    taken: int
    contested: str
    answer: str
    ended: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the room that writes the letter needs; ``monthly`` in øre."""

    key: str
    case: UUID
    text: Text
    kid: str
    monthly: int
    start: date
    law: str
    appeal: str
    why: str


@cache
def rules() -> tuple[Rule, ...]:
    rows = yaml.safe_load((Path(__file__).parent / "rates" / "set_off.yaml").read_text("utf-8"))["rules"]
    return tuple(
        Rule(one["claim"], one["law"], tuple(one["against"]), one["from"], one["needs"], one["appeal"]) for one in rows
    )


def rule_of(bill: models.Bill, day: date) -> Rule | None:
    """The law that lets the bill be covered that way on ``day``; None: nothing does."""
    if bill.kind != "claim":
        return None
    return next((one for one in rules() if one.start <= day and _by(bill.law, one.claim)), None)


def _by(law: str, begins: str) -> bool:
    """Whether a paragraph is the one named, or of the law named: "§ 13" is not "§ 13 a" nor "§ 130"."""
    rest = law.removeprefix(begins)
    return law.startswith(begins) and (not rest or begins.endswith("-") or bool(re.match(r" (?![a-z]\b)", rest)))


def from_what(bill: models.Bill, rule: Rule) -> list[models.Plan]:
    """The payer's monthly payments from the same authority that still run and may be taken from."""
    today = timezone.localdate()
    plans = models.Plan.objects.filter(
        payee=bill.payer, debtor=bill.creditor, every="month", stopped=None, replaced=False
    )
    return [one for one in plans if (one.end is None or one.end >= today) and _may(one, rule)]


def _may(plan: models.Plan, rule: Rule) -> bool:
    return any(_by(plan.law, one) for one in rule.against)


# --- The treasurer -------------------------------------------------------------------------------------


def offered(actor: Actor, bill_id: UUID) -> Rule | None:
    """The law by which a bill can be covered from later payments now, when there are any. Raises as terms.bill."""
    row = models.Bill.objects.filter(pk=bill_id, creditor=treasurer.office(actor)).first()
    rule = rule_of(row, timezone.localdate()) if row and row.status == "due" else None
    return rule if row and rule and _running(row) is None and from_what(row, rule) else None


def decide(actor: Actor, bill_id: UUID, monthly: int, spare: int, why: str) -> None:
    """Take ``monthly`` øre from each later payment from next month on. ``spare`` is what the payer has a month beyond
    what she needs to live on. Publishes "payment.set_off". Raises NotAllowed, NotFound, Conflict, Invalid by field.
    """
    with transaction.atomic():
        row = terms.due_bill(actor, bill_id)
        rule = rule_of(row, timezone.localdate())
        if rule is None or _running(row) or not from_what(row, rule):
            raise Conflict(code="no-set-off")
        _check(rule, monthly, spare, written(why))
        start = months_after(timezone.localdate().replace(day=1), 1)
        made = models.SetOff.objects.create(
            id=uuid7(), bill=row, law=rule.law, appeal=rule.appeal, monthly=monthly, spare=spare, start=start,
            why=written(why), made_by=treasurer.who(actor),
        )  # fmt: skip
        _tell(row, made.pk)
        told = Told(
            f"set-off:{made.pk}", row.case, Text(row.text), row.kid, monthly, start, rule.law, rule.appeal, made.why
        )
        events.publish("payment.set_off", told=told)


def _check(rule: Rule, monthly: int, spare: int, why: str) -> None:
    errors = {}
    if monthly <= 0:
        errors["monthly"] = [_("Write an amount")]
    if rule.needs and spare < max(monthly, 1):
        errors["spare"] = [_("No more can be taken than what is left when the payer has what she needs to live on")]
    if not why:
        errors["why"] = [_("Write why")]
    if errors:
        raise Invalid(errors=errors)


def answer(actor: Actor, bill_id: UUID, text: str, *, go_on: bool) -> None:
    """Answer a payer who said no: it goes on, or is ended. Ended without being asked, too. Raises as ``decide``."""
    with transaction.atomic():
        row = terms.due_bill(actor, bill_id)
        found = _running(row)
        if found is None or (go_on and not found.contested):
            raise Conflict(code="no-set-off")
        if not written(text):
            raise Invalid(errors={"answer": [_("Write why")]})
        found.answer, found.answered = written(text), timezone.now()
        found.ended = None if go_on else timezone.localdate()
        found.save(update_fields=["answer", "answered", "ended"])
        _tell(row, found.pk)


def contested(actor: Actor, limit: int = 100) -> list[Bill]:
    """Bills whose payers say no, and have no answer yet. Raises NotAllowed."""
    rows = models.SetOff.objects.filter(bill__creditor=treasurer.office(actor), ended=None, answered=None)
    return [read(one.bill) for one in rows.exclude(contested="").select_related("bill").order_by("pk")[:limit]]


# --- The payer ---------------------------------------------------------------------------------------------


def say_no(actor: Actor, bill_id: UUID, text: str) -> None:
    """The payer does not agree: nothing more is taken until it is answered. Raises NotFound, Conflict, Invalid."""
    with transaction.atomic():
        row = own(actor).select_for_update().filter(pk=bill_id).first()
        if row is None:
            raise NotFound()
        found = _running(row)
        if found is None or found.contested:
            raise Conflict(code="no-set-off")
        if not written(text):
            raise Invalid(errors={"contest": [_("Write why")]})
        found.contested = written(text)
        found.save(update_fields=["contested"])


def of_bill(bill_id: UUID) -> SetOff | None:
    """The bill's last one; the caller has decided that the reader may see the bill."""
    row = models.SetOff.objects.filter(bill=bill_id).order_by("-pk").first()
    if row is None:
        return None
    paid = models.Posting.objects.filter(subject=bill_id, debit=Account.SET_OFF).values_list("amount", flat=True)
    return SetOff(
        row.pk, row.law, row.appeal, row.monthly, row.start, row.why, sum(paid), row.contested, row.answer, row.ended
    )


def _running(row: models.Bill) -> models.SetOff | None:
    return models.SetOff.objects.filter(bill=row, ended=None).first()


def _tell(row: models.Bill, what: UUID) -> None:
    notification.nudge(Party.parse(row.payer), "case-news", f"set-off:{what}:{timezone.now().timestamp()}")


# --- When a payment is made --------------------------------------------------------------------------------


def held(plan: models.Plan) -> list[models.SetOff]:
    """What may be taken from a plan's payments, each with its case and bill held: before the plan itself is."""
    rows = models.SetOff.objects.filter(bill__payer=plan.payee, bill__creditor=plan.debtor, bill__status="due")
    found = []
    for row in rows.filter(ended=None).select_related("bill").order_by("pk"):
        if row.contested and row.answered is None:
            continue
        rule = rule_of(row.bill, timezone.localdate())
        if rule is None or not _may(plan, rule):
            continue
        try:
            hold(row.bill)
        except NotFound:
            continue
        row.bill = models.Bill.objects.select_for_update().get(pk=row.bill_id)
        found.append(row)
    return found


def take(payout: models.Payout, set_offs: list[models.SetOff]) -> None:
    """Keep back from a new payment what was decided; both the payment and the claim are booked, over one account."""
    for one in set_offs:
        bill = one.bill
        part = min(one.monthly, payout.amount - payout.set_off, bill.left)
        if bill.status != "due" or part <= 0 or payout.month < one.start:
            continue
        key = f"set-off:{one.pk}:{payout.pk}"
        book(bill.creditor, Move(key, "set-off", Account.PAYABLE, Account.SET_OFF, part, payout.pk))
        settling.receive(bill, part, Account.SET_OFF, f"{key}:bill")
        payout.set_off += part
        if bill.status != "due":
            models.SetOff.objects.filter(pk=one.pk).update(ended=timezone.localdate())
