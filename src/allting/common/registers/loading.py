"""Puts the demo country into the registers, in chunks and once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count, islice

from django.db import transaction

from allting.common.registers.authorities import forget, public_bodies
from allting.common.registers.models import Address, Contact, Mandate, Organisation, Person, Relation
from allting.common.registers.population import Household, Someone, households
from allting.kernel.numbers import make_organisation_number

CHUNK = 500  # households in one transaction


def load_authorities() -> int:
    """Counties, municipalities and state authorities; returns how many are new."""
    have = set(Organisation.objects.exclude(slug=None).values_list("slug", flat=True))
    taken = set(Organisation.objects.values_list("organisation_number", flat=True))
    serials = (number for serial in count(1) if (number := make_organisation_number(serial)))
    free = (number for number in serials if number not in taken)
    new = [Organisation(organisation_number=next(free), **one) for one in public_bodies() if one["slug"] not in have]
    Organisation.objects.bulk_create(new, batch_size=500)
    forget()
    return len(new)


def load_people(people: int, seed: int, tell: Callable[[int], None]) -> int:
    """Households of ``people`` persons, unless they are there; ``tell`` hears how many came, chunk by chunk."""
    stream = households(people, seed)
    loaded = 0
    while chunk := list(islice(stream, CHUNK)):
        came = sum(len(house.adults) + len(house.children) for house in chunk)
        first = chunk[0].adults[0].identity_number
        if not Person.objects.filter(identity_number=first).exists():
            with transaction.atomic():
                _store(chunk)
            loaded += came
        tell(came)
    return loaded


def _store(chunk: list[Household]) -> None:
    addresses = Address.objects.bulk_create(
        [Address(street=h.street, postcode=h.postcode, place=h.place, municipality=h.municipality) for h in chunk]
    )
    Person.objects.bulk_create(
        [_person(one, address) for h, address in zip(chunk, addresses, strict=True) for one in h.adults + h.children]
    )
    Relation.objects.bulk_create([relation for house in chunk for relation in _relations(house)])
    Contact.objects.bulk_create([_contact(one) for house in chunk for one in house.adults])
    _store_companies([house for house in chunk if house.company])


def _person(one: Someone, address: Address) -> Person:
    return Person(
        id=one.id,
        identity_number=one.identity_number,
        given_name=one.given_name,
        family_name=one.family_name,
        birth_date=one.birth_date,
        address=address,
    )


def _relations(house: Household) -> Iterable[Relation]:
    kinds = Relation.Kind
    for adult in house.adults:
        for child in house.children:
            yield Relation(person_id=adult.id, other_id=child.id, kind=kinds.PARENT)
    if len(house.adults) == 2:
        first, second = house.adults
        yield Relation(person_id=first.id, other_id=second.id, kind=kinds.SPOUSE)
        yield Relation(person_id=second.id, other_id=first.id, kind=kinds.SPOUSE)


def _contact(one: Someone) -> Contact:
    """An address at example.org (RFC 2606) and a number nobody has."""
    return Contact(
        party=f"person:{one.id}",
        email=f"{one.id.hex[:12]}@example.org",
        mobile="+47999" + f"{one.id.int % 100_000:05}",
        reserved=one.reserved,
    )


def _store_companies(houses: list[Household]) -> None:
    made = []
    for house in houses:
        if house.company is not None:
            key, number, name = house.company
            made.append(
                Organisation(
                    id=key, organisation_number=number, name=name, kind="company", municipality=house.municipality
                )
            )
    Organisation.objects.bulk_create(made)
    roles = [
        Mandate(person_id=house.adults[0].id, organisation_id=house.company[0], role="chief-executive")
        for house in houses
        if house.company
    ]
    employed = [
        Mandate(person_id=adult.id, organisation_id=house.company[0], role="employee")
        for house in houses
        if house.company
        for adult in house.adults[1:]
    ]
    Mandate.objects.bulk_create(roles + employed)
