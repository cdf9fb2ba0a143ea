"""Sickness benefit of an employee: the employer's days, weekdays only, and what is too little."""

from __future__ import annotations

from datetime import date

import pytest

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
