"""Money in: the attempts to pay a bill, what comes for it, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from allting.common.outbox import api as outbox
from allting.common.payment import late, models, refunds
from allting.common.payment.belonging import hold, tell_paid
from allting.common.payment.bills import Bill, earned, own, read
from allting.common.payment.ledger import Account, Move, balance, book
from allting.common.payment.providers import chosen
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, NotFound

LOOK_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def start(actor: Actor, bill_id: UUID) -> str:
    """Begin to pay; returns the provider's address for the browser. Raises Conflict when it is not due, NotFound."""
    provider = chosen()
    with transaction.atomic():
        row = own(actor).select_for_update().filter(pk=bill_id).first()
        if row is None:
            raise NotFound()
        if row.status != "due":
            raise Conflict(code="not-due", bill_status=row.status)
        late.add_interest(row, timezone.localdate())
        row.save(update_fields=["left", "added", "interest_to"])
        amount = late.to_pay_now(row, timezone.localdate())
        attempt = models.Attempt.objects.create(bill=row, provider=settings.PAYMENT_PROVIDER, amount=amount)
        _look_again(attempt.pk, 0)
    return provider.begin(attempt.pk, amount, f"{row.creditor_name} {row.case_number}")


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
        hold(attempt.bill)
        row = models.Bill.objects.select_for_update().get(pk=attempt.bill_id)
        attempt = models.Attempt.objects.select_for_update().get(pk=reference)
        if attempt.status != "paid" and status not in ("begun", attempt.status):  # a failed one may be paid yet
            attempt.status = status
            attempt.save(update_fields=["status"])
            if status == "paid":
                _came_in(row, attempt)
    return read(row)


def _came_in(row: models.Bill, attempt: models.Attempt) -> None:
    """Money for a bill that is due pays it; what is too much goes back, from where it came."""
    over = receive(row, attempt.amount, Account.PROVIDER, f"attempt:{attempt.pk}")
    if over:
        _give_back(attempt, over)


def receive(row: models.Bill, amount: int, at: Account, key: str, day: date | None = None) -> int:
    """Money has come for a bill, whose row is held: post it, and mark the bill when nothing is left to pay.

    ``day`` is when it was paid, today when nobody says: interest runs to then. Returns what was too much, which is
    owed to the payer. Publishes "payment.paid" when it pays the bill.
    """
    if row.status == "due":
        late.until_paid(row, min(amount, row.left), day or timezone.localdate())
    used = min(amount, row.left) if row.status == "due" else 0
    book(
        row.creditor,
        Move(key, "paid", at, Account.RECEIVABLE, used, row.pk),
        Move(f"{key}:over", "paid-too-much", at, Account.OWED, amount - used, row.pk),
        day=day,
    )
    if used:
        row.left -= used
        save_left(row)
    return amount - used


def save_left(row: models.Bill) -> None:
    """Keep what is left to pay; nothing is: it is paid, and who waits for that is told."""
    if row.left == 0:
        row.status, row.paid = "paid", timezone.now()
    row.next_look = late.next_look(row, timezone.localdate())
    row.save(update_fields=["left", "status", "paid", "added", "credited", "interest_to", "next_look"])
    if row.left == 0:
        tell_paid(row)


def _give_back(attempt: models.Attempt, amount: int) -> None:
    payload = {"reference": str(attempt.pk), "amount": amount}
    outbox.put("payment.refund", f"refund:{attempt.pk}:{amount}", payload)


def cancel(case: UUID) -> None:
    """A case is withdrawn: what is due is cancelled, what was paid goes back. In the caller's transaction.

    A claim stands: what was paid out is not the payer's because she withdraws something.
    """
    for row in models.Bill.objects.select_for_update().filter(case=case, status__in=("due", "paid"), kind="fee"):
        paid = row.amount + row.added - row.credited - row.left
        book(
            row.creditor,
            Move(f"cancel:{row.pk}:left", "cancelled", earned(row), Account.RECEIVABLE, row.left, row.pk),
            Move(f"cancel:{row.pk}:paid", "cancelled", earned(row), Account.OWED, paid, row.pk),
        )
        row.status, row.left, row.next_look = ("to-refund" if paid else "cancelled"), 0, None
        pay_back(row, paid, f"refund:{row.pk}")
        row.save(update_fields=["status", "left", "next_look"])


def pay_back(row: models.Bill, amount: int, key: str) -> None:
    """Give back ``amount`` øre of what was paid, once per ``key``: by the provider what came by it, the rest over the
    bank. The caller has posted that it is owed.
    """
    for attempt in row.attempts.filter(status="paid") if amount else ():
        back = min(_taken(attempt), amount)
        if back:
            _give_back(attempt, back)
            amount -= back
    came = row.receipts.exclude(payer_account="").order_by("-pk").first()
    name, account = (came.payer_name, came.payer_account) if came else ("", "")
    refunds.owe(row, amount, key, name, account)


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
