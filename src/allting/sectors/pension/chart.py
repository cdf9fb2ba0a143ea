"""The pension by age as bars, drawn as SVG on the server; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allting.kernel.money import kroner
from allting.sectors.pension.api import At

WIDTH, HEIGHT, TOP, BOTTOM = 340, 190, 26, 24
GAP = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One age: where its bar stands, the height of each part, and the words over the chosen one."""

    age: int
    x: float
    width: float
    own_y: float
    own_height: float
    guarantee_y: float
    guarantee_height: float
    words: str
    anchor: str


def bars(ages: Sequence[At], chosen: int) -> tuple[Bar, ...]:
    """From the youngest age; only the chosen one carries its amount, so that the words have room at 320 px."""
    most = max(1, *(one.total for one in ages))
    width = (WIDTH - GAP * (len(ages) - 1)) / len(ages)
    drawn = []
    for place, one in enumerate(ages):
        own, top_up = (part * (HEIGHT - TOP - BOTTOM) / most for part in (one.own, one.guarantee))
        foot = HEIGHT - BOTTOM
        words = kroner(one.total * 100) if one.age == chosen else ""
        anchor = "start" if place == 0 else "end" if place == len(ages) - 1 else "middle"
        drawn.append(
            Bar(one.age, place * (width + GAP), width, foot - own, own, foot - own - top_up, top_up, words, anchor)
        )
    return tuple(drawn)
