"""What the bank has told is posted, once for each of its references: bills are paid, and payments out confirmed.

What cannot be understood is posted as unplaced and waits for the treasurer. A file is taken whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from allting.common.payment import bills
from allting.common.payment.bankfiles.accounts import all_own
from allting.common.payment.bankfiles.batches import queue, treasurer_only
from allting.common.payment.bankfiles.camt054 import Told, Unreadable, read
from allting.common.payment.ledger import Account, Move, balance, book
from allting.common.payment.models import Bill, Entry, Payout, Transfer
from allting.kernel import events
from allting.kernel.actor import Actor
from allting.kernel.numbers import BadNumber, check_kid
from allting.kernel.problems import Conflict, NotFound

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file: payments that were new, known from before, and that wait for the treasurer."""

    new: int
    known: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the treasurer must look at; ``amount`` in hundredths of the currency, ``left`` in øre of the bill."""

    id: UUID
    comes: bool
    amount: int
    currency: str
    day: date
    kid: str
    name: str
    reason: str
    status: str
    can_go_back: bool
    left: int


def take(contents: bytes) -> Report:
    """Post a camt.054 file. Raises Unreadable when any of it is wrong, and nothing of it is posted then."""
    told = read(contents)
    owners = {one.number: one.authority for one in all_own()}
    if any(one.account not in owners for one in told):
        raise Unreadable("it is about an account that is no authority's here")
    try:
        with transaction.atomic():
            return _take(told, owners)
    except IntegrityError:
        raise Unreadable("another was posting the same at the same moment: try again") from None


def _take(told: Sequence[Told], owners: dict[str, UUID]) -> Report:
    known = _known([one.key for one in told])
    for one in told:
        if one.key in known and known[one.key] != (one.comes, one.amount, one.currency):
            raise Unreadable("a reference that is posted already comes again with another amount")
    new = sorted((one for one in told if one.key not in known), key=_in_order)
    made = [_post(one, owners[one.account]) for one in new]
    waiting = sum(one.status != "placed" for one in made)
    return Report(len(new), len(told) - len(new), waiting)


def _known(keys: list[str]) -> dict[str, tuple[bool, int, str]]:
    found: dict[str, tuple[bool, int, str]] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Entry.objects.filter(key__in=keys[start : start + CHUNK])
        found |= {row.key: (row.comes, row.amount, row.currency) for row in rows}
    return found


def _in_order(one: Told) -> tuple[str, str]:
    """So that two files that pay the same bills hold them in the same order."""
    return one.kid, one.key


def _post(told: Told, owner: UUID) -> Entry:
    row = Entry(
        key=told.key, owner=owner, comes=told.comes, amount=told.amount, currency=told.currency, day=told.day,
        kid=told.kid, account=told.other_account, name=told.other_name, status="placed",
    )  # fmt: skip
    if told.currency != "NOK":
        row.status, row.reason = "foreign", "currency"
        row.save(force_insert=True)
        return row
    placed = _came(row, told) if told.comes else _went(row, told)
    if not placed:
        row.status = "unplaced"
        row.save(force_insert=True)
        sides = (Account.BANK, Account.UNPLACED) if told.comes else (Account.UNPLACED, Account.BANK)
        book(owner, Move(row.key, "unplaced", *sides, row.amount, row.pk), day=row.day)
    return row


# --- In --------------------------------------------------------------------------------------------


def _came(row: Entry, told: Told) -> bool:
    row.reason = _what_is_wrong(told, row.owner)
    if row.reason:
        return False
    try:
        with transaction.atomic():
            _pay(row, told.kid, Account.BANK, row.key)
    except NotFound:  # the case the bill is of is no longer there
        row.status, row.bill, row.reason = "unplaced", None, "no-case"
        row._state.adding = True
        return False
    return True


def _case_of(kid: str) -> UUID:
    found: UUID = Bill.objects.values_list("case", flat=True).get(kid=kid)
    return found


def _what_is_wrong(told: Told, owner: UUID) -> str:
    if told.reversal:
        return "reversal"
    if _transfer(told, owner) is not None:
        return "returned"
    if told.several or not told.kid:
        return "several" if told.several else "no-kid"
    return _wrong_kid(told.kid, owner)


def _wrong_kid(kid: str, owner: UUID) -> str:
    """Empty when it is the KID of a bill of the authority's."""
    try:
        check_kid(kid)
    except BadNumber:
        return "wrong-kid"
    creditor = Bill.objects.filter(kid=kid).values_list("creditor", flat=True).first()
    if creditor is None:
        return "unknown-kid"
    return "" if creditor == owner else "another-authority"


