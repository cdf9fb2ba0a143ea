"""Money out: what a decision gives, once or each month, to the account the party has chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext
from uuid6 import uuid7

from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.payment import models, setoffs
from allting.common.payment.ledger import Account, Move, book
from allting.common.payment.providers import chosen
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import is_working_day, months_after
from allting.kernel.problems import NotFound
from allting.kernel.rules import Pay
from allting.kernel.text import Text

OPEN = ("waiting", "needs-account")
_BASIS = "eForvaltningsforskriften § 29"


@dataclass(frozen=True, slots=True)
class Payout:
    """One payment to the party; ``status`` as models.Payout says, ``amount`` in øre, ``set_off`` of it kept back."""

    id: UUID
    debtor_name: str
    case: UUID
    text: Text
    month: date
    due: date
    amount: int
    status: str
    paid: datetime | None
    set_off: int = 0


def pay(
    payee: Party, *, debtor: UUID, debtor_name: str, case: UUID, case_number: str, pays: Pay, key: str,
    law: str = "", part: str = "",
) -> None:  # fmt: skip
    """Pay what a decision gives, in the caller's transaction, once per ``key``: now what is due, later the rest.

    ``law`` is the paragraph that gives it, by which it is seen whether a claim may be taken from it. ``part``: which
    part of the decision, where its parts are changed one by one.

    Raises ValueError for an amount below zero; zero is nothing to pay.
    """
    if pays.amount < 0:
        raise ValueError("a decision pays nothing or something")
    if pays.amount == 0:
        return
    start = pays.start or timezone.localdate()
    row = models.Plan(
        id=uuid7(), key=key, payee=str(payee), debtor=debtor, debtor_name=debtor_name, case=case,
        case_number=case_number, amount=pays.amount, text=pays.text.as_dict(), every=pays.every, start=start,
        end=pays.end if pays.every == "month" else start, law=law, part=part,
    )  # fmt: skip
    models.Plan.objects.bulk_create([row], ignore_conflicts=True)
    outbox.put("payment.plan", f"{key}:begin", {"plan": key})


def advance(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: make the payouts that are due now, and wake again for the next month."""
    known = models.Plan.objects.get(key=payload["plan"])
    set_offs = setoffs.held(known)
    plans = held_plans(known.case)
    plan = next(one for one in plans if one.key == payload["plan"])
    _end_with_life(plan)
    today = timezone.localdate()
    for month, due in _months(plan):
        if due > today:
            again = f"{plan.key}:{month}"
            if key.startswith(again):  # woken too early: this very effect is about to be done
                again = key + "+"
            outbox.put("payment.plan", again, {"plan": plan.key}, due=_morning(due))
            return
        _make(plan, plans, month, due, set_offs)


def held_plans(case: UUID) -> list[models.Plan]:
    """The case's plans, held: a decision that changes them, and another month of them, wait for each other."""
    return list(models.Plan.objects.filter(case=case).order_by("pk").select_for_update())


def _end_with_life(plan: models.Plan) -> None:
    """The dead are paid to and with the month they died in."""
    died = registers.died(Party.parse(plan.payee))
    if died is not None and (plan.stopped is None or plan.stopped > died):
        plan.stopped = died
        plan.save(update_fields=["stopped"])


def _make(plan: models.Plan, plans: list[models.Plan], month: date, due: date, set_offs: list[models.SetOff]) -> None:
    """One month's payout, once; less what was paid for it before the decision was changed, and what is kept back."""
    if models.Payout.objects.filter(plan=plan, month=month).exists():
        return
    amount = max(0, plan.amount - _had_already(plan, plans, month))
    status = "waiting" if amount else "paid"
    row = models.Payout.objects.create(id=uuid7(), plan=plan, month=month, due=due, amount=amount, status=status)
    if amount:
        book(plan.debtor, Move(f"payout:{row.pk}", "granted", Account.GRANTS, Account.PAYABLE, amount, row.pk))
        setoffs.take(row, set_offs)
        row.status, row.paid = ("waiting", None) if row.amount > row.set_off else ("paid", timezone.now())
        row.save(update_fields=["set_off", "status", "paid"])
    if row.status == "waiting":
        outbox.put("payment.pay_out", f"payout:{row.pk}", {"payout": str(row.pk)})


def _had_already(plan: models.Plan, plans: list[models.Plan], month: date) -> int:
    """What the plans that were replaced have paid for the month and is not claimed back, as far as no other plan of
    today has counted it."""
    alike = [one for one in plans if (one.every, one.part) == (plan.every, plan.part)]
    made = models.Payout.objects.filter(plan__in=alike).exclude(status="cancelled").select_related("plan")
    if plan.every == "month":
        made = made.filter(month=month)
    before = sum(one.amount for one in made if one.plan.replaced) - _claimed(plan, month)
    counted = sum(one.plan.amount - one.amount for one in made if not one.plan.replaced)
    return max(0, before - counted)


