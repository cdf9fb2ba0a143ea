"""Payments out by file: a batch is made by one treasurer and approved by another, and then it can be taken to the bank.

An authority with a bank account of its own here pays by file; the others' payouts go by the provider at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.payment import models, pain, payouts, treasurer
from allting.common.payment.ledger import Account, Move, balance, book
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import next_working_day
from allting.kernel.problems import Conflict, NotAllowed, NotFound

MOST = 10_000  # payments in a file
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as a treasurer sees it; ``total`` in øre, ``mine``: she made it herself and cannot approve it; names."""

    id: UUID
    status: str
    day: date
    count: int
    total: int
    made: datetime
    approved: datetime | None
    sent: datetime | None
    mine: bool
    made_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One payment of a batch: what for and how much, without who: that is not needed to approve it."""

    kind: str
    text: str
    amount: int
    last_digits: str


def make(actor: Actor) -> Batch:
    """Gather what is due into a new batch. Raises NotAllowed, Conflict when there is no account or nothing to pay."""
    owner, person = treasurer.office(actor), treasurer.who(actor)
    with transaction.atomic():
        _held(owner)
        row = _gathered(owner, person, _of_payouts(owner) + _waiting(owner))
    if row is None:  # what was found to lack an account stays told
        raise Conflict(code="nothing-to-pay")
    return _read(row, person)


def _gathered(owner: UUID, person: UUID, transfers: list[models.Transfer]) -> models.Batch | None:
    if not transfers:
        return None
    day, total = next_working_day(timezone.localdate()), sum(one.amount for one in transfers)
    row = models.Batch.objects.create(
        id=uuid7(), owner=owner, day=day, count=len(transfers), total=total, made_by=person
    )
    for chunk in _chunks([one.pk for one in transfers]):
        models.Transfer.objects.filter(pk__in=chunk).update(batch=row)
    return row


def _held(owner: UUID) -> models.OwnAccount:
    """The authority's account, held: one batch at a time is made."""
    found = models.OwnAccount.objects.select_for_update().filter(pk=owner).first()
    if found is None:
        raise Conflict(code="no-own-account")
    return found


def _waiting(owner: UUID) -> list[models.Transfer]:
    """What is to be given back and has an account."""
    rows = models.Transfer.objects.filter(owner=owner, batch=None, kind="refund").exclude(account="")
    return list(rows.order_by("pk")[:MOST])


def _of_payouts(owner: UUID) -> list[models.Transfer]:
    """A transfer for each payout that is due, to the account that is registered now; without one it waits for one."""
    due = models.Payout.objects.select_for_update(of=("self",)).select_related("plan").order_by("pk")
    found = due.filter(plan__debtor=owner, status="waiting", due__lte=timezone.localdate(), amount__gt=0)[:MOST]
    made = [one for row in found if (one := _transfer(row))]
    models.Transfer.objects.bulk_create(made, batch_size=CHUNK)
    for chunk in _chunks([one.subject for one in made]):
        models.Payout.objects.filter(pk__in=chunk).update(status="in-batch")
    return made


def _transfer(row: models.Payout) -> models.Transfer | None:
    account = payouts.account_of(row.plan)
    party = Party.parse(row.plan.payee)
    if not account:
        models.Payout.objects.filter(pk=row.pk).update(status="needs-account")
        notification.nudge(party, "case-news", f"account:{row.plan.pk}")
        return None
    return models.Transfer(
        id=uuid7(), key=f"payout:{row.pk}", owner=row.plan.debtor, kind="payout", subject=row.pk,
        payee_name=registers.name_of(party)[:140], account=account, amount=row.amount - row.set_off,
        text=f"{row.plan.debtor_name} {row.plan.case_number}"[:140],
    )  # fmt: skip


