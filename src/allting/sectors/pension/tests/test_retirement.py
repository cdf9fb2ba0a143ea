"""Retirement pension applied for: what the rule answers, what an officer writes where it cannot, and what then runs."""

from __future__ import annotations

from datetime import date

import pytest

from allting.common.cases import api as cases
from allting.common.cases.tests.factories import client_of, work
from allting.common.payment import api as payment
from allting.common.registers.tests import factories as people
from allting.kernel.problems import Invalid
from allting.sectors.pension.services.retirement_pension import decide
from allting.sectors.pension.tests.factories import apply, earned, letter_to, me, officer_of, revision

TODAY, FIRST = date(2026, 10, 5), date(2026, 11, 1)


def asked(**more):
    given = {
        "born": date(1963, 10, 30), "start": FIRST, "degree": "50", "level": "high", "years_insured": 47,
        "today": TODAY, "balance": 6_000_000,
    }  # fmt: skip
    return decide(**(given | more))


def in_words(outcome):
    return " ".join(one.in_("en") for one in outcome.grounds)


# --- The rule -------------------------------------------------------------------------------------------------------


def test_half_the_balance_by_the_divisor_of_sixty_three_a_twelfth_each_month():
    """3 000 000 / 19.25 is 155 844 a year."""
    found = asked()
    assert found.granted
    assert [(one.amount, one.every, one.start, one.end) for one in found.pays] == [(12_987_00, "month", FIRST, None)]
    assert {"folketrygdloven § 20-13", "folketrygdloven §§ 20-12 og 20-14"} <= {one.law for one in found.steps}
    assert found.more == {
        "degree": 50, "left": 3_000_000, "income_pension": 155_844, "start": FIRST, "years_insured": 40,
    }  # fmt: skip


def test_at_sixty_seven_a_small_balance_is_topped_up_by_who_she_lives_with():
    """253 787 and 234 765 a year for forty years, in rates/retirement.yaml; a twelfth of each."""
    grown = {"born": date(1963, 10, 30), "start": date(2030, 11, 1), "degree": "100", "balance": 0}
    assert asked(**grown).pays[0].amount == 21_149_00
    assert asked(**grown, level="ordinary").pays[0].amount == 19_564_00
    assert asked(**grown, years_insured=20).pays[0].amount == 10_575_00  # 126 894 / 12 is 10 574.50


def test_before_sixty_seven_enough_must_be_earned_and_no_officer_can_say_otherwise():
    found = asked(balance=3_000_000, enough=True)
    assert not found.granted and "not earned enough" in in_words(found) and found.steps


@pytest.mark.parametrize(
    ("given", "words"),
    [({"born": date(1953, 12, 31)}, "before 1954"), ({"born": date(1964, 11, 1)}, "turn 62"),
     ({"years_insured": 4}, "five years"), ({"balance": None}, "missing")],
)  # fmt: skip
def test_refused(given, words):
    found = asked(**given)
    assert not found.granted and words in in_words(found)


def test_the_first_month_is_the_one_after_sixty_two():
    assert asked(start=date(2025, 11, 1), today=date(2025, 10, 5)).granted
    assert not asked(start=date(2025, 10, 1), today=date(2025, 9, 5)).granted


def test_between_two_birthdays_the_officer_writes_the_amount_and_sees_what_the_years_give():
    """3 000 000 / 19.25 and / 18.44."""
    later = {"start": date(2026, 12, 1)}
    found = asked(**later)
    assert not found.granted and "Write the pension a month" in in_words(found) and "nearest years" in in_words(found)
    assert [one.value for one in found.steps] == ["155\xa0844\xa0kr", "162\xa0690\xa0kr"]
    assert found.steps[0].text.in_("en") == "Retirement pension a year, 63"
    written = asked(**later, amount=13_035)
    assert written.granted and written.pays[0].amount == 13_035_00 and "nearest years" in in_words(written)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"born": date(1958, 10, 30)}, "between 1954 and 1962"), ({"born": date(1964, 9, 30)}, "divisors of the cohort"),
     ({"born": date(1963, 10, 30), "start": date(2031, 11, 1)}, "after 67")],
)  # fmt: skip
def test_where_no_divisor_is_published_the_letter_says_why(given, words):
    assert words in in_words(asked(**given, enough=True))
    found = asked(**given, enough=True, amount=18_000)
    assert found.granted and words in in_words(found) and found.pays[0].amount == 18_000_00
    assert [one.value for one in found.steps] == ["18\xa0000\xa0kr"]


def test_whether_enough_is_earned_is_said_by_the_officer_where_no_divisor_is_known():
    young = {"born": date(1964, 9, 30), "amount": 18_000}
    assert "Say whether" in in_words(asked(**young))
    assert "not earned enough" in in_words(asked(**young, enough=False))


def test_a_year_whose_figures_are_not_out_is_not_guessed():
    found = asked(start=date(2027, 11, 1), today=date(2027, 10, 5), enough=True)
    assert not found.granted and "not out yet" in in_words(found)


# --- Applied for, decided and paid ----------------------------------------------------------------------------------


@pytest.fixture
def nav(db):
    people.state("nav-klageinstans")
    return people.state("nav")


def test_the_balance_is_known_the_amount_is_written_and_it_runs_until_further_notice(nav):
    person = people.person(born=date(1960, 5, 5))
    earned(person)
    case, officer = apply(person), officer_of(nav)
    seen = cases.for_officer(officer, case)
    facts = {one.name: one.value for one in seen.facts}
    assert int(facts["balance"]) >= 4_000_000 and facts["degree"] == "50" and facts["level"] == "high"
    desk = client_of(people.officer_in(nav), as_officer_of=nav.pk)
    assert "Pensjon i måneden, der Nav har regnet den ut" in desk.get(f"/office/cases/{case}").content.decode()
    with pytest.raises(Invalid) as refused:
        cases.decide(officer, case, revision(case), "granted", "")
    assert "gamle reglene" in " ".join(map(str, refused.value.errors["facts"]))
    cases.decide(officer, case, revision(case), "granted", "", {"amount": "11500", "enough": "yes"})
    work()
    (runs,) = payment.running(me(person))
    assert (runs.amount, runs.until) == (11_500_00, None)
    assert "11\u00a0500" in client_of(person).get(f"/my/cases/{case}").content.decode()
    assert "gamle reglene" in letter_to(person) and "11\u00a0500" in letter_to(person)


def test_one_without_earnings_in_the_register_can_apply_too(nav):
    person = people.person(born=date(1960, 5, 5))
    case = apply(person)
    assert not cases.for_officer(officer_of(nav), case).answer.granted
    given = {"amount": "11500", "enough": "yes", "balance": "1000000"}
    cases.decide(officer_of(nav), case, revision(case), "granted", "", given)
    work()
    assert payment.running(me(person))
