"""The letter about a bill that was not paid in time."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from allting.common.archive.models import Entry
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.mailbox import api as mailbox
from allting.common.payment.models import Bill
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Actor

pytestmark = pytest.mark.django_db


def on(monkeypatch, day):
    monkeypatch.setattr(timezone, "localdate", lambda *args: day)
    events.publish("tidy")
    work()


def test_it_comes_once_says_how_to_pay_and_stands_in_the_journal(monkeypatch):
    payer = people.person()
    people.state("statens-vegvesen")
    people.state("vegdirektoratet")
    on(monkeypatch, date(2026, 2, 16))
    lost = {"reason": "lost", "since": "2026-02-01", "declare": "yes"}
    send(client_of(payer), "driving-licence-replacement", {"lost": lost})
    bill, before = Bill.objects.get(), Entry.objects.count()
    late = date.fromordinal(bill.due.toordinal() + 14)
    on(monkeypatch, late)
    on(monkeypatch, late)
    letters = mailbox.inbox(Actor(payer.pk))
    assert [one.title.split(":")[0] for one in letters] == ["Påminnelse"]
    assert bill.kid in str(letters[0].content) and "forsinkelsesrente" not in str(letters[0].content)
    assert Entry.objects.count() == before + 1 and Case.objects.get().state == "paying"
    on(monkeypatch, date.fromordinal(late.toordinal() + 15))
    assert len(mailbox.inbox(Actor(payer.pk))) == 2
    assert Bill.objects.get().added == 0  # no law says that a fee for a licence costs more when it is late
