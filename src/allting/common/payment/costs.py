"""What late payment costs on a day: ``rates/late.yaml``, where each row names its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DAYS = 365  # actual days of a year of 365, as the law's tables are used


@dataclass(frozen=True, slots=True)
class Rate:
    """``value`` holds from ``start`` to and with ``end``."""

    start: date
    end: date
    value: Decimal


@cache
def _table() -> Mapping[str, Any]:
    return yaml.safe_load((Path(__file__).parent / "rates" / "late.yaml").read_text())  # type: ignore[no-any-return]


@cache
def _rates(name: str, unit: str) -> tuple[Rate, ...]:
    return tuple(Rate(one["from"], one["to"], Decimal(one[unit])) for one in _table()[name])


def percent(day: date) -> Decimal | None:
    """The interest of that day, in per cent a year; None: nobody knows."""
    return next((one.value for one in _rates("interest", "percent") if one.start <= day <= one.end), None)


def reminder_fee(day: date) -> int:
    """In øre; 0 when no rate is known for the day."""
    found = (one.value for one in _rates("reminder_fee", "kroner") if one.start <= day <= one.end)
    return int(next(found, Decimal(0)) * 100)


def interest(principal: int, first: date, last: date) -> int:
    """Interest in øre on ``principal`` øre for the days from ``first`` to and with ``last``; none on interest.

    Each half-year is rounded by itself, half up; days without a rate cost nothing.
    """
    return sum(_part(principal, rate.value, days) for rate, days in _spans(first, last))


def _spans(first: date, last: date) -> Iterator[tuple[Rate, int]]:
    for one in _rates("interest", "percent"):
        start, end = max(first, one.start), min(last, one.end)
        if start <= end:
            yield one, (end - start + timedelta(days=1)).days


def _part(principal: int, value: Decimal, days: int) -> int:
    exact = Decimal(principal) * value * days / (100 * DAYS)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
