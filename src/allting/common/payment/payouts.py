"""Money out: what a decision gives, once or each month, to the account the party has chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.payment import models
from allting.common.payment.providers import chosen
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import is_working_day, months_after
from allting.kernel.problems import NotFound
from allting.kernel.rules import Pay
from allting.kernel.text import Text

_BASIS = "eForvaltningsforskriften § 29"
_WHY = "Utbetaling til kontoen du har valgt"


@dataclass(frozen=True, slots=True)
class Payout:
    """One payment to the party. ``status``: waiting, needs-account, paid, cancelled; ``amount`` in øre."""

    id: UUID
    debtor_name: str
    case: UUID
    text: Text
    month: date
    due: date
    amount: int
    status: str
    paid: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a case pays, and until when."""

    amount: int
    every: str
    start: date
    end: date | None


def pay(payee: Party, *, debtor: UUID, debtor_name: str, case: UUID, case_number: str, pays: Pay, key: str) -> None:
    """Pay what a decision gives, in the caller's transaction, once per ``key``: now what is due, later the rest."""
    start = pays.start or timezone.localdate()
    row = models.Plan(
        id=uuid7(), key=key, payee=str(payee), debtor=debtor, debtor_name=debtor_name, case=case,
        case_number=case_number, amount=pays.amount, text=pays.text.as_dict(), every=pays.every, start=start,
        end=pays.end if pays.every == "month" else start,
    )  # fmt: skip
    models.Plan.objects.bulk_create([row], ignore_conflicts=True)
    outbox.put("payment.plan", f"{key}:begin", {"plan": key})


def advance(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: make the payouts that are due now, and wake again for the next month."""
    plan = models.Plan.objects.get(key=payload["plan"])
    today = timezone.localdate()
    for month, due in _months(plan):
        if due > today:
            again = f"{plan.key}:{month}"
            if key.startswith(again):  # woken too early: this very effect is about to be done
                again = key + "+"
            outbox.put("payment.plan", again, {"plan": plan.key}, due=_morning(due))
            return
        payout = models.Payout(id=uuid7(), plan=plan, month=month, due=due, amount=plan.amount)
        models.Payout.objects.bulk_create([payout], ignore_conflicts=True)
        made = models.Payout.objects.get(plan=plan, month=month)
        outbox.put("payment.pay_out", f"payout:{made.pk}", {"payout": str(made.pk)})


def _months(plan: models.Plan) -> Iterator[tuple[date, date]]:
    """Each month to pay for and its pay day; a single payment is due at once."""
    last = min((day for day in (plan.end, plan.stopped) if day), default=None)
    if plan.every == "once":
        if plan.stopped is None:
            yield plan.start.replace(day=1), plan.start
        return
    month = plan.start.replace(day=1)
    while last is None or month <= last:
        yield month, _pay_day(month)
        month = months_after(month, 1)


def _pay_day(month: date) -> date:
    """The month's last working day."""
    day = date.fromordinal(months_after(month, 1).toordinal() - 1)
    while not is_working_day(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(6)))


def pay_out(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler (outside): one payout to the account registered now; without one it waits for one."""
    row = models.Payout.objects.select_related("plan").get(pk=payload["payout"])
    if row.status not in ("waiting", "needs-account") or _too_late(row):
        return
    account = _account(row.plan)
    if not account:
        _needs_account(row)
        return
    text = f"{row.plan.debtor_name} {row.plan.case_number}"
    chosen().pay_out(account, row.amount, text, f"payout:{row.pk}")
    models.Payout.objects.filter(pk=row.pk).update(status="paid", paid=timezone.now())


def _too_late(row: models.Payout) -> bool:
    """Whether the plan was stopped before this month."""
    return row.plan.stopped is not None and row.month > row.plan.stopped


def _account(plan: models.Plan) -> str:
    party = Party.parse(plan.payee)
    actor = Actor.system(plan.debtor, plan.debtor_name)
    try:
        purpose = Purpose(_BASIS, _WHY, plan.case)
        found: dict[str, str] = registers.look_up(actor, purpose, "account.number", party.id)
    except NotFound:
        return ""
    return found["number"]


def _needs_account(row: models.Payout) -> None:
    with transaction.atomic():
        if models.Payout.objects.filter(pk=row.pk, status="waiting").update(status="needs-account"):
            notification.nudge(Party.parse(row.plan.payee), "case-news", f"account:{row.plan.pk}")


def account_changed(*, party: Party) -> None:
    """The party has given an account: what waited for one goes out. In the change's transaction."""
    rows = models.Payout.objects.filter(plan__payee=str(party), status="needs-account").select_related("plan")
    for row in rows:
        if not _too_late(row):
            outbox.put("payment.pay_out", f"payout:{row.pk}:{timezone.now().timestamp()}", {"payout": str(row.pk)})


def stop(case: UUID, from_day: date) -> None:
    """Pay nothing for months after ``from_day`` (the decision was changed). In the caller's transaction."""
    models.Plan.objects.filter(case=case, stopped=None).update(stopped=from_day)
    waiting = models.Payout.objects.filter(plan__case=case, month__gt=from_day)
    waiting.filter(status__in=("waiting", "needs-account")).update(status="cancelled")


def payouts(actor: Actor, before: UUID | None = None, limit: int = 20) -> list[Payout]:
    """What was or will be paid to the party, newest first."""
    if actor.is_officer or actor.person is None:
        return []
    rows = models.Payout.objects.filter(plan__payee=str(actor.party)).select_related("plan").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_read(row) for row in rows[:limit]]


def plan_of_case(case: UUID) -> Plan | None:
    """What a case pays now; the caller has decided that the reader may see the case."""
    row = models.Plan.objects.filter(case=case, stopped=None).order_by("-id").first()
    return Plan(row.amount, row.every, row.start, row.end) if row else None


def _read(row: models.Payout) -> Payout:
    plan = row.plan
    return Payout(
        row.pk, plan.debtor_name, plan.case, Text(plan.text), row.month, row.due, row.amount, row.status, row.paid
    )
