"""Synthetic people and bodies for tests."""

from __future__ import annotations

import json
from datetime import date
from itertools import count, islice
from itertools import count as count_from

from django.utils import timezone

from allting.common.registers.loading import load_authorities
from allting.common.registers.models import Address, Contact, Mandate, Organisation, Person, Power, Relation
from allting.kernel.numbers import make_identity_number, make_organisation_number

_serials = count(1)
STATE = {"nav": "Nav", "skatteetaten": "Skatteetaten", "statsforvalteren": "Statsforvalteren"}
PLACES = {"1506": "Molde", "1508": "Ålesund"}


def _identity_number(born: date) -> str:
    while True:
        serial = next(_serials) % 400 + (500 if born.year >= 2000 else 0)
        number = make_identity_number(born, serial)
        if number is not None and not Person.objects.filter(identity_number=number).exists():
            return number


def person(born: date = date(1990, 5, 17), given_name: str = "Kari", municipality: str = "1506", **more) -> Person:
    """An adult in Molde who can be reached, unless told otherwise."""
    address = more.pop("address", None) or Address.objects.create(
        street="Storgata 1", postcode="6413", place="Molde", municipality=municipality
    )
    row = Person.objects.create(
        identity_number=_identity_number(born),
        given_name=given_name,
        family_name=more.pop("family_name", "Prøve"),
        birth_date=born,
        address=address,
    )
    contact = {"email": f"{row.pk}@example.org", "mobile": "+4799999999", "account": "00000000019"}
    Contact.objects.create(party=f"person:{row.pk}", **(contact | more))
    return row


def child_of(parent: Person, born: date = date(2024, 3, 1), given_name: str = "Ola") -> Person:
    row = person(born=born, given_name=given_name, address=parent.address, email="", mobile="")
    Relation.objects.create(person=parent, other=row, kind="parent")
    return row


def _organisation(**values) -> Organisation:
    while (number := make_organisation_number(next(_serials))) is None:
        pass
    return Organisation.objects.create(organisation_number=number, **values)


def municipality(number: str = "1506") -> Organisation:
    name = PLACES[number]
    slug = f"{number}-{name.lower().replace('å', 'a')}"
    return Organisation.objects.filter(slug=slug).first() or _organisation(
        name=f"{name} kommune", kind="municipality", slug=slug, number=number, municipality=number
    )


def county() -> Organisation:
    return Organisation.objects.filter(slug="15-more-og-romsdal").first() or _organisation(
        name="Møre og Romsdal fylkeskommune", kind="county", slug="15-more-og-romsdal", number="15"
    )


def state(slug: str = "nav") -> Organisation:
    return Organisation.objects.filter(slug=slug).first() or _organisation(
        name=STATE.get(slug, slug), kind="state", slug=slug
    )


def authorities() -> None:
    """All of the country's, as an installation has them."""
    load_authorities()


def officer_in(organisation: Organisation, given_name: str = "Nina") -> Person:
    row = person(given_name=given_name)
    Mandate.objects.create(person=row, organisation=organisation, role="case-officer")
    return row


def treasurer_in(organisation: Organisation, given_name: str = "Gro") -> Person:
    row = officer_in(organisation, given_name)
    Mandate.objects.create(person=row, organisation=organisation, role="treasurer")
    return row


def chief_of(name: str = "Fjordkroa AS") -> tuple[Person, Organisation]:
    row = person(given_name="Siri")
    company = _organisation(name=name, kind="company", municipality="1506")
    Mandate.objects.create(person=row, organisation=company, role="chief-executive")
    return row, company


def power(giver, receiver, **more) -> Power:
    """A power of attorney between people or organisations, for everything and from today unless told otherwise."""
    reach = more.pop("reach", {"everything": True})
    sides = {"giver": giver, "receiver": receiver}
    named = {f"{side}_{one._meta.model_name}": one for side, one in sides.items()}
    values = {"scope": json.dumps(reach), "starts": timezone.localdate(), "given_by": giver.pk} | named | more
    return Power.objects.create(**values)


def belongings(owner: Person, *about) -> dict:
    """What she has here, by the parameter that leads to it (tests/test_access.py)."""
    return {"power_id": [power(owner, person(given_name="Fullmektig")).pk]}


def client_companies(accountant: Person, count: int) -> list[Organisation]:
    """``count`` enterprises with the same accountant."""
    numbers = islice((one for serial in count_from(50_000) if (one := make_organisation_number(serial))), count)
    rows = [
        Organisation(organisation_number=number, name=f"Klient {place:03} AS", kind="company")
        for place, number in enumerate(numbers)
    ]
    made = Organisation.objects.bulk_create(rows)
    Mandate.objects.bulk_create([Mandate(person=accountant, organisation=one, role="accountant") for one in made])
    return made
