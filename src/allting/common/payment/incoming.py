"""Money that came to an authority's account: the bank's file is read, each payment finds its bill by KID, or waits.

A file is booked whole or not at all, and a payment once: the same file again, or another that tells of the same
payment, posts nothing. What fits no bill stands in suspense until a treasurer says where it belongs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.payment import camt, models, refunds, settling, treasurer
from allting.common.payment.belonging import hold
from allting.common.payment.ledger import Account, Move, book
from allting.kernel.actor import Actor
from allting.kernel.numbers import BadNumber, bank_account, check_kid
from allting.kernel.problems import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file. ``known``: payments that were booked before; ``again``: the very file was read before;
    ``left_out``: entries that are debits or not booked by the bank yet. ``total`` in øre, of what is new."""

    matched: int = 0
    unmatched: int = 0
    known: int = 0
    left_out: int = 0
    total: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment that a treasurer is to look at; ``why`` is models.Receipt's."""

    id: UUID
    amount: int
    day: date
    kid: str
    text: str
    payer_name: str
    payer_account: str
    status: str
    why: str
    left: int


def read(actor: Actor, data: bytes) -> Report:
    """The treasurer's own file. Raises NotAllowed, Invalid by "file"."""
    owner, person = treasurer.office(actor), treasurer.who(actor)
    return take(data, owner, person)


def take(data: bytes, owner: UUID | None = None, by: UUID | None = None) -> Report:
    """Book a file, of ``owner`` or of whichever authority has the account. Raises Invalid, with nothing booked."""
    file = camt.read(data)
    with transaction.atomic():
        own = _account(file, owner)
        digest = sha256(data).hexdigest()
        if models.BankFile.objects.filter(owner=own.owner, sha256=digest).exists():
            return Report(again=True, known=len(file.credits), left_out=file.left_out)
        row = models.BankFile.objects.create(owner=own.owner, sha256=digest, message=file.message[:35], read_by=by)
        took = [_take(row, one) for one in file.credits]
    new = [one for one in took if one is not None]
    unmatched = sum(one.bill_id is None for one in new)
    return Report(len(new) - unmatched, unmatched, len(took) - len(new), file.left_out, sum(one.amount for one in new))


def _account(file: camt.File, owner: UUID | None) -> models.OwnAccount:
    """The authority the file is for, held, so that one file at a time is read."""
    rows = models.OwnAccount.objects.select_for_update().filter(account__in=file.accounts)
    found = list(rows.filter(owner=owner) if owner else rows)
    if len(file.accounts) != 1 or len(found) != 1:
        raise camt.refused("account", _("The file is about another account than ours. Nothing of it was read."))
    return found[0]


def _take(file: models.BankFile, one: camt.Credit) -> models.Receipt | None:
    """One payment; None when it is booked already. Raises Invalid when the bank now says another amount of it."""
    key = f"{one.account}:{one.day}:{one.reference}"
    known = models.Receipt.objects.filter(owner=file.owner, key=key).values_list("amount", flat=True).first()
    if known is not None:
        if known != one.amount:
            raise camt.refused("changed", _("A payment has another amount than before. Nothing of the file was read."))
        return None
    bill, why = _bill(file.owner, one)
    row = models.Receipt(
        id=uuid7(), key=key, owner=file.owner, file=file, amount=one.amount, day=one.day, kid=one.kid[:35],
        text=one.text, payer_name=one.payer_name, payer_account=one.payer_account, bill=bill, why=why,
        status="posted" if bill else "unmatched",
    )  # fmt: skip
    row.save(force_insert=True)
    if bill is None:
        book(row.owner, Move(f"in:{key}", "unmatched", Account.BANK, Account.SUSPENSE, row.amount, row.pk), day=row.day)
    else:
        _count(row, bill, Account.BANK, f"in:{key}")
    return row


def _bill(owner: UUID, one: camt.Credit) -> tuple[models.Bill | None, str]:
    if one.returned:
        return None, "returned"
    if not one.kid:
        return None, "no-kid"
    try:
        check_kid(one.kid)
    except BadNumber:
        return None, "wrong-kid"
    bill = models.Bill.objects.filter(kid=one.kid, creditor=owner).first()
    try:
        if bill is not None:
            hold(bill)
    except NotFound:
        return None, "case-gone"
    return bill, "" if bill else "unknown-kid"


