"""Cash-for-care against Nav's published rates and shares, and the months it is paid for."""

from datetime import date

import pytest

from allting.kernel.text import LANGUAGES
from allting.sectors.welfare.services.cash_for_care import decide

BORN = date(2025, 1, 20)


def decided(on=date(2026, 3, 2), **facts):
    given = {"born": BORN, "lives_with_me": True, "hours": 0, "shared": False, "abroad": False, "member": True}
    return decide(**(given | facts), today=on)


@pytest.mark.parametrize(
    ("hours", "kroner"),
    [(0, 7500), (1, 6000), (8, 6000), (9, 4500), (16, 4500), (17, 3000), (24, 3000), (25, 1500), (32, 1500)],
)
def test_the_share_follows_the_hours(hours, kroner):
    assert decided(hours=hours).pays[0].amount == kroner * 100
    assert decided(hours=hours, shared=True).pays[0].amount == kroner * 50


def test_it_is_paid_from_thirteen_months_through_nineteen():
    early = decided(on=date(2026, 1, 5)).pays[0]
    assert (early.start, early.end) == (date(2026, 2, 1), date(2026, 8, 31))
    late = decided(on=date(2026, 6, 30)).pays[0]
    assert (late.start, late.end) == (date(2026, 6, 1), date(2026, 8, 31))
    assert decided(on=date(2026, 8, 31)).granted and not decided(on=date(2026, 9, 1)).granted


def test_before_august_2024_it_lasted_to_twenty_three_months():
    born = date(2022, 8, 20)
    assert decided(born=born, on=date(2024, 7, 31)).pays[0].end == date(2024, 7, 31)
    assert not decided(born=date(2022, 12, 20), on=date(2024, 8, 1)).granted


@pytest.mark.parametrize("facts", [{"lives_with_me": False}, {"abroad": True}, {"member": False}, {"hours": 33}])
def test_a_refusal_has_grounds_in_every_language(facts):
    outcome = decided(**facts)
    assert not outcome.granted and not outcome.pays
    assert all(ground.in_(language) for ground in outcome.grounds for language in LANGUAGES)
