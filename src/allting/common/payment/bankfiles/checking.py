"""Do the ledger, the bills, the batches and what the bank has told agree?"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import F, Q, Sum

from allting.common.payment import ledger
from allting.common.payment.ledger import Account
from allting.common.payment.models import Batch, Bill, Entry, Posting, Transfer
from allting.common.registers import api as registers


def faults() -> Iterator[str]:
    """One line for each disagreement, by authority; none of them personal."""
    owners = set(Posting.objects.values_list("owner", flat=True).distinct())
    owners |= set(Entry.objects.values_list("owner", flat=True).distinct())
    owners |= set(Transfer.objects.values_list("owner", flat=True).distinct())
    names = registers.entities(owners)
    for owner in sorted(owners):
        name = names[owner].name if owner in names else str(owner)
        yield from (f"{name}: {fault}" for fault in _of(owner))


def _of(owner: UUID) -> Iterator[str]:
    balances = {one.account: one.balance for one in ledger.trial_balance(owner)}
    if sum(balances.values()) != 0:
        yield "the accounts do not add up to zero"
    if balances[Account.RECEIVABLE] != _sum(Bill.objects.filter(creditor=owner), "left"):
        yield "what is receivable is not what is left to pay of the bills"
    if balances[Account.SENT] != -_sum(Transfer.objects.filter(owner=owner, status="sent"), "amount"):
        yield "what the bank is told to pay is not what the files say, less what it has paid"
    if not _bank_agrees(owner):
        yield "what is posted from the bank's notices is not what they say"
    for batch in Batch.objects.filter(owner=owner).exclude(status="dropped").iterator():
        rows = Transfer.objects.filter(batch=batch)
        if (rows.count(), _sum(rows, "amount")) != (batch.count, batch.sum):
            yield f"batch {batch.pk} has other payments than when it was made"


def _bank_agrees(owner: UUID) -> bool:
    kroner = Entry.objects.filter(owner=owner, currency="NOK")
    told = _sum(kroner.filter(comes=True), "amount") - _sum(kroner.filter(comes=False), "amount")
    rows = Posting.objects.filter(Q(debit=Account.BANK) | Q(credit=Account.BANK), owner=owner, key__startswith="entry:")
    posted = _sum(rows.filter(debit=Account.BANK), "amount") - _sum(rows.filter(credit=Account.BANK), "amount")
    return told == posted


def _sum(rows: object, field: str) -> int:
    return int(rows.aggregate(sum=Sum(F(field)))["sum"] or 0)  # type: ignore[attr-defined]