def _count(row: models.Receipt, bill: models.Bill, at: Account, key: str) -> None:
    """Count a receipt on its bill; what is too much goes back, and what is too little is shown to the treasurer."""
    hold(bill)
    held = models.Bill.objects.select_for_update().get(pk=bill.pk)
    over = settling.receive(held, row.amount, at, key, day=row.day)
    refunds.owe(held, over, f"refund:{row.key}", row.payer_name, row.payer_account)
    row.bill, row.status = held, "part" if held.status == "due" and not held.parts.exists() else "posted"
    row.save(update_fields=["bill", "status"])


# --- The treasurer -------------------------------------------------------------------------------------


def to_see(actor: Actor, limit: int = 100) -> list[Receipt]:
    """What fits no bill, and what was less than a bill that is still due asks; oldest first. Raises NotAllowed."""
    rows = models.Receipt.objects.filter(owner=treasurer.office(actor), status__in=("unmatched", "part"))
    rows = rows.exclude(status="part", bill__status__in=("paid", "cancelled", "to-refund", "refunded"))
    return [_read(row) for row in rows.select_related("bill").order_by("pk")[:limit]]


def files(actor: Actor, limit: int = 5) -> list[tuple[datetime, str, int]]:
    """The last files that were read: when, the bank's number, and how many payments were new. Raises NotAllowed."""
    rows = models.BankFile.objects.filter(owner=treasurer.office(actor)).annotate(new=Count("receipt"))
    return list(rows.order_by("-pk").values_list("read", "message", "new")[:limit])


def receipt(actor: Actor, receipt_id: UUID) -> Receipt:
    """Raises NotAllowed, NotFound."""
    return _read(_one(actor, receipt_id))


def _read(row: models.Receipt) -> Receipt:
    return Receipt(
        row.pk, row.amount, row.day, row.kid, row.text, row.payer_name, row.payer_account, row.status, row.why,
        row.bill.left if row.bill else 0,
    )  # fmt: skip


def _one(actor: Actor, receipt_id: UUID, status: str = "") -> models.Receipt:
    rows = models.Receipt.objects.select_for_update() if status else models.Receipt.objects.select_related("bill")
    row = rows.filter(pk=receipt_id, owner=treasurer.office(actor)).first()
    if row is None:
        raise NotFound()
    if status and row.status != status:
        raise Conflict(code="receipt-changed", receipt_status=row.status)
    return row


def assign(actor: Actor, receipt_id: UUID, kid: str) -> None:
    """Count an unmatched receipt on the bill with this KID. Raises Invalid by "kid", Conflict when it is handled."""
    with transaction.atomic():
        row = _one(actor, receipt_id, "unmatched")
        bill = models.Bill.objects.filter(kid="".join(kid.split()), creditor=row.owner).first()
        if bill is None:
            raise Invalid(errors={"kid": [_("We have no bill with this KID")]})
        _count(row, bill, Account.SUSPENSE, f"assigned:{row.key}")


def send_back(actor: Actor, receipt_id: UUID, account: str) -> None:
    """Pay an unmatched receipt back, with the next batch. Raises Invalid by "account", Conflict when it is handled."""
    with transaction.atomic():
        row = _one(actor, receipt_id, "unmatched")
        try:
            to = bank_account(account)
        except BadNumber:
            raise Invalid(errors={"account": [_("Write the 11 digits of an account number")]}) from None
        move = Move(f"returned:{row.key}", "sent-back", Account.SUSPENSE, Account.OWED, row.amount, row.pk)
        book(row.owner, move)
        refunds.back(row, to, row.text or "Retur")
        row.status = "handled"
        row.save(update_fields=["status"])


def seen(actor: Actor, receipt_id: UUID) -> None:
    """It is all right that less came than was to pay. Raises Conflict when it is handled, NotFound."""
    with transaction.atomic():
        row = _one(actor, receipt_id, "part")
        row.status = "handled"
        row.save(update_fields=["status"])
