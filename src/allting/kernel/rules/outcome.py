"""What a rule that decides a case answers: granted or not, why, how it was counted, and what is paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from allting.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a calculation: what, how much (already in words), and under which paragraph."""

    text: Text
    value: str
    law: str


@dataclass(frozen=True, slots=True)
class Pay:
    """Money a decision gives: ``amount`` in øre, once or every month from ``start`` to and with ``end``."""

    amount: int
    text: Text
    every: Literal["once", "month"] = "once"
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule answers. ``grounds`` go into the letter; ``steps`` are the calculation; ``pays`` the money.

    A refusal without grounds is no decision (forvaltningsloven § 24): it raises ValueError.
    """

    granted: bool
    grounds: Sequence[Text] = ()
    steps: Sequence[Step] = ()
    pays: Sequence[Pay] = ()
    version: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.granted and not self.grounds:
            raise ValueError("a refusal needs grounds")
