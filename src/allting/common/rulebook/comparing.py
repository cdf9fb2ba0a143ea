"""What a proposal does to households: each counted under the law and under the proposal by the rules that decide cases.

Households come one at a time and are kept as sums only, so the memory used does not grow with the nation. Deciles are
made afterwards from narrow classes of income.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from allting.kernel.rules.columns import COMPILE_FROM, HAS_COMPILER, over
from allting.kernel.rules.households import Effect, Household
from allting.kernel.rules.proposal import Proposal

CHUNK = 20_000  # households
CLASS, CLASSES = 1000, 4000  # kroner after tax a consumption unit, and how many of them
DECILES = 10
FAMILIES = ("alone", "couple", "parent_alone", "parents", "old_alone", "old_couple")
OLD = 67


@dataclass
class Sum:
    """Of some households: how many, who wins and loses, and kroner a year (``change`` above 0: they get more)."""

    households: int = 0
    winners: int = 0
    losers: int = 0
    change: int = 0

    def add(self, other: Sum) -> None:
        self.households += other.households
        self.winners += other.winners
        self.losers += other.losers
        self.change += other.change

    def note(self, change: int) -> None:
        self.households += 1
        self.winners += change > 0
        self.losers += change < 0
        self.change += change

    @property
    def mean(self) -> float:
        """Kroner a year for each household."""
        return self.change / self.households if self.households else 0.0


@dataclass
class Comparison:
    """The whole answer. ``state`` is kroner a year: above 0 the state and municipalities are left with more."""

    proposal: Proposal
    on: date
    people: int = 0
    total: Sum = field(default_factory=Sum)
    deciles: list[Sum] = field(default_factory=list)
    families: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    municipalities: dict[str, Sum] = field(default_factory=lambda: defaultdict(Sum))
    by_rule: dict[str, int] = field(default_factory=dict)
    uncounted: tuple[str, ...] = ()

    @property
    def state(self) -> int:
        return -self.total.change


def compare(
    proposal: Proposal,
    effects: Sequence[Effect],
    nation: Iterable[Household],
    on: date,
    moved: Callable[[int], None] = lambda people: None,
) -> Comparison:
    """Count each household twice. Raises NoRate for a day without figures; ``moved`` hears how many people are done."""
    counted = [_Both(one, proposal, on) for one in effects]
    found = Comparison(proposal, on, by_rule={one.effect.rule.name: 0 for one in counted})
    classes = [Sum() for _class in range(CLASSES)]
    for houses in _chunks(nation):
        before, after = _yearly(counted, houses, found)
        for house, old, new in zip(houses, before, after, strict=True):
            _note(found, classes, house, house.income + old, round(new - old))
        moved(sum(house.people for house in houses))
    found.deciles = _deciles(classes)
    used = {(one.effect.rule.sector, name) for one in counted for name in one.effect.rule.figures}
    found.uncounted = tuple(dict.fromkeys(one.name for one in proposal.changes if (one.sector, one.name) not in used))
    return found


def family(house: Household) -> str:
    """The kind of family: by adults and children, and whether the eldest has reached pension age."""
    together = len(house.adults) > 1
    if house.children:
        return "parents" if together else "parent_alone"
    if max(one.age for one in house.adults) >= OLD:
        return "old_couple" if together else "old_alone"
    return "couple" if together else "alone"


class _Both:
    """An effect under the law and under the proposal."""

    def __init__(self, effect: Effect, proposal: Proposal, on: date) -> None:
        self.effect, rule = effect, effect.rule
        self._law = rule.at(on)
        touched = proposal.touches(rule.sector, rule.figures)
        self._proposed = rule.under(proposal.rates[rule.sector], on) if touched else None
        self._places = {one.name: rule.allowed(one, on) for one in rule.arguments if one.kind.key}

    def count(self, houses: Sequence[Household], path: Any) -> tuple[list[int], Sequence[float], Sequence[float]]:
        """The place of the household of each case, and the answers under both."""
        places: list[int] = []
        columns: dict[str, list[Any]] = {one.name: [] for one in self.effect.rule.arguments}
        for place, house in enumerate(houses):
            for case in self.effect.cases(house):
                places.append(place)
                for name, column in columns.items():
                    column.append(case.get(name, 0))
        for name, allowed in self._places.items():
            columns[name] = [(allowed or {})[key] for key in columns[name]]
        old = self._over(self._law, columns, path)
        return places, old, old if self._proposed is None else self._over(self._proposed, columns, path)

    def _over(self, law: Any, columns: dict[str, list[Any]], path: Any) -> Sequence[float]:
        answers = over(self.effect.rule, law, columns, path=path)
        return answers.tolist() if hasattr(answers, "tolist") else answers  # type: ignore[no-any-return]


def _yearly(
    counted: Sequence[_Both], houses: Sequence[Household], found: Comparison
) -> tuple[list[float], list[float]]:
    """What each household is left with of tax and benefits in a year, before and after."""
    before, after = [0.0] * len(houses), [0.0] * len(houses)
    path = "compiled" if HAS_COMPILER and found.people >= COMPILE_FROM else "plain"
    for one in counted:
        sign, change = one.effect.sign, 0.0
        for place, old, new in zip(*one.count(houses, path), strict=True):
            before[place] += sign * old
            after[place] += sign * new
            change += sign * (new - old)
        found.by_rule[one.effect.rule.name] += round(change)
    return before, after


def _note(found: Comparison, classes: list[Sum], house: Household, left: float, change: int) -> None:
    found.people += house.people
    found.total.note(change)
    found.families[family(house)].note(change)
    found.municipalities[house.municipality].note(change)
    classes[max(0, min(CLASSES - 1, int(left / house.units / CLASS)))].note(change)


def _deciles(classes: Sequence[Sum]) -> list[Sum]:
    """Ten groups of about as many households, poorest first; a class goes whole to where its middle is."""
    every = sum(one.households for one in classes)
    made, before = [Sum() for _one in range(DECILES)], 0
    for one in classes:
        if one.households:
            middle = (before + one.households / 2) / every
            made[min(DECILES - 1, int(middle * DECILES))].add(one)
            before += one.households
    return made


def _chunks(nation: Iterable[Household]) -> Iterator[list[Household]]:
    source = iter(nation)
    while houses := list(islice(source, CHUNK)):
        yield houses
