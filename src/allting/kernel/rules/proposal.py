"""A proposal: other figures in place of those in ``rates/*.yaml``, from a day. Everything else stays the law.

    proposal: Higher personal allowance
    rates:
      personal_allowance: 120000
      tax.common_rate: {finnmark: 12}       # only this key; the others stay as they are
      ordinary: {from: 2027-01-01, value: 2100}

A name is a figure's own, for every sector that has it, or begins with the sector. The same file form as the law's own
rows is taken too (``values: [{from: …, value: …}]``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

import yaml

from allting.kernel.rules.figures import NoRate, Rate, Rates, number
from allting.kernel.rules.kinds import THOUSANDS

TITLE_MOST, FIGURES_MOST, NUMBER_MOST, VALUE_MOST = 200, 200, 40, 10**12


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line of the proposal, as a code with its words' values; the room above says it."""

    line: int
    code: str
    given: Mapping[str, Any]


class BadProposal(ValueError):
    """A proposal that cannot be counted, with all its faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"line {one.line}: {one.code} {dict(one.given)}" for one in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure, or one key of it, before and after on the day that is counted."""

    sector: str
    name: str
    key: str
    before: Decimal
    after: Decimal
    unit: str


@dataclass(frozen=True)
class Proposal:
    """A title, the figures of each sector with the proposed ones in place, and what is changed."""

    title: str
    rates: Mapping[str, Rates]
    changes: tuple[Change, ...]

    def touches(self, sector: str, names: Sequence[str]) -> bool:
        """Whether any of these figures of a sector is proposed otherwise."""
        return any(one.sector == sector and one.name in names for one in self.changes)


