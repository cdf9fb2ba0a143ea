"""The yearly tax: more income is more tax, and never all of it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allting.kernel import rules
from allting.kernel.rules import Misread, NoRate, columns, explain, named, subset

rules.find("allting.sectors")
WAGES, PENSION = named("tax.wage_earner"), named("tax.pensioner")
YEARS = st.sampled_from([date(2024, 7, 1), date(2025, 7, 1), date(2026, 7, 1)])
KRONER = st.integers(0, 5_000_000)
# The highest share of one more krone: ordinary income, bracket tax, and a quarter while the contribution is phased in.
HIGHEST = 0.22 + 0.178 + 0.25
ROUNDING = 6  # each part is rounded by itself


def tax(rule, on, known=None, **given):
    return rule.function(rule.at(on, known), **rule.read(given, on, known))


def wage_tax(on, wages, **more):
    return tax(WAGES, on, **{"wages": wages, "other_income": 0, "deductions": 0, "age": 40, "zone": "ordinary"} | more)


def pension_tax(on, pension, **more):
    base = {"wages": 0, "other_income": 0, "deductions": 0, "months": 12, "degree": 100, "age": 68, "zone": "ordinary"}
    return tax(PENSION, on, **base | {"pension": pension} | more)


@settings(deadline=None)  # a busy machine is no fault of the law
@given(YEARS, KRONER, st.integers(0, 100_000), st.integers(17, 100))
def test_tax_never_falls_when_wages_rise_and_never_takes_it_all(on, wages, more, age):
    first, second = wage_tax(on, wages, age=age), wage_tax(on, wages + more, age=age)
    assert 0 <= second - first + ROUNDING <= HIGHEST * more + 2 * ROUNDING
    assert first <= wages


@settings(deadline=None)  # a busy machine is no fault of the law
@given(st.sampled_from([date(2025, 7, 1), date(2026, 7, 1)]), KRONER, st.integers(0, 100_000))
def test_tax_never_falls_when_pension_rises(on, pension, more):
    first, second = pension_tax(on, pension), pension_tax(on, pension + more)
    # While the deduction for pension income is reduced, its rate comes on top: 19.1 % at most.
    assert 0 <= second - first + ROUNDING <= (HIGHEST + 0.191) * more + 2 * ROUNDING


@settings(deadline=None)  # a busy machine is no fault of the law
@given(st.sampled_from([date(2025, 7, 1), date(2026, 7, 1)]), KRONER)
def test_the_north_never_pays_more(on, wages):
    assert wage_tax(on, wages, zone="finnmark") <= wage_tax(on, wages)


@settings(deadline=None)  # a busy machine is no fault of the law
@given(YEARS, KRONER, KRONER)
def test_deductions_never_raise_the_tax(on, wages, deductions):
    assert wage_tax(on, wages, deductions=deductions) <= wage_tax(on, wages)


def test_the_highest_marginal_rate_is_the_published_one():
    """Finansdepartementet, skattesatser 2026: maximal effective marginal rate on wages, 47.4 % in 2025."""
    on = date(2025, 7, 1)
    assert wage_tax(on, 2_100_000) - wage_tax(on, 2_000_000) == 47_400


def test_a_change_with_effect_backwards_can_be_counted_again():
    """The tax deduction for pension income of 2026 was changed in June, with effect from January."""
    on = date(2026, 3, 1)
    given = {"pension": 350_000, "wages": 0, "other_income": 0, "deductions": 0, "months": 12, "degree": 100, "age": 70}
    before, after = (
        tax(PENSION, on, known, zone="ordinary", **given) for known in (date(2026, 3, 1), date(2026, 7, 1))
    )
    assert (before, after) == (29_661, 27_456)


def test_what_was_not_found_is_refused_and_said():
    with pytest.raises(Misread, match="finnmark"):
        wage_tax(date(2024, 7, 1), 500_000, zone="finnmark")
    with pytest.raises(NoRate, match="pension_credit"):
        PENSION.at(date(2024, 7, 1))
    with pytest.raises(NoRate, match="2027"):
        WAGES.at(date(2027, 1, 1))


def test_the_explanation_names_its_paragraphs():
    on = date(2026, 7, 1)
    given = WAGES.read({"wages": 600_000, "other_income": 0, "deductions": 0, "age": 40, "zone": "ordinary"}, on)
    told = explain(WAGES, given, on)
    laws = {line.rule.name.partition(".")[2]: (line.value, line.rule.law) for line in told.lines}
    assert laws["minimum_deduction"] == (95_700, "skatteloven § 6-32")
    assert laws["bracket_tax"] == (12_835, "Stortingets skattevedtak § 3-1")
    assert laws["contribution"] == (45_600, "folketrygdloven § 23-3")
    parts = sum(laws[name][0] for name in ("local_tax", "common_tax", "bracket_tax", "contribution"))
    assert told.value == parts


@pytest.mark.parametrize("rule", [WAGES, PENSION], ids=lambda one: one.name)
def test_a_hundred_thousand_random_people_get_the_same_on_both_paths(rule):
    on = date(2026, 7, 1)
    people = subset.sample(rule, on, 100_000, seed=9)
    plain = columns.over(rule, rule.at(on), people, path="plain")
    assert (columns.over(rule, rule.at(on), people, path="compiled") == plain).all()
