"""School transport in compulsory school: the year a child is in, and the limit of that year."""

from datetime import date

import pytest

from allting.sectors.local.services.school_transport_primary import decide, school_year


@pytest.mark.parametrize(
    ("born", "on", "year"),
    [
        (date(2020, 1, 1), date(2026, 8, 1), 1),
        (date(2020, 12, 31), date(2026, 8, 17), 1),
        (date(2020, 1, 1), date(2027, 7, 31), 1),
        (date(2020, 1, 1), date(2027, 8, 1), 2),
        (date(2010, 6, 1), date(2026, 6, 1), 10),
    ],
)
def test_a_school_year_begins_in_august(born, on, year):
    assert school_year(born, on) == year


@pytest.mark.parametrize(
    ("born", "km", "granted"),
    [
        (date(2020, 5, 1), 2.0, False),
        (date(2020, 5, 1), 2.001, True),
        (date(2019, 5, 1), 4.0, False),
        (date(2019, 5, 1), 4.001, True),
        (date(2021, 5, 1), 2.5, True),  # began early: the first year's limit
    ],
)
def test_more_than_the_limit_and_no_less(born, km, granted):
    outcome = decide(born=born, distance_km=km, cannot_walk=False, start=date(2026, 8, 17))
    assert outcome.granted is granted and outcome.grounds and len(outcome.steps) == 3


def test_who_cannot_walk_is_taken_whatever_the_distance():
    assert decide(born=date(2016, 5, 1), distance_km=0.2, cannot_walk=True, start=date(2026, 8, 17)).granted
