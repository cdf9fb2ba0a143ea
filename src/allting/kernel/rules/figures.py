"""Dated figures with their paragraphs and sources, as they stand in ``rates/<law>.yaml``.

A figure is in force from its day until the next one, or until ``to``. What is the same for every row may be said
once. Two rows from the same day are a change with effect backwards: the one adopted last is the law, and the one
before it is what was the law until then (``known``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from allting.kernel.text import Text

Value = Decimal | Mapping[str, Decimal] | tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """One figure in force from a day: ``value`` in the rate's unit, the paragraph, and where it was published.

    The value is a number, numbers by key (as an allowance by zone), or a list of what is allowed (as table numbers).
    """

    value: Any
    start: date
    law: str
    source: str
    unit: str = ""
    end: date | None = None
    adopted: date | None = None

    def begun(self, on: date, known: date | None = None) -> bool:
        """Whether it is in force from that day or before, as the law was ``known`` on another (now, if not said)."""
        return self.start <= on and (known is None or self.adopted is None or self.adopted <= known)


class NoRate(LookupError):
    """There is no such figure on that day: ``name`` and ``on``."""

    def __init__(self, name: str, on: date) -> None:
        super().__init__(f"{name} has no value on {on}")
        self.name, self.on = name, on


class Rates:
    """The dated figures of one law, or of all laws of a sector."""

    def __init__(
        self,
        rows: Mapping[str, Sequence[Rate]],
        version: str,
        *,
        titles: Mapping[str, Text] | None = None,
        keys: Mapping[str, Mapping[str, Text]] | None = None,
        by: Mapping[str, str] | None = None,
        kept_by: str = "",
    ) -> None:
        self.kept_by = kept_by
        self._rows = {name: tuple(sorted(listed, key=_place)) for name, listed in rows.items()}
        self.version = version
        self.titles = dict(titles or {})
        self.keys = dict(keys or {})
        self.by = dict(by or {})

    def rate(self, name: str, on: date, known: date | None = None) -> Rate:
        """The figure in force on a day. Raises KeyError for an unknown name, NoRate where there is none."""
        found = next((one for one in reversed(self._rows[name]) if one.begun(on, known)), None)
        if found is None or (found.end is not None and on > found.end):
            raise NoRate(name, on)
        return found

    def value(self, name: str, on: date, known: date | None = None) -> Any:
        return self.rate(name, on, known).value

    def names(self) -> tuple[str, ...]:
        return tuple(self._rows)

    def rows(self, name: str) -> tuple[Rate, ...]:
        """Every row of a figure, oldest first."""
        return self._rows[name]

    def title(self, name: str) -> Text:
        """What the figure is called; its own name in plain words when nobody has said it."""
        return self.titles.get(name) or Text.same(name.replace("_", " ").capitalize())

    def with_(self, other: Rates) -> Rates:
        """These figures, and those of ``other`` in their place where it has them: another law, or a proposal."""
        return Rates(
            {**self._rows, **other._rows},
            f"{self.version}+{other.version}" if self.version else other.version,
            titles={**self.titles, **other.titles},
            keys={**self.keys, **other.keys},
            by={**self.by, **other.by},
        )


def _place(one: Rate) -> tuple[date, date]:
    return one.start, one.adopted or date.min


_NONE: Mapping[Path, Rates] = MappingProxyType({})
_tried: ContextVar[Mapping[Path, Rates]] = ContextVar("tried", default=_NONE)


@contextmanager
def tried(file: Path, figures: Rates) -> Iterator[None]:
    """Within it, the rules of this thread count with ``figures`` in place of those that stand in ``file``."""
    now = {**_tried.get(), file: figures}
    before = _tried.set({**now, file.parent: _together(file.parent, now)})
    try:
        yield
    finally:
        _tried.reset(before)


def rates(beside: str, law: str) -> Rates:
    """Read ``rates/<law>.yaml`` of the sector whose file ``beside`` (``__file__``) is in a folder next to ``rates``.

    Raises FileNotFoundError, and ValueError for a figure without paragraph or source.
    """
    path = _beside(beside, law)
    return _tried.get().get(path) or _kept(path)


@cache
def _beside(beside: str, law: str) -> Path:
    return Path(beside).resolve().parent.parent / "rates" / f"{law}.yaml"


@cache
def _kept(file: Path) -> Rates:
    return read(file)


def folder(path: Path) -> Rates:
    """All figures of a sector's ``rates`` folder; empty when there is none. Raises ValueError for a name used twice."""
    return _tried.get().get(path) or _whole(path)


