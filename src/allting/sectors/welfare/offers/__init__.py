"""What a parent is offered before she asks, a file for each benefit: found by folder, so that one more edits no list.

A file has ``OFFER``: the service, what she confirms by saying yes, what that answers in the form, and the rule that
decides the case, asked with the same.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from allting.kernel.rules import Outcome

Child = Mapping[str, Any]  # as population.children tells


@dataclass(frozen=True, slots=True)
class Offer:
    """``decide(child, municipality, today)`` is what the rule answers for a child who lives with her; ``answers`` are
    those of the form's ``page`` that she confirms, as they are typed."""

    service: str
    page: str
    confirms: Sequence[Any]
    answers: Mapping[str, Sequence[str]]
    decide: Callable[[Child, str | None, date], Outcome]


@cache
def offers() -> tuple[Offer, ...]:
    """All of them, by the file's name."""
    files = sorted(one.name for one in pkgutil.iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").OFFER for name in files)
