"""Late payment: what is overdue, reminders, and interest. A worker looks once a day.

Interest runs from the day after the day to pay (forsinkelsesrenteloven § 2), on the bill itself and never on fees or
interest; what comes is counted on the bill itself first, to the payer's good. Nothing is added to a bill without its
``late_law``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allting.common.outbox import api as outbox
from allting.common.payment import costs, models
from allting.common.payment.belonging import hold
from allting.common.payment.ledger import Account, Move, book
from allting.kernel import events
from allting.kernel.actor import Party
from allting.kernel.text import Text

PATIENCE = timedelta(days=14)  # before a reminder, and the time it gives (inkassoforskriften § 1-2)
MOST_REMINDERS = 2
AT_ONCE = 100  # bills in a transaction
_log = logging.getLogger("allting.payment")


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the room that writes the letter needs: amounts in øre, ``until`` the new last day, ``key`` for once."""

    key: str
    bill: UUID
    payer: Party
    creditor: UUID
    creditor_name: str
    case: UUID
    case_number: str
    service: str
    text: Text
    kid: str
    due: date
    left: int
    fee: int
    interest: int
    late_law: str
    until: date
    account: str


def principal(row: models.Bill) -> int:
    """What is left of the bill itself, without fees and interest."""
    return max(0, row.left - row.added)


def unpaid(row: models.Bill) -> list[tuple[date, int]]:
    """The days to pay with what is unpaid of each, in order: the bill's own, or those of its parts.

    What has come is counted on the earliest part first.
    """
    rest = principal(row)
    if not rest or row.due is None:
        return []
    parts = sorted(row.parts.all(), key=lambda one: one.day, reverse=True) if row.pk else []
    found = []
    for one in parts:
        if taken := min(one.amount, rest):
            found.append((one.day, taken))
            rest -= taken
    if rest:
        found.append((min([row.due, *(one.day for one in parts)]), rest))
    return found[::-1]


def overdue(row: models.Bill, today: date) -> int:
    """What should have been paid before today, without fees and interest."""
    return sum(amount for day, amount in unpaid(row) if day < today)


def to_pay_now(row: models.Bill, today: date) -> int:
    """What one pays when one pays today: all of it, or by agreement the parts whose day has come, or the next one."""
    days = unpaid(row)
    if len(days) < 2:
        return row.left
    come = sum(amount for day, amount in days if day <= today) or days[0][1]
    return come + row.left - principal(row)


# --- What it costs -----------------------------------------------------------------------------------


def interest(row: models.Bill, last: date, today: date | None = None) -> int:
    """What has come since interest was posted last, to and with ``last``; not while a reminder gives time to pay."""
    if not row.late_law or (row.interest_to and row.interest_to >= last) or _given_time(row, today or last):
        return 0
    return sum(costs.interest(amount, _from(row, day), last) for day, amount in unpaid(row) if day < last)


def _given_time(row: models.Bill, day: date) -> bool:
    return row.reminded is not None and row.reminded <= day <= row.reminded + PATIENCE


def add_interest(row: models.Bill, last: date, today: date | None = None) -> int:
    """Post the interest to and with ``last`` on a bill that is held; returns it. The caller saves the row."""
    found = interest(row, last, today)
    if found == 0:
        return 0
    row.interest_to = last
    _add(row, Move(f"interest:{row.pk}:{last}", "interest", Account.RECEIVABLE, Account.INCOME, found, row.pk))
    events.publish("payment.interest", bill=row.pk, case=row.case, amount=found, last=last)
    return found


def _from(row: models.Bill, day: date) -> date:
    following = day + timedelta(days=1)
    return max(following, row.interest_to + timedelta(days=1)) if row.interest_to else following


def _add(row: models.Bill, move: Move) -> None:
    book(row.creditor, move)
    row.left += move.amount
    row.added += move.amount


def until_paid(row: models.Bill, amount: int, day: date) -> None:
    """Before ``amount``, paid on ``day``, is counted: interest to that day, and back what was posted for days after.

    Whoever pays all that a reminder asks for within its days owes nothing more; others owe interest for those days too.
    """
    if row.interest_to is None or row.interest_to <= day:
        add_interest(row, day)
        return
    last, rest, back = row.interest_to, amount, 0
    for at, part in unpaid(row):
        paid, first = min(part, rest), at + timedelta(days=1)
        back += costs.interest(paid, first, last) - costs.interest(paid, first, max(at, day))
        rest -= paid
    back = min(back, row.added, row.left)
    times = models.Posting.objects.filter(subject=row.pk, kind="interest-back").count()
    key = f"interest-back:{row.pk}:{times}"
    book(row.creditor, Move(key, "interest-back", Account.INCOME, Account.RECEIVABLE, back, row.pk))
    row.left -= back
    row.added -= back


