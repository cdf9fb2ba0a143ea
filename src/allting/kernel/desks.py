"""Ways in that a room offers by itself: desks beside the queue of cases, and on "My page" pages of one's own and what
waits for one.

No list names them: a room calls ``offer``, ``offer_own`` or ``offer_waiting`` in its ``apps.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of somebody's own that "My page" leads to; ``icon`` is one of site/components.html."""

    path: str
    title: Any
    icon: str
    fits: Callable[[Actor], bool]
    place: int


_own: dict[str, OwnPage] = {}


def _anyone(actor: Actor) -> bool:
    return True


def offer_own(path: str, title: Any, icon: str, *, place: int = 50, fits: Callable[[Actor], bool] = _anyone) -> None:
    """Called from a room's ``apps.py``. ``place``: the lower, the nearer the top; ``fits(actor)``: who is shown it."""
    _own[path] = OwnPage(path, title, icon, fits, place)


def own_pages(actor: Actor) -> list[OwnPage]:
    """What "My page" leads to for ``actor``, in order."""
    return sorted((one for one in _own.values() if one.fits(actor)), key=lambda one: (one.place, one.path))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something somebody should do, with the page where she does it; ``note``: by when. In her language."""

    url: str
    text: str
    note: str = ""


Waits = Callable[[Actor], Iterable[Waiting]]
_waits: dict[str, Waits] = {}


def offer_waiting(ask: Waits) -> None:
    """Called from a room's ``apps.py``: ``ask(actor)`` tells what of the room's waits for her on "My page". It is asked
    each time the page is shown."""
    _waits[f"{ask.__module__}.{ask.__qualname__}"] = ask


def waiting(actor: Actor) -> list[Waiting]:
    """What rooms say waits for ``actor``."""
    return [one for ask in _waits.values() for one in ask(actor)]
