"""A rule asked for one case, with what stands in its letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from allting.kernel.rules import Explanation, Rule, explain, rule_of


def rule_for(function: Any) -> Rule:
    """The rule behind one of the functions of this folder."""
    found = rule_of(function)
    assert found is not None
    return found


def told(function: Any, given: Mapping[str, Any], on: date) -> Explanation:
    """What the rule answers that day, step by step. Raises NoRate, or ValueError for what it cannot be given."""
    one = rule_for(function)
    return explain(one, one.read(given, on), on)
