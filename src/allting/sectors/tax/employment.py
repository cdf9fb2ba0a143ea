"""Employers: who they say they employ, and the tax cards of those (skattebetalingsloven § 5-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.access import outside_mandate
from allting.kernel.actor import Actor, Capacity, Purpose
from allting.kernel.calendar import months_after
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import NotAllowed
from allting.sectors.tax import cards
from allting.sectors.tax.models import Employment, TaxCard

MOST = 1000  # rows of one request
OVERLAP = timedelta(minutes=2)  # so that a card that was being stored while we answered comes the next time
_STATES = Purpose("skattebetalingsloven § 5-1", "Arbeidsgiveren oppgir at du er ansatt")
_FETCHES = Purpose("skattebetalingsloven § 5-1", "Arbeidsgiveren henter skattekortet ditt")


@dataclass(frozen=True, slots=True)
class Stated:
    """A row of who is employed: the identity number as it was written, and from and to which day."""

    number: str
    begins: date
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: ``row`` counts from 1; ``result`` is a word for machines; ``card`` when there is one."""

    row: int
    identity_number: str
    result: str
    card: dict[str, Any] | None = None


def employer_of(actor: Actor) -> UUID:
    """The enterprise she or its program acts for. Raises NotAllowed for people, and outside her mandate."""
    party = actor.on_behalf_of
    if party is None or party.kind != "organisation":
        raise NotAllowed(code="employers-only")
    if not (actor.capacity is Capacity.ENTERPRISE or actor.represents):
        raise NotAllowed(code="employers-only")
    if not actor.scope.covers(cards.SERVICE, cards.THEMES, registers.authority(cards.AUTHORITY).id):
        raise outside_mandate()
    return party.id


@transaction.atomic
def state(actor: Actor, rows: Sequence[Stated]) -> list[Result]:
    """Whom the enterprise employs; a later statement with the same first day replaces the earlier one.

    Each row has its own result: "stated", "bad-number", "bad-dates" or "no-such-person"; good rows are kept.
    """
    employer = employer_of(actor)
    numbers = [_number(one.number) for one in rows]
    people = registers.find_people(actor, _STATES, [one for one in numbers if one])
    results, kept = [], {}
    for place, (one, number) in enumerate(zip(rows, numbers, strict=True), 1):
        result = _hindrance(one, number, people)
        if not result:
            person = people[number or ""]
            kept[person, one.begins] = Employment(employer=employer, person=person, begins=one.begins, ends=one.ends)
        results.append(Result(place, one.number, result or "stated"))
    keep(list(kept.values()))
    stated = list(dict.fromkeys(person for person, _begins in kept))
    audit.record_all(actor, _STATES, "tax.employment", stated, action="change", fields=["begins", "ends"])
    return results


def keep(rows: Sequence[Employment]) -> None:
    """Store who is employed; the same employer, person and first day is the same employment."""
    Employment.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, update_fields=["ends"],
        unique_fields=["employer", "person", "begins"],
    )  # fmt: skip


def _number(text: str) -> str | None:
    try:
        return identity_number(text)
    except BadNumber:
        return None


def _hindrance(one: Stated, number: str | None, people: dict[str, UUID]) -> str:
    if number is None:
        return "bad-number"
    if one.ends is not None and one.ends < one.begins:
        return "bad-dates"
    return "" if number in people else "no-such-person"


@transaction.atomic
def fetch(actor: Actor, year: int, numbers: Sequence[str]) -> list[Result]:
    """The tax cards of those the enterprise has said it employs: "card", "no-card", "not-employed" or "bad-number".

    Who is told "not-employed" may not be a person at all: the answer does not say. Somebody whose card is fetched by
    an employer for the first time gets a letter (§ 5-1, third paragraph).
    """
    employer = employer_of(actor)
    checked = [_number(one) for one in numbers]
    people = registers.find_people(actor, _FETCHES, [one for one in checked if one])
    employed = set(_employed(employer).filter(person__in=people.values()).values_list("person", flat=True))
    found = cards.newest(employed, year)
    results = [
        _fetched(place, text, number, people.get(number or ""), employed, found)
        for place, (text, number) in enumerate(zip(numbers, checked, strict=True), 1)
    ]
    audit.record_all(actor, _FETCHES, "tax.card", sorted(employed), fields=["table", "percent"])
    _note(employer, employed)
    return results


def _fetched(
    place: int, text: str, number: str | None, person: UUID | None, employed: set[UUID], found: dict[UUID, TaxCard]
) -> Result:
    if number is None:
        return Result(place, text, "bad-number")
    if person is None or person not in employed:
        return Result(place, text, "not-employed")
    card = found.get(person)
    return Result(place, text, "card", cards.as_data(card)) if card else Result(place, text, "no-card")


def _employed(employer: UUID) -> QuerySet[Employment]:
    """In its pay now: the last pay may come in the month after the last day."""
    since = months_after(timezone.localdate().replace(day=1), -1)
    return Employment.objects.filter(Q(ends=None) | Q(ends__gte=since), employer=employer)


def _note(employer: UUID, people: set[UUID]) -> None:
    """Remember that the cards were fetched, and tell those it is new to."""
    now, rows = timezone.now(), _employed(employer).filter(person__in=people)
    new = [str(one) for one in rows.filter(first_fetched=None).values_list("pk", flat=True)]
    rows.update(last_fetched=now)
    if new:
        Employment.objects.filter(pk__in=new).update(first_fetched=now)
        outbox.put("tax.tell_fetched", str(uuid4()), {"employments": new})


@transaction.atomic
def changes(actor: Actor, year: int, since: datetime) -> tuple[list[Result], datetime]:
    """Cards made since a moment of those the enterprise employs, oldest first and at most a thousand; and the moment to
    ask from the next time. A card may come twice, and never not at all."""
    employer, now = employer_of(actor), timezone.now()
    ours = _employed(employer).values("person")
    rows = list(
        TaxCard.objects.filter(made__gte=since, year=year, person__in=ours).order_by("made", "pk").defer("basis")[:MOST]
    )
    full = len(rows) == MOST and rows[-1].made > since
    people = {one.person for one in rows}
    found, numbers = cards.newest(people, year), registers.identity_numbers(actor, _FETCHES, list(people))
    audit.record_all(actor, _FETCHES, "tax.card", sorted(people), fields=["table", "percent"])
    _note(employer, people)
    order = list(dict.fromkeys(one.person for one in rows if one.person in numbers))
    results = [
        Result(place, numbers[one], "card", cards.as_data(found[one])) for place, one in enumerate(order, 1)
    ]  # fmt: skip
    return results, rows[-1].made if full else now - OVERLAP
