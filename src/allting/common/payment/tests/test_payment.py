"""Money in and money out: once, whatever happens on the way."""

from __future__ import annotations

import threading
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment import ledger
from allting.common.payment.models import Bill, DemoAttempt, DemoTransfer, Payout, Plan
from allting.common.payment.tests.factories import (
    FEE,
    MONTHLY,
    actor,
    go_to_bank,
    let_it_be,
    pay,
    quiet,
    send_bill,
    work,
)
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Party
from allting.kernel.numbers import kid
from allting.kernel.problems import Conflict, NotFound, Unavailable
from allting.kernel.rules import Pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer():
    return people.person()


# --- In -------------------------------------------------------------------------------------------------


def test_a_bill_is_sent_once_and_its_number_has_a_right_check_digit(payer):
    first, second = send_bill(payer), send_bill(payer)
    assert first == second and Bill.objects.count() == 1
    assert kid(first.kid[:-1]) == first.kid
    assert send_bill(payer, key="two").kid != first.kid
    assert Effect.objects.filter(kind="notification.email").count() == 2


def test_a_case_that_is_not_there_undoes_the_settling(payer):
    bill = send_bill(payer)  # of a case nobody knows
    token = go_to_bank(payer, bill)
    with pytest.raises(NotFound):
        payment.settle(token)
    assert Bill.objects.get().status == "due"


def test_settling_again_changes_nothing(payer, monkeypatch):
    quiet(monkeypatch)
    bill = send_bill(payer)
    token = go_to_bank(payer, bill)
    first = payment.settle(token)
    assert first.status == "paid" and first.paid == payment.settle(token).paid
    with pytest.raises(Conflict):
        payment.start(actor(payer), bill.id)


def test_two_browsers_that_both_pay_are_paid_back_for_one(payer, monkeypatch):
    quiet(monkeypatch)
    bill = send_bill(payer)
    one, two = go_to_bank(payer, bill), go_to_bank(payer, bill)
    payment.settle(one)
    payment.settle(two)
    work()
    assert Bill.objects.get().status == "paid"
    assert [DemoAttempt.objects.get(pk=token).refunded for token in (one, two)] == [False, True]


def test_a_declined_card_leaves_the_bill_to_be_paid(payer, monkeypatch):
    quiet(monkeypatch)
    bill = send_bill(payer)
    assert payment.settle(go_to_bank(payer, bill, "failed")).status == "due"
    assert payment.settle(go_to_bank(payer, bill)).status == "paid"


def test_what_is_paid_after_it_was_cancelled_goes_back(payer, monkeypatch):
    quiet(monkeypatch)
    bill = send_bill(payer)
    token = go_to_bank(payer, bill)
    with transaction.atomic():
        payment.cancel(bill.case)
    payment.settle(token)
    work()
    assert Bill.objects.get().status == "cancelled" and DemoAttempt.objects.get(pk=token).refunded


def test_anothers_bill_looks_as_if_it_were_not_there(payer, client):
    bill = send_bill(payer)
    stranger = people.person()
    for verb in (payment.bill_for, payment.start):
        with pytest.raises(NotFound):
            verb(actor(stranger), bill.id)
    assert payment.bills(actor(stranger)) == []


def test_without_a_provider_it_is_said_plainly(payer, settings):
    bill = send_bill(payer)
    settings.PAYMENT_PROVIDER = ""
    with pytest.raises(Unavailable):
        payment.start(actor(payer), bill.id)
    assert Bill.objects.get().status == "due"


@pytest.mark.django_db(transaction=True)
def test_bills_sent_at_the_same_moment_get_different_numbers(payer):
    start, made = threading.Barrier(4), []

    def one(place):
        start.wait()
        made.append(send_bill(payer, key=f"bill {place}").kid)
        connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 4


def test_the_list_asks_the_database_the_same_however_long(payer, django_assert_max_num_queries):
    for place in range(12):
        send_bill(payer, key=str(place))
    with django_assert_max_num_queries(1):
        assert len(payment.bills(actor(payer))) == 12


