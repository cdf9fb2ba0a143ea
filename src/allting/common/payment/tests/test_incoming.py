"""Payments in: what the bank tells is booked once, on the right bill, or waits for somebody to look."""

from __future__ import annotations

import threading
from datetime import date
from importlib.metadata import distribution
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from allting.common.payment import api as payment
from allting.common.payment import batches, camt, doctor, incoming, ledger
from allting.common.payment.ledger import Account
from allting.common.payment.models import BankFile, Bill, DemoAttempt, OwnAccount, Posting, Receipt, Transfer
from allting.common.payment.tests.camt_file import camt as file_of
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
)
from allting.common.registers.tests import factories as people
from allting.kernel.numbers import kid
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def molde(monkeypatch):
    quiet(monkeypatch)
    molde = people.municipality()
    own_account(molde)
    return molde


@pytest.fixture
def two(molde):
    return treasurers(molde)


@pytest.fixture
def payer():
    return people.person()


def send(payer, molde, amount=100_00, key="one", case=None):
    with transaction.atomic():
        return payment.bill(
            party(payer), creditor=molde.pk, creditor_name=molde.name, case=case or uuid4(), case_number="2026/1",
            amount=amount, text=FEE, key=key,
        )  # fmt: skip


def books(molde):
    return {str(one.account): one.balance for one in ledger.trial_balance(molde.pk) if one.balance}


# --- Matched ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_payment_finds_its_bill_by_kid_and_is_posted_once(molde, payer, two, version):
    bill = send(payer, molde)
    contents = file_of(paid(100_00, bill.kid), version=version)
    report = incoming.read(two[0], contents)
    assert (report.matched, report.unmatched, report.total) == (1, 0, 100_00)
    assert Bill.objects.get().status == "paid" and incoming.to_see(two[0]) == []
    assert books(molde) == {"bank": 100_00, "income": -100_00}
    assert Posting.objects.get(kind="paid").day == date(2026, 11, 2)
    for _time in range(10):
        assert incoming.read(two[0], contents).again
    other = file_of(paid(100_00, bill.kid), version="08", message="M2")  # another file tells of the same payment
    assert incoming.read(two[0], other).known == 1
    assert Posting.objects.count() == 2 and Receipt.objects.count() == 1


def test_many_of_one_entry_share_a_reference_and_are_told_apart(molde, payer, two):
    bills = [send(payer, molde, key=str(place)) for place in range(3)]
    payments = [paid(100_00, one.kid) for one in bills]
    assert incoming.read(two[0], file_of(*payments)).matched == 3
    assert incoming.read(two[0], file_of(*payments, message="M2")).known == 3
    assert books(molde)["bank"] == 300_00


def test_too_much_and_twice_goes_back_with_the_next_batch(molde, payer, two):
    bill = send(payer, molde)
    incoming.read(two[0], file_of(paid(130_00, bill.kid), paid(100_00, bill.kid, ref="R2")))
    assert Bill.objects.get().status == "paid" and books(molde)["owed"] == -130_00
    assert sorted(Transfer.objects.values_list("amount", "account")) == [
        (30_00, "00000000035"), (100_00, "00000000035"),
    ]  # fmt: skip
    batches.approve(two[1], batches.make(two[0]).id)
    batches.file(two[0], batches.batches(two[0])[0].id)
    assert books(molde) == {"bank": 100_00, "income": -100_00}


def test_a_part_is_counted_and_shown_until_the_rest_comes(molde, payer, two):
    bill = send(payer, molde)
    incoming.read(two[0], file_of(paid(40_00, bill.kid)))
    assert payment.bill_for(actor(payer), bill.id).left == 60_00
    shown = incoming.to_see(two[0])
    assert [(one.status, one.amount, one.left) for one in shown] == [("part", 40_00, 60_00)]
    incoming.read(two[0], file_of(paid(60_00, bill.kid, ref="R2"), message="M2"))
    assert Bill.objects.get().status == "paid" and incoming.to_see(two[0]) == []


def test_what_comes_for_a_bill_that_was_cancelled_goes_back(molde, payer, two):
    bill = send(payer, molde)
    with transaction.atomic():
        payment.cancel(bill.case)
    incoming.read(two[0], file_of(paid(100_00, bill.kid)))
    assert books(molde) == {"bank": 100_00, "owed": -100_00} and Transfer.objects.get().amount == 100_00


