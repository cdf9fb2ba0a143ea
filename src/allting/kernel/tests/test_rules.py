from datetime import date
from decimal import Decimal

import pytest

from allting.kernel.rules import Outcome, Rate, Rates
from allting.kernel.text import Text

ROWS = {"x": [Rate(Decimal(2), date(2025, 1, 1), "§ 1", "s"), Rate(Decimal(1), date(2020, 1, 1), "§ 1", "s")]}


@pytest.mark.parametrize(("on", "value"), [(date(2020, 1, 1), 1), (date(2024, 12, 31), 1), (date(2025, 1, 1), 2)])
def test_the_rate_in_force_is_the_latest_that_has_begun(on, value):
    assert Rates(ROWS, "1").value("x", on) == value


def test_before_the_first_there_is_none():
    with pytest.raises(LookupError):
        Rates(ROWS, "1").rate("x", date(2019, 12, 31))
    with pytest.raises(KeyError):
        Rates(ROWS, "1").rate("y", date(2025, 1, 1))


def test_a_refusal_without_grounds_is_no_decision():
    with pytest.raises(ValueError, match="grounds"):
        Outcome(False)
    assert Outcome(False, (Text.same("x"),)).grounds
