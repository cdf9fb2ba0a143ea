"""Bills: something to pay, sent once, and seen by its payer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.payment import late, models
from allting.common.payment.belonging import of_case, place_of
from allting.common.payment.ledger import Account, Move, book
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.numbers import kid
from allting.kernel.problems import NotFound
from allting.kernel.text import Text

DAYS_TO_PAY = 14  # for what is billed before the case goes on; another bill says its own day


@dataclass(frozen=True, slots=True)
class Bill:
    """Something to pay, as its payer sees it; amounts in øre, ``status`` as models.Bill says.

    ``added`` is what late payment has cost, by ``late_law``, ``now`` what one pays today, interest to today included;
    ``parts`` are the days to pay with what is left of each. ``place`` is the page of what it is for.
    """

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
    added: int = 0
    credited: int = 0
    late_law: str = ""
    reminders: int = 0
    now: int = 0
    parts: tuple[tuple[date, int], ...] = ()
    parts_wanted: int | None = None
    place: str = ""
    of_case: bool = True


def read(row: models.Bill, *, whole: bool = False) -> Bill:
    """The row as its payer sees it; ``whole``: with its parts and what one pays today, which asks for more."""
    today = timezone.localdate()
    more: dict[str, Any] = {}
    if whole and row.status == "due":
        more = {"now": late.to_pay_now(row, today) + late.interest(row, today), "parts": tuple(late.unpaid(row))}
    return Bill(
        row.pk, row.kid, row.creditor_name, row.case, row.case_number, row.amount, Text(row.text), row.status,
        row.created, row.paid, row.left, row.due, row.kind, row.added, row.credited, row.late_law, row.reminders,
        parts_wanted=row.parts_wanted, place=place_of(row), of_case=of_case(row), **more,
    )  # fmt: skip


def bill(
    payer: Party, *, creditor: UUID, creditor_name: str, case: UUID, case_number: str, amount: int, text: Text,
    key: str, service: str = "", due: date | None = None, kind: str = "fee", law: str = "",
    late_law: str = "",
) -> Bill:  # fmt: skip
    """Send a bill in the caller's transaction, once per ``key``, and tell the payer that there is one.

    ``service`` is what it is for, which says who may see and pay it on the payer's behalf. ``due`` is the last day to
    pay in time, two weeks from now when nobody says; a fee after the service was given is a bill with a later day.
    ``kind`` "claim" is money that was paid out and is to come back, "tax" what a decision says is owed by law; ``law``
    then names the paragraph that claims it.
    ``late_law`` names what lets late payment cost a fee and interest ("forsinkelsesrenteloven § 2"); without it the
    payer is reminded, and it costs nothing: many claims of public law have no such rule.
    """
    if kind not in ("fee", "claim", "tax") or amount <= 0 or (kind != "fee" and not law):
        raise ValueError("a bill is a fee, or a claim or tax with its paragraph, of more than nothing")
    known = models.Bill.objects.filter(key=key).first()
    if known is not None:
        return read(known)
    row = models.Bill(
        id=uuid7(), key=key, kid=_serial(), payer=str(payer), creditor=creditor, creditor_name=creditor_name,
        case=case, case_number=case_number, service=service, amount=amount, text=text.as_dict(),
        kind=kind, law=law, left=amount, due=due or timezone.localdate() + timedelta(days=DAYS_TO_PAY),
        late_law=late_law,
    )  # fmt: skip
    row.next_look = late.next_look(row, timezone.localdate())
    row.save(force_insert=True)
    book(creditor, Move(f"bill:{row.pk}", "billed", Account.RECEIVABLE, earned(row), amount, row.pk))
    notification.nudge(payer, "payment-due", f"bill:{row.pk}")
    return read(row)


def earned(row: models.Bill) -> Account:
    """The account a bill's amount was credited to."""
    return Account.GRANTS if row.kind == "claim" else Account.INCOME


def _serial() -> str:
    """The next customer identification number, with its check digit; the counter's row is held meanwhile."""
    models.Counter.objects.bulk_create([models.Counter(name="bill")], ignore_conflicts=True)
    counter = models.Counter.objects.select_for_update().get(name="bill")
    counter.last += 1
    counter.save(update_fields=["last"])
    return kid(f"{counter.last:09}")


def own(actor: Actor) -> Any:
    if actor.is_officer or actor.person is None:
        return models.Bill.objects.none()
    return models.Bill.objects.filter(registers.within(actor, authority="creditor"), payer=str(actor.party))


def bills(actor: Actor, before: UUID | None = None, limit: int = 20) -> list[Bill]:
    """The party's bills, newest first."""
    rows = own(actor).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [read(row) for row in rows[:limit]]


_due: Compiled[str, models.Bill] = Compiled(
    str, lambda payer: models.Bill.objects.filter(payer=payer, status="due").order_by("-id")[:20]
)


def due(actor: Actor, limit: int = 5) -> list[Bill]:
    """What waits to be paid."""
    if actor.person is None or actor.is_officer:
        return []
    if actor.scope.limits() is not None:
        return [read(row) for row in own(actor).filter(status="due").order_by("-id")[:limit]]
    return [read(row) for row in _due(str(actor.party))[:limit]]


def bill_for(actor: Actor, bill_id: UUID) -> Bill:
    """Raises NotFound, also for another's."""
    row = own(actor).filter(pk=bill_id).first()
    if row is None:
        raise NotFound()
    return read(row, whole=True)


def bill_of_case(case: UUID) -> Bill | None:
    """The case's bill; the caller has decided that the reader may see the case."""
    row = models.Bill.objects.filter(case=case).order_by("-id").first()
    return read(row) if row else None