def test_a_bill_paid_over_the_bank_and_cancelled_is_paid_back_to_where_it_came_from(molde, payer, two):
    bill = send(payer, molde)
    incoming.read(two[0], file_of(paid(100_00, bill.kid)))
    with transaction.atomic():
        payment.cancel(bill.case)
    assert Bill.objects.get().status == "to-refund" and Transfer.objects.get().account == "00000000035"
    batches.approve(two[1], batches.make(two[0]).id)
    batches.file(two[0], batches.batches(two[0])[0].id)
    assert Bill.objects.get().status == "refunded" and books(molde) == {}


def test_without_the_payers_account_the_one_she_has_chosen_is_used(molde, payer, two):
    bill = send(payer, molde)
    incoming.read(two[0], file_of(paid(150_00, bill.kid, account="")))
    assert Transfer.objects.get().account == "00000000019"


# --- Not matched -------------------------------------------------------------------------------------------


def wrong(kid_number):
    return kid_number[:-1] + str((int(kid_number[-1]) + 1) % 10)


def test_what_fits_no_bill_stands_in_suspense_with_its_reason(molde, payer, two):
    bill = send(payer, molde)
    elsewhere = people.state("nav")
    others = send(payer, elsewhere, key="other")
    payments = [
        paid(1, ref="A"), paid(2, wrong(bill.kid), ref="B"), paid(3, kid("999999999"), ref="C"),
        paid(4, others.kid, ref="D"), paid(5, bill.kid, ref="E", returned=True),
    ]  # fmt: skip
    assert incoming.read(two[0], file_of(*payments)).unmatched == 5
    found = [(one.amount, one.why) for one in incoming.to_see(two[0])]
    whys = ["no-kid", "wrong-kid", "unknown-kid", "unknown-kid", "returned"]
    assert found == list(zip(range(1, 6), whys, strict=True))
    assert books(molde)["suspense"] == -15 and set(Bill.objects.values_list("status", flat=True)) == {"due"}


def test_the_treasurer_says_whose_it_is_or_sends_it_back_and_only_once(molde, payer, two):
    bill = send(payer, molde)
    incoming.read(two[0], file_of(paid(100_00, ref="A"), paid(7_00, ref="B")))
    one, other = incoming.to_see(two[0])
    with pytest.raises(Invalid):
        incoming.assign(two[0], one.id, "123")
    incoming.assign(two[0], one.id, f" {bill.kid} ")
    assert Bill.objects.get().status == "paid"
    with pytest.raises(Invalid):
        incoming.send_back(two[0], other.id, "12345678901")
    incoming.send_back(two[0], other.id, "0000.00.00035")
    for again in (
        lambda: incoming.assign(two[0], one.id, bill.kid),
        lambda: incoming.send_back(two[0], other.id, "00000000035"),
    ):
        with pytest.raises(Conflict):
            again()
    assert incoming.to_see(two[0]) == [] and books(molde) == {"bank": 107_00, "income": -100_00, "owed": -7_00}
    batches.approve(two[1], batches.make(two[0]).id)
    batches.file(two[0], batches.batches(two[0])[0].id)
    assert books(molde) == {"bank": 100_00, "income": -100_00}


def test_nobody_else_reads_or_touches_it(molde, payer, two):
    incoming.read(two[0], file_of(paid(100_00)))
    row = incoming.to_see(two[0])[0]
    nav = people.state("nav")
    elsewhere, officer = at_work(people.treasurer_in(nav), nav), at_work(people.officer_in(molde), molde)
    for who, refusal in ((elsewhere, NotFound), (officer, NotAllowed), (actor(payer), NotAllowed)):
        for verb in (
            incoming.receipt,
            incoming.seen,
            lambda *a: incoming.assign(*a, "1"),
            lambda *a: incoming.send_back(*a, "1"),
        ):
            with pytest.raises(refusal):
                verb(who, row.id)
    with pytest.raises(Invalid):  # another authority's account
        incoming.read(elsewhere, file_of(paid(1, ref="X")))


# --- Refused whole -----------------------------------------------------------------------------------------

