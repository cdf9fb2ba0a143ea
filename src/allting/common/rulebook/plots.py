"""How a figure has changed: steps over time, drawn as SVG on the server. A table beside it says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from allting.common.rulebook.wording import number_words
from allting.kernel.rules import Rate, Rates

WIDTH, HEIGHT = 340, 150
LEFT, RIGHT, TOP, BOTTOM = 12, 12, 30, 24
ROOM = (58, 24)  # what a mark's words take, across and up
YEAR = 36  # what a year takes


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the plot; its words stand above it, or to the left of it where the line comes from above."""

    x: float
    y: float
    words: str
    anchor: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name (empty when it is the only one), its path, and a mark where each value begins."""

    name: str
    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure over time."""

    name: str
    title: Any
    series: tuple[Series, ...]
    years: tuple[Mark, ...]
    rows: tuple[tuple[date, str, str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def plot(rates: Rates, name: str, words: Sequence[tuple[Rate, str]]) -> Plot | None:
    """The plot of a figure that has changed; None for one that has not, or that is a list. ``words`` are its rows."""
    lines = _lines(rates, name, [rate for rate, _text in words])
    starts = [rate.start for rate, _text in words]
    if len(set(starts)) < 2 or not lines:
        return None
    last = max(starts)
    span = (min(starts), max(last + (last - min(starts)) / 4, last + timedelta(days=200)))
    every = [value for points in lines.values() for _day, value in points]
    low, high = min(every), max(every)
    drawn = tuple(_series(title, points, span, (low, high), words[0][0].unit) for title, points in lines.items())
    years = tuple(Mark(_x(day, span), HEIGHT - 6, str(day.year), _anchor(day, span)) for day in _years(starts, span))
    rows = tuple((rate.start, text, rate.law, rate.source) for rate, text in words)
    return Plot(name, rates.title(name), drawn, years, rows)


def _lines(rates: Rates, name: str, rows: Sequence[Rate]) -> dict[str, list[tuple[date, float]]]:
    """The points of each line: one for a number, one for each key; a value that was replaced is left out."""
    lines: dict[str, list[tuple[date, float]]] = {}
    for rate in {one.start: one for one in rows}.values():
        if isinstance(rate.value, tuple):
            return {}
        values = rate.value if isinstance(rate.value, Mapping) else {"": rate.value}
        for key, value in values.items():
            title = str(rates.keys[rates.by[name]][key]) if key else ""
            lines.setdefault(title, []).append((rate.start, float(value)))
    return lines


def _series(
    name: str, points: Sequence[tuple[date, float]], span: tuple[date, date], ends: tuple[float, float], unit: str
) -> Series:
    path, marks, before = "", [], None
    for day, value in points:
        x, y = _x(day, span), _y(value, ends)
        path += f"H{x:.1f}V{y:.1f}" if path else f"M{x:.1f} {y:.1f}"
        if value != before:
            fell = before is not None and value < before
            marks.append(Mark(x, y, number_words(value, unit), "end" if fell else _anchor(day, span), fell))
        before = value
    return Series(name, f"{path}H{WIDTH - RIGHT}", _thinned(marks))


def _thinned(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Words only where there is room: the newest value's first, then the oldest's, then the others' backwards."""
    order = [marks[-1], marks[0], *marks[-2:0:-1]] if len(marks) > 1 else list(marks)
    kept: list[Mark] = []
    for one in order:
        if all(abs(one.x - other.x) > ROOM[0] or abs(one.y - other.y) > ROOM[1] for other in kept):
            kept.append(one)
    return tuple(one if one in kept else replace(one, words="") for one in marks)


def _x(day: date, span: tuple[date, date]) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (day - span[0]).days / max(1, (span[1] - span[0]).days)


def _y(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    share = (value - low) / (high - low) if high > low else 0.5
    return TOP + (HEIGHT - TOP - BOTTOM - 12) * (1 - share)


def _anchor(day: date, span: tuple[date, date]) -> str:
    place = (_x(day, span) - LEFT) / (WIDTH - LEFT - RIGHT)
    return "start" if place < 0.12 else "end" if place > 0.88 else "middle"


def _years(starts: Sequence[date], span: tuple[date, date]) -> list[date]:
    """The days to write years under: the first of each year, as far as there is room, the newest first."""
    kept: list[date] = []
    for day in sorted({day.year: day for day in sorted(starts, reverse=True)}.values(), reverse=True):
        if not kept or _x(kept[-1], span) - _x(day, span) > YEAR:
            kept.append(day)
    return kept[::-1]
