"""Money out by file: in one batch once, approved by another than its maker, whole or not at all."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from lxml import etree

from allting.common.payment import ledger, payouts
from allting.common.payment.bankfiles import accounts, batches
from allting.common.payment.bankfiles.pain001 import SPACE, Line, Payer, write
from allting.common.payment.ledger import Account
from allting.common.payment.models import Batch, DemoTransfer, Payout, Posting, Transfer
from allting.common.payment.tests.factories import MONTHLY, bank_accounts, let_it_be, pay, treasurer, work
from allting.common.registers import api as registers
from allting.common.registers.models import Contact, Mandate
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Party
from allting.kernel.numbers import BadNumber, kid
from allting.kernel.problems import Conflict, NotAllowed, NotFound
from allting.kernel.rules import Pay
from allting.kernel.text import Text

pytestmark = pytest.mark.django_db
N = {"p": SPACE}


@pytest.fixture
def nav(settings, tmp_path):
    found = people.state("nav")
    bank_accounts(settings, tmp_path, "nav")
    return found


@pytest.fixture
def desk(nav, monkeypatch):
    """Two treasurers, and three people who are to have 500, 501 and 502 kroner."""
    let_it_be(monkeypatch, date(2026, 11, 30))
    for place in range(3):
        pay(people.person(given_name=f"Ærlig {place}"), Pay((500 + place) * 100, Text.same("x")), key=f"k{place}")
    work()
    return treasurer(nav), treasurer(nav, "Rolf")


def approved(desk):
    maker, other = desk
    batch = batches.make(maker)
    batches.approve(other, batch, Batch.objects.get(pk=batch).digest)
    return batch


def export(path, **options):
    call_command("payments", "export", str(path), authority="nav", **options)
    return etree.parse(path)


def texts(tree, path):
    return [one.text for one in tree.iterfind(path, N)]


def hold_against_the_standard(tree):
    """What the XSD says of the elements we write, and what it cannot say: counts, sums and accounts."""
    order = {
        "CstmrCdtTrfInitn": ["GrpHdr", "PmtInf"],
        "GrpHdr": ["MsgId", "CreDtTm", "NbOfTxs", "CtrlSum", "InitgPty"],
        "PmtInf": ["PmtInfId", "PmtMtd", "BtchBookg", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdExctnDt", "Dbtr",
                   "DbtrAcct", "DbtrAgt"],
        "CdtTrfTxInf": ["PmtId", "Amt", "Cdtr", "CdtrAcct", "RmtInf"],
    }  # fmt: skip
    for name, children in order.items():
        found = list(tree.iter(f"{{{SPACE}}}{name}"))
        assert found
        for one in found:
            tags = [etree.QName(child).localname for child in one]
            assert [tag for tag in tags if tag != "CdtTrfTxInf"] == children
    amounts = [Decimal(one) for one in texts(tree, ".//p:InstdAmt")]
    assert {Decimal(one) for one in texts(tree, ".//p:CtrlSum")} == {sum(amounts)}
    assert {int(one) for one in texts(tree, ".//p:NbOfTxs")} == {len(amounts)}
    assert {one.get("Ccy") for one in tree.iterfind(".//p:InstdAmt", N)} == {"NOK"}
    assert len(set(texts(tree, ".//p:EndToEndId"))) == len(amounts)
    assert all(len(one) <= 35 for tag in ("MsgId", "PmtInfId", "EndToEndId") for one in texts(tree, f".//p:{tag}"))
    assert set(texts(tree, ".//p:SchmeNm/p:Cd")) == {"CUST", "BBAN"}


def an_order(**more):
    line = {"end_to_end": uuid4(), "name": "Kåre Æ. Ødegård & sønn <x>", "account": "00000000019", "amount": 12_05,
            "text": "Nav 2026/1\n* 50 %", "kid": ""} | more  # fmt: skip
    made = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    payer = Payer("Arbeids- og velferdsetaten", "310000012", "00000000108", "DNBANOKK")
    return etree.ElementTree(etree.fromstring(write(uuid4(), made, date(2026, 11, 30), payer, [Line(**line)])))


# --- The file ------------------------------------------------------------------------------------------


def test_the_file_has_the_order_the_sums_and_the_references_of_the_standard():
    tree = an_order()
    hold_against_the_standard(tree)
    assert texts(tree, ".//p:InstdAmt") == ["12.05"]
    assert texts(tree, ".//p:Cdtr/p:Nm") == ["Kåre Æ. Ødegård sønn x"]
    assert texts(tree, ".//p:Ustrd") == ["Nav 2026/1 50"]


@pytest.mark.parametrize("modulus", [10, 11])
def test_a_payment_with_a_kid_carries_it_and_no_text(modulus):
    number = kid("00000004", modulus)
    tree = an_order(kid=number)
    assert texts(tree, ".//p:CdtrRefInf/p:Ref") == [number] and texts(tree, ".//p:Ustrd") == []
    assert texts(tree, ".//p:CdtrRefInf//p:Cd") == ["SCOR"]


@pytest.mark.parametrize("wrong", [{"account": "00000000018"}, {"account": "NO9300000000019"}, {"kid": "123"},
                                   {"amount": 0}, {"amount": -5}])  # fmt: skip
def test_what_no_bank_would_take_is_not_written(wrong):
    with pytest.raises((BadNumber, ValueError)):
        an_order(**wrong)


if os.environ.get("PAYMENT_SCHEMAS"):  # they may not be committed; docs/howto/payment.md says how to get them

    def test_the_official_schema_takes_the_file(desk, tmp_path):
        schema = etree.XMLSchema(file=str(Path(os.environ["PAYMENT_SCHEMAS"]) / "pain.001.001.09.xsd"))
        approved(desk)
        for tree in (an_order(), an_order(kid=kid("00000004")), export(tmp_path / "out.xml")):
            schema.assertValid(tree)


# --- Batches -------------------------------------------------------------------------------------------


def test_what_is_due_goes_in_one_batch_once_and_is_posted_when_it_is_written(desk, nav, tmp_path):
    assert {one.status for one in Payout.objects.all()} == {"with-bank"} and not DemoTransfer.objects.exists()
    batch = approved(desk)
    with pytest.raises(Conflict):
        batches.make(desk[0])
    assert not Posting.objects.filter(kind="sent").exists()
    tree = export(tmp_path / "out.xml")
    hold_against_the_standard(tree)
    assert texts(tree, ".//p:InstdAmt") == ["500.00", "501.00", "502.00"]
    assert (tmp_path / "out.xml").stat().st_mode & 0o077 == 0
    balances = {one.account: one.balance for one in ledger.trial_balance(nav.pk) if one.balance}
    assert balances == {Account.GRANTS: 1503_00, Account.SENT: -1503_00}
    assert Batch.objects.get(pk=batch).status == "exported"
    with pytest.raises(CommandError, match="no such batch"):
        export(tmp_path / "another.xml")


def test_written_again_it_is_the_same_file_and_is_posted_once(desk, tmp_path):
    batch = approved(desk)
    export(tmp_path / "one.xml")
    posted = Posting.objects.count()
    export(tmp_path / "two.xml", again=batch)
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()
    assert Posting.objects.count() == posted
    with pytest.raises(CommandError, match="a file there"):
        export(tmp_path / "two.xml", again=batch)


def test_a_crash_between_file_and_posting_leaves_nothing_half(desk, tmp_path, monkeypatch):
    folder = tmp_path / "bank"
    folder.mkdir()
    batch = approved(desk)
    before = Posting.objects.count()
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(batches, "book", lambda *args: (_ for _ in ()).throw(RuntimeError("power cut")))
        batches.export(Batch.objects.get().owner, folder / "out.xml")
    assert list(folder.iterdir()) == [] and Batch.objects.get().status == "approved"
    assert Posting.objects.count() == before and set(Transfer.objects.values_list("status", flat=True)) == {"waiting"}
    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(Path, "replace", lambda *args: (_ for _ in ()).throw(OSError("disk gone")))
        batches.export(Batch.objects.get().owner, folder / "out.xml")
    assert list(folder.iterdir()) == [] and Batch.objects.get().status == "exported"
    posted = Posting.objects.count()
    export(folder / "out.xml", again=batch)
    assert Posting.objects.count() == posted == before + 3


def test_what_was_changed_past_the_program_after_the_approval_is_not_written(desk, tmp_path):
    approved(desk)
    Transfer.objects.filter(amount=500_00).update(account="00000000108")
    with pytest.raises(CommandError, match="not what was approved"):
        export(tmp_path / "out.xml")
    assert not (tmp_path / "out.xml").exists() and Batch.objects.get().status == "approved"


# --- Four eyes -----------------------------------------------------------------------------------------


def test_who_made_it_may_not_approve_it_and_unapproved_it_is_not_written(desk, tmp_path):
    batch = batches.make(desk[0])
    digest = Batch.objects.get().digest
    with pytest.raises(CommandError):
        export(tmp_path / "out.xml")
    with pytest.raises(NotAllowed):
        batches.approve(desk[0], batch, digest)
    with pytest.raises(Conflict):
        batches.approve(desk[1], batch, "another's")
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(approver=desk[0].person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.update(status="approved")
    assert Batch.objects.get().status == "made"


def test_only_the_treasurers_of_the_authority_come_near_it(desk, nav):
    batch = batches.make(desk[0])
    clerk = people.officer_in(nav, "Nils")
    away = treasurer(people.municipality())
    ended = treasurer(nav, "Sluttet")
    Mandate.objects.filter(person=ended.person, role="treasurer").update(ended=date(2020, 1, 1))
    only_duty = Actor(desk[1].person)  # at home
    for actor in (Actor(clerk.pk).as_officer(nav.pk, nav.name), ended, only_duty, Actor.system(nav.pk)):
        for act in (batches.make, batches.due, batches.sheets, lambda one: batches.drop(one, batch)):
            with pytest.raises(NotAllowed):
                act(actor)
    for act in (lambda: batches.drop(away, batch), lambda: batches.approve(away, batch, "x")):
        with pytest.raises(NotFound):
            act()
    assert batches.sheets(away) == []


def test_the_duty_alone_lets_nobody_in_as_an_officer(nav):
    person = people.person()
    Mandate.objects.create(person=person, organisation=nav, role="treasurer")
    assert registers.may_act(person.pk, Party("organisation", nav.pk)) is None
    assert registers.mandates(person.pk) == []


def test_a_batch_that_is_dropped_lets_its_payments_go_in_another(desk):
    batch = batches.make(desk[0])
    batches.drop(desk[1], batch)
    Contact.objects.update(account="00000000108")  # what they have chosen meanwhile
    second = batches.make(desk[0])
    assert Transfer.objects.filter(batch=second, account="00000000108").count() == 3
    with pytest.raises(Conflict):
        batches.drop(desk[0], batch)


# --- Who pays by file ----------------------------------------------------------------------------------


def test_an_authority_without_an_account_pays_by_the_provider_and_makes_no_batch(settings, monkeypatch):
    settings.BANK_ACCOUNTS_FILE = ""
    let_it_be(monkeypatch, date(2026, 11, 30))
    pay(people.person(), MONTHLY)
    work()
    assert DemoTransfer.objects.count() == 1 and not Transfer.objects.exists()
    with pytest.raises(Conflict):
        batches.make(treasurer(people.state("nav")))


def test_a_later_change_of_who_pays_pays_nothing_twice(desk, settings):
    settings.BANK_ACCOUNTS_FILE = ""
    for row in Payout.objects.all():
        payouts.pay_out({"payout": str(row.pk)}, "again")
    assert not DemoTransfer.objects.exists()


@pytest.mark.parametrize(("text", "says"), [
    ('nav: {account: "00000000018", bic: DNBANOKK}', "check digit"), ("nav: 1", "account and bic"),
    ('nav: {account: "00000000019", bic: dnb}', "bic"), ("[", "cannot be read"), ("- nav", "by its slug"),
    ('nobody: {account: "00000000019", bic: DNBANOKK}', "no such authority"),
])  # fmt: skip
def test_a_file_of_accounts_that_cannot_be_right_is_refused(nav, tmp_path, settings, text, says):
    Path(settings.BANK_ACCOUNTS_FILE).write_text(text, "utf-8")
    with pytest.raises(accounts.BadAccounts, match=says):
        accounts.all_own()
