"""The treasurer's pages: only hers, one thing to do at a time, and told plainly when it cannot be done."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from allting.common.payment import api, incoming
from allting.common.payment import camt as reading
from allting.common.payment.models import BankFile, Batch, Bill, Posting, Receipt
from allting.common.payment.tests.camt_file import ACCOUNT, camt, payment
from allting.common.payment.tests.factories import FEE, browser, own_account, party, pay, quiet, work
from allting.common.registers.tests import factories as people
from allting.kernel.rules import Pay

pytestmark = pytest.mark.django_db
HOME = "/office/payments"


@pytest.fixture
def nav(monkeypatch):
    quiet(monkeypatch)
    found = people.state("nav")
    own_account(found, ACCOUNT)
    return found


@pytest.fixture
def desks(nav):
    """Two treasurers' browsers."""
    return [browser(people.treasurer_in(nav, name), nav) for name in ("Grete", "Rolf")]


def billed(nav, person=None, amount=90_00, **more):
    with transaction.atomic():
        return api.bill(
            party(person or people.person()), creditor=nav.pk, creditor_name="Nav", case=uuid4(),
            case_number="2026/1", amount=amount, text=FEE, key=str(uuid4()), **more,
        )  # fmt: skip


def text(response):
    return response.content.decode().replace("\xa0", " ")


def test_one_makes_a_batch_another_approves_it_and_its_file_is_fetched_twice_alike(nav, desks):
    one, other = desks
    pay(people.person(), Pay(500_00, FEE))
    work()
    assert "500 kr" in text(one.get(HOME))
    assert one.post(f"{HOME}/batches")["Location"] == f"{HOME}?done=made"
    refused = one.post(f"{HOME}/batches")
    assert refused.status_code == 409 and 'role="alert"' in text(refused)
    page = f"{HOME}/batches/{Batch.objects.get().pk}"
    assert 'value="approve"' not in text(one.get(page)) and "Grete" in text(other.get(page))
    assert one.post(page, {"do": "approve"}).status_code == 403
    assert one.post(f"{page}/file").status_code == 409, "not before it is approved"
    assert other.post(page, {"do": "approve"})["Location"] == f"{page}?done=approved"
    assert other.post(page, {"do": "drop"}).status_code == 409
    first, second = one.post(f"{page}/file"), other.post(f"{page}/file")
    assert first.content == second.content and first["Content-Disposition"].startswith("attachment")
    assert Posting.objects.filter(kind="payout-sent").count() == 1


def test_a_file_is_read_once_and_what_fits_no_bill_is_placed_or_goes_back(nav, desks):
    desk = desks[0]
    bill = billed(nav)
    data = camt(payment(90_00, ref="A"), payment(90_00, ref="B"), payment(40_00, ref="C", kid=bill.kid))
    said = text(send(desk, data))
    assert "220 kr" in said and 'role="status"' in said
    assert 'role="status"' in text(send(desk, data)) and BankFile.objects.count() == 1
    first, second = Receipt.objects.filter(status="unmatched").order_by("pk")
    page = f"{HOME}/in/{first.pk}"
    wrong = desk.post(page, {"do": "place", "kid": "1234"})
    assert wrong.status_code == 422 and 'value="1234"' in text(wrong)
    assert desk.post(page, {"do": "place", "kid": bill.kid})["Location"] == f"{HOME}/in?done=placed"
    assert Bill.objects.get().status == "paid"
    assert desk.post(page, {"do": "place", "kid": bill.kid}).status_code == 409
    other = f"{HOME}/in/{second.pk}"
    assert desk.post(other, {"do": "back", "account": "12"}).status_code == 422
    assert desk.post(other, {"do": "back", "account": "00000000035"}).status_code == 302
    assert Receipt.objects.get(pk=second.pk).status == "handled"


def send(desk, data):
    return desk.post(f"{HOME}/in", {"file": SimpleUploadedFile("camt.xml", data, content_type="text/xml")})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (camt(payment(1, currency="EUR")), "other currency"),
        (camt(payment(1), account="00000000019"), "another account"),
        (camt(payment(1)).replace(b"<Refs>", b"<Surprise/><Refs>"), "unknown"),
        (b"not xml", "not xml"),
        (b"", "empty"),
    ],
)
def test_a_bad_file_is_refused_beside_the_field_and_nothing_is_booked(nav, desks, data, code):
    answer = send(desks[0], data)
    assert answer.status_code == 422 and 'id="error-file"' in text(answer), code
    assert not Posting.objects.exists() and not BankFile.objects.exists()


