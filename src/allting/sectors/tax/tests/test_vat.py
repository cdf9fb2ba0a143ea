"""VAT returns: counted line by line, billed or paid back, with the deadlines of the regulation."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import begin, client_of, fill_in
from allting.common.payment.models import Bill, Plan
from allting.common.registers.tests import factories as make
from allting.sectors.tax.models import VatReturn
from allting.sectors.tax.services.vat_return import (
    counted,
    deadline,
    decide,
    due_after_change,
    last_change,
    last_day,
)
from allting.sectors.tax.tests import factories_cards as tax
from allting.sectors.tax.tests.factories_vat import NONE, chief_of, handed_in, pages

NOTHING = dict.fromkeys(("sales_standard", "sales_food", "sales_low", "sales_fish"), 0)


@pytest.mark.parametrize(
    ("term", "ends", "due"),
    [
        (1, date(2026, 2, 28), date(2026, 4, 10)),
        (2, date(2026, 4, 30), date(2026, 6, 10)),
        (3, date(2026, 6, 30), date(2026, 8, 31)),
        (4, date(2026, 8, 31), date(2026, 10, 12)),  # the 10th is a Saturday
        (5, date(2026, 10, 31), date(2026, 12, 10)),
        (6, date(2026, 12, 31), date(2027, 2, 10)),
    ],
)
def test_the_deadlines_of_the_year(term, ends, due):
    """Skatteforvaltningsforskriften § 8-3-10; the Tax Administration lists 10.4, 10.6, 31.8, 10.10, 10.12 and 10.2."""
    assert (last_day(2026, term), deadline(2026, term)) == (ends, due)


@pytest.mark.parametrize(("term", "last"), [(5, date(2029, 12, 10)), (3, date(2029, 8, 31)), (4, date(2029, 10, 12))])
def test_a_return_may_be_corrected_for_three_years_after_its_deadline(term, last):
    """Skatteforvaltningsloven § 9-4, second paragraph; the handbook: for VAT too it is counted from the deadline."""
    assert last_change(2026, term) == last
    corrects = {"year": 2026, "term": str(term), **NOTHING, "input_vat": 0, "before": 100_00}
    assert decide(last, **corrects).granted and not decide(last + timedelta(days=1), **corrects).granted


def test_what_a_correction_adds_is_due_after_three_weeks_and_not_before_the_others_pay():
    """Skattebetalingsloven § 10-53, first paragraph: also what is corrected under skatteforvaltningsloven § 9-4."""
    assert due_after_change(2026, 4, date(2026, 11, 2)) == date(2026, 11, 23)
    assert due_after_change(2026, 5, date(2026, 11, 2)) == date(2026, 12, 10)


def test_the_letter_of_a_correction_says_what_it_was_what_it_is_and_what_moves():
    more, less, same = (
        " ".join(
            one.as_dict()["nb"] for one in decide(date(2026, 11, 2), 2026, "4", 4_000_00, 0, 0, 0, 0, before).grounds
        )
        for before in (400_00, 1_500_00, 1_000_00)
    )
    assert "kom da til 400 kroner" in more and "1\u00a0000 kroner å betale" in more and "600 kroner. Du får en" in more
    assert "500 kroner i din favør" in less and "samme som før" in same


def test_a_return_before_the_term_is_over_is_refused():
    assert not decide(date(2026, 10, 31), 2026, "5", **NOTHING, input_vat=0).granted
    assert decide(date(2026, 11, 1), 2026, "5", **NOTHING, input_vat=0).granted


def test_a_late_return_is_taken_and_says_so():
    grounds = decide(date(2026, 12, 11), 2026, "5", **NOTHING, input_vat=0).grounds
    assert "etter fristen" in grounds[-1].as_dict()["nb"]
    assert len(decide(date(2026, 12, 10), 2026, "5", **NOTHING, input_vat=0).grounds) == 1


def test_the_rates_are_those_of_the_term():
    """Skatteetaten/mva-meldingen, sats.xml: 6 % from April 2020 to June 2021, then 12 %."""
    assert [counted(2021, term, {"sales_low": 10_000_00}).amount for term in (3, 4)] == [600, 1200]


AMOUNT = st.integers(0, 10**11)


@settings(deadline=None)  # a busy machine is no fault of the law
@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_it_is_the_sum_of_lines_rounded_down_less_what_is_deducted(one, two, three, four, deducted):
    lines = dict(zip(NOTHING, (one, two, three, four), strict=True)) | {"input_vat": deducted}
    found = counted(2026, 5, lines).amount
    whole = sum((ore // 100) * rate // 10_000 for ore, rate in ((one, 2500), (two, 1500), (three, 1200), (four, 1111)))
    assert found == whole - deducted // 100


# --- As an enterprise hands it in ------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return chief_of()


@pytest.fixture
def siri(firm):
    return firm[0]


def test_what_is_to_pay_becomes_a_bill_with_kid(siri, firm):
    """25 % of 100 000 less 8 000 is 17 000."""
    case = handed_in(siri)
    assert Case.objects.get(pk=case).outcome == "granted"
    bill = Bill.objects.get(case=case)
    assert (bill.payer, bill.amount, bool(bill.kid)) == (f"organisation:{firm[1].pk}", 17_000_00, True)
    assert VatReturn.objects.get().amount == 17_000
    token = siri.post(f"/my/payments/{bill.pk}")["Location"].rsplit("/", 1)[1]
    siri.post(f"/demo/pay/{token}", {"do": "pay"})
    assert siri.get(f"/payments/return/{token}")["Location"] == f"/my/cases/{case}"
    bill.refresh_from_db()
    assert bill.status == "paid"


def test_a_large_enterprise_is_billed_what_it_owes(siri, firm):
    """25 % of 400 million less 8 000: more than fits in 32 bits of øre."""
    case = handed_in(siri, 400_000_000)
    assert Bill.objects.get(case=case).amount == 99_992_000_00 and siri.get("/my/payments").status_code == 200


def test_what_is_to_get_back_is_paid_out_and_is_no_bill(siri, firm):
    case = handed_in(siri, 0)
    assert Plan.objects.get(case=case).amount == 8_000_00 and not Bill.objects.exists()


def test_a_term_that_is_not_over_is_told_beside_its_question(siri):
    given = {"year": "2100", "term": "1", "shown": "year term"}
    page = siri.post(f"/drafts/{begin(siri, 'vat-return')}/term", given).content.decode()
    assert "ikke over" in page and 'value="2100"' in page


def test_a_person_cannot_hand_it_in_for_herself():
    tax.authority()
    answer = client_of(make.person()).post("/services/vat-return/start", {"again": "1"})
    assert answer.status_code in (302, 403) and "/drafts/" not in answer.get("Location", "")


def test_another_enterprise_has_its_own_terms(siri):
    handed_in(siri)
    handed_in(chief_of("Nabokroa AS")[0])
    assert VatReturn.objects.count() == 2


# --- More lines ------------------------------------------------------------------------------------------


def test_what_is_bought_from_abroad_is_counted_and_deducted_line_by_line(siri):
    """Codes 81 and 87, a loss on claims and an export: 2 500 out and in, 2 500 out, 1 000 off."""
    rows = ["goods_standard", "10000", "yes", "services_standard", "10000", "no", "goods_zero", "5000", "yes"]
    case = handed_in(
        siri, 0, 0,
        sales=NONE | {"exempt": "yes"}, **{"exempt-sales": {"exempt_sales": ["export", "50000"]}},
        purchases={"input_vat": "0", "abroad": "yes", "adjusts": "yes"},
        abroad={"purchases_abroad": rows}, changes={"changes": ["loss", "1000"]},
    )  # fmt: skip
    assert (Case.objects.get(pk=case).outcome, Bill.objects.get(case=case).amount) == ("granted", 1_500_00)


def test_the_lines_are_not_asked_of_one_who_has_none(siri):
    draft = begin(siri, "vat-return")
    fill_in(siri, draft, pages())
    page = siri.get(f"/drafts/{draft}/review").content.decode()
    assert "Kjøp fra utlandet" not in page and "Tap og justering" not in page


def test_a_correction_is_filled_in_with_the_rows_of_last_time(siri):
    abroad = {"purchases_abroad": ["goods_food", "4321", "no"]}
    handed_in(siri, purchases={"input_vat": "0", "abroad": "yes", "adjusts": "no"}, abroad=abroad)
    draft = begin(siri, "vat-return")
    first = {name: one for name, one in pages(why="Feil sum.").items() if name in ("term", "correction", "sales")}
    fill_in(siri, draft, first | {"purchases": {"input_vat": "0", "abroad": "yes", "adjusts": "no"}})
    assert "4321" in re.sub(r"[\s\u00a0]", "", siri.get(f"/drafts/{draft}/abroad").content.decode())


def test_the_calculation_shows_the_lines_there_are():
    law = counted(2026, 5, {"sales_standard": 1_000_00, "let_off": 50_00})
    assert [one.value for one in law.steps] == ["250\u00a0kr", "250\u00a0kr", "\u221250\u00a0kr", "200\u00a0kr"]
    assert len(counted(2026, 5, {"sales_standard": 1_000_00}).steps) == 2


def test_a_return_sent_with_an_older_form_is_still_read():
    """The rule is given what that form asked for, and no more."""
    old = decide(date(2026, 11, 1), 2026, "5", **NOTHING, input_vat=0)
    assert old.granted and old.more["vat"] == 0