def _chunks(rows: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [rows[place : place + CHUNK] for place in range(0, len(rows), CHUNK)]


# --- By another ----------------------------------------------------------------------------------------


def approve(actor: Actor, batch_id: UUID) -> None:
    """Let it go to the bank. Raises NotAllowed for whoever made it, Conflict when it is past that, NotFound."""
    person = treasurer.who(actor)
    with transaction.atomic():
        row = _of(actor, batch_id, "made")
        if row.made_by == person:
            raise NotAllowed(code="four-eyes")
        row.status, row.approved, row.approved_by = "approved", timezone.now(), person
        row.save(update_fields=["status", "approved", "approved_by"])


def drop(actor: Actor, batch_id: UUID) -> None:
    """Take a batch apart again before it is approved: what it was to pay waits for the next. Raises as ``approve``."""
    with transaction.atomic():
        row = _of(actor, batch_id, "made")
        of_payouts = row.transfers.filter(kind="payout")
        for chunk in _chunks(list(of_payouts.values_list("subject", flat=True))):
            models.Payout.objects.filter(pk__in=chunk, status="in-batch").update(status="waiting")
        of_payouts.delete()
        row.transfers.update(batch=None)
        row.status = "dropped"
        row.save(update_fields=["status"])


def _of(actor: Actor, batch_id: UUID, status: str = "") -> models.Batch:
    owner = treasurer.office(actor)
    row = models.Batch.objects.select_for_update().filter(pk=batch_id, owner=owner).first()
    if row is None:
        raise NotFound()
    if status and row.status != status:
        raise Conflict(code="batch-changed", batch_status=row.status)
    return row


# --- To the bank ---------------------------------------------------------------------------------------


def file(actor: Actor, batch_id: UUID) -> tuple[str, bytes]:
    """The file's name and contents, for the treasurer; as ``send``. Raises Conflict before it is approved, NotFound."""
    with transaction.atomic():
        return send(_of(actor, batch_id))


def approved(owner: UUID) -> list[UUID]:
    """The batches that can be taken to the bank and have not been."""
    return list(models.Batch.objects.filter(owner=owner, status="approved").order_by("pk").values_list("pk", flat=True))


def send(row: models.Batch) -> tuple[str, bytes]:
    """Write the file of a batch that is held; the first time its payments are posted as paid, in the caller's
    transaction. Each time it is the same file, so that a crash between the two is mended by doing it again.

    Raises Conflict before it is approved, and when it is not the file that was sent.
    """
    if row.status not in ("approved", "sent") or row.approved is None:
        raise Conflict(code="batch-not-approved", batch_status=row.status)
    transfers = list(row.transfers.order_by("pk"))
    contents = _contents(row, transfers)
    if row.status == "approved":
        _paid(row.owner, transfers)
        row.status, row.sent, row.sha256 = "sent", timezone.now(), sha256(contents).hexdigest()
        row.save(update_fields=["status", "sent", "sha256"])
    elif sha256(contents).hexdigest() != row.sha256:
        raise Conflict(code="batch-file-changed")
    return f"pain.001-{row.pk.hex}.xml", contents


def held(batch_id: UUID) -> models.Batch:
    """For the command: a batch, held in the caller's transaction."""
    return models.Batch.objects.select_for_update().get(pk=batch_id)


def _contents(row: models.Batch, transfers: Sequence[models.Transfer]) -> bytes:
    own = models.OwnAccount.objects.get(pk=row.owner)
    payer = pain.Payer(own.name, own.organisation_number, own.account, own.bic)
    lines = [pain.Transfer(one.pk.hex, one.payee_name, one.account, one.amount, one.text) for one in transfers]
    assert row.approved is not None
    return pain.write(row.pk.hex, timezone.localtime(row.approved), row.day, payer, lines)


FROM = {"payout": Account.PAYABLE, "refund": Account.OWED}


def _paid(owner: UUID, transfers: Sequence[models.Transfer]) -> None:
    moves = [
        Move(f"{one.key}:paid", f"{one.kind}-sent", FROM[one.kind], Account.BANK, one.amount, one.subject)
        for one in transfers
    ]
    for place in range(0, len(moves), CHUNK):
        book(owner, *moves[place : place + CHUNK])
    for chunk in _chunks([one.subject for one in transfers if one.kind == "payout"]):
        models.Payout.objects.filter(pk__in=chunk).update(status="paid", paid=timezone.now())
    for one in transfers:
        if one.kind == "refund" and balance(Account.OWED, one.subject) == 0:
            models.Bill.objects.filter(pk=one.subject, status="to-refund").update(status="refunded")


# --- To see --------------------------------------------------------------------------------------------


def batches(actor: Actor, limit: int = 20) -> list[Batch]:
    """The authority's batches, newest first. Raises NotAllowed."""
    owner, person = treasurer.office(actor), treasurer.who(actor)
    return [_read(row, person) for row in models.Batch.objects.filter(owner=owner).order_by("-pk")[:limit]]


def batch(actor: Actor, batch_id: UUID) -> tuple[Batch, list[Line]]:
    """One batch, and the first of its payments. Raises NotFound, NotAllowed."""
    row = models.Batch.objects.filter(pk=batch_id, owner=treasurer.office(actor)).first()
    if row is None:
        raise NotFound()
    lines = [Line(one.kind, one.text, one.amount, one.account[-3:]) for one in row.transfers.order_by("pk")[:200]]
    return _read(row, treasurer.who(actor)), lines


def to_pay(actor: Actor) -> tuple[int, int]:
    """How many payments wait for a batch, and how much they are together (øre)."""
    owner = treasurer.office(actor)
    due = models.Payout.objects.filter(
        plan__debtor=owner, status="waiting", due__lte=timezone.localdate(), amount__gt=0
    )
    amounts = [*due.values_list(F("amount") - F("set_off"), flat=True), *(one.amount for one in _waiting(owner))]
    return len(amounts), sum(amounts)


def without_account(actor: Actor) -> int:
    """How many payments that are due wait for somebody to give an account."""
    owner = treasurer.office(actor)
    lacking = models.Payout.objects.filter(plan__debtor=owner, status="needs-account").count()
    return lacking + models.Transfer.objects.filter(owner=owner, batch=None, kind="refund", account="").count()


def _read(row: models.Batch, person: UUID) -> Batch:
    return Batch(
        row.pk, row.status, row.day, row.count, row.total, row.made, row.approved, row.sent, row.made_by == person,
        _name(row.made_by), _name(row.approved_by),
    )  # fmt: skip


def _name(person: UUID | None) -> str:
    return registers.name_of(Party("person", person)) if person else ""
