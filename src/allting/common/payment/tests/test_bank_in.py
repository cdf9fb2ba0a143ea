"""What the bank tells: posted once, placed by KID, and clearly refused or laid aside when something is wrong."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from lxml import etree

from allting.common.payment import api as payment
from allting.common.payment import ledger
from allting.common.payment.bankfiles import batches, camt054, checking, incoming
from allting.common.payment.bankfiles.camt054 import Unreadable
from allting.common.payment.ledger import Account
from allting.common.payment.models import Bill, Entry, Payout, Posting, Transfer
from allting.common.payment.tests.camt import entry, notice
from allting.common.payment.tests.camt import payment as paid
from allting.common.payment.tests.factories import bank_accounts, let_it_be, pay, quiet, send_bill, treasurer, work
from allting.common.registers.models import Contact
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Actor
from allting.kernel.numbers import kid
from allting.kernel.problems import Conflict, NotAllowed, NotFound
from allting.kernel.rules import Pay
from allting.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def nav(settings, tmp_path, monkeypatch):
    quiet(monkeypatch)
    found = people.state("nav")
    people.state("skatteetaten")
    found.account, found.other = bank_accounts(settings, tmp_path, "nav", "skatteetaten")
    return found


@pytest.fixture
def payer():
    return people.person()


@pytest.fixture
def bill(nav, payer):
    return send_bill(payer, creditor=nav.pk)


def one(nav, *payments, **more):
    return notice(nav.account, entry(*payments, **more), version=more.get("version", "08"))


def balances(owner):
    return {line.account: line.balance for line in ledger.trial_balance(owner.pk) if line.balance}


def nothing_is_posted(before):
    assert not Entry.objects.exists() and Posting.objects.count() == before and not Transfer.objects.exists()


# --- Placed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["08", "02"])
def test_the_same_notice_ten_times_pays_the_bill_once(nav, bill, version):
    contents = one(nav, paid(kid=bill.kid, version=version), version=version)
    reports = [incoming.take(contents) for _time in range(10)]
    assert [(one.new, one.known) for one in reports] == [(1, 0)] + [(0, 1)] * 9
    assert Bill.objects.get().status == "paid" and Posting.objects.filter(kind="paid").count() == 1
    assert balances(nav) == {Account.BANK: 90_00, Account.INCOME: -90_00}
    assert list(checking.faults()) == []


def test_the_same_payment_in_another_file_is_known_by_the_banks_reference(nav, bill):
    reference = uuid4().hex
    incoming.take(one(nav, paid(kid=bill.kid, ref=reference)))
    other = notice(nav.account, entry(paid(kid=bill.kid, ref=reference), paid("10.00"), amount="100.00"))
    assert incoming.take(other).known == 1
    with pytest.raises(Unreadable, match="another amount"):
        incoming.take(one(nav, paid("80.00", kid=bill.kid, ref=reference), amount="80.00"))
    assert Entry.objects.count() == 2


def test_without_details_the_entry_itself_is_the_payment_and_pending_ones_wait(nav):
    done = incoming.take(notice(nav.account, entry(ref="E1"), entry(ref="E2", status="PDNG")))
    assert done.new == 1 and Entry.objects.get().reason == "no-kid"


def test_too_little_pays_a_part_and_is_told_of_until_the_rest_comes(nav, bill):
    incoming.take(one(nav, paid("50.00", kid=bill.kid), amount="50.00"))
    assert Bill.objects.get().left == 40_00
    desk = treasurer(nav)
    assert [(row.reason, row.left) for row in incoming.waiting(desk)] == [("too-little", 40_00)]
    incoming.take(one(nav, paid("40.00", kid=bill.kid), amount="40.00"))
    assert Bill.objects.get().status == "paid" and incoming.waiting(desk) == []


def test_too_much_is_paid_back_to_where_it_came_from(nav, bill, tmp_path):
    incoming.take(one(nav, paid("100.00", kid=bill.kid, account="00000000108"), amount="100.00"))
    back = Transfer.objects.get()
    assert (back.amount, back.account, back.debit) == (10_00, "00000000108", "owed")
    send_and_confirm(nav, tmp_path)
    assert balances(nav) == {Account.BANK: 90_00, Account.INCOME: -90_00}


def send_and_confirm(nav, tmp_path):
    maker, other = treasurer(nav), treasurer(nav, "Rolf")
    batch = batches.make(maker)
    batches.approve(other, batch, batches.sheets(other)[0].digest)
    call_command("payments", "export", str(tmp_path / f"{batch}.xml"), authority="nav")
    for row in Transfer.objects.filter(batch=batch):
        amount = f"{row.amount / 100:.2f}"
        told = paid(amount, comes=False, end_to_end=row.pk.hex)
        incoming.take(one(nav, told, amount=amount, comes=False))
    assert list(checking.faults()) == []


def test_a_case_withdrawn_after_the_bank_paid_gives_it_back(nav, payer, tmp_path):
    case = uuid4()
    bill = send_bill(payer, creditor=nav.pk, case=case)
    incoming.take(one(nav, paid(kid=bill.kid, account="")))
    with transaction.atomic():
        payment.cancel(case)
        payment.cancel(case)
    assert Bill.objects.get().status == "to-refund"
    send_and_confirm(nav, tmp_path)
    assert Transfer.objects.get().account == Contact.objects.get(party=f"person:{payer.pk}").account
    assert Bill.objects.get().status == "refunded" and balances(nav) == {}


def test_what_the_bank_has_paid_out_is_paid(nav, tmp_path, monkeypatch):
    let_it_be(monkeypatch, date(2026, 11, 30))
    pay(people.person(), Pay(500_00, Text.same("x")))
    work()
    assert Payout.objects.get().status == "with-bank"
    send_and_confirm(nav, tmp_path)
    assert Payout.objects.get().status == "paid"
    assert balances(nav) == {Account.GRANTS: 500_00, Account.BANK: -500_00}
    row = Transfer.objects.get()
    for comes, reason in ((False, "paid-twice"), (True, "returned")):
        incoming.take(one(nav, paid("500.00", comes=comes, end_to_end=row.pk.hex), amount="500.00", comes=comes))
        assert Entry.objects.order_by("-pk")[0].reason == reason
    assert list(checking.faults()) == []


# --- Laid aside ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("make", "reason"), [
    (lambda bill: {"kid": ""}, "no-kid"), (lambda bill: {"kid": kid("123456789")}, "unknown-kid"),
    (lambda bill: {"kid": bill.kid[:-1] + str((int(bill.kid[-1]) + 1) % 10)}, "wrong-kid"),
    (lambda bill: {"kid": f"{bill.kid},{kid('5555')}"}, "several"),
    (lambda bill: {"kid": "FAKTURA 12"}, "wrong-kid"),
])  # fmt: skip
def test_what_cannot_be_placed_is_posted_and_waits_for_the_treasurer(nav, bill, make, reason):
    assert incoming.take(one(nav, paid(**make(bill)))).waiting == 1
    assert Bill.objects.get().status == "due" and Entry.objects.get().reason == reason
    assert balances(nav) == {
        Account.BANK: 90_00, Account.UNPLACED: -90_00, Account.RECEIVABLE: 90_00, Account.INCOME: -90_00,
    }  # fmt: skip
    assert list(checking.faults()) == []


def test_another_currency_is_not_posted_and_is_told_of(nav, bill):
    before = Posting.objects.count()
    incoming.take(one(nav, paid("9.00", kid=bill.kid, currency="EUR"), amount="9.00", currency="EUR"))
    assert Posting.objects.count() == before and Bill.objects.get().status == "due"
    assert [row.reason for row in incoming.waiting(treasurer(nav))] == ["currency"]


def test_anothers_bill_a_reversal_and_an_unknown_debit_are_laid_aside(nav, bill, payer):
    other = send_bill(payer, creditor=people.state("skatteetaten").pk, key="two")
    incoming.take(one(nav, paid(kid=other.kid)))
    incoming.take(one(nav, paid(kid=bill.kid), reversal="true"))
    incoming.take(one(nav, paid(comes=False, end_to_end=uuid4().hex), comes=False))
    assert set(Entry.objects.values_list("reason", flat=True)) == {"another-authority", "reversal", "unknown-payment"}
    assert set(Bill.objects.values_list("status", flat=True)) == {"due"} and list(checking.faults()) == []


def test_a_bill_of_a_case_that_is_gone_does_not_stop_the_rest(nav, bill, monkeypatch, payer):
    gone = Bill.objects.get().case

    def hold(*, case):
        if case == gone:
            raise NotFound()

    second = send_bill(payer, creditor=nav.pk, key="two")
    monkeypatch.setitem(events._handlers, "payment.settling", [hold])
    incoming.take(notice(nav.account, entry(paid(kid=bill.kid)), entry(paid(kid=second.kid))))
    assert sorted(Entry.objects.values_list("status", "reason")) == [("placed", ""), ("unplaced", "no-case")]


def test_the_treasurer_places_it_or_gives_it_back_once(nav, bill, payer):
    desk = treasurer(nav)
    incoming.take(notice(nav.account, entry(paid()), entry(paid()), entry(paid(account=""))))
    first, second, third = Entry.objects.order_by("account", "pk")[::-1]
    assert incoming.place(desk, first.pk, "1234") == "wrong-kid"
    assert incoming.place(desk, first.pk, f" {bill.kid[:4]} {bill.kid[4:]}") == ""
    assert Bill.objects.get().status == "paid"
    incoming.give_back(desk, second.pk)
    for act in (lambda: incoming.place(desk, first.pk, bill.kid), lambda: incoming.give_back(desk, second.pk),
                lambda: incoming.give_back(desk, first.pk), lambda: incoming.give_back(desk, third.pk)):  # fmt: skip
        with pytest.raises(Conflict):
            act()
    assert Transfer.objects.get().name == "Kari Prøve" and list(checking.faults()) == []
    clerk = people.officer_in(nav)
    away = treasurer(people.state("skatteetaten"))
    for actor, fault in ((Actor(clerk.pk).as_officer(nav.pk, "x"), NotAllowed), (away, NotFound)):
        for act in (incoming.give_back, lambda who, which: incoming.place(who, which, bill.kid)):
            with pytest.raises(fault):
                act(actor, third.pk)
    assert incoming.waiting(away) == []


# --- Refused -------------------------------------------------------------------------------------------

ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


def _in_the_middle(nav, bill, what):
    return one(nav, paid(kid=bill.kid), paid("10.00", extra=what), amount="100.00")


def _in_utf_16(contents):
    return contents.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def _with_total(nav, bill, total):
    summary = f"<TxsSummry><TtlNtries>{total}</TtlNtries></TxsSummry>"
    return notice(nav.account, entry(paid(kid=bill.kid)), summary=summary)


@pytest.mark.parametrize(("make", "says"), [
    (lambda nav, bill: b"", "not XML"), (lambda nav, bill: b"<x>", "not XML"), (lambda nav, bill: b"<x/>", "no camt"),
    (lambda nav, bill: one(nav, paid()).replace(b"001.08", b"001.09"), "no camt"),
    (lambda nav, bill: one(nav, paid()).replace(b"?><", b"?>" + ENTITY + b"<", 1), "DTD"),
    (lambda nav, bill: _in_utf_16(one(nav, paid()).replace(b"?><", b"?>" + ENTITY + b"<", 1)), "DTD"),
    (lambda nav, bill: _in_the_middle(nav, bill, "<Bonus>1</Bonus>"), "no such member"),
    (lambda nav, bill: _in_the_middle(nav, bill, '<x:RmtInf xmlns:x="urn:x"/>'), "no such member"),
    (lambda nav, bill: one(nav, paid(kid=bill.kid)).replace(nav.account.encode(), b"00000000019", 1), "no authority's"),
    (lambda nav, bill: one(nav, paid(kid=bill.kid)).replace(nav.account.encode(), b"12345", 1), "no authority's"),
    (lambda nav, bill: one(nav, paid(kid=bill.kid), amount="91.00"), "another sum"),
    (lambda nav, bill: one(nav, paid("90.001", kid=bill.kid), amount="90.001"), "parts of an øre"),
    (lambda nav, bill: one(nav, paid("-90.00", kid=bill.kid)), "cannot be read"),
    (lambda nav, bill: one(nav, paid("0", kid=bill.kid), amount="0"), "cannot be"),
    (lambda nav, bill: one(nav, paid("1e3", kid=bill.kid)), "cannot be read"),
    (lambda nav, bill: one(nav, paid(kid=bill.kid)).replace(b' Ccy="NOK"', b""), "currency"),
    (lambda nav, bill: one(nav, paid(kid=bill.kid), day="i går"), "the day"),
    (lambda nav, bill: one(nav, paid(kid=bill.kid, ref="A"), paid(ref="A"), amount="180.00"), "same reference"),
    (lambda nav, bill: _with_total(nav, bill, "<NbOfNtries>2</NbOfNtries>"), "as many"),
    (lambda nav, bill: _with_total(nav, bill, "<Sum>91</Sum>"), "another sum"),
])  # fmt: skip
def test_a_file_with_anything_wrong_is_refused_whole(nav, bill, make, says, tmp_path):
    before, file = Posting.objects.count(), tmp_path / "in.xml"
    file.write_bytes(make(nav, bill))
    with pytest.raises(CommandError, match=says) as refused:
        call_command("payments", "import", str(file))
    assert "nothing of it is posted" in str(refused.value) and "Kari" not in str(refused.value)
    nothing_is_posted(before)
    assert Bill.objects.get().status == "due"


def test_a_good_account_and_one_that_is_nobodys_in_one_file_post_nothing(nav, bill):
    before = Posting.objects.count()
    good, bad = one(nav, paid(kid=bill.kid)), notice("00000000019", entry(paid()))
    more = bad.split(b"<Ntfctn>")[1].split(b"</Ntfctn>")[0]
    both = good.replace(b"</Ntfctn>", b"</Ntfctn><Ntfctn>" + more + b"</Ntfctn>")
    with pytest.raises(Unreadable):
        incoming.take(both)
    nothing_is_posted(before)


def test_a_file_that_is_too_big_is_not_read(nav, tmp_path, monkeypatch):
    file = tmp_path / "big.xml"
    with file.open("wb") as big:
        big.truncate(camt054.MOST_BYTES + 1)
    monkeypatch.setattr(Path, "read_bytes", None)
    with pytest.raises(CommandError, match="50 MB"):
        call_command("payments", "import", str(file))


def test_a_crash_in_the_middle_posts_nothing(nav, bill, payer, monkeypatch):
    second = send_bill(payer, creditor=nav.pk, key="two")
    before, calls = Posting.objects.count(), []
    receive = incoming.bills.receive

    def fails_the_second_time(*args):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return receive(*args)

    monkeypatch.setattr(incoming.bills, "receive", fails_the_second_time)
    with pytest.raises(RuntimeError):
        incoming.take(notice(nav.account, entry(paid(kid=bill.kid)), entry(paid(kid=second.kid))))
    nothing_is_posted(before)
    assert set(Bill.objects.values_list("status", flat=True)) == {"due"}


def test_the_account_may_be_written_as_iban(nav, bill):
    digits = nav.account + "2324"
    check = f"{98 - int(digits + '00') % 97:02}"
    iban = one(nav, paid(kid=bill.kid)).replace(
        f"<Othr><Id>{nav.account}</Id></Othr>".encode(), f"<IBAN>NO{check}{nav.account}</IBAN>".encode()
    )
    incoming.take(iban)
    assert Bill.objects.get().status == "paid"
    with pytest.raises(Unreadable):
        incoming.take(iban.replace(f"NO{check}".encode(), b"NO00"))


def test_the_check_tells_of_what_does_not_agree(nav, bill):
    incoming.take(one(nav, paid(kid=bill.kid)))
    call_command("payments", "check")
    Entry.objects.update(amount=1)
    Bill.objects.update(left=5)
    with pytest.raises(CommandError, match="2 disagreements"):
        call_command("payments", "check")


if os.environ.get("PAYMENT_SCHEMAS"):  # see test_bank_out.py

    @pytest.mark.parametrize("version", ["08", "02"])
    def test_the_notices_of_these_tests_are_what_a_bank_may_send(nav, bill, version):
        schema = etree.XMLSchema(file=str(Path(os.environ["PAYMENT_SCHEMAS"]) / f"camt.054.001.{version}.xsd"))
        details = paid(kid=bill.kid, version=version).replace("<RmtInf></RmtInf>", "")
        schema.assertValid(etree.fromstring(one(nav, details, version=version)).getroottree())
