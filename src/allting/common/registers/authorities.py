"""Public bodies, and which of them a service turns to. Nothing here is personal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
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
EVERY = "every authority"
SUPERIOR = "superior"  # as the addressee of an appeal
_ASCII = str.maketrans("øåáčđŋšŧž", "oaacdnstz") | {ord("æ"): "ae"}


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


@cache
def counties() -> Mapping[str, str]:
    """Official number and name of each county (not of who governs it), in the order of the Norwegian alphabet."""
    return dict(
        sorted(((one["county"], one["name"]) for one in table("division")), key=lambda one: alphabetical(one[1]))
    )


def authority_for(offered_by: str, place: str | None) -> Authority:
    """Who handles a service for someone who lives in the municipality ``place`` (official number).

    ``offered_by`` is "every municipality", "every county" or an authority's slug. A county has the first two digits of
    its municipalities' numbers. With "every authority", ``place`` is a key of ``askable``. Raises NotFound.
    """
    if offered_by == EVERY:
        return _chosen(place or "")
    kind = _ANY.get(offered_by)
    if kind is None:
        return authority(offered_by)
    number = (place or "")[: 4 if kind == "municipality" else 2]
    row = Organisation.objects.filter(kind=kind, number=number).exclude(slug=None).first()
    if row is None:
        raise NotFound(code="no-authority-for-address")
    return _record(row)


def _chosen(key: str) -> Authority:
    if not key.isdigit():
        return authority(key)
    return authority_for("every municipality" if len(key) == 4 else "every county", key)


def slug_of(name: str) -> str:
    """ "Møre og Romsdal" → "more-og-romsdal"."""
    plain = name.lower().translate(_ASCII)
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def public_bodies() -> Iterator[dict[str, str]]:
    """The country's authorities as the tables have them: slug, name, kind, and official number."""
    for slug, name in table("state").items():
        yield {"slug": slug, "name": name, "kind": "state"}
    for one in table("division"):
        number, name = one["county"], one["name"]
        if number != "03":  # Oslo is both; the municipality answers for the county
            yield {
                "slug": f"{number}-{slug_of(name)}",
                "name": f"{name} fylkeskommune",
                "kind": "county",
                "number": number,
            }
        for code, place in one["municipalities"].items():
            values = {"name": f"{place} kommune", "kind": "municipality", "number": code, "municipality": code}
            yield {"slug": f"{code}-{slug_of(place)}", **values}
    yield {"slug": "03-oslo", "name": "Oslo kommune, fylkesoppgaver", "kind": "county", "number": "03"}


@cache
def askable() -> Mapping[str, str]:
    """The authorities one can choose among: those that have a body above them. State bodies come first.

    A municipality's or county's key is its official number, another's its slug.
    """
    above, order = _superiors(), ("state", "county", "municipality")
    rows = [one for one in public_bodies() if one["slug"] in above or f"every {one['kind']}" in above]
    rows.sort(key=lambda one: (order.index(one["kind"]), alphabetical(one["name"])))
    return {one["slug"] if one["kind"] == "state" else one["number"]: one["name"] for one in rows}


def key_of(one: Authority) -> str:
    """The key of an authority among those one can choose."""
    return one.slug if one.kind == "state" else one.number


def appeals_body(to: str, decided: UUID) -> Authority:
    """Who decides an appeal that goes ``to`` a slug, or with "superior" to the body above the one that ``decided``
    (forvaltningsloven § 28 first paragraph). Raises NotFound."""
    return authority(_above(authority(decided)) if to == SUPERIOR else to)


def is_above(one: Authority) -> bool:
    """Whether appeals that go to "superior" may come here."""
    return one.slug in _superiors().values()


@cache
def _superiors() -> Mapping[str, str]:
    found: Mapping[str, str] = table("superior")
    return found


def _above(one: Authority) -> str:
    found = _superiors().get(one.slug) or _superiors().get(f"every {one.kind}")
    if found is None:
        raise NotFound(code="no-superior")
    return found


def municipality_of(person: UUID) -> str | None:
    """The official number of the municipality a person lives in, to find who serves her; None if unknown."""
    return Person.objects.filter(pk=person).values_list("address__municipality", flat=True).first()
