"""Money in: a bill, the attempts to pay it, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.payment import models
from allting.common.payment.bankfiles.batches import queue
from allting.common.payment.ledger import Account, Move, balance, book
from allting.common.payment.providers import chosen
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel import events
from allting.kernel.actor import Actor, Party
from allting.kernel.numbers import kid
from allting.kernel.problems import Conflict, NotFound
from allting.kernel.text import Text

DAYS_TO_PAY = 14  # for what is billed before the case goes on; another bill says its own day
LOOK_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Bill:
    """Something to pay, as its payer sees it; ``amount`` and ``left`` in øre, ``status`` as models.Bill says."""

    id: UUID
    kid: str
    creditor_name: str
    case: UUID
    case_number: str
    amount: int
    text: Text
    status: str
    created: datetime
    paid: datetime | None
    left: int = 0
    due: date | None = None
    kind: str = "fee"


def _read(row: models.Bill) -> Bill:
    return Bill(
        row.pk, row.kid, row.creditor_name, row.case, row.case_number, row.amount, Text(row.text), row.status,
        row.created, row.paid, row.left, row.due, row.kind,
    )  # fmt: skip


def bill(
    payer: Party, *, creditor: UUID, creditor_name: str, case: UUID, case_number: str, amount: int, text: Text,
    key: str, service: str = "", due: date | None = None, kind: str = "fee", law: str = "",
) -> Bill:  # fmt: skip
    """Send a bill in the caller's transaction, once per ``key``, and tell the payer that there is one.

    ``service`` is what it is for, which says who may see and pay it on the payer's behalf. ``due`` is the last day to
    pay in time, two weeks from now when nobody says; a fee after the service was given is a bill with a later day.
    ``kind`` "claim" is money that was paid out and is to come back; ``law`` then names the paragraph that claims it.
    """
    if kind not in ("fee", "claim") or amount <= 0 or (kind == "claim" and not law):
        raise ValueError("a bill is a fee, or a claim with its paragraph, of more than nothing")
    known = models.Bill.objects.filter(key=key).first()
    if known is not None:
        return _read(known)
    row = models.Bill(
        id=uuid7(), key=key, kid=_serial(), payer=str(payer), creditor=creditor, creditor_name=creditor_name,
        case=case, case_number=case_number, service=service, amount=amount, text=text.as_dict(),
        kind=kind, law=law, left=amount, due=due or timezone.localdate() + timedelta(days=DAYS_TO_PAY),
    )  # fmt: skip
    row.save(force_insert=True)
    earned = Account.GRANTS if kind == "claim" else Account.INCOME
    book(creditor, Move(f"bill:{row.pk}", "billed", Account.RECEIVABLE, earned, amount, row.pk))
    notification.nudge(payer, "payment-due", f"bill:{row.pk}")
    return _read(row)


def _serial() -> str:
    """The next customer identification number, with its check digit; the counter's row is held meanwhile."""
    models.Counter.objects.bulk_create([models.Counter(name="bill")], ignore_conflicts=True)
    counter = models.Counter.objects.select_for_update().get(name="bill")
    counter.last += 1
    counter.save(update_fields=["last"])
    return kid(f"{counter.last:09}")


def _of(actor: Actor) -> Any:
    if actor.is_officer or actor.person is None:
        return models.Bill.objects.none()
    return models.Bill.objects.filter(registers.within(actor, authority="creditor"), payer=str(actor.party))


def bills(actor: Actor, before: UUID | None = None, limit: int = 20) -> list[Bill]:
    """The party's bills, newest first."""
    rows = _of(actor).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_read(row) for row in rows[:limit]]


_due: Compiled[str, models.Bill] = Compiled(
    str, lambda payer: models.Bill.objects.filter(payer=payer, status="due").order_by("-id")[:20]
)


def due(actor: Actor, limit: int = 5) -> list[Bill]:
    """What waits to be paid."""
    if actor.person is None or actor.is_officer:
        return []
    if actor.scope.limits() is not None:
        return [_read(row) for row in _of(actor).filter(status="due").order_by("-id")[:limit]]
    return [_read(row) for row in _due(str(actor.party))[:limit]]


def bill_for(actor: Actor, bill_id: UUID) -> Bill:
    """Raises NotFound, also for another's."""
    row = _of(actor).filter(pk=bill_id).first()
    if row is None:
        raise NotFound()
    return _read(row)


def bill_of_case(case: UUID) -> Bill | None:
    """The case's bill; the caller has decided that the reader may see the case."""
    row = models.Bill.objects.filter(case=case).order_by("-id").first()
    return _read(row) if row else None


def start(actor: Actor, bill_id: UUID) -> str:
    """Begin to pay; returns the provider's address for the browser. Raises Conflict when it is not due, NotFound."""
    row = _of(actor).filter(pk=bill_id).first()
    if row is None:
        raise NotFound()
    if row.status != "due":
        raise Conflict(code="not-due", status=row.status)
    provider = chosen()
    with transaction.atomic():
        attempt = models.Attempt.objects.create(bill=row, provider=settings.PAYMENT_PROVIDER, amount=row.left)
        _look_again(attempt.pk, 0)
    return provider.begin(attempt.pk, row.left, f"{row.creditor_name} {row.case_number}")


def _look_again(reference: UUID, times: int) -> None:
    """Ask the provider later, for a browser may never come back, and a notice may be lost."""
    if times < len(LOOK_AFTER):
        payload = {"reference": str(reference), "times": times}
        outbox.put("payment.look", f"look:{reference}:{times}", payload, due=timezone.now() + LOOK_AFTER[times])


