"""Public bodies, and which of them a service turns to. Nothing here is personal."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from allting.common.registers.models import Organisation, Person
from allting.common.registers.population import table
from allting.common.registers.records import Authority
from allting.kernel.actor import Actor
from allting.kernel.problems import NotFound
from allting.kernel.text import alphabetical

_ANY = {"every municipality": "municipality", "every county": "county"}


def _record(row: Organisation) -> Authority:
    return Authority(row.pk, row.slug or "", row.name, row.kind, row.number)


def authority(which: str | UUID) -> Authority:
    """The authority with this slug or id, as it was within the last minute. Raises NotFound."""
    return _within_the_minute(which, int(time.monotonic() / 60))


@lru_cache(maxsize=1024)
def _within_the_minute(which: str | UUID, minute: int) -> Authority:
    rows = Organisation.objects.exclude(slug=None)
    row = rows.filter(pk=which).first() if isinstance(which, UUID) else rows.filter(slug=which).first()
    if row is None:
        raise NotFound(code="no-such-authority")
    return _record(row)


def works_in(actor: Actor, slug: str) -> bool:
    """Whether an officer is at work in the authority with this slug."""
    return actor.is_officer and actor.authority is not None and authority(actor.authority).slug == slug


def ids_of(slugs: tuple[str, ...]) -> frozenset[UUID]:
    """The ids of those of these authorities that there are, as it was within the last minute."""
    return _ids_within_the_minute(slugs, int(time.monotonic() / 60)) if slugs else frozenset()


@lru_cache(maxsize=64)
def _ids_within_the_minute(slugs: tuple[str, ...], minute: int) -> frozenset[UUID]:
    return frozenset(Organisation.objects.filter(slug__in=slugs).values_list("pk", flat=True))


def forget(**facts: Any) -> None:
    """An organisation was changed in this process; others see it within the minute."""
    _within_the_minute.cache_clear()
    _ids_within_the_minute.cache_clear()


def authorities(kind: str | None = None) -> list[Authority]:
    """All authorities, or those of ``kind`` (state, county, municipality), by number and name."""
    rows = Organisation.objects.exclude(slug=None)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [_record(row) for row in rows.order_by("number", "name")]


@cache
def municipalities() -> Mapping[str, str]:
    """Official number and name of each municipality, in the order of the Norwegian alphabet."""
    found = [(number, name) for county in table("division") for number, name in county["municipalities"].items()]
    return dict(sorted(found, key=lambda one: alphabetical(one[1])))


def authority_for(offered_by: str, municipality: str | None) -> Authority:
    """Who handles a service for someone who lives in ``municipality`` (official number).

    ``offered_by`` is "every municipality", "every county" or an authority's slug. A county has the
    first two digits of its municipalities' numbers. Raises NotFound.
    """
    kind = _ANY.get(offered_by)
    if kind is None:
        return authority(offered_by)
    number = (municipality or "")[: 4 if kind == "municipality" else 2]
    row = Organisation.objects.filter(kind=kind, number=number).exclude(slug=None).first()
    if row is None:
        raise NotFound(code="no-authority-for-address")
    return _record(row)


def municipality_of(person: UUID) -> str | None:
    """The official number of the municipality a person lives in, to find who serves her; None if unknown."""
    return Person.objects.filter(pk=person).values_list("address__municipality", flat=True).first()
