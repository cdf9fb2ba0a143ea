"""Sickness benefit of an employee: the employer's days, weekdays only, and what is too little."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.kernel.actor import Party
from allting.sectors.welfare import sick_leave
from allting.sectors.welfare.services.sickness_benefit import decide

FELL_ILL = date(2026, 2, 2)  # a Monday; the employer pays to and with Tuesday 17 February


def test_the_employer_pays_sixteen_days_and_nav_weekdays_after_them():
    """520 000 / 260 is 2 000 kroner a day; 18 to 28 February has eight weekdays (§§ 8-10, 8-11, 8-19)."""
    found = decide(520_000, 100, FELL_ILL, FELL_ILL, date(2026, 2, 28))
    assert found.granted and found.pays[0].amount == 8 * 2_000_00 and found.steps[-1].value == "8"
    half = decide(520_000, 50, FELL_ILL, FELL_ILL, date(2026, 2, 28))
    assert half.pays[0].amount == 8 * 1_000_00


def test_later_days_of_the_same_leave_are_paid_whole():
    assert decide(520_000, 100, FELL_ILL, date(2026, 3, 2), date(2026, 3, 6)).pays[0].amount == 5 * 2_000_00


@pytest.mark.parametrize(
    ("income", "degree", "end"),
    [(520_000, 100, date(2026, 2, 17)), (60_000, 100, date(2026, 3, 1)), (520_000, 19, date(2026, 3, 1))],
    ids=["the employer's days", "below half a G", "below 20 per cent"],
)
def test_nothing_from_nav(income, degree, end):
    found = decide(income, degree, FELL_ILL, FELL_ILL, end)
    assert not found.granted and found.grounds and not found.pays


def test_income_counts_up_to_six_g():
    """G was 130 160 kroner from May 2025: six times it, by 260, is 3 004 kroner a day."""
    assert decide(2_000_000, 100, FELL_ILL, date(2026, 3, 2), date(2026, 3, 2)).pays[0].amount == 3_004_00


def test_two_hundred_and_forty_eight_days_in_three_years(db):
    """Folketrygdloven § 8-12: what is left of 248 days, and nothing when they are used."""
    week = (date(2026, 3, 2), date(2026, 3, 6))
    some = decide(520_000, 100, FELL_ILL, *week, had=245)
    assert some.pays[0].amount == 3 * 2_000_00 and some.more == {"start": week[0], "days": 3}
    none = decide(520_000, 100, FELL_ILL, *week, had=248)
    assert not none.granted and [one.value for one in none.steps][-2:] == ["248", "0"]


def told(person, case, outcome):
    return cases.Concluded(case, "2026/1", "sickness-benefit", Party("person", person), uuid4(), "Nav", 1, outcome)


def test_days_paid_for_here_are_known_until_she_was_fit_for_26_weeks(db):
    """A new decision replaces what a case gave, one that is set aside gives nothing, and old leave does not count."""
    person, old, case = uuid4(), uuid4(), uuid4()
    last_year = decide(520_000, 100, date(2025, 1, 1), date(2025, 3, 3), date(2025, 3, 7))
    sick_leave.decided(told=told(person, old, last_year))
    found = decide(520_000, 100, FELL_ILL, date(2026, 3, 2), date(2026, 3, 10))
    for _again in range(2):
        sick_leave.decided(told=told(person, case, found))
    had = sick_leave.had(person)
    assert (len(had["days"]), had["days"][0], had["last"]) == (7, "2026-03-02", "2026-03-10")
    assert sick_leave.had(uuid4()) == {"days": [], "last": None}
    sick_leave.set_aside(case=case)
    assert sick_leave.had(person)["last"] == "2025-03-07"


@pytest.mark.parametrize(("first_day", "had"), [("2026-04-01", "7"), ("2026-10-01", "0")])
def test_the_case_is_given_the_days_of_three_years_or_none_after_26_weeks(first_day, had):
    days = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09", "2026-03-10"]
    service = catalogue.service("sickness-benefit").service
    answers = {"first_day": first_day, "period": {"start": first_day, "end": "2026-10-30"}}
    known = {"before": {"days": ["2023-01-02", *days], "last": days[-1]}}
    scope = catalogue.scope(service, answers, known, date(2026, 11, 1))
    assert str(service.decide.given["had"](scope)) == had
