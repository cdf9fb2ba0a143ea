"""Money in: a bill, the attempts to pay it, and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.payment import models
from allting.common.payment.providers import chosen
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel import events
from allting.kernel.actor import Actor, Party
from allting.kernel.numbers import kid
from allting.kernel.problems import Conflict, NotFound
from allting.kernel.text import Text

LOOK_AFTER = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Bill:
    """Something to pay, as its payer sees it; ``amount`` in øre, ``status`` as models.Bill says."""

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


def _read(row: models.Bill) -> Bill:
    return Bill(
        row.pk, row.kid, row.creditor_name, row.case, row.case_number, row.amount, Text(row.text), row.status,
        row.created, row.paid,
    )  # fmt: skip


def bill(
    payer: Party, *, creditor: UUID, creditor_name: str, case: UUID, case_number: str, amount: int, text: Text,
    key: str, service: str = "",
) -> Bill:  # fmt: skip
    """Send a bill in the caller's transaction, once per ``key``, and tell the payer that there is one.

    ``service`` is what it is for, which says who may see and pay it on the payer's behalf.
    """
    known = models.Bill.objects.filter(key=key).first()
    if known is not None:
        return _read(known)
    row = models.Bill(
        id=uuid7(), key=key, kid=_serial(), payer=str(payer), creditor=creditor, creditor_name=creditor_name,
        case=case, case_number=case_number, service=service, amount=amount, text=text.as_dict(),
    )  # fmt: skip
    row.save(force_insert=True)
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
        attempt = models.Attempt.objects.create(bill=row, provider=settings.PAYMENT_PROVIDER)
        _look_again(attempt.pk, 0)
    return provider.begin(attempt.pk, row.amount, f"{row.creditor_name} {row.case_number}")


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
    """Money for a bill that is due pays it; for one that is not, it goes back."""
    if row.status != "due":
        _give_back(attempt)
        return
    row.status, row.paid = "paid", timezone.now()
    row.save(update_fields=["status", "paid"])
    events.publish("payment.paid", bill=row.pk, case=row.case)


def _give_back(attempt: models.Attempt) -> None:
    outbox.put("payment.refund", f"refund:{attempt.pk}", {"reference": str(attempt.pk)})


def cancel(case: UUID) -> None:
    """A case is withdrawn: what is due is cancelled, what was paid goes back. In the caller's transaction."""
    for row in models.Bill.objects.select_for_update().filter(case=case):
        if row.status == "due":
            row.status = "cancelled"
        elif row.status == "paid":
            row.status = "to-refund"
            for attempt in row.attempts.filter(status="paid"):
                _give_back(attempt)
        row.save(update_fields=["status"])


def refund(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler (outside): give an attempt's money back."""
    attempt = models.Attempt.objects.select_related("bill").get(pk=payload["reference"])
    chosen(attempt.provider).refund(attempt.pk, attempt.bill.amount, key)
    models.Bill.objects.filter(pk=attempt.bill_id, status="to-refund").update(status="refunded")
