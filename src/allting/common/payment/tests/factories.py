"""Bills and plans for tests, and a bank that says what the test wants."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import transaction
from django.test import Client

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment import payouts
from allting.common.payment.bankfiles import batches, incoming
from allting.common.payment.ledger import Account
from allting.common.payment.models import DemoAttempt, Entry
from allting.common.payment.tests import camt
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Actor, Party
from allting.kernel.numbers import make_bank_account
from allting.kernel.rules import Pay
from allting.kernel.text import Text

FEE = Text.same("Gebyr")
MONTHLY = Pay(2012_00, Text.same("Barnetrygd"), "month", date(2026, 11, 1), date(2027, 2, 28))


def actor(person):
    return Actor(person.pk)


def party(person):
    return Party("person", person.pk)


def send_bill(person, case=None, key="one", amount=90_00, creditor=None):
    with transaction.atomic():
        return payment.bill(
            party(person), creditor=creditor or uuid4(), creditor_name="Statens vegvesen", case=case or uuid4(),
            case_number="2026/1", amount=amount, text=FEE, key=key,
        )  # fmt: skip


def go_to_bank(person, bill, status="paid"):
    """Start to pay, and let the bank say ``status``; returns the attempt."""
    url = payment.start(actor(person), bill.id)
    token = url.rsplit("/", 1)[1]
    DemoAttempt.objects.filter(pk=token).update(status=status)
    return token


def pay(person, pays, key="plan", case=None):
    with transaction.atomic():
        payment.pay(
            party(person), debtor=people.state("nav").pk, debtor_name="Nav", case=case or uuid4(),
            case_number="2026/1", pays=pays, key=key,
        )  # fmt: skip


def work():
    while outbox.drain():
        pass


def quiet(monkeypatch):
    """The rooms above are not there."""
    monkeypatch.setattr(events, "_handlers", {"payment.paid": [], "payment.settling": []})


def let_it_be(monkeypatch, day):
    """Let the day be what the test says, and wake the plans."""
    monkeypatch.setattr(payouts.timezone, "localdate", lambda *args: day)
    Effect.objects.filter(kind="payment.plan", done=None).update(due="2020-01-01T00:00Z")


BANK = "DNBANOKK"


def bank_accounts(settings, folder, *slugs):
    """The authorities pay by files from now on; returns their accounts."""
    serials = range(100, 400)
    numbers = [one for serial in serials if (one := make_bank_account(serial))][: len(slugs)]
    lines = [f'{slug}: {{account: "{number}", bic: {BANK}}}\n' for slug, number in zip(slugs, numbers, strict=True)]
    file = folder / "bank-accounts.yaml"
    file.write_text("".join(lines), "utf-8")
    settings.BANK_ACCOUNTS_FILE = str(file)
    return numbers


def treasurer(organisation, name="Grete"):
    """An officer there who also has the duty."""
    row = people.officer_in(organisation, name)
    Mandate.objects.create(person=row, organisation=organisation, role="treasurer")
    return Actor(row.pk).as_officer(organisation.pk, organisation.name)


def belongings(owner, settings, folder):
    """A batch with her money in it, and a payment of hers that nobody knows the bill of (tests/test_access.py)."""
    nav = people.state("nav")
    account = bank_accounts(settings, folder, "nav")[0]
    maker = treasurer(nav)
    with transaction.atomic():
        batches.queue(
            "access", nav.pk, Account.PAYABLE, uuid4(), 100, party=f"person:{owner.pk}", text="Hemmelig",
            due=date(2026, 1, 1),
        )  # fmt: skip
    batch = batches.make(maker)
    incoming.take(camt.notice(account, camt.entry(camt.payment(name="Ragnhild Hemmelig"))))
    browser = Client()
    log_in_for_test(browser, maker.person, as_officer_of=nav.pk)
    return {"batch_id": [batch], "entry_id": [Entry.objects.get().pk], "clients": [browser]}
