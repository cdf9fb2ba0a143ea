"""Child benefit against Nav's published rates (familie-ba-sak, SatsService.kt, as in the project's facts)."""

from datetime import date

import pytest

from allting.sectors.welfare.services.child_benefit import decide


def paid(on, alone=False, born=date(2020, 5, 10)):
    outcome = decide(born=born, lives_with_me=True, alone=alone, abroad=False, today=on)
    return outcome.pays[0]


@pytest.mark.parametrize(
    ("on", "kroner"),
    [
        (date(2024, 8, 31), 1510),
        (date(2024, 9, 1), 1766),
        (date(2025, 4, 30), 1766),
        (date(2025, 5, 1), 1968),
        (date(2026, 1, 31), 1968),
        (date(2026, 2, 1), 2012),
    ],
)
def test_the_rate_is_that_of_the_day(on, kroner):
    assert paid(on, born=date(2015, 5, 10)).amount == kroner * 100


def test_before_september_2024_a_child_under_six_had_another_rate():
    assert paid(date(2024, 8, 31)).amount == 1766_00
    assert paid(date(2021, 1, 5)).amount == 1354_00


def test_one_who_is_alone_gets_the_extended_benefit_too():
    assert paid(date(2026, 3, 1), alone=True).amount == (2012 + 2572) * 100


@pytest.mark.parametrize(("alone", "place", "kroner"), [(False, None, 1006), (True, None, 2292), (False, "5603", 1262)])
def test_parents_who_share_the_residence_get_half_each_of_what_each_would_have_had(alone, place, kroner):
    """Barnetrygdloven §§ 2 and 12, third paragraphs, as the ministry has told: 50 per cent of each one's own."""
    outcome = decide(
        born=date(2020, 5, 10), lives_with_me=False, alone=alone, abroad=False, today=date(2026, 3, 2),
        municipality=place, shared=True,
    )  # fmt: skip
    assert outcome.pays[0].amount == kroner * 100 and outcome.steps[-1].law == "barnetrygdloven §§ 2 og 12"
    assert "halvparten" in outcome.grounds[0].in_("nb")


def test_it_is_paid_from_the_month_after_to_the_month_before_eighteen():
    pays = paid(date(2026, 3, 15), born=date(2020, 5, 10))
    assert (pays.start, pays.end) == (date(2026, 4, 1), date(2038, 4, 30))


@pytest.mark.parametrize("facts", [{"lives_with_me": False}, {"abroad": True}])
def test_a_refusal_has_grounds_in_every_language(facts):
    given = {"born": date(2020, 1, 1), "lives_with_me": True, "alone": False, "abroad": False} | facts
    outcome = decide(**given, today=date(2026, 3, 1))
    assert not outcome.granted and set(outcome.grounds[0].as_dict()) == {"nb", "nn", "en"}


def test_the_calculation_names_its_paragraphs():
    outcome = decide(born=date(2020, 1, 1), lives_with_me=True, alone=True, abroad=False, today=date(2026, 3, 1))
    laws = [step.law.removeprefix("barnetrygdloven ") for step in outcome.steps]
    assert laws == ["§ 10", "§ 9", "§§ 9 og 10"]


@pytest.mark.parametrize(("municipality", "pays"), [("5603", 2524), ("5546", 2524), ("5501", 2012), (None, 2012)])
def test_in_the_north_the_supplement_comes_on_top(municipality, pays):
    given = {"born": date(2020, 1, 1), "lives_with_me": True, "alone": False, "abroad": False}
    outcome = decide(**given, today=date(2026, 3, 1), municipality=municipality)
    assert outcome.pays[0].amount == pays * 100
    assert ("barnetrygdloven" in [step.law for step in outcome.steps]) is (pays == 2524)
