"""Who may act for whom, and how far. Asked anew each time: a power takes effect, and ends, at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from allting.common.registers import models, roles
from allting.common.registers.records import Mandate
from allting.common.registers.sources import adult_line
from allting.kernel.actor import Actor, Capacity, Party
from allting.kernel.scope import Reach, Scope

MOST_GIVERS = 500  # people who gave her a power; more than that are found by their name
_GIVER = ("giver_person", "giver_person__given_name", "giver_person__family_name")
Row = tuple[str, str, str, str]  # where it stands, which kind, how far, and the birth date of a child


def may_act(person: UUID, party: Party) -> Capacity | None:
    """In which capacity ``person`` may act for ``party`` now; None: not at all. Herself needs no mandate."""
    found = mandate(person, party)
    return found.capacity if found else None


def mandate(person: UUID, party: Party) -> Mandate | None:
    """All that lets ``person`` act for ``party`` now, as one mandate without a name; None: nothing does. One query."""
    if party == Party("person", person):
        return Mandate(party, "", Capacity.CITIZEN, "self")
    rows = _asked(person, party)
    return _merged([one for row in rows if (one := _read(party, row))])


def co_signers(person: UUID, organisation: UUID) -> list[UUID]:
    """The others who hold a joint right to sign with ``person``."""
    together = [name for name, one in roles.ROLES.items() if one.together]
    rows = _holding(models.Mandate.objects.filter(organisation=organisation, role__in=together), _now())
    rows = rows.exclude(person=person)
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


def officers(authority: UUID) -> list[tuple[UUID, str]]:
    """Who works with an authority's cases today, by name: for its own officers, who see each other."""
    working = [name for name, one in roles.ROLES.items() if one.officer and one.scope().whole]
    rows = _holding(models.Mandate.objects.filter(organisation=authority, role__in=working), _now())
    rows = rows.order_by("person__given_name", "person__family_name", "person").distinct()
    names = rows.values_list("person", "person__given_name", "person__family_name")
    return [(person, f"{given} {family}") for person, given, family in names[:MOST_GIVERS]]


def has_duty(actor: Actor, duty: str) -> bool:
    """Whether an officer has ``duty`` in the authority where she is at work, now. Nobody else has any."""
    if not actor.is_officer or duty not in roles.DUTIES:
        return False
    held = models.Mandate.objects.filter(person=actor.person, organisation=actor.authority, role=duty)
    return _holding(held, _now()).exists()


def within(actor: Actor, service: str = "service", authority: str = "authority") -> Q:
    """What cuts a list to what the actor's mandate covers: the columns that hold a row's service and authority."""
    limits = actor.scope.limits()
    if limits is None:
        return Q()
    if limits.allowed is None:
        return ~Q(**{f"{service}__in": limits.hidden}) if limits.hidden else Q()
    return Q(**{f"{service}__in": limits.allowed}) | Q(**{f"{authority}__in": limits.authorities})


def mandates(person: UUID, query: str = "", after: UUID | None = None, limit: int | None = None) -> list[Mandate]:
    """The parties ``person`` may act for today: children, wards and those who gave her a power, where she works,
    then enterprises by name. ``query`` is a part of the name; ``after`` is the last enterprise of the page before.

    The same five queries, however many there are.
    """
    first = [] if after else [*_people(person, query), *_workplaces(person, query)]
    return [*first, *_enterprises(person, query, after, limit)]


# --- What the tables say ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class When:
    """The day that is asked about, and the birth date from which one is a child on it."""

    today: date
    adult: date


def _now() -> When:
    return When(timezone.localdate(), adult_line())


_PERSON, _PARTY, _THEN = UUID(int=1), UUID(int=2), When(date(1801, 1, 1), date(1802, 1, 1))  # stand-ins


