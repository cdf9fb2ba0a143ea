"""The law as pure functions: dated rates with their paragraphs, and what a rule answers.

Rates stand in YAML beside the rules (``rates/<law>.yaml``). A rule is a plain Python function over plain
values; it answers an Outcome that carries each intermediate value with its paragraph, so that the letter
can show the calculation (forvaltningsloven § 25).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from allting.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure in force from a day: ``value`` in the rate's unit, the paragraph, and where it was published."""

    value: Decimal
    start: date
    law: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation: what, how much (already in words), and under which paragraph."""

    text: Text
    value: str
    law: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Money a decision gives: ``amount`` in øre, once or every month from ``start`` to and with ``end``."""

    amount: int
    text: Text
    every: Literal["once", "month"] = "once"
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule answers. ``grounds`` go into the letter; ``steps`` are the calculation; ``pays`` the money.

    A refusal without grounds is no decision (forvaltningsloven § 24): it raises ValueError.
    """

    granted: bool
    grounds: Sequence[Text] = ()
    steps: Sequence[Step] = ()
    pays: Sequence[Pay] = ()
    version: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.granted and not self.grounds:
            raise ValueError("a refusal needs grounds")


class Rates:
    """The dated figures of one law."""

    def __init__(self, rows: Mapping[str, Sequence[Rate]], version: str) -> None:
        self._rows = {name: tuple(sorted(rates, key=lambda one: one.start)) for name, rates in rows.items()}
        self._starts = {name: [one.start for one in rates] for name, rates in self._rows.items()}
        self.version = version

    def rate(self, name: str, on: date) -> Rate:
        """The figure in force on a day. Raises KeyError for an unknown name, LookupError before the first."""
        place = bisect_right(self._starts[name], on)
        if place == 0:
            raise LookupError(f"{name} has no value on {on}")
        return self._rows[name][place - 1]

    def value(self, name: str, on: date) -> Decimal:
        return self.rate(name, on).value

    def names(self) -> tuple[str, ...]:
        return tuple(self._rows)


@cache
def rates(beside: str, law: str) -> Rates:
    """Read ``rates/<law>.yaml`` of the sector whose file ``beside`` (``__file__``) is in its ``services`` folder.

    Raises FileNotFoundError, and ValueError for a figure without paragraph or source.
    """
    path = Path(beside).resolve().parent.parent / "rates" / f"{law}.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = {name: [_rate(name, one) for one in listed] for name, listed in data["rates"].items()}
    return Rates(rows, str(data["version"]))


def _rate(name: str, one: Mapping[str, Any]) -> Rate:
    for key in ("value", "from", "law", "source"):
        if one.get(key) in (None, ""):
            raise ValueError(f"rate {name}: {key} is missing")
    return Rate(Decimal(str(one["value"])), one["from"], one["law"], one["source"])
