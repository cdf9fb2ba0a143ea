"""Payments out by file: once, by two, and as the bank reads it."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from importlib.metadata import distribution
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, connection, transaction
from lxml import etree

from allting.common.payment import api as payment
from allting.common.payment import batches, doctor, ledger, pain
from allting.common.payment.ledger import Account
from allting.common.payment.models import Batch, DemoTransfer, OwnAccount, Payout, Posting, Transfer
from allting.common.payment.tests.factories import FEE, at_work, own_account, pay, treasurers, work
from allting.common.registers import api as registers
from allting.common.registers.models import Contact, Mandate
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.numbers import bank_account
from allting.kernel.problems import Conflict, NotAllowed, NotFound
from allting.kernel.rules import Pay

pytestmark = pytest.mark.django_db
Q = f"{{{pain.SPACE}}}"
PAYER = pain.Payer("Nav", "889640782", "00000000019", "DNBANOKKXXX")


@pytest.fixture
def nav():
    nav = people.state("nav")
    own_account(nav)
    return nav


@pytest.fixture
def two(nav):
    return treasurers(nav)


def grant(person, amount=500_00, key="plan"):
    pay(person, Pay(amount, FEE), key=key)
    work()


# --- The file ------------------------------------------------------------------------------------------


def structure(contents):
    """What the schema and the bank ask for, checked by itself; returns the payments."""
    root = ElementTree.fromstring(contents)
    assert root.tag == f"{Q}Document" and [one.tag for one in root] == [f"{Q}CstmrCdtTrfInitn"]
    header, group = root[0]
    assert [one.tag.removeprefix(Q) for one in header] == ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"]
    names = [one.tag.removeprefix(Q) for one in group]
    head = "PmtInfId PmtMtd BtchBookg NbOfTxs CtrlSum ReqdExctnDt Dbtr DbtrAcct DbtrAgt ChrgBr".split()
    assert names[: len(head)] == head and set(names[len(head) :]) == {"CdtTrfTxInf"}
    lines = group.findall(f"{Q}CdtTrfTxInf")
    for part in (header, group):
        assert int(part.findtext(f"{Q}NbOfTxs")) == len(lines)
        assert round(float(part.findtext(f"{Q}CtrlSum")) * 100) == sum(ore(one) for one in lines)
    ends = [one.findtext(f"{Q}PmtId/{Q}EndToEndId") for one in lines]
    assert len(set(ends)) == len(ends) and all(0 < len(one) <= 35 for one in [*ends, header.findtext(f"{Q}MsgId")])
    for one in root.iter(f"{Q}Nm"):
        assert 0 < len(one.text) <= 140
    for account in [group.find(f"{Q}DbtrAcct"), *(one.find(f"{Q}CdtrAcct") for one in lines)]:
        bank_account(account.findtext(f"{Q}Id/{Q}Othr/{Q}Id"))
        assert account.findtext(f"{Q}Id/{Q}Othr/{Q}SchmeNm/{Q}Cd") == "BBAN"
    return lines


def ore(line):
    amount = line.find(f"{Q}Amt/{Q}InstdAmt")
    assert amount.get("Ccy") == "NOK" and len(amount.text.split(".")[1]) == 2
    return int(amount.text.replace(".", ""))


def lines(count=3):
    shared = {"name": "Kari <&> Nordmann", "account": "00000000019", "text": "Nav 2026/1"}
    return [pain.Transfer(f"{place:032}", amount=1 + place, **shared) for place in range(count)]


def write(rows):
    return pain.write("f" * 32, datetime(2026, 11, 2, 12, tzinfo=UTC), date(2026, 11, 3), PAYER, rows)


def test_the_file_is_built_as_the_bank_reads_it_and_the_same_each_time():
    assert [ore(one) for one in structure(write(lines()))] == [1, 2, 3]
    assert write(lines()) == write(lines())
    odd = pain.Transfer("1", "\x00\x0bÅse\n\tØ" + "x" * 200, "00000000019", 1, "a\x1fb")
    found = structure(write([odd]))[0]
    assert found.findtext(f"{Q}Cdtr/{Q}Nm").startswith("Åse Øx") and found.findtext(f"{Q}RmtInf/{Q}Ustrd") == "ab"
    with pytest.raises(ValueError, match="a payment at least"):
        write([])


def test_the_official_schema_says_so_too(nav, two):
    """ISO 20022's own XSD, as the package sepaxml carries it."""
    schema = etree.XMLSchema(etree.parse(distribution("sepaxml").locate_file("sepaxml/schemas/pain.001.001.09.xsd")))
    schema.assertValid(etree.fromstring(write(lines(100))))
    grant(people.person())
    schema.assertValid(etree.fromstring(sent(two)[1]))
    assert not schema.validate(etree.fromstring(write(lines(1)).replace(b"<NbOfTxs>", b"<NbOfTxs>x")))


# --- From payout to bank -----------------------------------------------------------------------------------


def sent(two):
    made = batches.make(two[0])
    batches.approve(two[1], made.id)
    return batches.file(two[0], made.id)


