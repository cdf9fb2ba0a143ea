"""Monthly payments that are changed, stopped and claimed back: in the end what was paid is what was due."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.payment import api as payment
from allting.common.payment import models
from allting.common.payment.ledger import trial_balance
from allting.common.payment.tests.factories import MONTHLY, actor, let_it_be, pay, work
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict
from allting.kernel.rules import Pay
from allting.kernel.text import Text

pytestmark = pytest.mark.django_db
LAW = "barnetrygdloven § 13"


@pytest.fixture
def payer():
    return people.person()


@pytest.fixture
def today(monkeypatch):
    return partial(let_it_be, monkeypatch)


def run(today, *days):
    for day in days:
        today(day)
        work()


def change(case, month, amount, key):
    with transaction.atomic():
        payment.change(case, month, amount, key)


def claim(case, amount, key="claim"):
    with transaction.atomic():
        return payment.claim(case, amount, law=LAW, text=MONTHLY.text, key=key, service="x", due=date(2027, 3, 1))


def net(case):
    """What each month has come to: paid, less what is claimed back."""
    found = {}
    for row in models.Payout.objects.filter(plan__case=case).exclude(status="cancelled"):
        found[row.month] = found.get(row.month, 0) + row.amount
    for row in models.Claimed.objects.filter(case=case):
        found[row.month] -= row.amount
    return {month: amount for month, amount in found.items() if amount}


def test_the_person_sees_the_next_payment_and_until_when(payer, today):
    today(date(2026, 11, 15))
    pay(payer, MONTHLY)
    (one,) = payment.running(actor(payer))
    assert (one.amount, one.next, one.until) == (2012_00, date(2026, 11, 30), date(2027, 2, 28))
    run(today, date(2026, 11, 15), date(2026, 11, 30))
    (one,) = payment.running(actor(payer))
    assert one.next == date(2026, 12, 31)
    run(today, date(2026, 12, 31), date(2027, 1, 29), date(2027, 2, 26))
    assert payment.running(actor(payer)) == []


def test_nobody_else_sees_it(payer, today):
    today(date(2026, 11, 15))
    pay(payer, MONTHLY)
    assert payment.running(actor(people.person())) == []
    assert payment.running(Actor(payer.pk).as_officer(people.state("nav").pk, "Nav")) == []


def test_stopped_from_a_month_ahead_the_months_before_are_paid_and_nothing_is_too_much(payer, today):
    case = uuid4()
    run(today, date(2026, 11, 15))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 11, 30))
    change(case, date(2027, 1, 1), None, "stop")
    run(today, date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29), date(2027, 4, 1))
    assert net(case) == {date(2026, 11, 1): 2012_00, date(2026, 12, 1): 2012_00}
    assert payment.too_much(case) == []


def test_a_change_for_more_that_reaches_backwards_is_paid_at_once(payer, today):
    case = uuid4()
    run(today, date(2026, 11, 15))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 11, 30), date(2026, 12, 31))
    assert payment.would_be_too_much(case, date(2026, 12, 1), 3000_00) == 0
    change(case, date(2026, 12, 1), 3000_00, "more")
    run(today, date(2026, 12, 31))
    assert net(case) == {date(2026, 11, 1): 2012_00, date(2026, 12, 1): 3000_00}


def test_a_stop_that_reaches_backwards_leaves_something_to_claim_and_it_is_claimed_once(payer, today):
    case = uuid4()
    run(today, date(2026, 11, 15))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 11, 30), date(2026, 12, 31))
    assert payment.would_be_too_much(case, date(2026, 12, 5), None) == 2012_00
    change(case, date(2026, 12, 5), None, "stop")
    run(today, date(2026, 12, 31))
    assert [(one.month, one.amount) for one in payment.too_much(case)] == [(date(2026, 12, 1), 2012_00)]
    with pytest.raises(Conflict):
        claim(case, 2012_01)
    bill = claim(case, 2000_00)
    assert (bill.kind, bill.amount) == ("claim", 2000_00)
    assert claim(case, 2000_00).id == bill.id
    assert [one.amount for one in payment.too_much(case)] == [12_00]


def test_what_was_claimed_back_and_is_granted_again_is_paid_again(payer, today):
    case = uuid4()
    run(today, date(2026, 11, 15))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 11, 30), date(2026, 12, 31))
    change(case, date(2026, 12, 1), 1000_00, "less")
    claim(case, 1012_00)
    change(case, date(2026, 12, 1), 2012_00, "again")
    run(today, date(2026, 12, 31))
    assert net(case) == {date(2026, 11, 1): 2012_00, date(2026, 12, 1): 2012_00}


def test_money_on_its_way_is_not_claimed_yet(today):
    nobody = people.person(account="")
    case = uuid4()
    today(date(2026, 11, 30))
    pay(nobody, MONTHLY, case=case)
    work()
    change(case, date(2026, 11, 1), None, "stop")
    assert [one.waiting for one in payment.too_much(case)] == [True]
    with pytest.raises(Conflict):
        claim(case, 1)


def test_a_sum_paid_once_in_the_same_case_is_left_alone(payer, today):
    case = uuid4()
    today(date(2026, 11, 30))
    pay(payer, MONTHLY, case=case, key="a:0")
    pay(payer, Pay(500_00, Text.same("Engang")), case=case, key="a:1")
    work()
    change(case, date(2026, 12, 1), None, "stop")
    run(today, date(2026, 11, 30), date(2026, 12, 31))
    assert payment.too_much(case) == []
    assert sum(one.amount for one in models.Payout.objects.filter(plan__case=case)) == 2512_00


def test_nothing_can_be_changed_after_the_last_month(payer, today):
    case = uuid4()
    today(date(2026, 11, 15))
    pay(payer, MONTHLY, case=case)
    with pytest.raises(Conflict):
        change(case, date(2027, 3, 1), None, "stop")


FIRST = date(2026, 11, 1)
steps = st.lists(
    st.tuples(
        st.integers(0, 3),  # how many months go by first
        st.integers(0, 2),  # the month that the change holds from
        st.sampled_from([None, 1, 1000_00, 3000_00]),
        st.booleans(),  # whether what is too much is claimed back
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_after_any_changes_what_was_paid_less_claims_is_what_was_due(payer, monkeypatch, wanted):
    with transaction.atomic():
        _walk(payer, partial(let_it_be, monkeypatch), wanted)
        transaction.set_rollback(True)


def _walk(payer, today, wanted):
    case, now = uuid4(), 0
    today(date(2026, 11, 30))
    pay(payer, Pay(2012_00, MONTHLY.text, "month", FIRST, date(2027, 4, 30)), case=case, key=str(case))
    due = dict.fromkeys((months_after(FIRST, one) for one in range(6)), 2012_00)
    work()
    for place, (go_by, start, amount, claims) in enumerate(wanted):
        for _one in range(go_by):
            now += 1
            today(months_after(FIRST, now + 1))
            work()
        month = months_after(FIRST, start)
        try:
            payment.change(case, month, amount, f"{case}:{place}")
        except Conflict:
            continue
        _now_due(due, month, amount)
        left = sum(one.amount for one in payment.too_much(case))
        if claims and left:
            claim(case, left, key=f"{case}:claim{place}")
        work()
    today(date(2027, 6, 1))
    work()
    if left := sum(one.amount for one in payment.too_much(case)):
        claim(case, left, key=f"{case}:last")
    assert net(case) == {month: amount for month, amount in due.items() if amount}
    assert all(one.debits >= 0 for one in trial_balance(models.Plan.objects.filter(case=case)[0].debtor))


def _now_due(due, month, amount):
    """From the month on, as long as it was paid for at all."""
    last = max((one for one, was in due.items() if was), default=None)
    for one in due:
        if one >= month:
            due[one] = (amount or 0) if last and one <= last else 0


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_change_at_once_change_twice_and_nothing_is_paid_twice(payer, today):
    case = uuid4()
    today(date(2026, 11, 30))
    pay(payer, MONTHLY, case=case)
    work()
    failures = []

    def one(key, amount):
        try:
            change(case, date(2026, 12, 1), amount, key)
        except Exception as wrong:
            failures.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(f"c{place}", 1000_00 + place)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    run(today, date(2026, 12, 31))
    assert net(case)[date(2026, 12, 1)] in (1000_00, 1000_01)
    assert models.Plan.objects.filter(case=case, replaced=False, amount__in=(1000_00, 1000_01)).count() == 1
