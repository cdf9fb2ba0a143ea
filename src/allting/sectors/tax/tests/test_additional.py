"""Additional advance tax: a bill one asks for, paid by 31 May it spares the interest, and what becomes of it else."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.cases.tests.factories import client_of, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill
from allting.common.payment.tests.factories import came, look_for_late_bills
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.encryption import unseal_json
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.sectors.tax import additional
from allting.sectors.tax import api as tax
from allting.sectors.tax.models import AdditionalTax, TaxReturn
from allting.sectors.tax.services.tax_return import interest_of
from allting.sectors.tax.tests.factories import YEAR, actor, offices, with_return
from allting.sectors.tax.tests.factories_returns import letter_to, paid_out, tax_of

pytestmark = pytest.mark.django_db
REAL = timezone.localdate
LAST = date(2026, 6, 1)  # 31 May 2026 is a Sunday
APRIL, LATE, AFTER = date(2026, 4, 10), date(2026, 6, 4), date(2026, 6, 8)
MISSING = 9000  # kroner
WAGES = 520_000
AT = f"/my/tax-return/{YEAR}"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Today is another day."""

    def at(day):
        monkeypatch.setattr(timezone, "localdate", lambda value=None, *zone: REAL(value, *zone) if value else day)
        return day

    at(APRIL)
    offices()
    return at


@pytest.fixture
def kari():
    """What is withheld of her wages is 9000 kroner too little."""
    return with_return({"wage": WAGES, "withheld": taxed() - MISSING})[0]


def taxed():
    return tax_of(WAGES, 0, 0) // 100


def run(*, over=False):
    """What the worker does; when the time is out, the bill that is not paid falls away."""
    later = timezone.now() + timedelta(days=99)
    Effect.objects.filter(kind="tax.silence", done=None).update(due=later)
    Effect.objects.filter(kind="tax.additional_over", done=None).update(due=timezone.now() if over else later)
    work()


def asks(person, kroner=MISSING):
    row = AdditionalTax.objects.filter(person=person.pk).first()
    return tax.pay_extra(actor(person), tax.view(actor(person), YEAR), kroner * 100, row.asked if row else 0)


def deliver(person):
    """The day of a case is that of the machine, so the day of the first settlement is told here."""
    TaxReturn.objects.filter(settled=None).update(settled=timezone.localdate())
    case = tax.deliver(actor(person), YEAR, TaxReturn.objects.get(person=person.pk).revision)
    run()
    return case


def pays(bill, day, kroner=None):
    came(Bill.objects.get(pk=bill.id), kroner * 100 if kroner else bill.amount, day)
    run()


def residual(person):
    """What the bills of the assessment ask for, in kroner."""
    rows = Bill.objects.filter(payer=f"person:{person.pk}", service="tax-return").exclude(status="cancelled")
    return sum(one.amount - one.credited for one in rows) / 100


def interest(kroner, since=date(2025, 7, 1), until=date(2026, 8, 20)):
    """78 per cent of the policy rate of 4 on 1 January 2026 (§§ 11-5 and 11-6)."""
    return int(kroner * 0.0312 * (until - since).days / 365 + 0.5)


def status(bill):
    return Bill.objects.get(pk=bill.id).status


# --- Before the settlement -----------------------------------------------------------------------------


def test_the_last_day_is_31_may_or_the_next_working_day():
    """Skatteetaten, Tilleggsforskudd: on a holiday, the first working day after; NRK: until 2 June in 2020."""
    assert [additional.last_day(year) for year in (2019, 2024, 2025)] == [date(2020, 6, 2), date(2025, 6, 2), LAST]


def test_paid_in_time_nothing_is_owed_and_there_is_no_interest(kari):
    bill = asks(kari)
    assert (bill.due, bill.amount, bill.kind) == (LAST, MISSING * 100, "tax") and bill.kid
    pays(bill, LAST)
    shown = tax.view(actor(kari), YEAR)
    assert (shown.net, shown.outcome.more["interest"], shown.outcome.more["extra"]) == (0, 0, MISSING * 100)
    deliver(kari)
    assert residual(kari) == 0 and paid_out(kari) == []
    assert "Tilleggsforskudd" in letter_to(kari) and "§ 4-7" in letter_to(kari)


def test_a_part_lowers_the_interest_to_that_of_the_rest(kari):
    pays(asks(kari, 5000), LAST)
    deliver(kari)
    assert residual(kari) == 4000 + interest(4000)


def test_what_is_not_paid_counts_for_nothing(kari, clock):
    asks(kari)
    deliver(kari)
    assert residual(kari) == MISSING + interest(MISSING)


