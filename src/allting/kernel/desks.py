"""Desks besides the queue of cases: a room offers its own, and the menu shows an officer those of her authority."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allting.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Desk:
    """A page where officers of some authorities work; ``title`` is translated when shown."""

    path: str
    title: Any
    fits: Callable[[Actor], bool]


_desks: dict[str, Desk] = {}


def offer(path: str, title: Any, fits: Callable[[Actor], bool]) -> None:
    """Called from a room's ``apps.py``: ``fits(actor)`` says who works there."""
    _desks[path] = Desk(path, title, fits)


def of(actor: Actor) -> list[Desk]:
    """The desks of an officer, besides the cases."""
    return [one for one in _desks.values() if actor.is_officer and one.fits(actor)]