def test_a_huge_file_is_refused_before_a_byte_of_it_is_read(nav, desks, settings, monkeypatch):
    class Untouched:
        def read(self, *args):
            raise AssertionError("it was read")

        readline = read

    environ = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = desks[0].generic("POST", f"{HOME}/in", b"", "multipart/form-data; boundary=x", **environ)
    assert answer.status_code == 413
    monkeypatch.setattr(reading, "LARGEST", 10)
    monkeypatch.setattr(incoming, "read", lambda *args: pytest.fail("its content was asked for"))
    assert send(desks[0], camt(payment(1))).status_code == 422


def test_parts_and_letting_off_keep_what_was_typed(nav, desks):
    desk = desks[0]
    payer = people.person()
    bill = billed(nav, payer)
    citizen = browser(payer)
    assert citizen.post(f"/my/payments/{bill.id}", {"do": "parts"}).status_code == 422
    assert citizen.post(f"/my/payments/{bill.id}", {"do": "parts", "count": "3"}).status_code == 302
    assert bill.kid in text(desk.get(f"{HOME}/bills"))
    page = f"{HOME}/bills/{bill.id}"
    assert desk.post(f"{HOME}/bills", {"kid": bill.kid})["Location"] == page
    assert desk.post(f"{HOME}/bills", {"kid": "77"}).status_code == 422
    wrong = desk.post(page, {"do": "agree", "count": "99", "first": "2000-01-01"})
    assert wrong.status_code == 422 and 'value="99"' in text(wrong) and 'value="2000-01-01"' in text(wrong)
    first = timezone.localdate() + timedelta(days=20)
    assert desk.post(page, {"do": "agree", "count": "3", "first": first.isoformat()}).status_code == 302
    assert Bill.objects.get().parts.count() == 3
    assert text(citizen.get(f"/my/payments/{bill.id}")).count("30 kr") >= 3
    unclear = desk.post(page, {"do": "credit", "amount": "tolv", "why": "Feil"})
    assert unclear.status_code == 422 and 'value="tolv"' in text(unclear) and "Feil" in text(unclear)
    assert desk.post(page, {"do": "credit", "amount": "10,50", "why": "Feil"}).status_code == 302
    assert Bill.objects.get().left == 79_50
    assert desk.post(page, {"do": "decline"}).status_code == 409


def test_overdue_bills_and_the_ledger_are_shown(nav, desks):
    late = billed(nav, due=timezone.localdate() - timedelta(days=3))
    billed(nav)
    page = text(desks[0].get(f"{HOME}/bills"))
    assert late.kid in page and page.count("KID 0") == 1
    ledger = text(desks[0].get(f"{HOME}/ledger"))
    assert "180 kr" in ledger and "−180 kr" in ledger


PAGES = ("", "/in", "/bills", "/ledger")


def test_an_officer_without_the_duty_sees_no_desk(nav, desks):
    clerk = browser(people.officer_in(nav), nav)
    for page in PAGES:
        assert clerk.get(HOME + page).status_code == 403
        assert desks[0].get(HOME + page).status_code == 200
    assert send(clerk, camt(payment(1))).status_code == 403
    assert HOME not in text(clerk.get("/office")) and HOME in text(desks[0].get("/office"))


def test_another_authoritys_treasurer_finds_nothing(nav, desks):
    molde = people.municipality()
    stranger = browser(people.treasurer_in(molde), molde)
    bill = billed(nav)
    incoming.take(camt(payment(1_00)))
    pay(people.person(), Pay(500_00, FEE))
    work()
    desks[0].post(f"{HOME}/batches")
    doors = (f"batches/{Batch.objects.get().pk}", f"in/{Receipt.objects.get().pk}", f"bills/{bill.id}")
    for door in doors:
        assert stranger.get(f"{HOME}/{door}").status_code == 404
        for do in ("approve", "drop", "place", "back", "agree", "credit"):
            answer = stranger.post(f"{HOME}/{door}", {"do": do, "kid": bill.kid, "account": "00000000035"})
            assert answer.status_code in (404, 422), (door, do)
    assert bill.kid not in text(stranger.get(f"{HOME}/bills"))


def test_without_an_account_it_is_said_and_nothing_is_made(monkeypatch):
    quiet(monkeypatch)
    nav = people.state("nav")
    desk = browser(people.treasurer_in(nav), nav)
    assert "ds-alert" in text(desk.get(HOME)) and "ds-alert" in text(desk.get(f"{HOME}/in"))
    assert desk.post(f"{HOME}/batches").status_code == 409
    assert not Batch.objects.exists()