@cache
def _whole(path: Path) -> Rates:
    return _together(path, {})


def _together(path: Path, others: Mapping[Path, Rates]) -> Rates:
    together = Rates({}, "")
    for file in sorted(path.glob("*.yaml")):
        one = others.get(file) or read(file)
        twice = sorted(set(one.names()) & set(together.names()))
        if twice:
            raise ValueError(f"{file}: {', '.join(twice)} stands in another file of the folder too")
        together = together.with_(one)
    return together


def read(path: Path) -> Rates:
    """Read one file of figures. Raises ValueError, which says the figure and what is missing."""
    return parsed(path.read_text(encoding="utf-8"))


def parsed(text: str) -> Rates:
    """A file's text as figures. Raises as ``read``; ``checking.faults`` tells all that is wrong, with lines."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    rows, titles, by = {}, {}, {}
    keys = {name: _keys(listed) for name, listed in (data.get("keys") or {}).items()}
    for name, given in data["rates"].items():
        common = given if isinstance(given, Mapping) else {"values": given}
        if "title" in common:
            titles[name] = Text(common["title"])
        if "by" in common:
            by[name] = common["by"]
        shared = {key: common[key] for key in ("law", "source", "unit") if key in common}
        last = {"to": data["until"]} if "until" in data else {}
        listed = [{**shared, **one} for one in common["values"]]
        rows[name] = [_rate(name, {**last, **one}, keys.get(by.get(name, ""))) for one in listed]
    return Rates(rows, str(data["version"]), titles=titles, keys=keys, by=by, kept_by=str(data.get("kept_by", "")))


def _keys(listed: Any) -> dict[str, Text]:
    """The keys in their order, and what each is called: a list of names, or names with texts."""
    if isinstance(listed, Mapping):
        return {str(key): Text(title) for key, title in listed.items()}
    return {str(key): Text.same(str(key)) for key in listed}


def _rate(name: str, one: Mapping[str, Any], keys: Mapping[str, Text] | None) -> Rate:
    for key in ("value", "from", "law", "source"):
        if one.get(key) in (None, ""):
            raise ValueError(f"rate {name}: {key} is missing")
    value = _value(one["value"])
    if isinstance(value, Mapping) and not set(value) <= set(keys or ()):
        raise ValueError(f"rate {name}: {sorted(set(value) - set(keys or ()))} are not among the keys it is given by")
    unit = str(one.get("unit", ""))
    return Rate(value, one["from"], one["law"], one["source"], unit, one.get("to"), one.get("adopted"))


def _value(given: Any) -> Value:
    if isinstance(given, Mapping):
        return {str(key): number(one) for key, one in given.items()}
    if isinstance(given, list):
        return tuple(part for one in given for part in _listed(one))
    return number(given)


def number(given: Any) -> Decimal:
    """A number, or a product and quotient of numbers as the law writes it: ``60*46/52``."""
    top, _slash, bottom = str(given).partition("/")
    product = Decimal(1)
    for part in top.split("*"):
        product *= Decimal(part)
    return product / Decimal(bottom) if bottom else product


def _listed(one: Any) -> Iterable[Decimal]:
    """A number, or ``{first, last, step}`` for a row of them."""
    if isinstance(one, Mapping):
        yield from (Decimal(place) for place in range(one["first"], one["last"] + 1, one["step"]))
    else:
        yield number(one)
