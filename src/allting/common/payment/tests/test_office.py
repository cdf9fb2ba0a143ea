"""The treasurer's desk: only hers, one thing to do at a time, and told plainly when it cannot be done."""

from __future__ import annotations

import pytest

from allting.common.cases.tests.factories import client_of
from allting.common.payment.bankfiles import incoming
from allting.common.payment.models import Batch, Bill, Entry
from allting.common.payment.tests.camt import entry, notice
from allting.common.payment.tests.camt import payment as paid
from allting.common.payment.tests.factories import bank_accounts, pay, quiet, send_bill, treasurer, work
from allting.common.registers.tests import factories as people
from allting.kernel.rules import Pay
from allting.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def nav(settings, tmp_path, monkeypatch):
    quiet(monkeypatch)
    found = people.state("nav")
    (found.account,) = bank_accounts(settings, tmp_path, "nav")
    return found


def browser(actor, nav):
    return client_of(people.Person.objects.get(pk=actor.person), as_officer_of=nav.pk)


def test_one_makes_a_batch_and_another_approves_it(nav):
    one, other = (browser(treasurer(nav, name), nav) for name in ("Grete", "Rolf"))
    pay(people.person(), Pay(500_00, Text.same("x")))
    work()
    assert "500\xa0kr" in one.get("/office/payments").content.decode()
    assert one.post("/office/payments/batches")["Location"] == "/office/payments?done=made"
    refused = one.post("/office/payments/batches")
    assert refused.status_code == 409 and 'role="alert"' in refused.content.decode()
    batch = Batch.objects.get()
    page = f"/office/payments/batches/{batch.pk}"
    assert 'value="approve"' not in one.get(page).content.decode()
    form = {"do": "approve", "digest": batch.digest}
    assert one.post(page, form).status_code == 403
    assert other.post(page, form | {"digest": "x"}).status_code == 409
    assert 'value="approve"' in other.get(page).content.decode()
    assert other.post(page, form)["Location"] == "/office/payments?done=approved"
    assert other.post(page, {"do": "drop"})["Location"] == "/office/payments?done=dropped"


def test_a_payment_is_placed_or_goes_back_and_what_was_typed_is_kept(nav):
    desk = browser(treasurer(nav), nav)
    bill = send_bill(people.person(), creditor=nav.pk)
    incoming.take(notice(nav.account, entry(paid()), entry(paid())))
    first, second = Entry.objects.all()
    page = f"/office/payments/entries/{first.pk}"
    wrong = desk.post(page, {"kid": "1234"})
    assert wrong.status_code == 422 and 'value="1234"' in wrong.content.decode()
    assert desk.post(page, {"kid": bill.kid})["Location"] == "/office/payments?done=placed"
    assert Bill.objects.get().status == "paid" and desk.get(page).status_code == 404
    assert desk.post(f"/office/payments/entries/{second.pk}", {"do": "back"}).status_code == 302
    assert Entry.objects.get(pk=second.pk).status == "returned"


def test_an_officer_without_the_duty_is_told_so_and_is_not_shown_the_desk(nav):
    clerk = client_of(people.officer_in(nav), as_officer_of=nav.pk)
    assert clerk.get("/office/payments").status_code == 403
    assert "/office/payments" not in clerk.get("/office").content.decode()
    assert "/office/payments" in browser(treasurer(nav), nav).get("/office").content.decode()
