"""A made-up nation to count proposals on: the synthetic population of the registers, with made-up incomes.

The households are those ``allting people`` loads from the same seed. Incomes are no statistics: they are drawn, so
that a result says what a proposal does to such households, and not what it would cost Norway.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import exp, log
from random import Random

from allting.common.registers import api as registers
from allting.kernel.calendar import age
from allting.kernel.rules.households import Adult, Household

DAY = date(2026, 11, 1)  # the day the synthetic population's ages are drawn from
PENSION_AGE = 67
WORKING, MIDDLE_WAGE, WAGE_SPREAD = 0.85, 560_000, 0.45
MIDDLE_PENSION, PENSION_SPREAD, LEAST_PENSION = 300_000, 0.3, 180_000
INDEBTED, MIDDLE_INTEREST = 0.6, 70_000
STEP, MOST = 1000, 20_000_000


def nation(people: int, seed: int) -> Iterator[Household]:
    """Households of ``people`` in all, one at a time; the same for the same seed."""
    draw = Random(f"income {seed}")
    for house in registers.made_up_households(people, seed):
        adults = tuple(_adult(draw, age(one.birth_date, DAY)) for one in house.adults)
        yield Household(adults, tuple(age(one.birth_date, DAY) for one in house.children), house.municipality)


def _adult(draw: Random, years: int) -> Adult:
    interest = _drawn(draw, MIDDLE_INTEREST, 0.6) if draw.random() < INDEBTED else 0
    if years >= PENSION_AGE:
        pension = max(LEAST_PENSION, _drawn(draw, MIDDLE_PENSION, PENSION_SPREAD))
        return Adult(years, pension=pension, deductions=interest // 4)
    wages = _drawn(draw, MIDDLE_WAGE, WAGE_SPREAD) if draw.random() < WORKING else 0
    return Adult(years, wages=wages, deductions=interest if wages else 0)


def _drawn(draw: Random, middle: int, spread: float) -> int:
    """Log-normal around a median, in whole thousands."""
    return min(MOST, round(exp(draw.gauss(log(middle), spread)) / STEP) * STEP)