# --- Every day ---------------------------------------------------------------------------------------


def every_day() -> None:
    """The worker's daily look, put once a day; called each time the worker tidies."""
    today = timezone.localdate().toordinal()
    if models.Counter.objects.filter(name="late", last__gte=today).exists():
        return
    with transaction.atomic():
        models.Counter.objects.bulk_create([models.Counter(name="late")], ignore_conflicts=True)
        models.Counter.objects.filter(name="late", last__lt=today).update(last=today)
        outbox.put("payment.late", f"{today}")


def look_over(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the bills whose day it is, some at a time, each by itself: one that fails stops no other."""
    today, after = timezone.localdate(), payload.get("after")
    rows = models.Bill.objects.filter(status="due", next_look__lte=today).order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    found = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    for one in found:
        try:
            with transaction.atomic():
                follow_up(one, today)
        except Exception as fault:
            _log.error("a bill could not be followed up", extra={"bill": str(one)}, exc_info=fault)
    if len(found) == AT_ONCE:
        outbox.put("payment.late", f"{today.toordinal()}:{found[-1]}", {"after": str(found[-1])})


def follow_up(bill: UUID, today: date) -> None:
    """Remind, add what it costs, and say when to look again. The letter is written by who hears "payment.reminded"."""
    hold(models.Bill.objects.get(pk=bill))
    row = models.Bill.objects.select_for_update().get(pk=bill)
    if row.status == "due" and overdue(row, today):
        yesterday = today - timedelta(days=1)
        again = _next_reminder(row)
        covered = row.set_offs.filter(ended=None).exists()  # from later payments: she is not asked to pay as well
        if again and again <= today and not covered:
            add_interest(row, yesterday, today)
            _remind(row, today)
        elif _new_month(row, today):
            add_interest(row, yesterday, today)
    row.next_look = next_look(row, today)
    row.save(update_fields=["left", "added", "interest_to", "reminders", "reminded", "next_look"])


def _new_month(row: models.Bill, today: date) -> bool:
    since = row.interest_to or unpaid(row)[0][0]
    return (since.year, since.month) < (today.year, today.month)


def _next_reminder(row: models.Bill) -> date | None:
    """The first day a reminder may go: 14 days after the day to pay, or after the day the last one gave."""
    days = unpaid(row)
    if not days or row.reminders >= MOST_REMINDERS:
        return None
    if row.reminded is None:
        return days[0][0] + PATIENCE
    return max(row.reminded + PATIENCE + timedelta(days=1), days[0][0] + PATIENCE)


def next_look(row: models.Bill, today: date) -> date | None:
    """When something may have to be done next; None: nothing more is done by itself."""
    if row.status != "due":
        return None
    soonest = _next_reminder(row)
    days = unpaid(row)
    if row.late_law and days:
        month = (max(today, days[0][0]).replace(day=1) + timedelta(days=32)).replace(day=1)
        soonest = min(soonest, month) if soonest else month
    return max(soonest, today + timedelta(days=1)) if soonest else None


def _remind(row: models.Bill, today: date) -> None:
    row.reminders, row.reminded = row.reminders + 1, today
    fee = costs.reminder_fee(today) if row.late_law else 0
    key = f"reminder:{row.pk}:{row.reminders}"
    _add(row, Move(key, "reminder-fee", Account.RECEIVABLE, Account.INCOME, fee, row.pk))
    assert row.due is not None
    told = Reminder(
        key, row.pk, Party.parse(row.payer), row.creditor, row.creditor_name, row.case, row.case_number, row.service,
        Text(row.text), row.kid, unpaid(row)[0][0], overdue(row, today) + row.left - principal(row), fee,
        row.added - _fees(row), row.late_law, today + PATIENCE, own_account(row.creditor),
    )  # fmt: skip
    events.publish("payment.reminded", reminder=told)


def own_account(owner: UUID) -> str:
    """The account an authority is paid to, as people write it; empty when it has none here."""
    found = models.OwnAccount.objects.filter(pk=owner).values_list("account", flat=True).first()
    return f"{found[:4]}.{found[4:6]}.{found[6:]}" if found else ""


def _fees(row: models.Bill) -> int:
    """What reminders have cost on the bill."""
    found = models.Posting.objects.filter(subject=row.pk, kind="reminder-fee").values_list("amount", flat=True)
    return sum(found)