@cache
def _statement(kind: Literal["person", "organisation"], vendor: str) -> tuple[str, tuple[Any, ...]]:
    """SQL that is made once: to write it anew takes the ORM fifty times as long as the database needs to answer."""
    registered: QuerySet[Any]
    if kind == "person":
        registered = _relations(_PERSON, _THEN).filter(other=_PARTY).values_list(*_of_relation())
    else:
        registered = _roles(_PERSON, _PARTY, _THEN)
    powers = in_force(_PERSON, _THEN).filter(**{f"giver_{kind}": _PARTY}).values_list(*_of_power())
    sql, given = registered.union(powers, all=True).query.sql_with_params()
    stands: dict[Any, Any] = {_PERSON: "person", _PARTY: "party", _THEN.today: "today", _THEN.adult: "adult"}
    stands |= {one.hex if isinstance(one, UUID) else one.isoformat(): name for one, name in stands.items()}
    return sql, tuple((stands[one],) if _is_stand(one, stands) else one for one in given)


def _is_stand(one: Any, stands: Mapping[Any, Any]) -> bool:
    return isinstance(one, (UUID, date, str)) and one in stands


def _asked(person: UUID, party: Party) -> list[Row]:
    """What the tables say of these two, in one query."""
    sql, places = _statement(party.kind, connection.vendor)
    now = _now()
    values: dict[str, Any] = {"person": person, "party": party.id, "today": now.today, "adult": now.adult}
    if connection.vendor == "sqlite":  # as it keeps them
        values = {name: one.hex if isinstance(one, UUID) else one.isoformat() for name, one in values.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql, [values[one[0]] if isinstance(one, tuple) else one for one in places])
        return list(cursor.fetchall())


def _holding(rows: QuerySet[Any], when: When) -> QuerySet[Any]:
    return rows.filter(Q(ended=None) | Q(ended__gt=when.today))


def _text(value: str) -> Cast:
    return Cast(Value(value), CharField())


def _cast(column: str) -> Cast:
    return Cast(column, CharField())


def _relations(person: UUID, when: When) -> QuerySet[Any]:
    """Her children under the age, and her wards."""
    kinds = models.Relation.Kind
    related = Q(kind=kinds.PARENT, other__birth_date__gt=when.adult) | Q(kind=kinds.GUARDIAN)
    return _holding(models.Relation.objects.filter(related, person=person, other__died=None), when)


def _of_relation() -> tuple[Cast, ...]:
    return _text("relation"), _cast("kind"), _cast("scope"), _cast("other__birth_date")


def _of_power() -> tuple[Cast, ...]:
    return _text("power"), _text(""), _cast("scope"), _text("")


def _roles(person: UUID, organisation: UUID, when: When) -> QuerySet[Any]:
    rows = _holding(models.Mandate.objects.filter(person=person, organisation=organisation), when)
    rows = rows.filter(role__in=list(roles.ROLES))
    return rows.values_list(_text("role"), _cast("role"), _text(""), _text(""))


def in_force(person: UUID, when: When) -> QuerySet[models.Power]:
    """The powers that ``person`` may use then: given to her, or to an enterprise she gives powers for."""
    hers = models.Mandate.objects.filter(person=person, role__in=roles.givers())
    return models.Power.objects.filter(
        Q(receiver_person=person) | Q(receiver_organisation__in=_holding(hers, when).values("organisation")),
        Q(ends=None) | Q(ends__gte=when.today),
        starts__lte=when.today, withdrawn=None, giver_person__died=None,
    )  # fmt: skip


def _read(party: Party, row: Row) -> Mandate | None:
    source, kind, how_far, born = row
    if source == "power":
        capacity = Capacity.ATTORNEY if party.kind == "person" else Capacity.REPRESENTATIVE
        reach = Reach.of_data(json.loads(how_far))
        return Mandate(party, "", capacity, "power", scope=Scope((reach,)), title=roles.POWER)
    if source == "relation":
        scope = roles.of_parent(date.fromisoformat(born)) if kind == "parent" else roles.of_guardian(how_far)
        title = roles.PARENT if kind == "parent" else roles.GUARDIAN
        return Mandate(party, "", Capacity.GUARDIAN, "guardian", scope=scope, title=title)
    role = roles.ROLES[kind]
    capacity = Capacity.OFFICER if role.officer else Capacity.REPRESENTATIVE
    held = frozenset({kind}) if role.officer else frozenset()
    return Mandate(party, "", capacity, kind, scope=role.scope(), together=role.together, title=role.name, roles=held)