def read(text: str, sectors: Mapping[str, Rates], on: date) -> Proposal:
    """The proposal against the figures of each sector, as they stand on a day. Raises BadProposal with every fault."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise BadProposal([Fault(mark.line + 1 if mark else 1, "not-yaml", {})]) from None
    return _Reading(sectors, on).whole(root)


class _Reading:
    """One reading: the faults so far, and the proposed rows by sector."""

    def __init__(self, sectors: Mapping[str, Rates], on: date) -> None:
        self._sectors, self._on = sectors, on
        self._faults: list[Fault] = []
        self._rows: dict[str, dict[str, list[Rate]]] = {}
        self._changes: list[Change] = []

    def whole(self, root: Any) -> Proposal:
        parts = {key: (node, line) for key, node, line in self._pairs(root)}
        for key, (_node, line) in parts.items():
            if key not in ("proposal", "rates"):
                self._say(line, "unknown-key", given=key, known="proposal, rates")
        title = str(getattr(parts.get("proposal", (None, 0))[0], "value", "") or "")[:TITLE_MOST]
        figures = list(self._pairs(parts["rates"][0])) if "rates" in parts else []
        if not figures and not self._faults:
            self._say(1, "nothing-proposed")
        for place, (name, node, line) in enumerate(figures):
            if place >= FIGURES_MOST:
                self._say(line, "too-many", most=FIGURES_MOST)
                break
            self._figure(name, node, line)
        if self._faults:
            raise BadProposal(self._faults)
        return Proposal(title, {sector: self._over(sector) for sector in self._sectors}, tuple(self._changes))

    def _say(self, line: int, code: str, **given: Any) -> None:
        self._faults.append(Fault(line, code, given))

    def _pairs(self, node: Any) -> Iterator[tuple[str, Any, int]]:
        """The keys of a mapping with their nodes and lines; what is none is a fault."""
        if not isinstance(node, yaml.MappingNode):
            self._say(node.start_mark.line + 1 if node else 1, "not-keys")
            return
        seen = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not name or name in seen:
                self._say(line, "twice" if name else "not-keys", given=name)
                continue
            seen.add(name)
            yield name, value, line

    def _figure(self, name: str, node: Any, line: int) -> None:
        sector, _dot, own = name.rpartition(".")
        found = [one for one in ([sector] if sector else self._sectors) if own in self._names(one)]
        if not found:
            every = [one for each in self._sectors for one in self._names(each)]
            near = get_close_matches(own, every, 3, 0.6)
            self._say(line, "unknown-figure", given=name[:80], near=", ".join(dict.fromkeys(near)))
            return
        rows = list(self._written(node, line))
        for one in found:
            for start, value, at in rows:
                self._row(one, own, start, value, at)

    def _names(self, sector: str) -> tuple[str, ...]:
        return self._sectors[sector].names() if sector in self._sectors else ()

    def _written(self, node: Any, line: int) -> Iterator[tuple[date, Any, int]]:
        """The rows of a figure: a value that holds from the day counted, one row with ``from``, or ``values``."""
        values = _keys(node).get("values")
        if isinstance(values, yaml.SequenceNode):
            for one in values.value:
                yield from self._dated(one, one.start_mark.line + 1)
        else:
            yield from self._dated(node, line)

    def _dated(self, node: Any, line: int) -> Iterator[tuple[date, Any, int]]:
        keys = _keys(node)
        start = self._day(keys["from"]) if "from" in keys and "value" in keys else self._on
        if start is not None:
            yield start, keys.get("value", node), line

    def _day(self, node: Any) -> date | None:
        try:
            return date.fromisoformat(str(node.value))
        except (TypeError, ValueError):
            self._say(node.start_mark.line + 1, "not-a-day", given=str(node.value)[:40])
            return None

    def _row(self, sector: str, name: str, start: date, node: Any, line: int) -> None:
        """One proposed row: checked against what it replaces."""
        rates = self._sectors[sector]
        try:
            before = rates.rate(name, max(start, self._on))
        except NoRate:
            self._say(line, "no-figure-that-day", given=name, day=str(self._on))
            return
        if isinstance(before.value, tuple):
            self._say(line, "a-list", given=name)
            return
        keyed = isinstance(before.value, Mapping)
        after = self._keyed(before, node, line, name) if keyed else self._number(node, line, before.unit)
        if after is None:
            return
        self._rows.setdefault(sector, {}).setdefault(name, []).append(
            Rate(after, start, before.law, "proposal", before.unit)
        )
        if start <= self._on:
            self._note(sector, name, before, after)

    def _note(self, sector: str, name: str, was: Rate, after: Any) -> None:
        before = was.value
        pairs = (
            [(key, before[key], after[key]) for key in after] if isinstance(after, Mapping) else [("", before, after)]
        )
        self._changes += [Change(sector, name, key, old, new, was.unit) for key, old, new in pairs if old != new]

    def _keyed(self, before: Rate, node: Any, line: int, name: str) -> dict[str, Decimal] | None:
        if not isinstance(node, yaml.MappingNode):
            self._say(line, "needs-keys", given=name, known=", ".join(before.value))
            return None
        found = dict(before.value)
        for key, value, at in self._pairs(node):
            amount = self._number(value, at, before.unit)
            if key not in found:
                self._say(at, "unknown-key", given=key[:80], known=", ".join(found))
            elif amount is not None:
                found[key] = amount
        return found

    def _number(self, node: Any, line: int, unit: str) -> Decimal | None:
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if unit == "kr" and THOUSANDS.fullmatch(text):
            self._say(line, "two-ways", given=text[:40])
            return None
        try:
            found = number(text.replace(" ", "").replace(",", ".")[:NUMBER_MOST])
            if found.is_finite() and 0 <= found <= VALUE_MOST:
                return found
        except (InvalidOperation, ArithmeticError, ValueError):
            pass
        self._say(line, "not-a-number", given=text[:40])
        return None

    def _over(self, sector: str) -> Rates:
        """The figures of a sector: a proposed row takes the place of those that begin on its day or later."""
        rates = self._sectors[sector]
        new = self._rows.get(sector, {})
        rows = {}
        for name, proposed in new.items():
            first = min(one.start for one in proposed)
            rows[name] = [*(one for one in rates.rows(name) if one.start < first), *proposed]
        return rates.with_(Rates(rows, "proposal")) if rows else rates


def _keys(node: Any) -> dict[str, Any]:
    """The nodes of a mapping by key; empty for what is none."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}
