"""What a rule is given and answers: the types of its arguments, with unit, bounds, and how text becomes a number.

Every value inside a rule is a number, so that the same function runs on one case and over columns: yes or no is
1 or 0, a key (as a period) is its place among the keys of the rates file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _

YES = frozenset(("1", "1.0", "true", "yes", "ja", "y", "t"))
NO = frozenset(("0", "0.0", "false", "no", "nei", "n", "f"))
THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([.,][0-9]{3})+")
"""What one reads as thousands and another as decimals: "50.000"."""
MOST = 10**12  # kroner; beyond it floating point no longer tells øre from øre


class Unreadable(ValueError):
    """A value that is not of its kind; ``reason`` says why to the one who wrote it (translated)."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of number: its ``unit``, its bounds, and the type of a column of them (NumPy's letters).

    ``key`` names the keys of the rates file whose place the number is; ``listed`` the figure that lists what is
    allowed, of which ``example`` is one.
    """

    name: Literal["kroner", "percent", "count", "yes_no", "key", "listed"]
    unit: str = ""
    low: float | None = None
    high: float | None = None
    column: str = "f8"
    key: str = ""
    listed: str = ""
    example: str = ""

    def read(self, given: Any, allowed: Mapping[Any, int] | None = None) -> float:
        """The number that ``given`` (text, or a number) stands for. Raises Unreadable.

        ``allowed`` are the keys or the list of the day, each with the number it stands for.
        """
        if given is None or (isinstance(given, str) and not given.strip()):
            raise Unreadable(_("is missing"))
        if self.name == "yes_no":
            return _yes_no(given)
        if allowed is not None:
            return self._chosen(given, allowed)
        return self._number(given)

    def _chosen(self, given: Any, allowed: Mapping[Any, int]) -> int:
        text = str(given).strip()
        if isinstance(given, float) and given.is_integer():
            text = str(int(given))  # a column with an empty row makes every number of it a float
        place = allowed.get(text)
        if place is None and self.listed and text.isdigit():
            place = allowed.get(str(int(text)))
        if place is None:
            some = ", ".join(list(allowed)[:8]) + (" …" if len(allowed) > 8 else "")
            raise Unreadable(_("“%(given)s” is unknown; known are %(some)s") % {"given": text[:40], "some": some})
        return place

    def _number(self, given: Any) -> float:
        plain = _plain(given) if isinstance(given, str) else given
        try:
            value = float(str(plain) if isinstance(plain, bool) else plain)  # a yes is not one krone
        except (TypeError, ValueError):
            raise Unreadable(_("“%(given)s” is not a number") % {"given": str(given)[:40]}) from None
        if value != value or abs(value) > MOST:
            raise Unreadable(_("“%(given)s” is not a number we can count with") % {"given": str(given)[:40]})
        if value != int(value):
            raise Unreadable(_("must be a whole number"))
        if self.low is not None and value < self.low:
            words = (
                _("cannot be negative") if self.low == 0 else _("must be %(low)s or more") % {"low": f"{self.low:g}"}
            )
            raise Unreadable(words)
        if self.high is not None and value > self.high:
            raise Unreadable(_("must be %(high)s or less") % {"high": f"{self.high:g}"})
        return int(value)

    def read_all(
        self, given: Sequence[Any], allowed: Mapping[Any, int] | None = None
    ) -> tuple[list[float], dict[int, Any]]:
        """A column: the numbers (0 where there is none), and why by place for those that cannot be read."""
        numbers: list[float] = []
        wrong: dict[int, Any] = {}
        known: dict[Any, float] = {}
        low, high = (self.low or 0, self.high or MOST) if allowed is None and self.name != "yes_no" else (1, 0)
        for place, one in enumerate(given):
            if type(one) is str and one.isdigit() and one.isascii() and low <= (whole := int(one)) <= high:
                numbers.append(whole)  # what nearly every row is
                continue
            try:
                if type(one) in (list, dict) or one not in known:
                    value = self.read(one, allowed)
                    if len(known) < 10_000:
                        known[one] = value
                else:
                    value = known[one]
            except Unreadable as error:
                wrong[place], value = error.reason, 0
            numbers.append(value)
        return numbers, wrong


def _plain(given: str) -> str:
    """A number as text without its spaces. Raises Unreadable where one reads thousands and another a decimal."""
    text = given.strip()
    if THOUSANDS.fullmatch(text):
        raise Unreadable(two_ways(text))
    return "".join(text.split()).replace(",", ".").replace("_", "?")  # Python alone reads an underscore in a number


def two_ways(given: str) -> Any:
    """What is said of a number that is ``THOUSANDS``, with the one that was most likely meant."""
    return _("“%(given)s” can be read in two ways; write %(whole)s") % {
        "given": given[:40],
        "whole": re.sub("[.,]", "", given)[:40],
    }


def _yes_no(given: Any) -> int:
    text = str(given).strip().lower()
    if text in YES or text in NO:
        return int(text in YES)
    raise Unreadable(_("“%(given)s” is neither yes nor no") % {"given": text[:40]})


Law = Any
"""The figures of one day, as attributes: what a rule is given first."""

Kroner = Annotated[float, Kind("kroner", "kr", low=0)]
"""Whole kroner, not negative."""

NetKroner = Annotated[float, Kind("kroner", "kr")]
"""Whole kroner; a deficit is negative."""

Percent = Annotated[float, Kind("percent", "%", low=0, high=100)]
"""Whole per cent."""

Months = Annotated[float, Kind("count", low=0, high=12)]
"""Months of one year."""

YesNo = Annotated[float, Kind("yes_no", column="?")]
"""1 for yes, 0 for no."""


def key(name: str) -> Kind:
    """One of the keys ``name`` of the rates file: inside the rule its place, for ``law.figure[place]``."""
    return Kind("key", key=name, column="i4")


def listed(figure: str, example: str = "") -> Kind:
    """A number that must stand in the list ``figure`` of the day; ``example`` is one that many have."""
    return Kind("listed", listed=figure, column="i4", example=example)


def count(low: float = 0, high: float | None = None) -> Kind:
    """A whole number between bounds."""
    return Kind("count", low=low, high=high)
