"""What is due goes to the bank in batches: one makes it, another approves it, and only then it is written.

Who has the duty "treasurer" where she is at work does this (økonomiregelverket i staten, bestemmelsene § 5.3).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from uuid6 import uuid7

from allting.common.payment.bankfiles.accounts import Own, own
from allting.common.payment.bankfiles.pain001 import Line, Payer, write
from allting.common.payment.ledger import Account, Move, book
from allting.common.payment.models import Batch, Payout, Transfer
from allting.common.payment.payees import account_of
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Conflict, NotAllowed, NotFound

MOST = 10_000  # payments in a batch; what is more goes in the next
SHOWN = 100
TREASURER = "treasurer"


class Changed(Exception):
    """The rows no longer give the file that was approved: somebody has written past the program."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A batch as the treasurer sees it; ``sum`` in øre, ``mine``: she made it, so another must approve it."""

    id: UUID
    status: str
    count: int
    sum: int
    day: date
    digest: str
    made: datetime
    maker_name: str
    mine: bool
    exported: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """What waits to be sent, in øre: what is due today, what comes later; and how many wait for an account."""

    count: int
    sum: int
    later: int
    stuck: int


def is_treasurer(actor: Actor) -> bool:
    return actor.is_officer and registers.has_duty(actor, TREASURER)


def treasurer_only(actor: Actor) -> UUID:
    """The authority she is treasurer of. Raises NotAllowed for anyone else."""
    if actor.authority is None or not is_treasurer(actor):
        raise NotAllowed(code="treasurer-only")
    return actor.authority


def queue(
    key: str, owner: UUID, debit: Account, subject: UUID, amount: int, *, party: str, text: str, due: date,
    case: UUID | None = None, account: str = "", name: str = "", kid: str = "",
) -> None:  # fmt: skip
    """Let it go in a later batch, in the caller's transaction, once per ``key``. ``debit`` holds what is settled.

    Without an ``account`` it goes to the one that ``party`` has chosen when the batch is made.
    """
    row = Transfer(
        id=uuid7(), key=key, owner=owner, debit=debit, subject=subject, party=party, case=case, account=account,
        fixed=bool(account), name=name, text=text[:140], kid=kid, amount=amount, due=due,
    )  # fmt: skip
    Transfer.objects.bulk_create([row], ignore_conflicts=True)


def _waiting(owner: UUID) -> QuerySet[Transfer]:
    return Transfer.objects.filter(owner=owner, status="waiting", batch=None).order_by("due", "pk")


def due(actor: Actor) -> Due:
    """Raises NotAllowed."""
    rows = _waiting(owner := treasurer_only(actor))
    amounts = list(rows.filter(due__lte=timezone.localdate()).values_list("amount", flat=True))
    stuck = Payout.objects.filter(plan__debtor=owner, status="needs-account").count()
    return Due(len(amounts), sum(amounts), rows.count() - len(amounts), stuck)


# --- Making and approving --------------------------------------------------------------------------


@transaction.atomic
def make(actor: Actor) -> UUID:
    """A batch of what is due and has an account. Raises NotAllowed, Conflict when there is nothing, or no bank."""
    owner = treasurer_only(actor)
    account = own(owner)
    if account is None:
        raise Conflict(code="no-bank-account")
    rows = list(_waiting(owner).filter(due__lte=timezone.localdate()).select_for_update(of=("self",))[:MOST])
    ready = [one for one in rows if _addressed(one, account)]
    if not ready:
        raise Conflict(code="nothing-due")
    assert actor.person is not None
    batch = Batch(
        id=uuid7(), owner=owner, count=len(ready), sum=sum(one.amount for one in ready), day=timezone.localdate(),
        account=account.number, bic=account.bic, maker=actor.person,
    )  # fmt: skip
    batch.digest = _digest(_file(batch, ready))
    batch.save(force_insert=True)
    for one in ready:
        one.batch = batch
    Transfer.objects.bulk_update(ready, ["batch", "account", "name"], batch_size=500)
    return batch.pk


def _addressed(row: Transfer, payer: Own) -> bool:
    """Fill in where it goes and to whom; False when there is no account yet."""
    if not row.fixed and row.party:
        row.account = account_of(Party.parse(row.party), payer.authority, payer.name, row.case)
    if row.party:
        row.name = registers.name_of(Party.parse(row.party))
    return bool(row.account)


def _file(batch: Batch, rows: Sequence[Transfer]) -> bytes:
    body = registers.entities([batch.owner])[batch.owner]
    lines = [
        Line(one.pk, one.name, one.account, one.amount, one.text, one.kid)
        for one in sorted(rows, key=lambda row: row.pk)
    ]
    return write(batch.pk, batch.made, batch.day, Payer(body.name, body.number, batch.account, batch.bic), lines)


