"""Which rules a whole household meets in a year: what a nation is counted by when somebody asks "what if".

A sector says it in ``rules/households.py``: a function from a household to the cases its rule is asked about. The rule
itself is the one that decides cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from allting.kernel.rules.definition import Rule, rule_for

Case = Mapping[str, Any]
Cases = Callable[["Household"], Iterable[Case]]
EFFECTS: dict[str, Effect] = {}


@dataclass(frozen=True, slots=True)
class Adult:
    """One of 18 or more, and what a year gives: whole kroner. ``other_income`` may be negative."""

    age: int
    wages: int = 0
    pension: int = 0
    other_income: int = 0
    deductions: int = 0


@dataclass(frozen=True, slots=True)
class Household:
    """Those who share a home: adults, the ages of the children, and the official number of the municipality."""

    adults: tuple[Adult, ...]
    children: tuple[int, ...]
    municipality: str

    @property
    def people(self) -> int:
        return len(self.adults) + len(self.children)

    @property
    def units(self) -> float:
        """Consumption units by the EU scale: 1, and 0.5 for each further one from 14 years, 0.3 for the younger."""
        small = sum(age < 14 for age in self.children)
        return 1 + 0.5 * (self.people - small - 1) + 0.3 * small

    @property
    def income(self) -> int:
        """Before tax and benefits."""
        return sum(one.wages + one.pension + one.other_income for one in self.adults)


@dataclass(frozen=True)
class Effect:
    """A rule, the cases a household has of it, and which way the money goes, ``times`` a year."""

    rule: Rule
    cases: Cases
    way: Literal["to household", "to state"]
    times: int = 1

    @property
    def sign(self) -> int:
        """+1 where the household gets more when the answer rises."""
        return self.times if self.way == "to household" else -self.times


def in_households(
    function: Callable[..., float], way: Literal["to household", "to state"], times: int = 1
) -> Callable[[Cases], Cases]:
    """Note that households meet the rule ``function``; the decorated function gives the cases of one household.

    A case has a value for each argument, as numbers; a key by its name. Raises TypeError for what is no rule.
    """
    found = rule_for(function)

    def decorate(cases: Cases) -> Cases:
        EFFECTS[found.name] = Effect(found, cases, way, times)
        return cases

    return decorate


def effects() -> list[Effect]:
    """All that were found, by the rule's name."""
    return [EFFECTS[name] for name in sorted(EFFECTS)]
