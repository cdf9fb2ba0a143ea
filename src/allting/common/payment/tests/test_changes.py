"""Money when things change: another decision, another month, a death, a notice that comes late or never."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment import payouts, settling
from allting.common.payment.models import Attempt, Bill, DemoAttempt, DemoTransfer, Payout
from allting.common.payment.providers import demo
from allting.common.payment.tests.factories import MONTHLY, actor, go_to_bank, let_it_be, pay, quiet, send_bill, work
from allting.common.registers import api as registers
from allting.common.registers.models import Contact, Person
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.rules import Pay
from allting.kernel.text import Text

pytestmark = pytest.mark.django_db
MORE = Pay(4584_00, Text.same("Barnetrygd"), "month", date(2026, 11, 1), date(2027, 2, 28))


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


def by_month():
    found = {}
    for row in Payout.objects.filter(status="paid"):
        found[row.month.isoformat()[:7]] = found.get(row.month.isoformat()[:7], 0) + row.amount
    return found


def change(payer, case, pays, key):
    with transaction.atomic():
        payment.stop(case)
        pay(payer, pays, key=key, case=case)


# --- Another decision -----------------------------------------------------------------------------------


def test_a_decision_that_gives_more_pays_the_difference_for_the_months_that_were_paid(payer, today):
    case = uuid4()
    run(today, date(2026, 11, 15))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 11, 30), date(2026, 12, 31))
    today(date(2027, 1, 10))
    change(payer, case, MORE, "more")
    run(today, date(2027, 1, 10), date(2027, 1, 29), date(2027, 2, 26), date(2027, 6, 1))
    assert by_month() == dict.fromkeys(("2026-11", "2026-12", "2027-01", "2027-02"), 4584_00)
    assert sum(DemoTransfer.objects.values_list("amount", flat=True)) == 4 * 4584_00


def test_a_second_change_counts_all_that_was_paid_before(payer, today):
    case = uuid4()
    today(date(2026, 12, 31))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 12, 31))
    change(payer, case, MORE, "more")
    run(today, date(2026, 12, 31))
    most = Pay(5000_00, MORE.text, "month", MORE.start, MORE.end)
    change(payer, case, most, "most")
    run(today, date(2026, 12, 31), date(2027, 2, 26))
    assert by_month() == dict.fromkeys(("2026-11", "2026-12", "2027-01", "2027-02"), 5000_00)


def test_a_decision_that_gives_less_takes_nothing_back_and_pays_less_from_then_on(payer, today):
    case = uuid4()
    today(date(2026, 11, 30))
    pay(payer, MORE, case=case)
    run(today, date(2026, 11, 30))
    change(payer, case, MONTHLY, "less")
    run(today, date(2026, 11, 30), date(2026, 12, 31), date(2027, 2, 26))
    assert by_month() == {"2026-11": 4584_00, "2026-12": 2012_00, "2027-01": 2012_00, "2027-02": 2012_00}
    assert all(one.amount for one in payment.payouts(actor(payer)))


def test_two_benefits_of_one_decision_do_not_count_each_other(payer, today):
    case = uuid4()
    today(date(2026, 11, 30))
    pay(payer, MONTHLY, case=case, key="a:0")
    run(today, date(2026, 11, 30))
    extra = Pay(1000_00, Text.same("Tillegg"), "month", MORE.start, MORE.end)
    with transaction.atomic():
        payment.stop(case)
        pay(payer, MONTHLY, key="b:0", case=case)
        pay(payer, extra, key="b:1", case=case)
    run(today, date(2026, 11, 30), date(2026, 12, 31))
    assert by_month() == {"2026-11": 3012_00, "2026-12": 3012_00}


def test_a_sum_paid_once_is_not_paid_again_by_a_changed_decision(payer, today):
    case = uuid4()
    run(today, date(2026, 11, 30))
    pay(payer, Pay(500_00, MORE.text), case=case)
    run(today, date(2026, 11, 30))
    today(date(2027, 1, 5))
    change(payer, case, Pay(800_00, MORE.text), "more")
    work()
    assert sorted(DemoTransfer.objects.values_list("amount", flat=True)) == [300_00, 500_00]


def test_what_waits_for_an_account_is_counted_and_comes(payer, today):
    case = uuid4()
    Contact.objects.filter(party=f"person:{payer.pk}").update(account="")
    today(date(2026, 11, 30))
    pay(payer, MONTHLY, case=case)
    run(today, date(2026, 11, 30))
    change(payer, case, MORE, "more")
    run(today, date(2026, 11, 30))
    give_account(payer)
    work()
    assert by_month() == {"2026-11": 4584_00}


def give_account(payer):
    registers.set_contact(actor(payer), email="", mobile="", language="nb", reserved=False, account="00000000019")


def test_a_decision_cannot_pay_less_than_nothing_and_nothing_is_no_plan(payer):
    with pytest.raises(ValueError, match="nothing or something"):
        pay(payer, Pay(-1, MORE.text))
    pay(payer, Pay(0, MORE.text))
    work()
    assert Payout.objects.count() == 0


# --- Life ------------------------------------------------------------------------------------------------


def test_the_dead_are_paid_to_and_with_their_last_month(payer, today):
    today(date(2026, 11, 30))
    pay(payer, MONTHLY)
    run(today, date(2026, 11, 30))
    Person.objects.filter(pk=payer.pk).update(died=date(2026, 12, 20))
    run(today, date(2026, 12, 31), date(2027, 1, 29), date(2027, 6, 1))
    assert by_month() == {"2026-11": 2012_00, "2026-12": 2012_00}
    assert not Effect.objects.filter(kind="payment.plan", done=None).exists()


@pytest.mark.django_db(transaction=True)
def test_an_account_given_while_the_bank_was_looked_for_is_used(payer, monkeypatch):
    """She gives it between our look and our note that there is none."""
    Contact.objects.filter(party=f"person:{payer.pk}").update(account="")
    pay(payer, Pay(500_00, MORE.text))
    look = payouts.account_of

    def slow(plan):
        found = look(plan)
        if not DemoTransfer.objects.exists() and not Contact.objects.exclude(account="").exists():
            give_account(payer)
        return found

    monkeypatch.setattr(payouts, "account_of", slow)
    work()
    assert DemoTransfer.objects.get().amount == 500_00 and Payout.objects.get().status == "paid"


# --- Notices that come twice, late, or never -----------------------------------------------------------------


def test_a_payment_that_first_failed_and_then_came_pays_the_bill(payer, monkeypatch):
    quiet(monkeypatch)
    token = go_to_bank(payer, send_bill(payer), "failed")
    assert payment.settle(token).status == "due"
    DemoAttempt.objects.filter(pk=token).update(status="paid")
    assert payment.settle(token).status == "paid"
    DemoAttempt.objects.filter(pk=token).update(status="failed")
    assert payment.settle(token).status == "paid"  # what has come is not undone by a late notice


def wake():
    Effect.objects.filter(kind="payment.look", done=None).update(due=timezone.now())
    work()


def test_a_browser_that_never_comes_back_and_a_lost_notice_lose_no_money(payer, monkeypatch):
    quiet(monkeypatch)
    token = go_to_bank(payer, send_bill(payer), "begun")
    wake()
    assert Bill.objects.get().status == "due"
    DemoAttempt.objects.filter(pk=token).update(status="paid")
    wake()
    assert Bill.objects.get().status == "paid"
    assert not Effect.objects.filter(kind="payment.look", done=None).exists()


def test_an_attempt_nobody_ends_is_not_asked_about_for_ever(payer, monkeypatch):
    quiet(monkeypatch)
    go_to_bank(payer, send_bill(payer), "begun")
    assert Effect.objects.get(kind="payment.look").due > timezone.now() + timedelta(minutes=9)
    for _time in range(6):
        wake()
    assert Effect.objects.filter(kind="payment.look").count() == 4
    assert not Effect.objects.filter(done=None, kind="payment.look").exists()


@pytest.mark.django_db(transaction=True)
def test_the_browser_and_the_notice_at_the_same_moment_pay_once(payer, monkeypatch):
    quiet(monkeypatch)
    bill = send_bill(payer)
    tokens = [go_to_bank(payer, bill), go_to_bank(payer, bill)]
    start, told = threading.Barrier(4), []
    events._handlers["payment.paid"].append(lambda **facts: told.append(1))
    came_in = settling._came_in
    monkeypatch.setattr(settling, "_came_in", lambda *args: (time.sleep(0.2), came_in(*args)))  # so that they do meet

    def settle(token):
        start.wait()
        payment.settle(token)
        connection.close()

    threads = [threading.Thread(target=settle, args=(token,)) for token in tokens * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    assert told == [1] and Bill.objects.get().status == "paid"
    assert Attempt.objects.filter(status="paid").count() == 2
    assert DemoAttempt.objects.filter(refunded=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_pay_a_month_once(payer, monkeypatch):
    let_it_be(monkeypatch, date(2026, 11, 30))
    pay(payer, MONTHLY)
    paid = []
    kept = demo.pay_out
    monkeypatch.setattr(demo, "pay_out", lambda *args: (paid.append(args[-1]), kept(*args)))
    start = threading.Barrier(3)

    def drain():
        start.wait()
        work()
        connection.close()

    threads = [threading.Thread(target=drain) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Payout.objects.count() == DemoTransfer.objects.count() == len(set(paid)) == 1