def test_paid_late_it_lowers_the_bills_but_not_the_interest(kari, clock):
    """A collector in Sarpsborg Arbeiderblad: credited against the residual tax, whose interest is counted as usual."""
    bill = asks(kari, 5000)
    clock(LATE)
    pays(bill, LATE)
    assert tax.view(actor(kari), YEAR).outcome.more["interest"] == -interest(MISSING) * 100
    deliver(kari)
    assert residual(kari) == 4000 + interest(MISSING)


def test_all_of_it_paid_late_leaves_the_interest(kari, clock):
    bill = asks(kari)
    clock(LATE)
    pays(bill, LATE)
    deliver(kari)
    assert residual(kari) == interest(MISSING)


def test_too_much_comes_back_with_interest_from_31_may(kari, clock):
    """§ 11-5, second paragraph: of additional advance tax from 31 May until the settlement."""
    pays(asks(kari, 20_000), APRIL)
    day = clock(date(2026, 9, 1))
    deliver(kari)
    assert paid_out(kari) == [(11_000 + interest(11_000, date(2026, 5, 31), day)) * 100]
    assert residual(kari) == 0


def test_interest_of_a_refund_is_counted_apart_for_what_was_withheld_and_what_was_chosen():
    day = date(2026, 9, 1)
    both, told = interest_of(4000_00, 6000_00, 0, YEAR, day)
    assert both == (interest(4000, until=day) + interest(6000, date(2026, 5, 31), day)) * 100 and len(told) == 2
    before_may, _told = interest_of(0, 6000_00, 0, YEAR, APRIL)
    assert before_may == 0


# --- After the settlement ------------------------------------------------------------------------------


def test_settled_already_it_spares_the_interest_all_the_same(kari):
    deliver(kari)
    assert residual(kari) == MISSING + interest(MISSING)
    pays(asks(kari), LAST)
    assert residual(kari) == 0 and paid_out(kari) == []
    assert tax.view(actor(kari), YEAR).net == 0


def test_a_part_after_the_settlement_lowers_the_bills_with_its_interest(kari):
    deliver(kari)
    pays(asks(kari, 5000), LAST)
    assert residual(kari) == 4000 + interest(4000)
    deliver(kari)  # again, with nothing changed: nothing moves
    assert residual(kari) == 4000 + interest(4000) and paid_out(kari) == []


def test_paid_in_part_counts_when_the_time_is_out_and_the_rest_falls_away(kari, clock):
    deliver(kari)
    bill = asks(kari)
    pays(bill, LAST, 5000)
    assert residual(kari) == MISSING + interest(MISSING)
    clock(AFTER)
    run(over=True)
    row = Bill.objects.get(pk=bill.id)
    assert residual(kari) == 4000 + interest(4000) and (row.status, row.credited) == ("paid", 4000_00)


def test_settled_she_may_ask_for_no_more_than_is_left(kari):
    deliver(kari)
    with pytest.raises(Invalid) as refused:
        asks(kari, MISSING + 1)
    assert "9\u00a0000\u00a0kr" in str(refused.value.errors["amount"][0])
    first = Bill.objects.filter(service="tax-return").order_by("id").first()
    came(first, first.amount, APRIL)
    shown = tax.extra_of(actor(kari), tax.view(actor(kari), YEAR))
    left = round(residual(kari) * 100) - first.amount
    assert shown.most == shown.missing == left


def test_what_was_settled_before_this_was_kept_is_not_offered(kari):
    deliver(kari)
    TaxReturn.objects.update(tax=None)
    assert not tax.extra_of(actor(kari), tax.view(actor(kari), YEAR)).offered


def test_a_bill_that_waits_is_lowered_to_what_the_settlement_finds_missing(kari):
    bill = asks(kari, 20_000)
    deliver(kari)
    row = Bill.objects.get(pk=bill.id)
    assert (row.status, row.left) == ("due", MISSING * 100)


def test_a_bill_that_waits_falls_away_when_nothing_is_missing(clock):
    person, items = with_return({"wage": WAGES, "withheld": taxed() - MISSING, "interest_paid": 10_000})
    bill = asks(person, 2000)
    tax.change(actor(person), YEAR, items["interest_paid"], "59000", "Et lån til")
    deliver(person)
    assert status(bill) == "cancelled" and residual(person) == 0


# --- The bill ------------------------------------------------------------------------------------------


def test_not_paid_it_falls_away_and_she_is_told_once_and_never_reminded(kari, clock):
    bill = asks(kari)
    clock(AFTER)
    look_for_late_bills()
    run(over=True)
    run(over=True)
    assert status(bill) == "cancelled" and Bill.objects.get(pk=bill.id).reminders == 0
    row = StoredLetter.objects.get(recipient=f"person:{kari.pk}", service=additional.SERVICE)
    text = json.dumps(unseal_json(bytes(row.content), f"letter:{row.pk}"), ensure_ascii=False)
    assert "Du skylder ingenting av det" in text