def _merged(found: list[Mandate]) -> Mandate | None:
    """One mandate of several: what one covers is covered; alone goes before together; work before all."""
    if not found:
        return None
    found.sort(key=lambda one: (one.capacity is not Capacity.OFFICER, one.together, one.role == "power"))
    first = found[0]
    if first.capacity is Capacity.OFFICER:
        work = [one for one in found if one.capacity is Capacity.OFFICER]
        first = next((one for one in work if one.scope.whole), first)
        parts = tuple(part for one in work for part in one.scope.parts)
        return replace(first, scope=Scope(parts), roles=frozenset().union(*(one.roles for one in work)))
    alone = [one for one in found if not one.together] or found
    scope = Scope(tuple(part for one in alone for part in one.scope.parts))
    return replace(first, scope=scope)


# --- Lists -----------------------------------------------------------------------------------------


def _people(person: UUID, query: str) -> list[Mandate]:
    """Wards by age, then those who gave a power, by name."""
    named = Q(other__given_name__icontains=query) | Q(other__family_name__icontains=query)
    related = _relations(person, _now()).filter(named).order_by("other__birth_date", "other")
    rows = related.values_list(*_of_relation(), "other", "other__given_name", "other__family_name")
    named = Q(giver_person__given_name__icontains=query) | Q(giver_person__family_name__icontains=query)
    powers = in_force(person, _now()).filter(named).exclude(giver_person=None)
    powers = powers.order_by(*_GIVER[1:], _GIVER[0]).values_list(*_of_power(), *_GIVER)
    both: list[Any] = [*rows, *powers[:MOST_GIVERS]]
    return _grouped((Party("person", row[4]), f"{row[5]} {row[6]}", row[:4]) for row in both)


def _workplaces(person: UUID, query: str) -> list[Mandate]:
    officer = [name for name, one in roles.ROLES.items() if one.officer]
    held = models.Mandate.objects.filter(person=person, role__in=officer, organisation__name__icontains=query)
    found: dict[UUID, Mandate] = {}
    for row in _holding(held, _now()).select_related("organisation").order_by("pk"):
        one = Mandate(
            Party("organisation", row.organisation_id), row.organisation.name, Capacity.OFFICER, row.role,
            row.organisation.slug or "", title=roles.ROLES[row.role].name,
        )  # fmt: skip
        found.setdefault(row.organisation_id, one)
    return list(found.values())


def _enterprises(person: UUID, query: str, after: UUID | None, limit: int | None) -> list[Mandate]:
    acting = [name for name, one in roles.ROLES.items() if not one.officer]
    held = _holding(models.Mandate.objects.filter(person=person, role__in=acting), _now())
    given = in_force(person, _now()).exclude(giver_organisation=None)
    rows = models.Organisation.objects.filter(
        Q(pk__in=held.values("organisation")) | Q(pk__in=given.values("giver_organisation")), name__icontains=query
    ).order_by("name", "pk")
    last = models.Organisation.objects.filter(pk=after).first() if after else None
    if last:
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    page = {row.pk: row for row in rows[:limit]}
    found: list[tuple[UUID, Row]] = [
        (row[0], ("role", row[1], "", ""))
        for row in held.filter(organisation__in=page).values_list("organisation", "role")
    ]
    found += [
        (row[0], ("power", "", row[1], ""))
        for row in given.filter(giver_organisation__in=page).values_list("giver_organisation", "scope")
    ]
    by_party = _grouped((Party("organisation", key), page[key].name, row) for key, row in found)
    place = {key: number for number, key in enumerate(page)}
    return sorted(by_party, key=lambda one: place[one.party.id])


def _grouped(rows: Iterable[tuple[Party, str, Row]]) -> list[Mandate]:
    """One mandate for each party, in the order they came first."""
    by_party: dict[Party, tuple[str, list[Mandate]]] = {}
    for party, name, row in rows:
        if one := _read(party, row):
            by_party.setdefault(party, (name, []))[1].append(one)
    merged = ((name, _merged(found)) for name, found in by_party.values())
    return [replace(one, name=name) for name, one in merged if one]