def _pay(row: Entry, kid: str, at: Account, key: str) -> None:
    """Let it pay the bill; too much is given back in the next batch, too little is told of."""
    events.publish("payment.settling", case=_case_of(kid))
    bill = Bill.objects.select_for_update().get(kid=kid)
    over = bills.receive(bill, row.amount, at, key, row.day)
    row.status, row.bill = "placed", bill
    row.reason = "too-much" if over else "too-little" if bill.status == "due" else ""
    row.save()
    bills.give_back_by_bank(bill, row, over, "over")


# --- Out -------------------------------------------------------------------------------------------


def _transfer(told: Told, owner: UUID) -> Transfer | None:
    try:
        which = UUID(hex=told.end_to_end)
    except ValueError:
        return None
    return Transfer.objects.select_for_update().filter(pk=which, owner=owner).first()


def _went(row: Entry, told: Told) -> bool:
    """The bank has paid what it was told to."""
    found = _transfer(told, row.owner)
    row.reason = "reversal" if told.reversal else _wrong_payment(found, told.amount)
    if found is None or row.reason:
        return False
    row.save(force_insert=True)
    paid = Move(row.key, "paid-out", Account.SENT, Account.BANK, row.amount, found.subject)
    book(row.owner, paid, day=row.day)
    found.status = "paid"
    found.save(update_fields=["status"])
    _settled(found)
    return True


def _wrong_payment(found: Transfer | None, amount: int) -> str:
    if found is None or found.status == "waiting":
        return "unknown-payment"
    if found.status == "paid":
        return "paid-twice"
    return "" if found.amount == amount else "wrong-amount"


def _settled(found: Transfer) -> None:
    if found.debit == Account.PAYABLE:
        Payout.objects.filter(pk=found.subject, status="with-bank").update(status="paid", paid=timezone.now())
    elif balance(Account.OWED, found.subject) == 0 and balance(Account.SENT, found.subject) == 0:
        Bill.objects.filter(pk=found.subject, status="to-refund").update(status="refunded")


# --- The treasurer's list --------------------------------------------------------------------------


def waiting(actor: Actor, limit: int = 50, entry: UUID | None = None) -> list[Waiting]:
    """What nobody knows the meaning of, and bills that got too little, newest first; or the one ``entry`` of them.

    Raises NotAllowed.
    """
    rows = Entry.objects.filter(owner=treasurer_only(actor)).select_related("bill").order_by("-id")
    found = rows.filter(status__in=("unplaced", "foreign")) | rows.filter(reason="too-little", bill__status="due")
    if entry is not None:
        found = found.filter(pk=entry)
    return [
        Waiting(
            row.pk, row.comes, row.amount, row.currency, row.day, row.kid, row.name, row.reason, row.status,
            bool(row.comes and row.account and row.status == "unplaced"), row.bill.left if row.bill else 0,
        )
        for row in found[:limit]
    ]  # fmt: skip


def _unplaced(actor: Actor, entry: UUID) -> Entry:
    row = Entry.objects.filter(owner=treasurer_only(actor), pk=entry).first()
    if row is None:
        raise NotFound()
    return row


def _hold(row: Entry) -> Entry:
    held = Entry.objects.select_for_update().get(pk=row.pk)
    if held.status != "unplaced" or not held.comes:
        raise Conflict(code="not-unplaced")
    return held


@transaction.atomic
def place(actor: Actor, entry: UUID, kid: str) -> str:
    """The treasurer knows which bill it pays; returns what is wrong with the KID, else nothing.

    Raises NotAllowed, NotFound, and Conflict when it is placed already.
    """
    row = _unplaced(actor, entry)
    kid = "".join(kid.split())
    if wrong := _wrong_kid(kid, row.owner):
        return wrong
    events.publish("payment.settling", case=_case_of(kid))  # the case is held first, as everywhere
    _pay(_hold(row), kid, Account.UNPLACED, f"placed:{row.pk}")
    return ""


@transaction.atomic
def give_back(actor: Actor, entry: UUID) -> None:
    """It was not for us: back to the account it came from, in the next batch, which another approves.

    Raises NotAllowed, NotFound, Conflict when it is placed already or the bank has not told the account.
    """
    row = _hold(_unplaced(actor, entry))
    if not row.account:
        raise Conflict(code="no-account")
    row.status = "returned"
    row.save(update_fields=["status"])
    book(row.owner, Move(f"back:{row.pk}", "given-back", Account.UNPLACED, Account.OWED, row.amount, row.pk))
    queue(
        f"refund:{row.pk}:back", row.owner, Account.OWED, row.pk, row.amount, party="", account=row.account,
        name=row.name, text=f"Retur {row.day.isoformat()}", due=timezone.localdate(),
    )  # fmt: skip
