"""The ledger: every øre that is owed, comes or goes is a posting, and a posting is debit and credit at once.

An account's balance is debits less credits: positive for what we have or are owed and for what was spent, negative
for what we owe and what was earned. The balances of an authority's accounts together are always zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from allting.common.payment import copying, models


class Account(StrEnum):
    """The chart of accounts of each authority."""

    BANK = "bank"  # what stands on the account
    PROVIDER = "provider"  # taken by the payment provider, not yet on the account
    RECEIVABLE = "receivable"  # billed, not yet paid
    INCOME = "income"  # fees, reminder fees and interest
    SUSPENSE = "suspense"  # come to the account, and nobody knows for what yet
    OWED = "owed"  # paid to us, to be given back
    GRANTS = "grants"  # what decisions have given, less what is claimed back
    PAYABLE = "payable"  # granted, not yet paid out
    SET_OFF = "set-off"  # kept back from a payment to cover a claim: zero when both are booked


@dataclass(frozen=True, slots=True)
class Move:
    """``amount`` øre, above zero, from ``credit`` to ``debit``; ``key`` makes a repeat harmless."""

    key: str
    kind: str
    debit: Account
    credit: Account
    amount: int
    subject: UUID | None = None


class BookedOtherwise(Exception):
    """The key is used by another posting: a fault in the program, and everything is undone."""


def book(owner: UUID, *moves: Move, day: date | None = None) -> None:
    """Post the moves in ``owner``'s ledger, in the caller's transaction, each once per key. Zero is nothing to post.

    Raises RuntimeError outside a transaction, BookedOtherwise when a key holds something else, IntegrityError for
    an amount below zero or an account against itself.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("money is posted in the transaction of the change that moves it")
    on, now = day or timezone.localdate(), timezone.now()
    wanted = [one for one in moves if one.amount]
    _refuse_nonsense(wanted)
    if copying.fits(len(wanted)):
        lines = [
            (one.key, owner, one.debit.value, one.credit.value, one.amount, one.kind, one.subject, on, now)
            for one in wanted
        ]
        if differs := copying.store(lines):
            raise BookedOtherwise(differs)
        return
    rows = [
        models.Posting(
            key=one.key, owner=owner, debit=one.debit, credit=one.credit, amount=one.amount, kind=one.kind,
            subject=one.subject, day=on, at=now,
        )
        for one in wanted
    ]  # fmt: skip
    models.Posting.objects.bulk_create(rows, ignore_conflicts=True)
    _compare(rows)


def _refuse_nonsense(moves: list[Move]) -> None:
    """SQLite's "ignore" ignores more than a key used before, so it is said here as well as in the table."""
    for one in moves:
        if one.amount < 0 or one.debit == one.credit:
            raise ValueError("a posting moves more than nothing between two accounts")


def _compare(rows: list[models.Posting]) -> None:
    stored = {row.key: row for row in models.Posting.objects.filter(key__in=[row.key for row in rows])}
    for row in rows:
        found = stored.get(row.key)
        if found is None or _what(found) != _what(row):
            raise BookedOtherwise(row.kind)


def _what(row: models.Posting) -> tuple[object, ...]:
    return row.owner, str(row.debit), str(row.credit), row.amount, row.subject


@dataclass(frozen=True, slots=True)
class Line:
    """An account in the trial balance, in øre."""

    account: Account
    debits: int
    credits: int

    @property
    def balance(self) -> int:
        return self.debits - self.credits


def trial_balance(owner: UUID) -> list[Line]:
    """Every account of the authority; debits and credits have the same sum."""
    rows = models.Posting.objects.filter(owner=owner)
    debits = dict(rows.values_list("debit").annotate(Sum("amount")))
    credits = dict(rows.values_list("credit").annotate(Sum("amount")))
    return [Line(one, int(debits.get(one, 0)), int(credits.get(one, 0))) for one in Account]


def balance(account: Account, subject: UUID) -> int:
    """What stands on an account about one bill or payout."""
    rows = models.Posting.objects.filter(subject=subject)
    debits = rows.filter(debit=account).aggregate(sum=Sum("amount"))["sum"] or 0
    credits = rows.filter(credit=account).aggregate(sum=Sum("amount"))["sum"] or 0
    return int(debits - credits)
