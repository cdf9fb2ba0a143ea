"""The pension balance: each year's income in its time, wages each 1 May, and what is not known is said."""

from datetime import date

from allting.kernel.rules import rule_of
from allting.sectors.pension.balance import Figure, counted
from allting.sectors.pension.rules.accrual import accrual

CAP_2024 = 867_798  # 7.1 times the year's average (tests/cases)


def income(year, amount):
    return Figure("income", year, amount, "Skatteetaten")


def test_an_income_counts_from_the_first_of_january_two_years_later():
    """Nav: income of 2022 is added from 1 January 2024."""
    figures = [income(2022, 500_000)]
    assert counted(figures, date(2023, 12, 31)).amount == 0
    assert counted(figures, date(2024, 1, 1)).amount == 90_500


def test_income_above_the_cap_of_its_own_year_gives_nothing():
    rule = rule_of(accrual)
    most = int(accrual(rule.at(date(2024, 12, 31)), CAP_2024))
    assert counted([income(2024, 2_000_000)], date(2026, 1, 1)).amount == most == 157_071


def test_the_first_of_may_raises_what_is_there_by_the_growth_of_wages():
    figures = [Figure("balance", 2025, 1_000_000, "Nav")]
    assert counted(figures, date(2025, 4, 30)).amount == 1_000_000
    assert counted(figures, date(2025, 5, 1)).amount == 1_049_440
    assert counted(figures, date(2026, 5, 1)).amount == 1_100_952  # 1 049 440 × 1.049085


def test_a_balance_holds_the_years_that_had_come_in_by_its_day():
    figures = [Figure("balance", 2025, 3_000_000, "Nav"), income(2023, 600_000), income(2024, 600_000)]
    found = counted(figures, date(2026, 1, 1))
    assert [one.year for one in found.years] == [2024]
    assert found.amount == 3_148_320 + 108_600 and found.opening.amount == 3_000_000


def test_a_year_whose_figures_are_not_known_is_left_out_and_said():
    found = counted([income(2005, 300_000), income(2022, 500_000)], date(2024, 1, 1))
    assert found.amount == 90_500 and found.left_out == (2005,)


def test_a_first_of_may_whose_wages_are_not_known_is_said():
    found = counted([Figure("balance", 2026, 1_000_000, "Nav")], date(2027, 5, 1))
    assert found.amount == 1_049_085 and found.unadjusted == (2027,)


def test_what_is_left_when_some_is_taken_goes_on_growing():
    figures = [Figure("balance", 2025, 1_000_000, "Nav")]
    taken = [(date(2025, 5, 1), 600_000), (date(2026, 6, 1), 900_000)]
    assert counted(figures, date(2025, 4, 30), taken).amount == 1_000_000
    assert counted(figures, date(2025, 5, 1), taken).amount == 600_000
    assert counted(figures, date(2026, 5, 1), taken).amount == 629_451  # × 1.049085
    assert counted(figures, date(2026, 6, 1), taken).amount == 900_000
