"""What roles, parents and guardians may do, read from ``data/roles.yaml``: the law's lists are data, not code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

from django.utils import timezone

from allting.common.registers.authorities import ids_of
from allting.common.registers.population import table
from allting.kernel.calendar import age
from allting.kernel.scope import EVERYTHING, Reach, Scope
from allting.kernel.text import Text

PARENT: Final = Text({"nb": "Forelder", "nn": "Forelder", "en": "Parent"})
GUARDIAN: Final = Text({"nb": "Verge", "nn": "Verje", "en": "Guardian"})
POWER: Final = Text({"nb": "Fullmakt", "nn": "Fullmakt", "en": "Power of attorney"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the entity register: its name, its paragraph, and what it lets its holder do.

    ``gives``: may give a power of attorney for the organisation. ``together``: only with another such holder.
    ``officer``: works in the authority; with the whole of its cases, unless ``may`` says less.
    """

    name: Text
    law: str
    may: Mapping[str, Any] | None
    gives: bool = False
    together: bool = False
    officer: bool = False

    def scope(self) -> Scope:
        return EVERYTHING if self.officer and self.may is None else Scope((_reach(self.may or {}),))


def _roles() -> dict[str, Role]:
    return {
        name: Role(
            Text(one["name"]), one["law"], one.get("may"), bool(one.get("gives")), bool(one.get("together")),
            bool(one.get("officer")),
        )
        for name, one in table("roles")["roles"].items()
    }  # fmt: skip


ROLES: Final = _roles()


DUTIES: Final = {name: Text(one["name"]) for name, one in table("roles")["duties"].items()}


def givers() -> list[str]:
    """The roles whose holder may give a power of attorney for the organisation, alone."""
    return [name for name, one in ROLES.items() if one.gives]


def _reach(data: Mapping[str, Any]) -> Reach:
    """Authorities are written by their slugs; one that is not registered here reaches nothing."""
    found = Reach.of_data({name: one for name, one in data.items() if name != "authorities"})
    return replace(found, authorities=ids_of(tuple(data.get("authorities", ()))))


def of_parent(born: date) -> Scope:
    """What a parent may do for a child of that birth date: all but what the child decides herself by now."""
    years = age(born, timezone.localdate())
    over = [one for one in table("roles")["parents"]["but"] if years >= one["from"]]
    return Scope(
        (
            Reach(
                everything=True,
                but_not=frozenset(theme for one in over for theme in one.get("themes", ())),
                but_not_services=frozenset(name for one in over for name in one.get("services", ())),
            ),
        )
    )


@cache
def of_guardian(scope: str) -> Scope:
    """What a guardian may do: ``scope`` is "economic", "personal", or empty for both."""
    if not scope:
        return EVERYTHING
    return Scope((Reach(themes=frozenset(table("roles")["guardians"][scope]["themes"])),))
