"""Bills and plans for tests, and a bank that says what the test wants."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.test import Client

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox import api as outbox
from allting.common.outbox.models import Effect
from allting.common.payment import api as payment
from allting.common.payment import batches, incoming, late, payouts, settling
from allting.common.payment.ledger import Account
from allting.common.payment.models import Bill, Counter, DemoAttempt, OwnAccount, Receipt
from allting.common.payment.tests.camt_file import camt
from allting.common.payment.tests.camt_file import payment as money
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.rules import Pay
from allting.kernel.text import Text

FEE = Text.same("Gebyr")
MONTHLY = Pay(2012_00, Text.same("Barnetrygd"), "month", date(2026, 11, 1), date(2027, 2, 28))


def actor(person):
    return Actor(person.pk)


def party(person):
    return Party("person", person.pk)


def send_bill(person, case=None, key="one", amount=90_00):
    with transaction.atomic():
        return payment.bill(
            party(person), creditor=uuid4(), creditor_name="Statens vegvesen", case=case or uuid4(),
            case_number="2026/1", amount=amount, text=FEE, key=key,
        )  # fmt: skip


def go_to_bank(person, bill, status="paid"):
    """Start to pay, and let the bank say ``status``; returns the attempt."""
    url = payment.start(actor(person), bill.id)
    token = url.rsplit("/", 1)[1]
    DemoAttempt.objects.filter(pk=token).update(status=status)
    return token


def came(row, amount, day):
    """Money for a bill has come on the bank account; returns what was too much, and the bill as it is then."""
    with transaction.atomic():
        row = Bill.objects.select_for_update().get(pk=row.pk)
        over = settling.receive(row, amount, Account.BANK, f"in:{uuid4()}", day)
    return over, Bill.objects.get(pk=row.pk)


def look_for_late_bills():
    """What the worker does once a day, again today."""
    Counter.objects.filter(name="late").delete()
    late.every_day()
    work()


def pay(person, pays, key="plan", case=None):
    with transaction.atomic():
        payment.pay(
            party(person), debtor=people.state("nav").pk, debtor_name="Nav", case=case or uuid4(),
            case_number="2026/1", pays=pays, key=key,
        )  # fmt: skip


def own_account(authority, account="00000000027"):
    """The authority pays by file from now on."""
    return OwnAccount.objects.create(
        owner=authority.pk, name=authority.name, organisation_number=authority.organisation_number,
        account=account, bic="DNBANOKKXXX",
    )  # fmt: skip


def at_work(person, authority):
    return Actor(person.pk, Level.SUBSTANTIAL).as_officer(authority.pk, authority.name)


def treasurers(authority):
    """Two of them, at work."""
    return [at_work(people.treasurer_in(authority, name), authority) for name in ("Gro", "Finn")]


def browser(person, authority=None):
    """A browser where the person is logged in, at work in the authority when one is named."""
    client = Client()
    log_in_for_test(client, person.pk, **({"as_officer_of": authority.pk} if authority else {}))
    return client


def work():
    while outbox.drain():
        pass


def quiet(monkeypatch):
    """The rooms above are not there."""
    monkeypatch.setattr(events, "_handlers", defaultdict(list))


def let_it_be(monkeypatch, day):
    """Let the day be what the test says, and wake the plans."""
    monkeypatch.setattr(payouts.timezone, "localdate", lambda *args: day)
    Effect.objects.filter(kind="payment.plan", done=None).update(due="2020-01-01T00:00Z")


def belongings(owner, settings, folder):
    """What an authority that nobody who knocks works in has of the owner's: a batch, and a payment to place."""
    body = people.state("skatteetaten")
    own_account(body)
    first, second = treasurers(body)
    with transaction.atomic():
        payment.bill(
            party(owner), creditor=body.pk, creditor_name=body.name, case=uuid4(), case_number="2026/77",
            amount=77_00, text=Text.same("krykker-og-gips"), key="belongings",
        )  # fmt: skip
        payment.pay(
            party(owner), debtor=body.pk, debtor_name=body.name, case=uuid4(), case_number="2026/78",
            pays=Pay(78_00, FEE), key="belongings",
        )  # fmt: skip
    work()
    made = batches.make(first)
    batches.approve(second, made.id)
    incoming.read(first, camt(money(5_00, name="Ragnhild Hemmelig"), money(7_00, ref="R2")))
    receipts = list(Receipt.objects.filter(owner=body.pk).values_list("pk", flat=True))
    roads = people.state("statens-vegvesen")  # whose fee she is to pay in tests/test_access.py
    clients = [browser(people.Person.objects.get(pk=first.person), body), browser(people.treasurer_in(roads), roads)]
    return {"batch_id": [made.id], "receipt_id": receipts, "clients": clients}
