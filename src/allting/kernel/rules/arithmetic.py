"""The arithmetic a rule may use besides ``+ - * /``, ``min``, ``max`` and ``abs``: rounding is always said.

Each works on one number; ``columns.py`` has the same for compiled code, and a test compares the two.
"""

from __future__ import annotations

import math


def half_up(value: float) -> float:
    """To whole units, a half upwards: 0.5 gives 1, and −0.5 gives 0, as Java's ``Math.round``."""
    return math.floor(value + 0.5)


def down(value: float) -> float:
    """To whole units, downwards."""
    return math.floor(value)


def up(value: float) -> float:
    """To whole units, upwards."""
    return math.ceil(value)


def down_to(value: float, step: float) -> float:
    """Down to a whole number of ``step``: 1 234 by 100 gives 1 200."""
    return math.floor(value / step) * step


def share(amount: float, percent: float) -> float:
    """``percent`` of ``amount``, not rounded.

    Exact where the law is: for whole kroner up to a thousand million and a percentage of at most three decimals the
    answer is the nearest number there is, so that an exact half is a half and ``half_up`` sees it. What is finer
    than a hundred-thousandth of the unit is rounded off.
    """
    return math.floor(amount * percent * 1000 + 0.5) / 100_000


ARITHMETIC = (half_up, down, up, down_to, share)
