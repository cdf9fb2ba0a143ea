"""Payments that run month by month: what comes next, a change from a month on, and what was paid too much by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from allting.common.payment import models, payouts
from allting.common.payment.bills import Bill, bill
from allting.kernel.actor import Actor, Party
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict
from allting.kernel.rules import Pay
from allting.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Running:
    """A monthly payment that goes on: ``amount`` in øre a month, ``next`` its pay day, ``until`` its last month."""

    case: UUID
    case_number: str
    debtor_name: str
    text: Text
    law: str
    amount: int
    next: date
    until: date | None


@dataclass(frozen=True, slots=True)
class TooMuch:
    """What was paid for a month, or a ``part``, beyond what holds now, less what is claimed back; ``month`` None: paid
    once. In øre.

    ``waiting``: some of it is on its way, so that it cannot be claimed yet.
    """

    month: date | None
    amount: int
    waiting: bool = False
    part: str = ""


def running(actor: Actor) -> list[Running]:
    """The party's own payments that go on, the next one first."""
    if actor.is_officer or actor.person is None:
        return []
    return _running(models.Plan.objects.filter(payee=str(actor.party), every="month", replaced=False))


def running_of_case(case: UUID) -> list[Running]:
    """A case's payments that go on; the caller has decided that the reader may see the case."""
    return _running(models.Plan.objects.filter(case=case, every="month", replaced=False))


def _running(plans: Iterable[models.Plan]) -> list[Running]:
    found = []
    for plan in plans:
        coming = _next(plan)
        if coming is not None:
            found.append(
                Running(
                    plan.case, plan.case_number, plan.debtor_name, Text(plan.text), plan.law, plan.amount, coming,
                    _last(plan),
                )
            )  # fmt: skip
    return _joined(sorted(found, key=lambda one: one.next))


def _joined(found: list[Running]) -> list[Running]:
    """A payment with an amount of its own for each month is one that runs: what comes next, until the last of it."""
    kept: list[Running] = []
    for one in found:
        place = next((at for at, had in enumerate(kept) if _followed_by(had, one)), None)
        if place is None:
            kept.append(one)
        else:
            kept[place] = replace(kept[place], until=one.until)
    return kept


def _followed_by(had: Running, one: Running) -> bool:
    alike = (had.case, had.text) == (one.case, one.text)
    one_month = one.until is not None and one.until.replace(day=1) == one.next.replace(day=1)
    return alike and one_month and had.until is not None and had.until < one.next.replace(day=1)


def _next(plan: models.Plan) -> date | None:
    """The pay day of the first month that is not paid for; None when there is none."""
    month = plan.start.replace(day=1)
    made = models.Payout.objects.filter(plan=plan).order_by("-month").values_list("month", flat=True).first()
    if made is not None:
        month = max(month, months_after(made, 1))
    last = _last(plan)
    return payouts.pay_day(month) if last is None or month <= last else None


def _last(plan: models.Plan) -> date | None:
    """The last day it is paid for, as it was decided or ended."""
    return min((day for day in (plan.end, plan.stopped) if day), default=None)


# --- A change -----------------------------------------------------------------------------------------------


def change(case: UUID, month: date, amount: int | None, key: str) -> None:
    """From ``month`` on the case's monthly payments are ``amount`` øre together; None: nothing. In the caller's
    transaction, once per ``key``. What is now too little comes at once, what is too much is told by ``too_much``.

    Raises Conflict when nothing is paid from that month.
    """
    payouts.held_plans(case)  # who waited here for another's change reads anew, with the plans that it made
    live, first = [one for one in payouts.held_plans(case) if not one.replaced], month.replace(day=1)
    plans = [one for one in live if one.every == "month"]
    there = [one for one in plans if _covers(one, first)]
    if not there:
        raise Conflict(code="nothing-is-paid-then")
    pieces = [(one, Pay(one.amount, Text(one.text), "once", one.start)) for one in live if one.every == "once"]
    pieces += [piece for one in plans if (piece := _until(one, first - timedelta(days=1)))]
    if amount:
        begins = max(first, min(one.start.replace(day=1) for one in there))
        ends = [_last(one) for one in there]
        last = None if None in ends else max(day for day in ends if day)
        pieces.append((there[0], Pay(amount, Text(there[0].text), "month", begins, last)))
    payouts.stop(case)
    for place, (old, pays) in enumerate(pieces):
        payouts.pay(
            Party.parse(old.payee), debtor=old.debtor, debtor_name=old.debtor_name, case=case,
            case_number=old.case_number, pays=pays, key=f"{key}:{place}", law=old.law, part=old.part,
        )  # fmt: skip


