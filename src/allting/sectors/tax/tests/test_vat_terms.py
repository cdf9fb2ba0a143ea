"""Yearly VAT terms: applied for, decided by an officer, and what they change for the return."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import begin, client_of, send, work
from allting.common.payment.models import Bill
from allting.common.registers.tests import factories as people
from allting.kernel.problems import Invalid
from allting.sectors.tax import vat_terms
from allting.sectors.tax.models import VatReturn, VatTerms
from allting.sectors.tax.services.vat_return import WHOLE_YEAR, deadline, decide, last_change, last_day
from allting.sectors.tax.tests import factories_cards as tax
from allting.sectors.tax.tests.factories_vat import WHEN, YEAR, chief_of, handed_in

pytestmark = pytest.mark.django_db
WHOLE = {"term": {"year": str(YEAR), "term": "year"}}


@pytest.fixture
def firm():
    return chief_of()


@pytest.fixture
def siri(firm):
    return firm[0]


def yearly(firm, kind="yearly", year=YEAR):
    return VatTerms.objects.create(enterprise=firm[1].pk, from_year=year, kind=kind)


def told_at_term(siri, year, term):
    given = {"year": str(year), "term": term, "shown": "year term"}
    return siri.post(f"/drafts/{begin(siri, 'vat-return')}/term", given).content.decode()


@pytest.mark.parametrize(("primary", "due"), [(False, date(2027, 3, 10)), (True, date(2027, 4, 12))])
def test_the_deadline_of_a_year(primary, due):
    """Altinn: 10 March of the year after, in primary industries 10 April (in 2027 a Saturday)."""
    assert deadline(2026, WHOLE_YEAR, primary=primary) == due and last_day(2026, WHOLE_YEAR) == date(2026, 12, 31)
    assert last_change(2026, WHOLE_YEAR, primary=primary).year == 2030


def test_a_year_is_counted_as_a_term_and_not_before_it_is_over():
    lines = dict.fromkeys(("sales_standard", "sales_food", "sales_low", "sales_fish", "input_vat"), 0)
    assert not decide(date(2026, 12, 31), 2026, "year", **lines).granted
    assert decide(date(2027, 1, 1), 2026, "year", **lines | {"sales_low": 1_000_00}).more["vat"] == 120


def test_one_with_yearly_terms_hands_in_the_year_and_may_correct_it(siri, firm):
    yearly(firm)
    case = handed_in(siri, **WHOLE)
    bill = Bill.objects.get(case=case)
    assert (VatReturn.objects.get().term, bill.amount, bill.text["nb"]) == (0, 17_000_00, f"Merverdiavgift, {YEAR}")
    second = handed_in(siri, 120_000, why="En faktura var glemt.", **WHOLE)
    assert Bill.objects.get(case=second).amount == 5_000_00


def test_the_bill_of_a_primary_industry_has_its_own_day(siri, firm):
    yearly(firm, "primary")
    case = handed_in(siri, **WHOLE)
    due = max(deadline(YEAR, WHOLE_YEAR, primary=True), timezone.localdate())
    assert Bill.objects.get(case=case).due == due


def test_one_with_yearly_terms_cannot_hand_in_two_months_and_the_other_way_round(siri, firm):
    assert "Årstermin må du søke om" in told_at_term(siri, YEAR, "year")
    yearly(firm)
    assert "Velg hele året" in told_at_term(siri, YEAR, WHEN["term"])
    assert "Velg hele året" not in told_at_term(siri, YEAR - 1, WHEN["term"])  # it began the year after


def test_it_is_asked_for_and_an_officer_changes_it(siri, firm):
    year = timezone.localdate().year + 1
    terms = {"terms": {"kind": "yearly", "from_year": str(year)}}
    case = send(siri, "vat-terms", terms | {"conditions": {"turnover": "800 000", "registered": "yes"}})
    work()
    row = Case.objects.get(pk=case)
    assert row.state == "received" and not vat_terms.told(firm[1].pk)["yearly"]
    office = tax.authority()
    officer = client_of(people.officer_in(office, "Lars"), as_officer_of=office.pk)
    form = {"outcome": "granted", "grounds": "", "revision": row.revision}
    assert officer.post(f"/office/cases/{case}/decide", form).status_code == 302
    assert vat_terms.told(firm[1].pk)["yearly"] == [year]


def test_too_much_turnover_is_told_beside_its_question(siri):
    draft = begin(siri, "vat-terms")
    year = str(timezone.localdate().year + 1)
    siri.post(f"/drafts/{draft}/terms", {"kind": "yearly", "from_year": year, "shown": "kind from_year"})
    given = {"turnover": "1 000 001", "registered": "yes", "shown": "turnover registered"}
    page = siri.post(f"/drafts/{draft}/conditions", given).content.decode()
    assert "høyst 1 million" in page and "1 000 001" in page.replace("\u00a0", " ")


def test_terms_are_not_changed_under_returns_that_are_in(siri, firm):
    handed_in(siri)
    with pytest.raises(Invalid):
        vat_terms.change(None, tax.WHY, firm[1].pk, {"kind": "yearly", "from_year": YEAR})
    assert not vat_terms.told(firm[1].pk)["yearly"]


def test_the_terms_go_back(firm):
    yearly(firm, year=2023)
    yearly(firm, "two-monthly", 2025)
    found = vat_terms.told(firm[1].pk)
    assert found["yearly"] == [2023, 2024] and found["changes"][-1] == {"from": 2025, "kind": "two-monthly"}
