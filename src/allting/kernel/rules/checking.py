"""All that is wrong with the text of a ``rates/<law>.yaml``, each with its line, before anybody counts with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import InvalidOperation
from typing import Any

import yaml

from allting.kernel.rules.figures import Rates, number
from allting.kernel.rules.proposal import Fault

HEAD = frozenset({"law", "version", "until", "kept_by", "keys", "rates"})
FIGURE = frozenset({"title", "unit", "law", "source", "by", "values"})
ROW = frozenset({"from", "to", "adopted", "value", "unit", "law", "source"})


def faults(text: str, before: Rates | None = None) -> list[Fault]:
    """In the order of the lines. ``before`` is what rules count with today: what it has must still be there."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        return [Fault(mark.line + 1 if mark else 1, "not-yaml", {})]
    if not isinstance(data, dict) or not isinstance(data.get("rates"), dict):
        return [Fault(1, "no-rates", {})]
    return sorted(_Check(tree, data, before).whole(), key=lambda one: one.line)


class _Check:
    def __init__(self, tree: Any, data: Mapping[str, Any], before: Rates | None) -> None:
        self._tree, self._data, self._before = tree, data, before

    def _say(self, where: tuple[Any, ...], code: str, **given: Any) -> Fault:
        """At the line of ``where``, as far as it leads."""
        return Fault(_line(self._tree, where), code, {"figure": where[1] if len(where) > 1 else "", **given})

    def whole(self) -> Iterator[Fault]:
        yield from self._keys_of((), self._data, HEAD, ("law", "version"))
        until = self._data.get("until")
        if until is not None and not _is_day(until):
            yield self._say(("until",), "not-a-day", given=str(until)[:40])
        for name, given in self._data["rates"].items():
            yield from self._figure(str(name), given)
        gone = [one for one in (self._before.names() if self._before else ()) if one not in self._data["rates"]]
        yield from (self._say(("rates",), "gone", given=one) for one in gone)

    def _keys_of(
        self, where: tuple[Any, ...], given: Mapping[str, Any], known: frozenset[str], needed: tuple[str, ...] = ()
    ) -> Iterator[Fault]:
        for key in given:
            if key not in known:
                yield self._say((*where, key), "unknown-key", given=str(key)[:40], known=", ".join(sorted(known)))
        for key in needed:
            if given.get(key) in (None, ""):
                yield self._say(where, "missing", given=key)

    def _figure(self, name: str, given: Any) -> Iterator[Fault]:
        where: tuple[Any, ...] = ("rates", name)
        common = given if isinstance(given, dict) else {"values": given}
        yield from self._keys_of(where, common, FIGURE)
        rows = common.get("values")
        if not isinstance(rows, list) or not rows:
            yield self._say(where, "no-rows")
            return
        where = (*where, "values") if isinstance(given, dict) else where
        seen: set[tuple[Any, Any]] = set()
        for place, row in enumerate(rows):
            if not isinstance(row, dict):
                yield self._say((*where, place), "not-keys")
                continue
            yield from self._row((*where, place), name, {**common, **row}, row)
            day = row.get("from"), row.get("adopted")
            if day in seen:
                yield self._say((*where, place), "same-day", given=str(day[0]))
            seen.add(day)

    def _row(
        self, where: tuple[Any, ...], name: str, full: Mapping[str, Any], row: Mapping[str, Any]
    ) -> Iterator[Fault]:
        yield from self._keys_of(where, row, ROW)
        yield from self._keys_of(where, {key: full.get(key) for key in ROW}, ROW, ("from", "value", "law", "source"))
        days = {key: row[key] for key in ("from", "to", "adopted") if row.get(key) is not None}
        wrong = [key for key, one in days.items() if not _is_day(one)]
        yield from (self._say((*where, key), "not-a-day", given=str(days[key])[:40]) for key in wrong)
        if not wrong and "from" in days:
            yield from self._order(where, days)
        if row.get("value") not in (None, ""):
            yield from self._value((*where, "value"), name, row["value"], full.get("by"))

    def _order(self, where: tuple[Any, ...], days: Mapping[str, date]) -> Iterator[Fault]:
        until = self._data.get("until")
        last = days.get("to", until if _is_day(until) else None)
        if last is not None and days["from"] > last:
            yield self._say(where, "ends-before" if "to" in days else "after-until", given=str(last))

    def _value(self, where: tuple[Any, ...], name: str, value: Any, by: Any) -> Iterator[Fault]:
        shape = dict if by else list if isinstance(value, list) else int
        if isinstance(value, dict):
            known = [str(one) for one in (self._data.get("keys") or {}).get(by) or ()]
            yield from (
                self._say((*where, key), "unknown-key", given=str(key)[:40], known=", ".join(known))
                for key in value
                if str(key) not in known
            )
            numbers = list(value.items())
        else:
            numbers = [] if isinstance(value, list) else [(None, value)]
        for key, one in numbers:
            if not _is_number(one):
                yield self._say(where if key is None else (*where, key), "not-a-number", given=str(one)[:40])
        if (shape is dict) != isinstance(value, dict) or self._other_shape(name, value):
            yield self._say(where, "other-shape")

    def _other_shape(self, name: str, value: Any) -> bool:
        """Whether rules that read the figure today could not read this one."""
        if self._before is None or name not in self._before.names():
            return False
        now = self._before.rows(name)[-1].value
        return isinstance(now, tuple) != isinstance(value, list) or isinstance(now, Mapping) != isinstance(value, dict)


def _is_day(one: Any) -> bool:
    return isinstance(one, date)


def _is_number(one: Any) -> bool:
    try:
        return not isinstance(one, bool) and number(one).is_finite()
    except (InvalidOperation, ArithmeticError, ValueError):
        return False


def _line(node: Any, where: tuple[Any, ...]) -> int:
    line = 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, one) for key, one in node.value if key.value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