def look(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler (outside): what became of an attempt that nobody has told of?"""
    reference = UUID(payload["reference"])
    settle(reference)
    if models.Attempt.objects.filter(pk=reference, status="begun").exists():
        with transaction.atomic():
            _look_again(reference, payload["times"] + 1)


def settle(reference: UUID) -> Bill:
    """Ask the provider what became of an attempt and record it, once. Raises NotFound.

    Publishes "payment.settling" before anything is held, so that whoever must hold something of hers first
    can, and "payment.paid" when the bill is paid by it.
    """
    attempt = models.Attempt.objects.select_related("bill").filter(pk=reference).first()
    if attempt is None:
        raise NotFound()
    status = chosen(attempt.provider).status(reference)
    with transaction.atomic():
        events.publish("payment.settling", case=attempt.bill.case)
        row = models.Bill.objects.select_for_update().get(pk=attempt.bill_id)
        attempt = models.Attempt.objects.select_for_update().get(pk=reference)
        if attempt.status != "paid" and status not in ("begun", attempt.status):  # a failed one may be paid yet
            attempt.status = status
            attempt.save(update_fields=["status"])
            if status == "paid":
                _came_in(row, attempt)
    return _read(row)


def _came_in(row: models.Bill, attempt: models.Attempt) -> None:
    """Money for a bill that is due pays it; what is too much goes back, from where it came."""
    over = receive(row, attempt.amount, Account.PROVIDER, f"attempt:{attempt.pk}")
    if over:
        _give_back(attempt, over)


def receive(row: models.Bill, amount: int, at: Account, key: str, day: date | None = None) -> int:
    """Money has come for a bill, whose row is held: post it, and mark the bill when nothing is left to pay.

    Returns what was too much, which is owed to the payer. Publishes "payment.paid" when it pays the bill.
    """
    used = min(amount, row.left) if row.status == "due" else 0
    book(
        row.creditor,
        Move(key, "paid", at, Account.RECEIVABLE, used, row.pk),
        Move(f"{key}:over", "paid-too-much", at, Account.OWED, amount - used, row.pk),
        day=day,
    )
    if used:
        row.left -= used
        if row.left == 0:
            row.status, row.paid = "paid", timezone.now()
        row.save(update_fields=["left", "status", "paid"])
        if row.left == 0:
            events.publish("payment.paid", bill=row.pk, case=row.case)
    return amount - used


def _give_back(attempt: models.Attempt, amount: int) -> None:
    payload = {"reference": str(attempt.pk), "amount": amount}
    outbox.put("payment.refund", f"refund:{attempt.pk}:{amount}", payload)


def cancel(case: UUID) -> None:
    """A case is withdrawn: what is due is cancelled, what was paid goes back. In the caller's transaction.

    A claim stands: what was paid out is not the payer's because she withdraws something.
    """
    for row in models.Bill.objects.select_for_update().filter(case=case, status__in=("due", "paid"), kind="fee"):
        paid = row.amount - row.left
        book(
            row.creditor,
            Move(f"cancel:{row.pk}:left", "cancelled", Account.INCOME, Account.RECEIVABLE, row.left, row.pk),
            Move(f"cancel:{row.pk}:paid", "cancelled", Account.INCOME, Account.OWED, paid, row.pk),
        )
        row.status, row.left = ("to-refund" if paid else "cancelled"), 0
        for attempt in row.attempts.filter(status="paid"):
            back = _taken(attempt)
            if back:
                _give_back(attempt, back)
        for entry in row.entries.filter(status="placed", comes=True):
            used = models.Posting.objects.filter(key__in=(entry.key, f"placed:{entry.pk}"), kind="paid")
            give_back_by_bank(row, entry, sum(used.values_list("amount", flat=True)), "cancelled")
        row.save(update_fields=["status", "left"])


def give_back_by_bank(row: models.Bill, entry: models.Entry, amount: int, why: str) -> None:
    """What came by the bank goes back where it came from, else to the payer's own account; in the next batch."""
    if amount:
        queue(
            f"refund:{entry.pk}:{why}", row.creditor, Account.OWED, row.pk, amount, party=row.payer, case=row.case,
            account=entry.account, text=f"{row.creditor_name} {row.case_number}", due=timezone.localdate(),
        )  # fmt: skip


def _taken(attempt: models.Attempt) -> int:
    """What of an attempt's money has paid the bill, in øre."""
    found = models.Posting.objects.filter(key=f"attempt:{attempt.pk}").values_list("amount", flat=True).first()
    if found is None and models.Posting.objects.filter(key=f"before:{attempt.bill_id}").exists():
        return attempt.amount  # paid before there was a ledger
    return int(found or 0)


def refund(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler (outside): give an attempt's money back."""
    attempt = models.Attempt.objects.select_related("bill").get(pk=payload["reference"])
    amount = payload.get("amount", attempt.amount)
    chosen(attempt.provider).refund(attempt.pk, amount, key)
    bill = attempt.bill
    with transaction.atomic():
        book(bill.creditor, Move(key, "refunded", Account.OWED, Account.PROVIDER, amount, bill.pk))
        if balance(Account.OWED, bill.pk) == 0:
            models.Bill.objects.filter(pk=bill.pk, status="to-refund").update(status="refunded")
