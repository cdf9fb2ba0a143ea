"""What a proposal does to groups, as bars drawn in SVG on the server. A table beside them says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from allting.common.registers import api as registers
from allting.common.rulebook.comparing import FAMILIES, Comparison, Sum
from allting.kernel.money import kroner

WIDTH, ROW, WORDS = 340, 44, 18  # a row: its words, and a bar under them
EDGE = 6
MOST_SHOWN = 6  # municipalities at each end; the table has them all

FAMILY_WORDS: Mapping[str, Any] = {
    "alone": lambda: _("Lives alone, under 67"),
    "couple": lambda: _("Couple without children, under 67"),
    "parent_alone": lambda: _("One adult with children"),
    "parents": lambda: _("Two adults with children"),
    "old_alone": lambda: _("Lives alone, 67 or older"),
    "old_couple": lambda: _("Couple, 67 or older"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One group: its name, the sums, and the same in words."""

    name: str
    households: int
    mean: str
    winners: str
    losers: str
    more: float
    less: float
    change: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the picture: where its words and its bar stand, and whether the group gets more or less."""

    name: str
    words: str
    y: float
    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars from a line at nothing: to the right they get more, to the left less."""

    bars: tuple[Bar, ...]
    zero: float
    height: int
    width: int = WIDTH
    row: int = ROW


@dataclass(frozen=True, slots=True)
class Shares:
    """For each row: how wide the part that gets more is, and the part that gets less."""

    rows: tuple[tuple[Row, float, float, float], ...]  # row, y, width of more, width of less
    height: int
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to divide households: a heading, all rows for the table, and the pictures."""

    slug: str
    title: str
    column: str
    rows: tuple[Row, ...]
    picture: Picture
    shares: Shares | None
    note: str = ""


def groupings(found: Comparison) -> list[Grouping]:
    """By income, family and municipality."""
    deciles = [_row(_decile(place), one) for place, one in enumerate(found.deciles, 1) if one.households]
    families = [
        _row(str(FAMILY_WORDS[kind]()), found.families[kind]) for kind in FAMILIES if found.families[kind].households
    ]
    names = registers.municipalities()
    places = [
        _row(name, found.municipalities[number]) for number, name in names.items() if number in found.municipalities
    ]
    return [
        Grouping(
            "income", _("By income"), _("Tenth"), tuple(deciles), _picture(deciles), _shares(deciles),
            _("Households in order of income after tax, weighed by who shares it. The first tenth has least."),
        ),
        Grouping("family", _("By family"), _("Family"), tuple(families), _picture(families), _shares(families)),
        Grouping(
            "municipality", _("By municipality"), _("Municipality"), tuple(places), _picture(_ends(places)), None,
            _(
                "The bars are those who gain most and least, and the table has all. Where few households are counted,"
                " chance decides much."
            ),
        ),
    ]  # fmt: skip


def _decile(place: int) -> str:
    if place == 1:
        return _("1st tenth, lowest incomes")
    return _("10th tenth, highest incomes") if place == 10 else _("Tenth number %(place)s") % {"place": place}


def _row(name: str, one: Sum) -> Row:
    more, less = (100 * part / one.households for part in (one.winners, one.losers))
    return Row(name, one.households, signed(one.mean), f"{more:.0f} %", f"{less:.0f} %", more, less, one.mean)


def signed(amount: float) -> str:
    """Whole kroner with their sign: "+1 219 kr", "−300 kr", "0 kr"."""
    whole = round(amount)
    return ("+" if whole > 0 else "") + kroner(whole * 100)


def _ends(rows: Sequence[Row]) -> list[Row]:
    """Those at both ends, most first; all when they are few."""
    ordered = sorted(rows, key=lambda one: -one.change)
    if len(ordered) <= 2 * MOST_SHOWN:
        return ordered
    return ordered[:MOST_SHOWN] + ordered[-MOST_SHOWN:]


def _picture(rows: Sequence[Row]) -> Picture:
    low = min([0.0, *(one.change for one in rows)])
    high = max([0.0, *(one.change for one in rows)])
    scale = (WIDTH - 2 * EDGE) / ((high - low) or 1)
    zero = EDGE - low * scale
    bars = []
    for place, one in enumerate(rows):
        width = abs(one.change) * scale
        kind = "more" if one.change > 0 else "less"
        bars.append(Bar(one.name, one.mean, place * ROW, zero if one.change > 0 else zero - width, width, kind))
    return Picture(tuple(bars), zero, len(rows) * ROW)


def _shares(rows: Sequence[Row]) -> Shares:
    found = [(one, place * ROW, WIDTH * one.more / 100, WIDTH * one.less / 100) for place, one in enumerate(rows)]
    return Shares(tuple(found), len(rows) * ROW)