def test_another_amount_takes_the_place_of_what_is_not_paid(kari):
    first, second = asks(kari), asks(kari, 4000)
    assert (status(first), status(second)) == ("cancelled", "due") and first.kid != second.kid
    pays(second, APRIL)
    third = asks(kari, 1000)
    assert (status(second), status(third)) == ("paid", "due")
    assert tax.view(actor(kari), YEAR).outcome.more["extra"] == 4000_00


def test_pressed_twice_one_bill_is_sent(kari):
    one = tax.pay_extra(actor(kari), tax.view(actor(kari), YEAR), 500_00, 0)
    assert tax.pay_extra(actor(kari), tax.view(actor(kari), YEAR), 500_00, 0).id == one.id
    assert Bill.objects.filter(service=additional.SERVICE).count() == 1


def test_after_the_last_day_it_is_not_offered(kari, clock):
    clock(LAST)
    assert tax.extra_of(actor(kari), tax.view(actor(kari), YEAR)).offered
    clock(LAST + timedelta(days=1))
    with pytest.raises(Conflict) as refused:
        asks(kari)
    assert refused.value.code == "past-may" and not Bill.objects.exists()


def test_who_gets_money_back_is_offered_nothing():
    person = with_return({"wage": WAGES, "withheld": taxed() + 500})[0]
    with pytest.raises(Conflict) as refused:
        asks(person)
    assert refused.value.code == "nothing-missing"
    assert "renten" not in client_of(person).get(AT).content.decode()


def test_it_is_ones_own_and_stands_in_the_log(kari):
    bill = asks(kari)
    other = people.person()
    with pytest.raises(NotFound):
        tax.pay_extra(actor(other), tax.view(actor(other), YEAR), 500_00, 0)
    assert client_of(other).get(f"/my/payments/{bill.id}").status_code == 404
    assert [one.dataset for one in audit.entries_about(Actor(kari.pk), datasets=["tax.additional"])]


# --- The page, and REST --------------------------------------------------------------------------------


def test_the_page_offers_what_is_missing_and_leads_to_the_bill(kari):
    browser = client_of(kari)
    page = browser.get(AT).content.decode()
    assert "Betal ekstra skatt nå og slipp renten" in page and 'value="9000"' in page and "1. juni 2026" in page
    answer = browser.post(f"{AT}/extra", {"amount": "4 000,50", "asked": "0"})
    bill = Bill.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/my/payments/{bill.pk}" and bill.amount == 4000_50
    paying = browser.get(answer["Location"]).content.decode()
    assert bill.kid in paying and "Tilleggsforskudd for 2025" in paying and "Betal restskatt" not in paying
    again = browser.get(AT).content.decode()
    assert f"/my/payments/{bill.pk}" in again and "4\u00a0000,50\u00a0kr" in again
    pays(bill, APRIL)
    assert "Du har betalt 4\u00a0000,50\u00a0kr i tilleggsforskudd" in browser.get(AT).content.decode()


@pytest.mark.parametrize("typed", ["", "mye", "-5", "0", "5.000", "99999999999999"])
def test_a_wrong_amount_is_said_and_kept(kari, typed):
    answer = client_of(kari).post(f"{AT}/extra", {"amount": typed, "asked": "0"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Skriv et beløp i kroner" in page and f'value="{typed}"' in page
    assert not Bill.objects.exists()


def test_too_late_is_said_on_the_page(kari, clock):
    clock(LATE)
    answer = client_of(kari).post(f"{AT}/extra", {"amount": "100", "asked": "0"})
    assert answer.status_code == 409 and "31. mai" in answer.content.decode()


def test_over_rest_it_is_read_and_asked_for(kari):
    browser, at = client_of(kari), f"/api/tax/returns/{YEAR}/extra"
    shown = browser.get(at).json()
    assert (shown["missing"], shown["until"], shown["most"], shown["bill"]) == (MISSING * 100, "2026-06-01", None, None)
    body = json.dumps({"amount": 300_00, "asked": shown["asked"]})
    first = browser.post(at, body, "application/json")
    again = browser.post(at, body, "application/json")
    bill = Bill.objects.get()
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert (first.json()["bill"], first.json()["kid"], first.json()["left"]) == (str(bill.pk), bill.kid, 300_00)
    wrong = browser.post(at, json.dumps({"amount": 0, "asked": 1}), "application/json")
    assert wrong.status_code == 422 and "amount" in wrong.json()["errors"]
