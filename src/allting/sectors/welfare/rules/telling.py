"""A rule asked for one case, with what stands in its letter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from allting.kernel.rules import Explanation, explain, rule_of


def counted(function: Callable[..., float], given: Mapping[str, float], on: date) -> Explanation:
    """What the rule answers to numbers it can be given, step by step. Raises NoRate."""
    law = rule_of(function)
    assert law is not None
    return explain(law, given, on)


def told(function: Callable[..., float], given: Mapping[str, Any], on: date) -> Explanation:
    """What the rule answers that day, step by step. Raises NoRate, or ValueError for what it cannot be given."""
    law = rule_of(function)
    assert law is not None
    return explain(law, law.read(given, on), on)


def known(function: Callable[..., float], on: date) -> bool:
    """Whether the figures of that day are published here."""
    law = rule_of(function)
    return law is not None and law.has(on)