def _digest(contents: bytes) -> str:
    return sha256(contents).hexdigest()


def _held(owner: UUID, **which: Any) -> Batch | None:
    return Batch.objects.select_for_update().filter(owner=owner, **which).order_by("pk").first()


def _one(actor: Actor, batch: UUID) -> Batch:
    found = _held(treasurer_only(actor), pk=batch)
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def approve(actor: Actor, batch_id: UUID, digest: str) -> None:
    """Another than its maker lets it go to the bank; ``digest`` is that of the batch she was shown.

    Raises NotAllowed, NotFound, and Conflict when it is not what she saw or not to be approved any more.
    """
    batch = _one(actor, batch_id)
    if actor.person == batch.maker:
        raise NotAllowed(code="four-eyes")
    if batch.status != "made" or digest != batch.digest or _digest(_contents(batch)) != digest:
        raise Conflict(code="batch-changed")
    batch.status, batch.approver, batch.approved = "approved", actor.person, timezone.now()
    batch.save(update_fields=["status", "approver", "approved"])


@transaction.atomic
def drop(actor: Actor, batch_id: UUID) -> None:
    """Not this one, unless it is written: what was in it waits for another. Raises NotAllowed, NotFound, Conflict."""
    batch = _one(actor, batch_id)
    if batch.status not in ("made", "approved"):
        raise Conflict(code="batch-changed")
    rows = Transfer.objects.filter(batch=batch)
    rows.filter(fixed=False).update(account="")
    rows.update(batch=None)
    batch.status = "dropped"
    batch.save(update_fields=["status"])


def sheets(actor: Actor, limit: int = 20) -> list[Sheet]:
    """The authority's batches, newest first. Raises NotAllowed."""
    rows = Batch.objects.filter(owner=treasurer_only(actor)).order_by("-id")[:limit]
    return [_sheet(row, actor) for row in rows]


def sheet(actor: Actor, batch: UUID) -> tuple[Sheet, list[Line]]:
    """One batch, and the largest of its payments. Raises NotAllowed, NotFound."""
    row = Batch.objects.filter(owner=treasurer_only(actor), pk=batch).first()
    if row is None:
        raise NotFound()
    rows = Transfer.objects.filter(batch=row).order_by("-amount", "pk")[:SHOWN]
    return _sheet(row, actor), [Line(one.pk, one.name, one.account, one.amount, one.text, one.kid) for one in rows]


def _sheet(row: Batch, actor: Actor) -> Sheet:
    name = registers.name_of(Party("person", row.maker))
    mine = row.maker == actor.person
    return Sheet(
        row.pk, row.status, row.count, row.sum, row.day, row.digest, row.made, name, mine, row.exported
    )  # fmt: skip


# --- Out -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A file for the bank: how many payments, their sum in øre, and how many approved batches are left."""

    batch: UUID
    count: int
    sum: int
    left: int


def export(authority: UUID, path: Path, again: UUID | None = None) -> Written:
    """Write the oldest approved batch to ``path`` and post it, or nothing at all; ``again`` writes one once more.

    The file is laid beside ``path``, posted, and put in its place when that has taken hold. Broken off in between,
    ``again`` gives the same file, with the same references, and posts nothing twice. Raises NotFound when nothing is
    approved, Changed, FileExistsError and OSError.
    """
    if path.exists():
        raise FileExistsError(17, "there is a file there already", str(path))
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with transaction.atomic():
            which = {"pk": again, "status__in": ("approved", "exported")} if again else {"status": "approved"}
            batch = _held(authority, **which)
            if batch is None:
                raise NotFound()
            _lay(draft, _unchanged(batch))
            _post(batch)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    left = Batch.objects.filter(owner=authority, status="approved").count()
    return Written(batch.pk, batch.count, batch.sum, left)


def _contents(batch: Batch) -> bytes:
    return _file(batch, list(Transfer.objects.filter(batch=batch)))


def _unchanged(batch: Batch) -> bytes:
    contents = _contents(batch)
    if _digest(contents) != batch.digest:
        raise Changed(str(batch.pk))
    return contents


def _lay(path: Path, contents: bytes) -> None:
    """On the disk, readable by the owner only."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())


def _post(batch: Batch) -> None:
    if batch.status == "exported":
        return
    rows = Transfer.objects.filter(batch=batch).order_by("pk")
    moves = [Move(f"sent:{row.pk}", "sent", Account(row.debit), Account.SENT, row.amount, row.subject) for row in rows]
    book(batch.owner, *moves)
    rows.update(status="sent")
    batch.status, batch.exported = "exported", timezone.now()
    batch.save(update_fields=["status", "exported"])
