"""The pension balance on a day, counted year by year from what is known (folketrygdloven §§ 20-4, 20-5 and 20-18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from allting.kernel.rules import rule_for
from allting.sectors.pension.rules.accrual import accrual, adjusted_balance

# Income of a year counts from 1 January two years later, when the tax office has assessed it (Nav, navno-prototype,
# alderspensjon-kapittel-2.md: income of 2022 is added from 1 January 2024).
WAITS: Final = 2
_EARNED, _ADJUSTED, _TAKEN = range(3)  # in this order, on one day


@dataclass(frozen=True, slots=True)
class Figure:
    """What somebody tells: ``kind`` "income" of a ``year``, or "balance" on its 1 January; whole kroner."""

    kind: str
    year: int
    amount: int
    source: str


@dataclass(frozen=True, slots=True)
class Year:
    """A year's income, what it gives, and from when that counts; ``accrued`` None: its figures are not known here."""

    year: int
    income: int
    accrued: int | None
    counts_from: date
    source: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Whole kroner on a day, and what is behind it.

    ``opening``: the balance it was begun from, if any. ``left_out``: years with an income whose figures are not known
    here, which are not counted. ``unadjusted``: years in which wages are not known, so that 1 May raised nothing.
    """

    day: date
    amount: int
    opening: Figure | None
    years: tuple[Year, ...]
    left_out: tuple[int, ...]
    unadjusted: tuple[int, ...]


def counted(figures: Iterable[Figure], day: date, taken: Sequence[tuple[date, int]] = ()) -> Balance:
    """``taken``: the days a part was made into pension, or pension into balance again, and what was then left. Later
    figures than ``day`` stand among the years and count for nothing yet."""
    known = list(figures)
    opening = max((one for one in known if _opens(one, day)), key=lambda one: one.year, default=None)
    begins = opening.year if opening else 0
    incomes = sorted((one for one in known if one.kind == "income"), key=lambda one: one.year)
    years = tuple(_year(one) for one in incomes if one.year > begins - WAITS)
    moves = [(one.counts_from, _EARNED, one.accrued) for one in years if one.accrued]
    moves += [(at, _TAKEN, left) for at, left in taken if at.year >= begins]
    amount, unadjusted = _walk(opening.amount if opening else 0, begins, moves, day)
    out = tuple(one.year for one in years if one.accrued is None and one.counts_from <= day)
    return Balance(day, amount, opening, years, out, unadjusted)


def known_year(year: int) -> bool:
    """Whether the figures that an income of that year is counted with are here."""
    return rule_for(accrual).has(date(year, 12, 31))


def known_balance(year: int) -> bool:
    """Whether a balance of that 1 January can be raised to today's wages."""
    return rule_for(adjusted_balance).has(date(year, 5, 1))


def _opens(one: Figure, day: date) -> bool:
    return one.kind == "balance" and date(one.year, 1, 1) <= day


def _year(one: Figure) -> Year:
    on = date(one.year, 12, 31)
    accrued = int(accrual(rule_for(accrual).at(on), one.amount)) if known_year(one.year) else None
    return Year(one.year, one.amount, accrued, date(one.year + WAITS, 1, 1), one.source)


def _walk(amount: int, begins: int, moves: list[tuple[date, int, int]], day: date) -> tuple[int, tuple[int, ...]]:
    """Day by day: what is earned comes in, 1 May raises it, and what is left of it when some is taken goes on."""
    first = begins or min((at.year for at, _kind, _moved in moves), default=day.year)
    may = [(date(year, 5, 1), _ADJUSTED, 0) for year in range(first, day.year + 1)]
    unadjusted = []
    for at, kind, moved in sorted(one for one in (*moves, *may) if one[0] <= day):
        if kind == _TAKEN:
            amount = moved
        elif kind == _EARNED:
            amount += moved
        elif known_balance(at.year):
            amount = int(adjusted_balance(rule_for(adjusted_balance).at(at), amount))
        elif amount:
            unadjusted.append(at.year)
    return amount, tuple(unadjusted)
