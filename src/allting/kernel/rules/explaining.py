"""A result step by step: the same function, with each rule it calls noting what it was given and what it answered.

Nothing is recorded unless it is asked for: the functions are copied for the one explanation, so that neither the
plain call nor another thread pays for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import FunctionType
from typing import Any

from allting.kernel.money import NO_BREAK, kroner
from allting.kernel.rules.definition import Argument, Rule, rule_for, rule_of
from allting.kernel.rules.figures import Rate
from allting.kernel.rules.outcome import Step
from allting.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """One rule at work: what it was given, what it answered, how deep, and the figures it read itself."""

    rule: Rule
    given: Mapping[str, float]
    value: float
    depth: int
    figures: Mapping[str, Rate]

    @property
    def words(self) -> str:
        """The answer as people read it."""
        return worded(self.rule.result, self.value)

    def step(self) -> Step:
        """As a line of a decision's calculation."""
        return Step(self.rule.title, self.words, self.rule.law)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer, and the lines in the order they were reached: what a rule needs stands before what it answers."""

    value: float
    lines: tuple[Line, ...]

    def steps(self) -> tuple[Step, ...]:
        return tuple(one.step() for one in self.lines)


def explain(one: Rule, given: Mapping[str, float], on: date, known: date | None = None) -> Explanation:
    """Count, and tell how. Raises NoRate for a day without figures."""
    lines: list[Line] = []
    run = _telling(one, on, known, lines, 0, {})
    value = run(one.at(on, known), *(given[argument.name] for argument in one.arguments))
    return Explanation(value, tuple(_once(lines)))


def counted(function: Callable[..., float], given: Mapping[str, float], on: date) -> Explanation:
    """What the rule that ``function`` is answers to numbers it can be given. Raises NoRate."""
    return explain(rule_for(function), given, on)


def told(function: Callable[..., float], given: Mapping[str, Any], on: date) -> Explanation:
    """The same for what must be read first: keys by their names. Raises NoRate, or ValueError for what it cannot be
    given."""
    one = rule_for(function)
    return explain(one, one.read(given, on), on)


def _telling(
    one: Rule, on: date, known: date | None, lines: list[Line], depth: int, made: dict[tuple[str, int], Any]
) -> Callable[..., float]:
    place = (one.name, depth)
    if place in made:
        return made[place]  # type: ignore[no-any-return]
    names = {name: inner for name, value in one.function.__globals__.items() if (inner := rule_of(value)) in one.calls}
    deeper = {name: _telling(inner, on, known, lines, depth + 1, made) for name, inner in names.items() if inner}
    copy = FunctionType(one.function.__code__, {**one.function.__globals__, **deeper}, one.function.__name__)
    figures = {name: one.figure(name, on, known) for name in one.own_figures}

    def told(law: Any, *values: float) -> float:
        answer: float = copy(law, *values)
        given = dict(zip((argument.name for argument in one.arguments), values, strict=True))
        lines.append(Line(one, given, answer, depth, figures))
        return answer

    made[place] = told
    return told


def _once(lines: list[Line]) -> list[Line]:
    """The same rule with the same values is told once."""
    seen: dict[tuple[str, tuple[float, ...]], Line] = {}
    for line in lines:
        seen.setdefault((line.rule.name, tuple(line.given.values())), line)
    return list(seen.values())


def worded(argument: Argument, value: float) -> str:
    """A number with its unit."""
    kind = argument.kind
    if kind.name == "kroner":
        return kroner(round(value * 100))
    if kind.name == "yes_no":
        return str(_YES if value else _NO)
    text = f"{value:g}"
    return f"{text}{NO_BREAK}{kind.unit}" if kind.unit else text


_YES = Text({"nb": "Ja", "nn": "Ja", "en": "Yes"})
_NO = Text({"nb": "Nei", "nn": "Nei", "en": "No"})
