"""Benefits whose rule an officer confirms: what it proposes, what she sets otherwise, and what then runs."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, pdf, send, work
from allting.common.catalogue import api as catalogue
from allting.common.payment import api as payment
from allting.common.payment.models import Payout
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Invalid
from allting.sectors.welfare import awards, periods
from allting.sectors.welfare.models import Award
from allting.sectors.welfare.services import (
    housing_benefit,
    parental_benefit,
    social_assistance,
    work_assessment_allowance,
)

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


# --- Social assistance (sosialtjenesteloven § 18) -----------------------------------------------------------------


def assistance(**more):
    given = {
        "household": "single", "children_0_5": 0, "children_6_10": 0, "children_11_17": 0, "needs_living": True,
        "rent": 0, "other": 0, "income": 0, "savings": 0, "start": MARCH[0], "end": MARCH[1],
    }  # fmt: skip
    return social_assistance.decide(**(given | more))


def test_the_guiding_rate_and_the_rent_less_what_she_has_are_proposed():
    """2024: 13 100 for a couple and 3 850 for a child of three, by the circular; with 9 000 of rent, less 12 000."""
    days = {"start": date(2024, 5, 1), "end": date(2024, 5, 31)}
    found = assistance(household="couple", children_0_5=1, rent=9000, income=12_000, **days)
    assert found.granted and [(one.amount, one.every) for one in found.pays] == [(13_950_00, "once")]
    assert {one.law for one in found.steps} == {"sosialtjenesteloven § 18"}


def test_a_rate_that_is_not_known_is_not_guessed():
    unknown = assistance()
    assert not unknown.granted and "veiledende sats" in unknown.grounds[0].in_("nb")
    assert assistance(living=8000).pays[0].amount == 8000_00
    assert assistance(needs_living=False, rent=9000).pays[0].amount == 9000_00


def test_the_municipality_sets_another_amount():
    found = assistance(living=8000, income=8000, amount=1500)
    assert found.pays[0].amount == 1500_00 and "konkret vurdering" in found.steps[-1].text.in_("nb")
    assert not assistance(living=8000, income=8000).granted


def test_several_months_give_the_first_at_once_and_savings_are_spread():
    found = assistance(living=8000, savings=3000, end=date(2026, 5, 31))
    assert [(one.amount, one.every, one.start) for one in found.pays] == [
        (7000_00, "once", None), (7000_00, "month", date(2026, 4, 1))
    ]  # fmt: skip


# --- Housing benefit (bustøttelova § 8) ---------------------------------------------------------------------------


def test_housing_benefit_is_the_share_above_what_husbanken_has_counted():
    """(9 000 - 5 000) by 73.7 per cent is 2 948 kroner."""
    found = housing_benefit.decide(9000, True, 5000, date(2026, 3, 25))
    assert [(one.amount, one.start, one.end) for one in found.pays] == [(2948_00, date(2026, 3, 1), None)]
    late = housing_benefit.decide(9000, True, 5000, date(2026, 3, 26))
    assert late.pays[0].start == date(2026, 4, 1)


@pytest.mark.parametrize(("fit", "share"), [(False, 5000), (True, None), (True, 9000)])
def test_no_housing_benefit(fit, share):
    assert not housing_benefit.decide(9000, fit, share, date(2026, 3, 25)).granted


# --- Parental benefit (folketrygdloven chapter 14) ----------------------------------------------------------------


def parental(**more):
    given = {
        "parent": "father", "coverage": "full", "one_birth": True, "day": date(2026, 3, 2), "six_months": True,
        "income": 520_000, "leave": "2026-03-02 – 2026-04-12, 100 %", "today": date(2026, 3, 2),
    }  # fmt: skip
    return parental_benefit.decide(**(given | more))


def test_each_month_has_its_own_weekdays():
    """520 000 / 260 is 2 000 kroner a day; 2 March to 12 April has 22 and 8 weekdays."""
    found = parental()
    assert [(one.amount, one.start, one.end) for one in found.pays] == [
        (22 * 2000_00, date(2026, 3, 1), date(2026, 3, 31)), (8 * 2000_00, date(2026, 4, 1), date(2026, 4, 30))
    ]  # fmt: skip


def test_eighty_per_cent_and_half_days():
    """1 600 kroner a day at 80 per cent; half of each day is half of it."""
    found = parental(coverage="longer", leave="2026-03-02 – 2026-03-06, 50 %")
    assert found.pays[0].amount == round(2.5 * 1600_00)


@pytest.mark.parametrize(
    ("parent", "coverage", "weeks", "granted"),
    [("father", "full", 31, True), ("father", "full", 32, False), ("mother", "full", 34, True),
     ("mother", "full", 35, False), ("father", "longer", 39, True), ("father", "longer", 40, False)],
)  # fmt: skip
def test_the_quota_what_is_shared_and_the_weeks_before_birth(parent, coverage, weeks, granted):
    """nav.no: 15 + 16 weeks for a father at 100 per cent, three more for a mother; 19 + 20 and a day at 80."""
    last = date(2026, 3, 2) + timedelta(weeks=weeks, days=-1)
    leave = f"2026-03-02 – {last}, 100 %"
    assert parental(parent=parent, coverage=coverage, leave=leave).granted is granted


def test_what_the_other_has_taken_is_gone_and_other_days_are_written():
    leave = f"2026-03-02 – {date(2026, 3, 2) + timedelta(weeks=16, days=-1)}, 100 %"
    assert parental(leave=leave, shared_taken=75).granted
    assert not parental(leave=leave, shared_taken=76).granted
    assert not parental(one_birth=False).granted
    assert parental(one_birth=False, most_days=30).granted and not parental(one_birth=False, most_days=29).granted


@pytest.mark.parametrize("more", [{"six_months": False}, {"income": 60_000}, {"leave": ""}])
def test_no_parental_benefit(more):
    assert not parental(**more).granted


@pytest.mark.parametrize("line", ["x", "2026-03-02", "2026-03-09 – 2026-03-02, 100", "2026-03-02 – 2026-03-09, 0"])
def test_a_period_that_cannot_be_read_is_said(line):
    with pytest.raises(ValueError):
        parental(leave=line)


# --- Work assessment allowance (folketrygdloven chapter 11) -------------------------------------------------------


def assessment(**more):
    given = {"income": 520_000, "income_three": 1_500_000, "children": 0, "half": True, "help": True, "weeks": 52}
    return work_assessment_allowance.decide(**(given | {"start": date(2026, 3, 2), "today": date(2026, 3, 2)} | more))


def test_the_better_of_the_year_and_the_mean_of_three_gives_the_day_rate():
    """66 per cent of 520 000, by 260, is 1 320 kroner; of 600 000 it is 1 523."""
    assert assessment().more["day_rate"] == 1320
    assert assessment(income_three=1_800_000).more["day_rate"] == 1523


def test_the_least_is_two_thirds_for_those_under_25():
    """2.041 times 130 160, by 260, is 1 022 kroner; two thirds of it 681 (§ 11-20)."""
    assert assessment(income=0, income_three=0).more["day_rate"] == 1022
    assert assessment(income=0, income_three=0, young=True).more["day_rate"] == 681


@pytest.mark.parametrize("more", [{"half": False}, {"help": False}, {"weeks": None}, {"weeks": 157}])
def test_no_assessment_allowance(more):
    assert not assessment(**more).granted


def test_two_weeks_of_assessment_allowance():
    """§ 11-23: half of 37.5 hours a week leaves half, more than 60 per cent nothing; illness costs nothing here."""
    first = date(2026, 3, 2)
    terms = periods.Terms(1320, 75, 2, first, assessment=True)

    def given(*days):
        card = [*days, *[periods.Day()] * (14 - len(days))]
        return periods.count(terms, [periods.Sent(first, card, first + timedelta(days=40))])[0].amount // 100

    assert given() == 13_200 == given(periods.Day(0, "sick"))
    assert given(periods.Day(0, "away")) == 9 * 1320
    assert given(*[periods.Day(15)] * 5) == 6600
    assert given(*[periods.Day(18)] * 5) == 5280 and given(*[periods.Day(19)] * 5) == 0


# --- From the application to the money ----------------------------------------------------------------------------

db = pytest.mark.django_db


@pytest.fixture
def bodies(db):
    people.municipality()
    people.state("nav-klageinstans")
    people.state("klagenemnda-for-husbanken")
    return {slug: people.state(slug) for slug in ("nav", "husbanken")}


def officer_of(authority):
    return Actor(people.officer_in(authority).pk, name="Omar").as_officer(authority.pk, authority.name)


def me(person):
    return Actor(person.pk, Level.HIGH, name=person.name)


def revision(case):
    return Case.objects.get(pk=case).revision


def test_housing_benefit_waits_for_the_own_share_and_then_runs(bodies):
    person = people.person()
    case = send(client_of(person), "housing-benefit", {
        "home": {"address": ["Storgata 1", "6413", "Molde"], "kind": "rent", "fit": "yes",
                 "cost": "9 000", "papers": pdf()},
        "household": {"student": "no", "bank": "00000000019", "consent": "yes"},
    })  # fmt: skip
    officer = officer_of(bodies["husbanken"])
    seen = cases.for_officer(officer, case)
    assert seen.answer is not None and not seen.answer.granted
    with pytest.raises(Invalid) as refused:
        cases.decide(officer, case, revision(case), "granted", "")
    assert "Husbanken" in " ".join(map(str, refused.value.errors["facts"]))
    cases.decide(officer, case, revision(case), "granted", "", {"own_share": "5000"})
    work()
    (runs,) = payment.running(me(person))
    assert runs.amount == 2948_00 and runs.until is None
    page = client_of(person).get(f"/my/cases/{case}").content.decode()
    assert "2\u00a0948" in page


def parental_case(person):
    today = timezone.localdate()
    return send(client_of(person, level=Level.HIGH), "parental-benefit", {
        "child": {"event": "birth", "parent": "father", "born": "yes", "day": today.isoformat(), "number": "1"},
        "period": {"coverage": "full", "leave": ["2026-12-01", "2027-01-29", "100"]},
        "work": {"kind": ["employee"], "six_months": "yes", "income": "520 000", "bank": "00000000019"},
    })  # fmt: skip


def test_parental_benefit_is_one_payment_that_runs_with_its_own_amount_each_month(bodies):
    person = people.person()
    case, officer = parental_case(person), officer_of(bodies["nav"])
    seen = cases.for_officer(officer, case)
    assert [one.label.in_("nb") for one in seen.facts if one.name == "coverage"] == ["Hvor mye vil dere ha utbetalt?"]
    assert seen.answer.granted and len(seen.answer_pays) == 2
    cases.decide(officer, case, revision(case), "granted", "", {"leave": "2026-12-01 – 2027-01-29, 80 %"})
    work()
    (runs,) = payment.running(me(person))
    assert runs.amount == round(23 * 0.8 * 2000_00) and runs.until == date(2027, 1, 31)


def test_assessment_allowance_is_paid_by_cards(bodies):
    person = people.person()
    people.child_of(person)
    case = send(client_of(person, level=Level.HIGH), "work-assessment-allowance", {
        "health": {"what": "Ryggen.", "occupational": "no", "doctor": "Dr. Prøve", "plan": ["treatment"]},
        "work": {"employed": "no", "income": "520 000", "income_three": "1 500 000", "hours": "0", "student": "no",
                 "abroad": "no", "bank": "00000000019"},
    })  # fmt: skip
    officer = officer_of(bodies["nav"])
    began = periods.monday(timezone.localdate()) - timedelta(weeks=2)
    cases.decide(officer, case, revision(case), "granted", "", {"weeks": "52", "start": began.isoformat()})
    work()
    award = Award.objects.get()
    assert (award.service, award.day_rate) == ("work-assessment-allowance", 1320 + 38)
    browser = client_of(person)
    assert "Arbeidsavklaringspenger" in browser.get("/my/reporting-card").content.decode()
    assert "60 prosent" in browser.get(f"/my/reporting-card/{began}").content.decode()
    awards.send(me(person), began, [periods.Day()] * 14, goes_on=True)
    work()
    assert [one.amount for one in Payout.objects.all()] == [10 * 1358_00]


def test_what_the_rule_was_given_has_words_in_every_service():
    for one in catalogue.services():
        if one.service.by_rule:
            asked = set(one.service.decide.given) - {"today"}
            assert asked <= set(catalogue.called(one)), one.service.service


def test_the_officer_sees_what_the_rule_answers_and_words_for_what_it_was_given(bodies):
    case, nav = parental_case(people.person()), bodies["nav"]
    desk = client_of(people.officer_in(nav), as_officer_of=nav.pk)
    page = desk.get(f"/office/cases/{case}").content.decode()
    words = re.sub(r"<[^>]+>", " ", page)
    assert "Regelen innvilger" in words and "2\u00a0000" in words and "six_months" not in words
    wrong = desk.post(f"/office/cases/{case}/decide", {
        "revision": revision(case), "outcome": "granted", "grounds": "", "fact-leave": "fra mandag",
    })  # fmt: skip
    assert wrong.status_code == 422 and "fra mandag" in wrong.content.decode()