def _covers(plan: models.Plan, month: date) -> bool:
    """Whether something is paid by the plan for that month or a later one."""
    last = _last(plan)
    return last is None or last >= max(month, plan.start.replace(day=1))


def _until(plan: models.Plan, day: date) -> tuple[models.Plan, Pay] | None:
    """The plan as it was, to and with ``day``; None when it begins later."""
    last = min(one for one in (_last(plan), day) if one)
    if last < plan.start.replace(day=1):
        return None
    return plan, Pay(plan.amount, Text(plan.text), "month", plan.start, last)


# --- Paid too much -----------------------------------------------------------------------------------------


def too_much(case: UUID) -> list[TooMuch]:
    """What the case has paid beyond what its decision gives now and is not claimed back, the oldest month first."""
    return _beyond(case, right_now(case))


def would_be_too_much(case: UUID, month: date, amount: int | None) -> int:
    """What ``change`` would make of what is paid already: øre too much, in all."""
    plans, first = list(models.Plan.objects.filter(case=case, replaced=False)), month.replace(day=1)
    before = _right(plans)

    def right(part: str, at: date | None) -> int:
        return before(part, at) if at is None or at < first else min(before(part, at), amount or 0)

    return sum(one.amount for one in _beyond(case, right))


Right = Callable[[str, date | None], int]  # what a decision gives for a part and month, or once (None), in øre


def _right(plans: list[models.Plan]) -> Right:
    """What the plans give for a part and month, or once (None)."""

    def right(part: str, month: date | None) -> int:
        of = [one for one in plans if one.part == part]
        if month is None:
            return sum(one.amount for one in of if one.every == "once" and _covers(one, one.start.replace(day=1)))
        monthly = [one for one in of if one.every == "month" and one.start.replace(day=1) <= month]
        return sum(one.amount for one in monthly if (_last(one) or month) >= month)

    return right


Place = tuple[str, date | None]  # a part of a decision, and the month or None for what is paid once


def right_now(case: UUID) -> Right:
    """What the case's decision gives as it stands."""
    return _right(list(models.Plan.objects.filter(case=case, replaced=False)))


def paid_for(case: UUID) -> dict[Place, int]:
    """What the case has paid, in øre, by place; what is claimed back of it is in it."""
    return _summed(_payouts(case))


def _payouts(case: UUID) -> list[models.Payout]:
    return list(models.Payout.objects.filter(plan__case=case).exclude(status="cancelled").select_related("plan"))


def _summed(rows: list[models.Payout]) -> dict[Place, int]:
    paid: dict[Place, int] = defaultdict(int)
    for row in rows:
        paid[_place(row)] += row.amount
    return paid


def _place(row: models.Payout) -> Place:
    return row.plan.part, None if row.plan.every == "once" else row.month


def _beyond(case: UUID, right: Right) -> list[TooMuch]:
    rows = _payouts(case)
    paid, waits = _summed(rows), {_place(row) for row in rows if row.status in payouts.OPEN}
    for part, month, amount in models.Claimed.objects.filter(case=case).values_list("part", "month", "amount"):
        paid[part, month] -= amount
    found = [
        TooMuch(place[1], over, place in waits, place[0])
        for place, came in paid.items()
        if (over := came - right(*place)) > 0
    ]
    return sorted(found, key=lambda one: (one.part, one.month or date.min))


def claim(case: UUID, amount: int, *, law: str, text: Text, key: str, service: str, due: date) -> Bill:
    """Claim ``amount`` øre back of what was paid too much, the oldest first, in the caller's transaction, once per
    ``key``. ``law`` is the paragraph that claims it. Raises Conflict for more than there is.
    """
    plans = payouts.held_plans(case)
    known = models.Bill.objects.filter(key=key).exists()
    months = [one for one in too_much(case) if not one.waiting]
    if not known and not 0 < amount <= sum(one.amount for one in months):
        raise Conflict(code="not-so-much")
    plan = plans[0]
    made = bill(
        Party.parse(plan.payee), creditor=plan.debtor, creditor_name=plan.debtor_name, case=case,
        case_number=plan.case_number, amount=amount, text=text, key=key, service=service, due=due, kind="claim",
        law=law,
    )  # fmt: skip
    if not known:
        _mark(case, made, months, amount)
    return made


def _mark(case: UUID, made: Bill, months: list[TooMuch], amount: int) -> None:
    for one in months:
        part = min(one.amount, amount)
        if part:
            models.Claimed.objects.create(case=case, part=one.part, month=one.month, amount=part, bill_id=made.id)
        amount -= part
