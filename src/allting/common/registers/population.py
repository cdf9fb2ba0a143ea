"""A synthetic population, household by household, from a seed.

Nothing is kept but a counter for each day of birth, so 5.5 million people need no more memory than 2 000.
Every identity number is of the synthetic series (month + 80): no real person can be hit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID

import yaml

from allting.kernel.numbers import make_identity_number, make_organisation_number

TODAY = date(2026, 11, 1)  # ages are drawn from here, so that a seed gives the same people every day
PEOPLE_PER_COMPANY = 20
_SERIALS_BEFORE_2000, _SERIALS_FROM_2000 = (0, 499), (500, 999)
FIRST_COMPANY_SERIAL = 1_000_000


@dataclass(slots=True)
class Someone:
    """One person of a household."""

    id: UUID
    identity_number: str
    given_name: str
    family_name: str
    birth_date: date
    reserved: bool


@dataclass(slots=True)
class Household:
    """Adults (one or two), their children, where they live, and the company the first adult runs, if any."""

    street: str
    postcode: str
    place: str
    municipality: str
    adults: list[Someone] = field(default_factory=list)
    children: list[Someone] = field(default_factory=list)
    company: tuple[UUID, str, str] | None = None  # id, organisation number, name


@lru_cache
def table(name: str) -> Any:
    """One of the tables in ``data``."""
    return yaml.safe_load((files("allting.common.registers") / "data" / f"{name}.yaml").read_text("utf-8"))


class Births:
    """Gives out identity numbers; each day of birth has its own series, and skips what others hold."""

    def __init__(self) -> None:
        self._next: Counter[date] = Counter()

    def number(self, born: date) -> str | None:
        """The next valid number of that day; None when the day's series is used up."""
        first, last = _SERIALS_FROM_2000 if born.year >= 2000 else _SERIALS_BEFORE_2000
        while (serial := first + self._next[born]) <= last:
            self._next[born] += 1
            number = make_identity_number(born, serial)
            if number is not None:
                return number
        return None


def households(count: int, seed: int = 2026) -> Iterator[Household]:
    """Households of ``count`` people in all; the same seed gives the same people, and more of them for more."""
    draw, births, companies = Random(seed), Births(), 0
    places = [(number, name) for one in table("division") for number, name in one["municipalities"].items()]
    made = 0
    while made < count:
        house = _house(draw, *draw.choice(places))
        _fill(house, draw, births, count - made)
        made += len(house.adults) + len(house.children)
        if made // PEOPLE_PER_COMPANY > companies:
            house.company, companies = _company(draw, house, companies)
        yield house


def _house(draw: Random, municipality: str, place: str) -> Household:
    street = f"{draw.choice(table('names')['streets'])} {draw.randint(1, 120)}"
    return Household(street, f"{int(municipality) % 9000 + 500:04}", place, municipality)


def _fill(house: Household, draw: Random, births: Births, room: int) -> None:
    family = draw.choice(table("names")["family"])
    eldest = draw.randint(18, 92)
    house.adults.append(_someone(draw, births, family, eldest))
    if room > 1 and draw.random() < 0.55:
        house.adults.append(_someone(draw, births, family, max(18, eldest + draw.randint(-5, 5))))
    if 20 <= eldest <= 60:
        for _child in range(min(draw.choice((0, 0, 1, 1, 2, 2, 3)), room - len(house.adults))):
            house.children.append(_someone(draw, births, family, draw.randint(0, min(17, eldest - 18))))


def _someone(draw: Random, births: Births, family: str, age: int) -> Someone:
    names = table("names")["women" if draw.random() < 0.5 else "men"]
    number = None
    while number is None:
        born = TODAY - timedelta(days=int(age * 365.25) + draw.randint(1, 360))
        number = births.number(born)
        age = age if number else draw.randint(18, 92)
    return Someone(_uuid(draw), number, draw.choice(names), family, born, draw.random() < 0.04)


def _company(draw: Random, house: Household, companies: int) -> tuple[tuple[UUID, str, str], int]:
    number = None
    while number is None:
        companies += 1
        number = make_organisation_number(FIRST_COMPANY_SERIAL + companies)
    name = f"{house.adults[0].family_name} {draw.choice(table('names')['companies'])} AS"
    return (_uuid(draw), number, name), companies


def _uuid(draw: Random) -> UUID:
    """A UUID of version 8 (RFC 9562 § 5.8): our own random bits, so that the seed decides it."""
    bits = draw.getrandbits(128) & ~(0xF000 << 64) & ~(0xC000 << 48)
    return UUID(int=bits | (0x8000 << 64) | (0x8000 << 48))