def test_the_list_shows_the_kid_and_the_last_day_to_pay_and_a_claim_is_not_called_a_fee(payer, client):
    with transaction.atomic():
        claim = payment.bill(
            Party("person", payer.pk), creditor=uuid4(), creditor_name="Nav", case=uuid4(), case_number="2026/9",
            amount=500_00, text=FEE, key="claim", kind="claim", law="folketrygdloven § 22-15", due=date(2026, 12, 24),
        )  # fmt: skip
    log_in_for_test(client, payer.pk)
    listed = client.get("/my/payments", headers={"accept-language": "en"}).content.decode()
    assert claim.kid in listed and "24 December 2026" in listed
    page = client.get(f"/my/payments/{claim.id}", headers={"accept-language": "en"}).content.decode()
    assert "Pay back" in page and "Pay the fee" not in page and "24 December 2026" in page
    moved = {one.account: one.balance for one in ledger.trial_balance(Bill.objects.get().creditor) if one.balance}
    assert moved == {"receivable": 500_00, "grants": -500_00}  # money is owed, and less was given


def test_a_claim_stands_when_the_case_is_withdrawn(payer):
    case = uuid4()
    with transaction.atomic():
        payment.bill(
            Party("person", payer.pk), creditor=uuid4(), creditor_name="Nav", case=case, case_number="2026/9",
            amount=500_00, text=FEE, key="claim", kind="claim", law="folketrygdloven § 22-15",
        )  # fmt: skip
        payment.cancel(case)
    assert Bill.objects.get().status == "due"


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"kind": "tax"}, {"kind": "claim"}])
def test_a_bill_of_nothing_or_a_claim_without_its_paragraph_is_not_sent(payer, wrong):
    what = {"amount": 1, "text": FEE, "key": "x"} | wrong
    with pytest.raises(ValueError, match="a bill is"), transaction.atomic():
        payment.bill(
            Party("person", payer.pk), creditor=uuid4(), creditor_name="", case=uuid4(), case_number="", **what
        )
    assert not Bill.objects.exists()


# --- Out --------------------------------------------------------------------------------------------------


@pytest.fixture
def today(monkeypatch):
    """Let the day be what the test says."""

    return partial(let_it_be, monkeypatch)


def test_each_month_is_paid_once_on_its_last_working_day(payer, today):
    today(date(2026, 11, 15))
    pay(payer, MONTHLY)
    work()
    assert Payout.objects.count() == 0
    for day in (date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29), date(2027, 6, 1)):
        today(day)
        work()
    months = [(one.month.isoformat(), one.due.isoformat()) for one in Payout.objects.order_by("month")]
    assert months == [
        ("2026-11-01", "2026-11-30"), ("2026-12-01", "2026-12-31"), ("2027-01-01", "2027-01-29"),
        ("2027-02-01", "2027-02-26"),
    ]  # fmt: skip
    assert DemoTransfer.objects.count() == 4


def test_arrears_come_at_once(payer, today):
    today(date(2027, 2, 1))
    pay(payer, MONTHLY)
    work()
    assert DemoTransfer.objects.count() == 3


def test_the_same_decision_pays_once(payer):
    once = Pay(500_00, FEE)
    pay(payer, once)
    pay(payer, once)
    work()
    assert Plan.objects.count() == DemoTransfer.objects.count() == 1


def test_a_bank_that_is_away_pays_once_when_it_is_back(payer, monkeypatch):
    from allting.common.payment.providers import demo

    calls = []

    def away(*args):
        calls.append(args)
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(demo, "pay_out", away)
        pay(payer, Pay(500_00, FEE))
        work()
    assert calls and DemoTransfer.objects.count() == 0
    Effect.objects.filter(done=None).update(due="2020-01-01T00:00Z")
    work()
    assert DemoTransfer.objects.count() == 1 and Payout.objects.get().status == "paid"


def test_an_enterprise_is_paid_to_its_own_account():
    from allting.common.registers.models import Contact

    _chief, company = people.chief_of()
    Contact.objects.create(party=f"organisation:{company.pk}", account="00000000019")
    with transaction.atomic():
        payment.pay(
            Party("organisation", company.pk), debtor=people.state("nav").pk, debtor_name="Nav", case=uuid4(),
            case_number="2026/1", pays=Pay(100_00, FEE), key="company",
        )  # fmt: skip
    work()
    assert DemoTransfer.objects.get().last_digits == "019"


def test_the_look_up_of_the_account_stands_in_the_log(payer):
    from allting.common.audit import api as audit

    pay(payer, Pay(100_00, FEE))
    work()
    entry = next(one for one in audit.entries_about(actor(payer)) if one.dataset == "account.number")
    assert entry.who == "Nav" and entry.reason