def _claimed(plan: models.Plan, month: date) -> int:
    rows = models.Claimed.objects.filter(case=plan.case, part=plan.part, month=_month_of(plan, month))
    return sum(rows.values_list("amount", flat=True))


def _month_of(plan: models.Plan, month: date) -> date | None:
    """Where a claim stands for what the plan pays: by month, or for what is paid once by no month."""
    return month if plan.every == "month" else None


def _months(plan: models.Plan) -> Iterator[tuple[date, date]]:
    """Each month to pay for and its pay day; a single payment is due at once."""
    last = min((day for day in (plan.end, plan.stopped) if day), default=None)
    if plan.every == "once":
        if plan.stopped is None or plan.stopped >= plan.start:
            yield plan.start.replace(day=1), plan.start
        return
    month = plan.start.replace(day=1)
    while last is None or month <= last:
        yield month, pay_day(month)
        month = months_after(month, 1)


def pay_day(month: date) -> date:
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
    if row.status not in OPEN:
        return
    account = account_of(row.plan)
    if not account:
        _needs_account(row)
        return
    if models.OwnAccount.objects.filter(pk=row.plan.debtor).exists():  # it goes with the next file to the bank
        models.Payout.objects.filter(pk=row.pk, status__in=OPEN).update(status="waiting")
        return
    text = f"{row.plan.debtor_name} {row.plan.case_number}"
    key = f"payout:{row.pk}"
    chosen().pay_out(account, row.amount - row.set_off, text, key)
    with transaction.atomic():
        if models.Payout.objects.filter(pk=row.pk, status__in=OPEN).update(status="paid", paid=timezone.now()):
            amount = row.amount - row.set_off
            paid = Move(f"{key}:paid", "paid-out", Account.PAYABLE, Account.BANK, amount, row.pk)
            book(row.plan.debtor, paid)


def account_of(plan: models.Plan) -> str:
    """The account the payee has chosen, looked up with its reason; empty when there is none."""
    party = Party.parse(plan.payee)
    actor = Actor.system(plan.debtor, plan.debtor_name)
    with translation.override(registers.contact(party).language):
        purpose = Purpose(_BASIS, gettext("Payment to the account you have chosen"), plan.case)
    try:
        found: dict[str, str] = registers.look_up(actor, purpose, "account.number", party.id)
    except NotFound:
        return ""
    return found["number"]


def _needs_account(row: models.Payout) -> None:
    with transaction.atomic():
        if models.Payout.objects.filter(pk=row.pk, status="waiting").update(status="needs-account"):
            notification.nudge(Party.parse(row.plan.payee), "case-news", f"account:{row.plan.pk}")


def account_changed(*, party: Party) -> None:
    """The party has given an account: what waits for one goes out. In the change's transaction.

    Also what waits for its turn: it may have looked for the account a moment ago, and be about to say that it
    needs one. What has been paid meanwhile is not paid again.
    """
    rows = models.Payout.objects.filter(plan__payee=str(party), status__in=("waiting", "needs-account"))
    for row in rows:
        outbox.put("payment.pay_out", f"payout:{row.pk}:{timezone.now().timestamp()}", {"payout": str(row.pk)})


def stop(case: UUID, part: str | None = None) -> None:
    """The decision is changed, or a ``part`` of it: its plans make no more payouts, and the plans that come instead
    count what these have paid. In the caller's transaction.
    """
    for plan in held_plans(case):
        if plan.replaced or part not in (None, plan.part):
            continue
        made = models.Payout.objects.filter(plan=plan).order_by("-month").values_list("month", flat=True).first()
        plan.replaced, plan.stopped = True, made or plan.start.replace(day=1) - timedelta(days=1)
        plan.save(update_fields=["replaced", "stopped"])


def payouts(actor: Actor, before: UUID | None = None, limit: int = 20) -> list[Payout]:
    """What was or will be paid to the party, newest first."""
    if actor.is_officer or actor.person is None:
        return []
    rows = models.Payout.objects.filter(plan__payee=str(actor.party), amount__gt=0)
    rows = rows.select_related("plan").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_read(row) for row in rows[:limit]]


def _read(row: models.Payout) -> Payout:
    plan = row.plan
    return Payout(
        row.pk, plan.debtor_name, plan.case, Text(plan.text), row.month, row.due, row.amount, row.status, row.paid,
        row.set_off,
    )  # fmt: skip
