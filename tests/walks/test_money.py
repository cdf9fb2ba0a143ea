"""The treasurer's day in a real browser: a batch by two, a file from the bank, a payment placed, parts agreed."""

import re

import pytest
from playwright.sync_api import expect

from tests.walks.conftest import new_page, running_platform
from tests.walks.test_accessibility import act_for, findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
MONEY = """
from datetime import date, timedelta
from uuid import uuid4
from django.db import transaction
from django.utils import timezone
from allting.common.catalogue import api as catalogue
from allting.common.cases.models import Case
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.payment.models import Bill
from allting.common.registers.models import Organisation, Person
from allting.kernel.actor import Party
from allting.kernel.rules import Pay
from allting.kernel.text import Text
nav = Organisation.objects.get(slug="nav")
payee = Party("person", Person.objects.get(identity_number={payee!r}).pk)
with transaction.atomic():
    for place in range(3):
        payment.pay(payee, debtor=nav.pk, debtor_name=nav.name, case=uuid4(), case_number="2026/1%d" % place,
                    pays=Pay(2012_00 + place, Text.same("Barnetrygd")), key=str(uuid4()))
    payment.pay(payee, debtor=nav.pk, debtor_name=nav.name, case=uuid4(), case_number="2026/9", key=str(uuid4()),
                pays=Pay(2012_00, Text.same("Barnetrygd"), "month", date(2026, 11, 1), date(2031, 1, 1)),
                law="barnetrygdloven § 2")
    case = Case.objects.create(
        number=str(uuid4())[:20], service="child-benefit", digest=catalogue.service("child-benefit").digest,
        party=str(payee), applicant=payee.id,
        authority=nav.pk, desk=nav.pk, state="closed", content=b"", submitted=timezone.now(), due=timezone.localdate())
    for kind, law in (("fee", ""), ("claim", "barnetrygdloven § 13")):
        bill = payment.bill(payee, creditor=nav.pk, creditor_name=nav.name, case=case.pk, case_number="2026/7",
                            amount=4024_00, text=Text.same("For mye barnetrygd"), key=str(uuid4()), kind=kind, law=law,
                            due=timezone.localdate() - timedelta(days=5), late_law="forsinkelsesrenteloven § 2")
while outbox.drain():
    pass
print(bill.id)
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory, worker_id):
    with running_platform(tmp_path_factory.mktemp("bank"), worker_id) as platform:
        yield platform


def desk(bank, browser, place, width):
    """A treasurer of Nav at her desk."""
    person = [one for one in bank.facts["officers"] if "treasurer" in one["roles"][0]][place]
    page = new_page(browser, width)
    log_in(page, bank, person, "/act-as")
    act_for(page, "Nav")
    if width < 800:
        page.get_by_role("button", name="Meny").click()
    page.get_by_role("link", name="Penger inn og ut").click()
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_a_treasurers_day(bank, browser, width):
    payee = bank.person("parent")
    claim = bank.allting("shell", "-c", MONEY.format(payee=payee["identity_number"])).split()[-1]
    one, other, payer = desk(bank, browser, 0, width), desk(bank, browser, 1, width), new_page(browser, width)
    assert not findings(one)
    one.get_by_role("button", name="Lag en bunke").click()
    expect(one.get_by_role("status")).to_contain_text("godkjenne")
    with one.expect_navigation():
        one.locator("a[href*='/batches/']").first.click()
    assert one.get_by_role("button", name="Godkjenn").count() == 0 and not findings(one)
    other.reload()
    with other.expect_navigation():
        other.locator("a[href*='/batches/']").first.click()
    assert not findings(other)
    other.get_by_role("button", name="Godkjenn").click()
    expect(other.get_by_role("status")).to_contain_text("godkjent")
    with other.expect_download() as fetched:
        other.get_by_role("button", name="Hent filen til banken").click()
    assert b"pain.001.001.09" in fetched.value.path().read_bytes()
    other.reload()
    assert not findings(other)
    other.goto(bank.url + "/office/payments/in")
    assert not findings(other)
    with other.expect_download() as fetched:
        other.get_by_role("link", name="demobanken").click()
    other.get_by_role("button", name="Les filen").click()
    expect(other.locator("[data-error-summary]")).to_be_focused()
    assert not findings(other)
    other.set_input_files("#field-file", fetched.value.path())
    other.get_by_role("button", name="Les filen").click()
    expect(other.get_by_role("status")).to_contain_text("Filen er lest")
    assert not findings(other)
    with other.expect_navigation():
        other.get_by_role("link", name=re.compile("Uten KID")).first.click()
    assert not findings(other)
    other.fill("#field-kid", "1234")
    other.get_by_role("button", name="Før den på regningen").click()
    expect(other.locator("[data-error-summary]")).to_be_focused()
    assert not findings(other)
    other.fill("#field-account", "00000000043")
    other.get_by_role("button", name="Send betalingen tilbake").click()
    expect(other.get_by_role("status")).to_contain_text("tilbake")
    assert claim
    for page in (one, other, payer):
        page.context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_a_bill_in_parts(bank, browser, width):
    payee = bank.person("parent")
    claim = bank.allting("shell", "-c", MONEY.format(payee=payee["identity_number"])).split()[-1]
    payer, treasurer = new_page(browser, width), desk(bank, browser, 0, width)
    log_in(payer, bank, payee)
    payer.goto(f"{bank.url}/my/payments/{claim}")
    payer.get_by_text("Er det for mye på én gang?").click()
    payer.get_by_role("button", name="Spør").click()
    expect(payer.locator("[data-error-summary]")).to_be_focused()
    assert not findings(payer)
    payer.get_by_label("Tre avdrag").check()
    with payer.expect_navigation():
        payer.get_by_role("button", name="Spør").click()
    assert not findings(payer)
    treasurer.goto(bank.url + "/office/payments/bills")
    assert not findings(treasurer)
    treasurer.goto(f"{bank.url}/office/payments/bills/{claim}")
    assert not findings(treasurer)
    treasurer.get_by_role("button", name="Godta").click()
    expect(treasurer.locator("[data-error-summary]")).to_be_focused()
    assert not findings(treasurer)
    treasurer.fill("#field-first", "2030-01-31")
    treasurer.get_by_role("button", name="Godta").click()
    expect(treasurer.get_by_role("status")).to_contain_text("avdrag")
    assert not findings(treasurer)
    payer.reload()
    assert not findings(payer)
    assert not findings(treasurer, bank.url + "/office/payments/ledger")
    take_it_from_later_payments(treasurer, payer, f"{bank.url}/office/payments/bills/{claim}")
    for page in (payer, treasurer):
        page.context.close()


def take_it_from_later_payments(treasurer, payer, page):
    treasurer.goto(page)
    treasurer.fill("#field-spare", "500")
    treasurer.fill("#field-monthly", "700")
    treasurer.get_by_role("button", name="Bestem det").click()
    expect(treasurer.locator("[data-error-summary]")).to_be_focused()
    assert not findings(treasurer)
    treasurer.fill("#field-monthly", "400")
    treasurer.fill("#field-because", "Det ble betalt for mye i vår.")
    treasurer.get_by_role("button", name="Bestem det").click()
    expect(treasurer.get_by_role("status")).to_contain_text("senere utbetalinger")
    payer.reload()
    assert not findings(payer)
    payer.locator("summary", has_text="Er du ikke enig?").click()
    payer.fill("#field-contest", "Vi har ikke råd til det.")
    payer.get_by_role("button", name="Send", exact=True).click()
    expect(payer.get_by_role("status")).to_contain_text("ikke er enig")
    assert not findings(payer)
    treasurer.reload()
    assert not findings(treasurer)
    treasurer.fill("#field-answer", "Da stopper vi det.")
    treasurer.get_by_role("button", name="Avslutt det").click()
    expect(treasurer.get_by_role("status")).to_contain_text("Svaret")
    payer.reload()
    expect(payer.get_by_text("Da stopper vi det.")).to_be_visible()
