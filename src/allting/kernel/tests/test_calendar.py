from datetime import date

import pytest
from django.utils import translation

from allting.kernel.calendar import age, is_working_day, legal_deadline, months_after
from allting.kernel.money import kroner, ore


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2026, 11, 2), "3 weeks", date(2026, 11, 23)),
        (date(2026, 3, 12), "3 weeks", date(2026, 4, 7)),  # Maundy Thursday to Easter Monday lie between
        (date(2026, 4, 17), "1 month", date(2026, 5, 18)),  # 17 May is a Sunday and a holiday
        (date(2026, 1, 31), "1 month", date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 12, 23), "5 working days", date(2026, 12, 31)),
        (date(2024, 2, 29), "1 year", date(2025, 2, 28)),
    ],
)
def test_legal_deadlines_know_holidays(start, period, end):
    assert legal_deadline(start, period) == end


def test_a_period_that_cannot_be_read():
    with pytest.raises(ValueError, match="3 weeks"):
        legal_deadline(date(2026, 1, 1), "soon")


def test_movable_and_fixed_holidays():
    assert not is_working_day(date(2026, 5, 14))  # Ascension Day
    assert not is_working_day(date(2027, 5, 17))
    assert is_working_day(date(2026, 11, 23))


def test_ages_and_months():
    assert age(date(2008, 11, 24), date(2026, 11, 23)) == 17
    assert age(date(2008, 11, 23), date(2026, 11, 23)) == 18
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 12, 1), 0) == date(2026, 12, 1)


def test_money_is_read_as_people_write_it():
    assert kroner(1_234_500).replace("\u00a0", " ") == "12 345 kr"
    with translation.override("nb"):
        assert kroner(1250).replace("\u00a0", " ") == "12,50 kr"
    with translation.override("en"):
        assert kroner(-1250).replace("\u00a0", " ") == "\u221212.50 kr"
    assert [ore(text) for text in ("12 345", "12,5", "12.50", "1\u00a0000", "0", "-1", "x", "", "1e3")] == [
        1_234_500, 1250, 1250, 100_000, None, None, None, None, None,
    ]  # fmt: skip
    assert ore("5.000") is None and ore("5,000") is None  # five thousand to one, five to another
