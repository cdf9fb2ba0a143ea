"""How far a mandate reaches: everything, or services by name, by theme, or all of an authority.

What a theme covers is said by the room that knows the services, when it starts (``know``), so that the rooms
below it can ask. Nothing here is remembered: a scope comes from the registers with each request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Services = Callable[[], Mapping[str, Collection[str]]]
_NOTHING: frozenset[Any] = frozenset()
_services: Services = dict


def know(services: Services) -> None:
    """``services()`` tells each service's themes, by its name."""
    global _services
    _services = services


def themes_of(service: str) -> Collection[str] | None:
    """A service's themes; None when there is no such service."""
    return _services().get(service)


@dataclass(frozen=True, slots=True)
class Reach:
    """One mandate's reach. ``but_not`` (themes) and ``but_not_services`` take away again."""

    everything: bool = False
    services: frozenset[str] = _NOTHING
    themes: frozenset[str] = _NOTHING
    authorities: frozenset[UUID] = _NOTHING
    but_not: frozenset[str] = _NOTHING
    but_not_services: frozenset[str] = _NOTHING

    def covers(self, service: str, themes: Collection[str], authority: UUID | None) -> bool:
        """Whether this service, of these themes and decided by ``authority``, may be used."""
        if service in self.but_not_services or self.but_not & set(themes):
            return False
        return (
            self.everything
            or service in self.services
            or bool(self.themes & set(themes))
            or (authority is not None and authority in self.authorities)
        )

    def as_data(self) -> dict[str, Any]:
        """What is kept of it; ``of_data`` reads it."""
        if self.everything:
            return {"everything": True}
        parts = {"services": self.services, "themes": self.themes, "authorities": self.authorities}
        return {name: sorted(str(one) for one in part) for name, part in parts.items() if part}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> Reach:
        return cls(
            everything=bool(data.get("everything")),
            services=frozenset(data.get("services", ())),
            themes=frozenset(data.get("themes", ())),
            authorities=frozenset(UUID(one) for one in data.get("authorities", ())),
            but_not=frozenset(data.get("but_not", ())),
            but_not_services=frozenset(data.get("but_not_services", ())),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """A scope as lists can be cut by it: either all but ``hidden``, or only ``allowed`` and ``authorities``."""

    allowed: frozenset[str] | None
    hidden: frozenset[str] = _NOTHING
    authorities: frozenset[UUID] = _NOTHING


@dataclass(frozen=True, slots=True)
class Scope:
    """All mandates between two, together: what one of them covers is covered."""

    parts: tuple[Reach, ...]

    @property
    def whole(self) -> bool:
        """Whether one of them is for everything, whatever a law then takes away (a sixteen-year-old's health)."""
        return any(one.everything for one in self.parts)

    def unlimited(self, authority: UUID | None = None) -> bool:
        """Whether one of them is for everything, or everything of ``authority``, and no law takes a part away."""
        reaching = (one for one in self.parts if one.everything or (authority and authority in one.authorities))
        return any(not one.but_not and not one.but_not_services for one in reaching)

    def covers(self, service: str, themes: Collection[str], authority: UUID | None = None) -> bool:
        return any(one.covers(service, themes, authority) for one in self.parts)

    def limits(self) -> Limits | None:
        """How lists are cut; None: not at all."""
        if any(one.everything and not one.but_not and not one.but_not_services for one in self.parts):
            return None
        covered = {name: self.covers(name, themes) for name, themes in _services().items()}
        if self.whole:
            return Limits(None, hidden=frozenset(name for name, yes in covered.items() if not yes))
        bodies: Iterable[UUID] = (body for one in self.parts for body in one.authorities)
        named = {name for one in self.parts for name in one.services}
        return Limits(frozenset(name for name, yes in covered.items() if yes) | named, authorities=frozenset(bodies))

    def __add__(self, other: Scope) -> Scope:
        return Scope((*self.parts, *other.parts))


EVERYTHING = Scope((Reach(everything=True),))
