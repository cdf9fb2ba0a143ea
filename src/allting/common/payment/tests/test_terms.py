"""Paying in parts, and being let off."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from allting.common.payment import api as payment
from allting.common.payment import batches, doctor, incoming, late, ledger, terms
from allting.common.payment.ledger import Account
from allting.common.payment.models import Bill, DemoAttempt, Transfer
from allting.common.payment.tests.camt_file import camt
from allting.common.payment.tests.camt_file import payment as paid
from allting.common.payment.tests.factories import (
    FEE,
    actor,
    at_work,
    go_to_bank,
    own_account,
    party,
    quiet,
    treasurers,
    work,
)  # fmt: skip
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 16)
LAW = "forsinkelsesrenteloven § 2"


@pytest.fixture
def today(monkeypatch):
    def be(day):
        monkeypatch.setattr(late.timezone, "localdate", lambda *args: day)

    be(TODAY)
    return be


@pytest.fixture
def molde(monkeypatch, today):
    quiet(monkeypatch)
    molde = people.municipality()
    own_account(molde)
    return molde


@pytest.fixture
def gro(molde):
    return treasurers(molde)[0]


@pytest.fixture
def payer():
    return people.person()


def send(payer, molde, amount=100_00, law="", key="one"):
    with transaction.atomic():
        return payment.bill(
            party(payer), creditor=molde.pk, creditor_name=molde.name, case=uuid4(), case_number="2026/1",
            amount=amount, text=FEE, key=key, late_law=law,
        )  # fmt: skip


def seen(payer, bill):
    return payment.bill_for(actor(payer), bill.id)


# --- In parts ------------------------------------------------------------------------------------------


def test_parts_are_asked_for_agreed_and_paid_one_by_one(molde, gro, payer, today):
    bill = send(payer, molde, 100_01)
    payment.ask_parts(actor(payer), bill.id, 3)
    assert [one.parts_wanted for one in terms.asking(gro)] == [3]
    terms.agree(gro, bill.id, 3, date(2026, 3, 31))
    assert terms.asking(gro) == []
    found = seen(payer, bill)
    assert found.parts == ((date(2026, 3, 31), 33_35), (date(2026, 4, 30), 33_33), (date(2026, 5, 31), 33_33))
    assert found.now == 33_35
    for left in (66_66, 33_33, 0):
        payment.settle(go_to_bank(payer, bill))
        assert Bill.objects.get().left == left
    assert Bill.objects.get().status == "paid" and next(doctor.ledger()).level == "ok"


def test_a_part_over_the_bank_is_not_called_too_little(molde, gro, payer):
    bill = send(payer, molde)
    terms.agree(gro, bill.id, 2, date(2026, 3, 31))
    incoming.read(gro, camt(paid(50_00, bill.kid)))
    assert incoming.to_see(gro) == [] and seen(payer, bill).parts == ((date(2026, 4, 30), 50_00),)


def test_only_the_part_that_is_late_bears_interest_and_is_reminded_of(molde, gro, payer, today, monkeypatch):
    bill = send(payer, molde, 1000_00, LAW)
    told = []
    monkeypatch.setitem(events._handlers, "payment.reminded", [lambda reminder: told.append(reminder)])
    terms.agree(gro, bill.id, 2, date(2026, 3, 2))
    for day in (date(2026, 3, 15), date(2026, 3, 16)):
        today(day)
        late.every_day()
        work()
    from allting.common.payment import costs

    interest = costs.interest(500_00, date(2026, 3, 3), date(2026, 3, 15))
    assert [(one.left, one.interest) for one in told] == [(500_00 + 3800 + interest, interest)]
    assert seen(payer, bill).now == 500_00 + 3800 + interest


def test_an_agreement_stops_interest_until_a_part_is_late(molde, gro, payer, today):
    bill = send(payer, molde, 1000_00, LAW)
    today(date(2026, 3, 12))
    terms.agree(gro, bill.id, 2, date(2026, 6, 1))
    added = Bill.objects.get().added
    assert added > 0
    today(date(2026, 5, 31))
    assert seen(payer, bill).now == 500_00 + added
    payment.settle(go_to_bank(payer, bill))
    row = Bill.objects.get()
    assert row.added == added and row.left == 500_00  # what came beyond the bill's own part is counted on it too


def test_no_is_told_and_the_bill_stands(molde, gro, payer):
    bill = send(payer, molde)
    with pytest.raises(Conflict):
        terms.decline(gro, bill.id)
    payment.ask_parts(actor(payer), bill.id, 3)
    terms.decline(gro, bill.id)
    assert seen(payer, bill).parts_wanted == 0 and terms.asking(gro) == []


def test_what_cannot_be_in_parts(molde, gro, payer):
    bill = send(payer, molde, 10)
    for count in (0, 1, 25):
        with pytest.raises(Invalid):
            terms.agree(gro, bill.id, count, date(2026, 3, 31))
    for count in (1, 7):
        with pytest.raises(Invalid):
            payment.ask_parts(actor(payer), bill.id, count)
    with pytest.raises(Invalid):
        terms.agree(gro, bill.id, 2, TODAY)
    with pytest.raises(Invalid):
        terms.agree(gro, bill.id, 11, date(2026, 3, 31))  # less than an øre each
    terms.agree(gro, bill.id, 2, date(2026, 3, 31))
    with pytest.raises(Conflict):
        payment.ask_parts(actor(payer), bill.id, 3)


# --- Let off -------------------------------------------------------------------------------------------


def test_what_is_not_paid_yet_is_taken_off_fees_first(molde, gro, payer, today):
    bill = send(payer, molde, 1000_00, LAW)
    today(date(2026, 3, 16))
    late.every_day()
    work()
    added = Bill.objects.get().added
    terms.credit(gro, bill.id, added, "Brevet kom for sent")
    row = Bill.objects.get()
    assert (row.left, row.added, row.credited) == (1000_00, 0, 0)
    terms.credit(gro, bill.id, 400_00, "Feil beløp")
    row = Bill.objects.get()
    assert (row.left, row.credited, row.status) == (600_00, 400_00, "due")
    assert ledger.balance(Account.RECEIVABLE, row.pk) == 600_00 and not Transfer.objects.exists()


def test_a_bill_that_is_let_off_whole_lets_the_case_go_on(molde, gro, payer, monkeypatch):
    told = []
    monkeypatch.setitem(events._handlers, "payment.paid", [lambda **facts: told.append(facts)])
    bill = send(payer, molde)
    terms.credit(gro, bill.id, 100_00, "Fritatt")
    assert Bill.objects.get().status == "cancelled" and len(told) == 1
    with pytest.raises(Conflict):
        terms.credit(gro, bill.id, 1, "x")


def test_what_was_paid_and_is_let_off_goes_back_to_where_it_came_from(molde, gro, payer):
    card, bank = send(payer, molde), send(payer, molde, key="two")
    payment.settle(go_to_bank(payer, card))
    incoming.read(gro, camt(paid(100_00, bank.kid)))
    terms.credit(gro, card.id, 30_00, "Feil")
    terms.credit(gro, bank.id, 100_00, "Feil")
    work()
    assert DemoAttempt.objects.get().refunded and ledger.balance(Account.OWED, card.id) == 0
    assert Bill.objects.get(pk=card.id).status == "paid" and Bill.objects.get(pk=bank.id).status == "to-refund"
    assert Transfer.objects.get().amount == 100_00
    finn = at_work(people.treasurer_in(molde), molde)
    batches.approve(finn, batches.make(gro).id)
    batches.file(gro, batches.batches(gro)[0].id)
    assert Bill.objects.get(pk=bank.id).status == "refunded" and next(doctor.ledger()).level == "ok"


def test_never_more_than_the_bill_and_never_without_a_reason(molde, gro, payer):
    bill = send(payer, molde)
    for amount, why in ((0, "x"), (100_01, "x"), (-1, "x"), (1, " ")):
        with pytest.raises(Invalid):
            terms.credit(gro, bill.id, amount, why)
    terms.credit(gro, bill.id, 60_00, "x")
    with pytest.raises(Invalid):
        terms.credit(gro, bill.id, 40_01, "x")


def test_nobody_else_changes_the_terms(molde, gro, payer):
    bill = send(payer, molde)
    nav = people.state("nav")
    for who, refusal in (
        (at_work(people.treasurer_in(nav), nav), NotFound), (at_work(people.officer_in(molde), molde), NotAllowed),
        (actor(payer), NotAllowed),
    ):  # fmt: skip
        for verb in (
            lambda a, b: terms.agree(a, b, 2, date(2026, 3, 31)), lambda a, b: terms.credit(a, b, 1, "x"),
            terms.decline, terms.bill,
        ):  # fmt: skip
            with pytest.raises(refusal):
                verb(who, bill.id)
    with pytest.raises(NotFound):
        payment.ask_parts(actor(people.person()), bill.id, 3)


def test_what_two_reminders_have_not_helped_is_listed(molde, gro, payer, today):
    send(payer, molde)
    for day in (date(2026, 3, 16), date(2026, 3, 31), date(2026, 4, 14)):
        today(day)
        late.every_day()
        work()
        assert terms.not_paid(gro) == []
    today(date(2026, 4, 15))
    assert len(terms.not_paid(gro)) == 1
