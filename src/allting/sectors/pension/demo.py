"""Pension earnings of the demo country: made-up incomes of those who log in, and a balance of one near her pension."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from allting.common.registers import api as registers
from allting.sectors.pension import register
from allting.sectors.pension.balance import Figure

PENSIONER: Final = "pension"  # what she is known by among the demo people
BALANCE: Final = Figure("balance", 2022, 3_900_000, "Nav")
# Kroner in the last year, by who it is; the years before are smaller, as wages were.
INCOMES: Final = {
    "parent": 530_000, "other parent": 590_000, "chief executive": 890_000, "neighbour": 680_000,
    "accountant": 640_000, PENSIONER: 720_000,
}  # fmt: skip
FIRST, LAST, GROWTH = 2013, 2024, 0.96  # 2025 comes when a tax return is assessed
_SOURCE = "Skatteetaten"


def load() -> None:
    """Keep what is not there; the same again changes nothing."""
    figures: dict[UUID, list[Figure]] = {}
    for role, income in INCOMES.items():
        found = registers.demo_person(role)
        if found is not None:
            figures[found[0]] = [*_incomes(income), *([BALANCE] if role == PENSIONER else [])]
    register.store(figures)


def _incomes(last: int) -> list[Figure]:
    years = range(FIRST, LAST + 1)
    return [Figure("income", year, int(last * GROWTH ** (LAST - year)) // 1000 * 1000, _SOURCE) for year in years]
