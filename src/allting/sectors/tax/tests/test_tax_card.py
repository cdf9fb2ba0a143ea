"""Which card the expected incomes give: the table of whoever has such deductions, and a percentage of what is left."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allting.kernel import rules
from allting.kernel.rules import half_up, named, share
from allting.sectors.tax.services.tax_card import Expected, card, decide

rules.find("allting.sectors")
TABLE = named("tax.withholding")
JANUARY, NOVEMBER = date(2026, 1, 5), date(2026, 11, 25)
KARI = Expected(date(1990, 5, 17), "1506", JANUARY)
MONTHS_WITHHELD = 10.5  # of a year, for monthly pay


def got(**said):
    found = card(replace(KARI, **said))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("said", "table"),
    [
        ({}, 8000),
        ({"deductions": 25_000}, 8020),
        ({"deductions": 29_900}, 8020),
        ({"deductions": 30_000}, 8030),
        ({"other": 25_000}, 9030),
        ({"other": 20_000, "deductions": 20_000}, 8000),
        ({"other": 1_000}, 9010),
    ],
)
def test_the_number_of_the_table_is_the_deduction_in_thousands(said, table):
    """Skatteetaten/trekktabell: table 8000 and a deduction, 9000 and an addition; steps of ten thousand."""
    assert got(wages=600_000, **said).table == table


def test_in_the_north_the_table_has_the_special_allowance_and_the_lower_tax():
    """Skatteloven § 15-5: 45 000 kroner, 3.5 points lower common tax and two lower in the third bracket."""
    found = got(wages=600_000, municipality="5603")
    lower = got(wages=600_000).tax - found.tax
    assert found.table == 8000 + int(lower / 0.22) // 10_000 * 10 == 8090


def test_from_seventy_the_lower_contribution_is_in_the_table():
    """Folketrygdloven § 23-3: 5.1 % instead of 7.6 % of 600 000 is 15 000 less, which 68 182 of ordinary income is."""
    assert got(wages=600_000, born=date(1950, 1, 1)).table == 8060


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"pension": 300_000}, "pension"),
        ({"wages_so_far": 50_000}, "paid"),
        ({"other": 500_000}, "large"),
        ({"wants_percent": True}, "asked"),
        ({}, ""),
    ],
)
def test_who_gets_a_percentage(said, why):
    """Skatteetaten, Tabelltrekk og prosenttrekk for skattekort: pension, paid already, large amounts, or asked for."""
    found = got(wages=600_000, **said)
    assert (found.why, found.table is None) == (why, bool(why))


def test_a_percentage_evens_out_what_was_withheld_so_far():
    said = {"wages": 600_000, "today": NOVEMBER, "wages_so_far": 550_000}
    right = got(**said, withheld=140_000)
    assert right.percent == 17  # 4 182 kroner of the half month before Christmas
    assert got(**said, withheld=200_000).percent == 0
    assert got(**said, withheld=0).percent == 100


def test_the_holiday_is_free_only_when_it_is_to_come():
    spring = got(wages=600_000, wants_percent=True)
    assert spring.percent == 28  # 144 182 of ten and a half of twelve months' 600 000
    autumn = got(wages=250_000, wants_percent=True, today=date(2026, 8, 3))
    assert autumn.percent == -(-autumn.tax * 100 // half_up(250_000 * 4.5 / 5))


def test_nothing_left_to_withhold_from_is_a_refusal_with_grounds():
    assert card(replace(KARI, wages=600_000, wages_so_far=600_000, today=NOVEMBER)) is None
    given = dict.fromkeys(("pension", "other", "deductions", "withheld"), 0)
    outcome = decide(
        born=KARI.born, municipality=None, today=NOVEMBER, wages=60_000_000, wages_so_far=60_000_000,
        pension_months=None, pension_degree=None, pension_so_far=None, percent=None, **given,
    )  # fmt: skip
    assert not outcome.granted and set(outcome.grounds[0].as_dict()) == {"nb", "nn", "en"}


def test_the_calculation_names_its_paragraphs_and_ends_with_the_card():
    steps = got(wages=600_000).steps
    assert [one.law for one in steps if "23-3" in one.law] and steps[-1].value == "8000"
    assert got(wages=600_000, wages_so_far=1).steps[-1].value.startswith("28")


WAGES = st.integers(300_000, 2_000_000)


@settings(deadline=None, max_examples=60)  # a busy machine is no fault of the law
@given(WAGES, st.integers(0, 150_000), st.integers(0, 60_000), st.sampled_from(["1506", "5603"]))
def test_a_table_withholds_about_the_tax_of_the_year_and_never_much_too_little(wages, deductions, other, place):
    """Equal pay each month: a step is 2 200 kroner of tax, and the tables' own minimum deduction withholds more."""
    found = got(wages=wages, deductions=deductions, other=other, municipality=place)
    law = TABLE.at(JANUARY)
    if found.table is None:
        return
    withheld = TABLE.function(law, found.table, 0, wages / 12.12) * MONTHS_WITHHELD
    assert -400 <= withheld - found.tax <= 2_200 + 2_600 + 1_500


@settings(deadline=None, max_examples=60)
@given(WAGES, st.integers(0, 11), st.integers(0, 45), st.integers(0, 100_000))
def test_a_percentage_collects_the_rest_of_the_tax_and_at_most_one_per_cent_more(wages, months, percent, deductions):
    so_far = wages * months // 12
    said = {"wages": wages, "wages_so_far": so_far, "withheld": so_far * percent // 100, "deductions": deductions}
    found = got(**said, today=date(2026, max(1, months), 20), wants_percent=True)
    left = 12 - max(months, 1) + (0 if months else 1)
    base = (wages - so_far) * (left - 0.5 - (1 if left >= 7 else 0)) / left
    owes = found.tax - said["withheld"]
    collected = share(base, found.percent)
    if 0 < found.percent < 100:
        assert -1 <= collected - owes <= base / 100 + 1


@settings(deadline=None, max_examples=60)
@given(WAGES, st.integers(0, 300_000), st.integers(0, 50_000))
def test_more_deductions_never_give_a_table_that_takes_more(wages, deductions, more):
    first, second = got(wages=wages, deductions=deductions), got(wages=wages, deductions=deductions + more)
    assert second.table >= first.table and second.percent <= first.percent