GOOD = file_of(paid(100_00, "1234567897"), paid(5_00, ref="R2"))
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
BAD = {
    "not XML": b"KID;100",
    "empty": b"",
    "cut": GOOD[:-40],
    "another encoding": GOOD.decode().encode("utf-16")[:-1],
    "entities": BOMB,
    "an entity from outside": OUTSIDE,
    "a DTD alone": GOOD.replace(b"<Document", b"<!DOCTYPE Document><Document", 1),
    "another kind": GOOD.replace(b"camt.054.001.08", b"camt.053.001.08"),
    "an unknown version": GOOD.replace(b"camt.054.001.08", b"camt.054.001.99"),
    "another name space within": GOOD.replace(b"<Ntry>", b'<Ntry xmlns="urn:x">'),
    "an unknown member": GOOD.replace(b"<NtryDtls>", b"<Discount>1</Discount><NtryDtls>"),
    "an unknown member of a detail": GOOD.replace(b"<RmtInf>", b"<Extra/><RmtInf>"),
    "another account": file_of(paid(1), account="00000000043"),
    "a foreign currency": file_of(paid(1, currency="EUR")),
    "one of them foreign": GOOD.replace(b'<Amt Ccy="NOK">5.00', b'<Amt Ccy="SEK">5.00'),
    "sums that differ": file_of(paid(100_00), paid(1), entry=100_00),
    "a sum that differs": file_of(paid(100_00), entry=100_01),
    "an amount below zero": GOOD.replace(b">5.00<", b">-5.00<"),
    "a fraction of an øre": GOOD.replace(b">5.00<", b">5.001<"),
    "no amount": GOOD.replace(b">5.00<", b">many<"),
    "not a number": GOOD.replace(b">5.00<", b">NaN<"),
    "no day": GOOD.replace(b"2026-11-02</Dt>", b"soon</Dt>"),
    "no reference": file_of(paid(1, ref="")).replace(b"<AcctSvcrRef>E1</AcctSvcrRef>", b""),
    "too deep": b"<a>" * 100 + b"</a>" * 100,
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_as_it_should_be_is_refused_whole(molde, two, name):
    with pytest.raises(Invalid) as refusal:
        incoming.read(two[0], BAD[name])
    assert refusal.value.code.startswith("camt-") and str(refusal.value.errors["file"][0])
    assert not (Receipt.objects.exists() or BankFile.objects.exists() or Posting.objects.exists())


def test_a_file_that_is_too_large_is_not_even_read(molde, two, monkeypatch):
    monkeypatch.setattr(camt.expat, "ParserCreate", lambda **how: pytest.fail("it was read"))
    with pytest.raises(Invalid):
        incoming.read(two[0], b" " * (camt.LARGEST + 1))


def test_another_amount_of_a_known_payment_undoes_the_whole_file(molde, payer, two):
    incoming.read(two[0], file_of(paid(100_00, ref="A")))
    with pytest.raises(Invalid):
        incoming.read(two[0], file_of(paid(5_00, ref="B"), paid(100_01, ref="A"), message="M2"))
    assert Receipt.objects.count() == 1


def test_debits_and_what_is_not_booked_yet_are_left_out(molde, two):
    for how in ({"kind": "DBIT"}, {"sts": "PDNG"}):
        report = incoming.read(two[0], file_of(paid(100_00), message=str(how), **how))
        assert (report.left_out, report.matched, report.unmatched) == (1, 0, 0)
    assert not Receipt.objects.exists()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255), cut=st.booleans())
def test_whatever_is_done_to_a_file_it_is_read_or_refused(place, byte, cut):
    hurt = GOOD[:place] if cut else GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    try:
        camt.read(hurt)
    except Invalid as refusal:
        assert refusal.code.startswith("camt-")


@pytest.mark.parametrize("version", ["02", "08"])
def test_the_official_schemas_take_the_files_of_these_tests(version):
    """ISO 20022's own XSDs, as the package camt053 carries them."""
    place = distribution("camt053").locate_file(f"camt053/xsd/camt.054.001.{version}.xsd")
    made = file_of(paid(100_00, "1234567897"), paid(5_00, ref="R2", returned=True), version=version)
    etree.XMLSchema(etree.parse(place)).assertValid(etree.fromstring(made))


# --- At once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_bank_and_a_card_at_the_same_moment_pay_once_and_the_rest_goes_back(monkeypatch):
    quiet(monkeypatch)
    molde, payer = people.municipality(), people.person()
    own_account(molde)
    bill = send(payer, molde)
    token = go_to_bank(payer, bill)
    contents = file_of(paid(100_00, bill.kid))
    start, failed = threading.Barrier(3), []

    def run(verb):
        start.wait()
        try:
            verb()
        except Exception as error:
            failed.append(error)
        connection.close()

    verbs = [lambda: payment.settle(token), lambda: incoming.take(contents), lambda: incoming.take(contents)]
    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    assert not failed and Bill.objects.get().status == "paid" and Receipt.objects.count() == 1
    back = sum(Transfer.objects.values_list("amount", flat=True))
    back += sum(DemoAttempt.objects.filter(refunded=True).values_list("amount", flat=True))
    assert back == 100_00 and ledger.balance(Account.RECEIVABLE, bill.id) == 0
    assert next(doctor.ledger()).level == "ok"
    OwnAccount.objects.all().delete()
