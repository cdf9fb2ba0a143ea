"""How long a national ID card is valid, and whose consent it takes (ID-kortloven §§ 1, 4)."""

from __future__ import annotations

from datetime import date, timedelta

from allting.kernel.calendar import age, months_after
from allting.kernel.rules import rates


def valid_until(born: date, made: date) -> date:
    """The last day of a card made on ``made``: two years for the smallest, three to ten years of age, then five."""
    years = age(born, made)
    name = "years_under_5" if years < 5 else "years_under_10" if years < 10 else "years"
    lasts = int(rates(__file__, "id-kortloven").value(name, made))
    return months_after(made, 12 * lasts) - timedelta(days=1)
