"""The treasurer's desk in a real browser: what is due becomes a batch, another approves it, and a payment is placed."""

import os

import pytest
from playwright.sync_api import expect

from tests.walks.conftest import running_platform
from tests.walks.test_accessibility import findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
ACCOUNT = "00000001007"
MONEY = """
from datetime import date
from uuid import uuid4
from django.db import transaction
from allting.common.payment import api as payment
from allting.common.payment.bankfiles import batches, incoming
from allting.common.payment.ledger import Account
from allting.common.payment.tests import camt
from allting.common.registers.models import Mandate, Organisation, Person
from allting.kernel.actor import Party
from allting.kernel.text import Text
nav = Organisation.objects.get(slug="nav")
for number in {officers!r}:
    person = Person.objects.get(identity_number=number)
    for role in ("case-officer", "treasurer"):
        Mandate.objects.get_or_create(person=person, organisation=nav, role=role)
payee = Person.objects.get(identity_number={payee!r})
with transaction.atomic():
    for place in range(3):
        batches.queue(f"w{{uuid4()}}", nav.pk, Account.PAYABLE, uuid4(), 2012_00 + place, party=f"person:{{payee.pk}}",
                      text="Nav 2026/1", due=date(2026, 1, 1))
    bill = payment.bill(Party("person", payee.pk), creditor=nav.pk, creditor_name="Nav", case=uuid4(),
                        case_number="2026/1", amount=9000, text=Text.same("Gebyr"), key=str(uuid4()))
incoming.take(camt.notice({account!r}, camt.entry(camt.payment(kid="123")),
    camt.entry(camt.payment("9.00", currency="EUR"), amount="9.00", currency="EUR")))
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("bank")
    file = folder / "accounts.yaml"
    file.write_text(f'nav: {{account: "{ACCOUNT}", bic: DNBANOKK}}\n', "utf-8")
    with running_platform(folder, worker_id, BANK_ACCOUNTS_FILE=str(file)) as platform:
        yield platform


def picture(page, name, width):
    assert not findings(page), name
    if os.environ.get("PICTURES"):
        page.screenshot(path=f"{os.environ['PICTURES']}/money-{name}-{width}.png", full_page=True)


def desk(bank, browser, person, width):
    page = browser.new_context(locale="nb-NO", viewport={"width": width, "height": 900}).new_page()
    log_in(page, bank, person, "/act-as")
    page.get_by_label("Nav", exact=True).check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/office")
    page.goto(bank.url + "/office/payments")
    return page


@pytest.mark.parametrize("width", [1280, 320])
def test_a_batch_is_made_and_approved_and_a_payment_is_placed(bank, browser, width):
    makers = [bank.officer("nav"), bank.officer("skatteetaten")]
    numbers = [one["identity_number"] for one in makers]
    payee = bank.person("parent")["identity_number"]
    bank.allting("shell", "-c", MONEY.format(officers=numbers, payee=payee, account=ACCOUNT))
    one, other = (desk(bank, browser, maker, width) for maker in makers)
    picture(one, "desk", width)
    one.get_by_role("button", name="Lag en bunke").click()
    expect(one.get_by_role("status")).to_contain_text("godkjenne")
    one.locator("a[href*='/batches/']").first.click()
    picture(one, "own-batch", width)
    assert one.get_by_role("button", name="Godkjenn").count() == 0
    other.reload()
    other.locator("a[href*='/batches/']").first.click()
    picture(other, "batch", width)
    other.get_by_role("button", name="Godkjenn").click()
    expect(other.get_by_role("status")).to_contain_text("godkjent")
    picture(other, "approved", width)
    other.get_by_role("link", name="KID").first.click()
    picture(other, "entry", width)
    other.fill("#field-kid", "1234")
    other.get_by_role("button", name="Plasser").click()
    expect(other.locator("[data-error-summary]")).to_be_focused()
    picture(other, "wrong-kid", width)
    other.get_by_role("button", name="Send den tilbake").click()
    expect(other.get_by_role("status")).to_be_visible()
    for page in (one, other):
        page.context.close()