def test_what_is_due_goes_in_one_file_and_is_posted_when_it_is_sent(nav, two):
    for place in range(3):
        grant(people.person(), 500_00 + place, key=str(place))
    assert DemoTransfer.objects.count() == 0 and batches.to_pay(two[0]) == (3, 1500_03)
    made = batches.make(two[0])
    assert (made.count, made.total, made.mine) == (3, 1500_03, True) and batches.to_pay(two[0]) == (0, 0)
    with pytest.raises(Conflict):
        batches.file(two[0], made.id)
    batches.approve(two[1], made.id)
    assert Posting.objects.filter(credit="bank").count() == 0
    _name, contents = batches.file(two[0], made.id)
    assert sorted(ore(one) for one in structure(contents)) == [500_00, 500_01, 500_02]
    assert set(Payout.objects.values_list("status", flat=True)) == {"paid"}
    found = {one.account: one.balance for one in ledger.trial_balance(nav.pk) if one.balance}
    assert found == {Account.GRANTS: 1500_03, Account.BANK: -1500_03}
    assert batches.file(two[1], made.id)[1] == contents  # again is the same file, and posts nothing
    assert Posting.objects.filter(credit="bank").count() == 3
    assert next(doctor.ledger()).level == "ok"


def test_a_crash_between_the_posting_and_the_file_is_mended_by_doing_it_again(nav, two):
    grant(people.person())
    made = batches.make(two[0])
    batches.approve(two[1], made.id)
    with pytest.raises(RuntimeError), transaction.atomic():
        first = batches.send(batches.held(made.id))
        raise RuntimeError("the machine went down")
    assert Posting.objects.filter(credit="bank").count() == 0 and Batch.objects.get().status == "approved"
    assert batches.file(two[0], made.id) == first
    assert Posting.objects.filter(credit="bank").count() == 1


def test_four_eyes(nav, two):
    grant(people.person())
    made = batches.make(two[0])
    with pytest.raises(NotAllowed):
        batches.approve(two[0], made.id)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.update(status="approved", approved_by=two[0].person)
    with pytest.raises(DatabaseError), transaction.atomic():
        Batch.objects.update(status="approved")
    batches.approve(two[1], made.id)
    for verb in (batches.approve, batches.drop):
        with pytest.raises(Conflict):
            verb(two[1], made.id)


def test_nobody_but_the_authoritys_treasurers(nav, two):
    grant(people.person())
    made = batches.make(two[0])
    molde = people.municipality()
    elsewhere = at_work(people.treasurer_in(molde), molde)
    officer = at_work(people.officer_in(nav), nav)
    citizen = Actor(two[0].person)
    ended = people.treasurer_in(nav)
    Mandate.objects.filter(person=ended, role="treasurer").update(ended=date(2026, 1, 1))
    for other in (officer, citizen, at_work(ended, nav), Actor.system(nav.pk, "Nav")):
        assert not registers.has_duty(other, "treasurer")
        for verb in (batches.make, batches.batches, batches.to_pay):
            with pytest.raises(NotAllowed):
                verb(other)
        for verb in (batches.approve, batches.drop, batches.file, batches.batch):
            with pytest.raises(NotAllowed):
                verb(other, made.id)
    for verb in (batches.approve, batches.drop, batches.file, batches.batch):
        with pytest.raises(NotFound):
            verb(elsewhere, made.id)
    with pytest.raises(Conflict):
        batches.make(elsewhere)  # no account of its own


def test_a_treasurer_without_a_desk_gets_in_nowhere(nav):
    person = people.person()
    Mandate.objects.create(person=person, organisation=nav, role="treasurer")
    assert registers.mandates(person.pk) == []


def test_a_batch_taken_apart_waits_for_the_next(nav, two):
    grant(people.person())
    batches.drop(two[0], batches.make(two[0]).id)
    assert Payout.objects.get().status == "waiting" and not Transfer.objects.exists()
    assert len(structure(sent(two)[1])) == 1
    with pytest.raises(Conflict):
        batches.make(two[0])


def test_whoever_has_no_account_waits_and_comes_with_a_later_file(nav, two):
    payee = people.person()
    contact = Contact.objects.filter(party=f"person:{payee.pk}")
    grant(payee)
    contact.update(account="")
    with pytest.raises(Conflict):
        batches.make(two[0])
    grant(payee, key="more")
    assert set(Payout.objects.values_list("status", flat=True)) == {"needs-account"}
    registers.set_contact(Actor(payee.pk), email="", mobile="", language="nb", reserved=False, account="00000000019")
    work()
    assert batches.make(two[0]).count == 2


def test_the_payee_sees_that_it_is_on_its_way(nav, two):
    payee = people.person()
    grant(payee)
    batches.make(two[0])
    assert payment.payouts(Actor(payee.pk))[0].status == "in-batch"


@pytest.mark.django_db(transaction=True)
def test_two_treasurers_at_once_make_one_batch_of_a_payout():
    nav = people.state("nav")
    own_account(nav)
    two = treasurers(nav)
    grant(people.person())
    start, made = threading.Barrier(2), []

    def one(actor):
        start.wait()
        try:
            made.append(batches.make(actor))
        except Conflict:
            made.append(None)
        connection.close()

    threads = [threading.Thread(target=one, args=(actor,)) for actor in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made.count(None) == 1 and Transfer.objects.count() == 1


def test_another_file_than_was_sent_is_not_given_out(nav, two):
    grant(people.person())
    sent(two)
    OwnAccount.objects.update(name="Another")
    with pytest.raises(Conflict):
        batches.file(two[0], Batch.objects.get().pk)
