"""Late payment: reminders in their time, interest to the day, and nothing without the law's word."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment import costs, doctor, late, ledger
from allting.common.payment.ledger import Account
from allting.common.payment.models import Bill, Counter, Posting
from allting.common.payment.tests.factories import FEE, came, party, quiet, work
from allting.common.registers.tests import factories as people
from allting.kernel import events

pytestmark = pytest.mark.django_db
LAW = "forsinkelsesrenteloven § 2"
DUE = date(2026, 3, 2)


@pytest.fixture
def payer():
    return people.person()


@pytest.fixture
def told(monkeypatch):
    quiet(monkeypatch)
    found = []
    for name in ("payment.reminded", "payment.interest", "payment.paid"):
        monkeypatch.setitem(events._handlers, name, [lambda name=name, **facts: found.append((name, facts))])
    return found


@pytest.fixture(autouse=True)
def february(monkeypatch):
    """The bills are sent before they are due."""
    monkeypatch.setattr(late.timezone, "localdate", lambda *args: date(2026, 2, 16))


def owed(payer, amount=10_000_00, law=LAW, due=DUE):
    with transaction.atomic():
        made = payment.bill(
            party(payer), creditor=uuid4(), creditor_name="Molde kommune", case=uuid4(), case_number="2026/1",
            amount=amount, text=FEE, key=str(uuid4()), due=due, late_law=law,
        )  # fmt: skip
    return Bill.objects.get(pk=made.id)


def on(monkeypatch, *days):
    """Let the worker have these days, one after the other."""
    for day in days:
        monkeypatch.setattr(late.timezone, "localdate", lambda *args, day=day: day)
        late.every_day()
        work()


# --- The arithmetic ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "ore"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), 101_92),  # 10 000 · 12 % · 31/365 = 101.918
        (date(2026, 6, 16), date(2026, 7, 15), 49_32 + 50_34),  # 15 days at 12.00 and 15 at 12.25
        (date(2024, 7, 1), date(2024, 12, 31), 0),  # no source: no rate
        (date(2026, 12, 31), date(2027, 1, 31), 3_36),  # only the day that has a rate
        (date(2026, 2, 2), date(2026, 2, 1), 0),
    ],
)
def test_interest_is_days_of_365_each_half_year_by_itself(first, last, ore):
    assert costs.interest(10_000_00, first, last) == ore


def test_each_rate_holds_one_half_year_and_has_a_source():
    rows = costs._table()["interest"]
    for one in rows:
        assert one["source"] and (one["from"].month, one["from"].day) in ((1, 1), (7, 1))
        end = (6, 30) if one["from"].month == 1 else (12, 31)
        assert (one["to"].year, one["to"].month, one["to"].day) == (one["from"].year, *end)
    assert len({one["from"] for one in rows}) == len(rows)


def test_the_fee_of_a_reminder_by_its_day():
    days = (date(2020, 9, 30), date(2020, 10, 1), date(2026, 1, 1))
    assert [costs.reminder_fee(day) for day in days] == [0, 3500, 3800]


# --- Day by day ------------------------------------------------------------------------------------------


def test_two_reminders_in_their_time_each_an_event_and_a_posting(payer, monkeypatch, told):
    row = owed(payer)
    on(monkeypatch, date(2026, 3, 3), date(2026, 3, 15))
    assert not told
    on(monkeypatch, date(2026, 3, 16), date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 30))
    reminders = [facts["reminder"] for name, facts in told if name == "payment.reminded"]
    first = costs.interest(10_000_00, date(2026, 3, 3), date(2026, 3, 15))
    assert [(one.fee, one.interest, one.until) for one in reminders] == [(3800, first, date(2026, 3, 30))]
    assert reminders[0].left == 10_000_00 + 3800 + first
    on(monkeypatch, date(2026, 3, 31), date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 2))
    assert [name for name, _facts in told].count("payment.reminded") == 2
    row.refresh_from_db()
    assert row.interest_to == date(2026, 5, 31)
    assert row.left == 10_000_00 + row.added == ledger.balance(Account.RECEIVABLE, row.pk)
    kinds = list(Posting.objects.filter(subject=row.pk).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["billed", "interest", "reminder-fee", "interest", "reminder-fee", "interest", "interest"]


def test_whoever_pays_what_a_reminder_asks_within_its_days_owes_nothing_more(payer, monkeypatch, told):
    early, late_again = owed(payer), owed(payer)
    on(monkeypatch, date(2026, 3, 16))
    asked = Bill.objects.get(pk=early.pk).left
    assert came(early, asked, date(2026, 3, 30))[1].status == "paid"
    over, row = came(late_again, asked, date(2026, 3, 31))
    assert over == 0 and row.left == costs.interest(10_000_00, date(2026, 3, 16), date(2026, 3, 31))


def test_without_a_law_one_is_reminded_and_it_costs_nothing(payer, monkeypatch, told):
    row = owed(payer, law="")
    on(monkeypatch, date(2026, 3, 16), date(2026, 4, 1), date(2026, 7, 1))
    assert [name for name, _facts in told] == ["payment.reminded"] * 2
    row.refresh_from_db()
    assert row.left == row.amount and row.added == 0 and row.next_look is None


def test_what_is_paid_in_time_or_cancelled_is_left_alone(payer, monkeypatch, told):
    paid, cancelled = owed(payer), owed(payer)
    came(paid, 10_000_00, DUE)
    with transaction.atomic():
        payment.cancel(cancelled.case)
    on(monkeypatch, date(2026, 3, 16), date(2026, 4, 16))
    assert [name for name, _facts in told] == ["payment.paid"]


def test_interest_runs_to_the_day_it_is_paid_and_not_on_interest(payer, monkeypatch, told):
    row = owed(payer)
    over, row = came(row, 10_000_00, date(2026, 3, 12))
    ten_days = costs.interest(10_000_00, date(2026, 3, 3), date(2026, 3, 12))
    assert (over, row.left, row.status) == (0, ten_days, "due")
    on(monkeypatch, date(2026, 3, 16), date(2026, 6, 1))  # the bill itself is paid: nothing more is added
    row.refresh_from_db()
    assert row.left == ten_days
    assert not [name for name, _facts in told if name == "payment.reminded"]
    over, row = came(row, ten_days + 5, date(2026, 6, 2))
    assert (over, row.status) == (5, "paid")


def test_a_payment_that_is_read_late_gets_back_the_interest_of_the_days_after_it(payer, monkeypatch, told):
    row = owed(payer)
    on(monkeypatch, date(2026, 4, 1))
    _over, row = came(row, 10_000_00, date(2026, 3, 12))
    fee = 3800
    assert row.left == row.added == fee + costs.interest(10_000_00, date(2026, 3, 3), date(2026, 3, 12))
    assert ledger.balance(Account.RECEIVABLE, row.pk) == row.left
    assert next(doctor.ledger()).level == "ok"


def test_a_bill_that_fails_stops_no_other(payer, monkeypatch, told):
    one, two = owed(payer), owed(payer)
    kept = late._remind
    monkeypatch.setattr(late, "_remind", lambda row, *more: 1 / 0 if row.pk == one.pk else kept(row, *more))
    on(monkeypatch, date(2026, 3, 16))
    assert list(Bill.objects.order_by("pk").values_list("reminders", flat=True)) == [0, 1]
    monkeypatch.setattr(late, "_remind", kept)
    on(monkeypatch, date(2026, 3, 17))
    assert Bill.objects.get(pk=one.pk).reminders == Bill.objects.get(pk=two.pk).reminders == 1


def test_more_than_one_lot_is_looked_over(payer, monkeypatch, told):
    monkeypatch.setattr(late, "AT_ONCE", 2)
    for _place in range(5):
        owed(payer)
    on(monkeypatch, date(2026, 3, 16))
    assert Bill.objects.filter(reminders=1).count() == 5


def test_the_worker_looks_once_a_day(monkeypatch):
    on(monkeypatch, DUE, DUE)
    assert Effect.objects.filter(kind="payment.late").count() == 1
    assert Counter.objects.get(name="late").last == DUE.toordinal()


def test_the_doctor_says_when_a_rate_is_missing(monkeypatch):
    monkeypatch.setattr(doctor.timezone, "localdate", lambda *args: date(2026, 11, 25))
    assert [one.level for one in doctor.rates()] == ["ok", "ok"]
    monkeypatch.setattr(doctor.timezone, "localdate", lambda *args: date(2027, 1, 1))
    assert [one.level for one in doctor.rates()] == ["warning", "warning"]
