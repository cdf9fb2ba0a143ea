"""Figures as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format

from allting.kernel.money import NO_BREAK, kroner
from allting.kernel.rules import Rate, Rates


def number_words(value: Decimal | float, unit: str) -> str:
    """A number with its unit, in the reader's language."""
    if unit == "kr":
        return kroner(round(value * 100))
    decimals = max(0, min(4, -Decimal(str(value)).normalize().as_tuple().exponent))  # type: ignore[operator]
    text = number_format(Decimal(str(round(value, decimals))), decimals)
    return f"{text}{NO_BREAK}{unit}" if unit else text


def count_words(number: int) -> str:
    """A number of people or things: "5 000"."""
    return f"{number:,}".replace(",", NO_BREAK)


def figure_words(rates: Rates, name: str, rate: Rate) -> str:
    """A figure's value, with its keys' names where it has keys; a long list in short."""
    value: Any = rate.value
    if isinstance(value, Mapping):
        titles = rates.keys[rates.by[name]]
        return ", ".join(f"{titles[key]}: {number_words(one, rate.unit)}" for key, one in value.items())
    if isinstance(value, tuple):
        return f"{number_words(value[0], '')} … {number_words(value[-1], '')} ({len(value)})"
    return number_words(value, rate.unit)
