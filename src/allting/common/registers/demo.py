"""The people of the demo country that the README and the tests know by name."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allting.common.registers.models import Address, Contact, Mandate, Organisation, Person, Relation
from allting.common.registers.records import Entity
from allting.kernel.calendar import age
from allting.kernel.numbers import make_bank_account, make_identity_number, make_organisation_number

# Given name, family name, born, what they can try.
PEOPLE = (
    ("Ingrid", "Moldestad", date(1991, 4, 12), "parent"),
    ("Jonas", "Moldestad", date(1990, 9, 3), "other parent"),
    ("Harald", "Fannestrand", date(1949, 2, 20), "parking permit"),
    ("Siri", "Romsdal", date(1978, 6, 30), "chief executive"),
    ("Amir", "Bolsøy", date(1985, 1, 15), "neighbour"),
    ("Turid", "Tøndergård", date(1974, 11, 2), "accountant"),
    ("Olav", "Fannestrand", date(1931, 3, 3), "ward"),
    ("Ragna", "Isfjord", date(1963, 10, 30), "pension"),
)
CHILDREN = (("Ella", date(2024, 3, 8)), ("Sander", date(2009, 5, 21)))
OFFICERS = (
    ("Nina", "Sak", "1506-molde"),
    ("Pål", "Vedtak", "1508-alesund"),
    ("Tuva", "Skyss", "15-more-og-romsdal"),
    ("Omar", "Trygd", "nav"),
    ("Berit", "Veg", "statens-vegvesen"),
    ("Lars", "Ligning", "skatteetaten"),
    ("Solveig", "Klage", "statsforvalteren"),
    ("Kjell", "Ankesen", "nav-klageinstans"),
    ("Per", "Drift", "digitaliseringsdirektoratet"),
    ("Ida", "Kortvik", "politiet"),
    ("Hanne", "Bustad", "husbanken"),
)
TREASURERS = (("Gro", "Kasse"), ("Finn", "Bunke"))  # two, for one makes a batch and another approves it
TREASURIES = ("nav", "statens-vegvesen")
OWNERS = (
    ("Oda", "Eier", "digitaliseringsdirektoratet"),
    ("Stian", "Vegeier", "statens-vegvesen"),
    ("Nina", "Satseier", "nav"),
)
COMPANY = "Romsdalsfjorden Bistro AS"
CLIENTS = 60  # enterprises that the accountant keeps the books of
_SERIALS = {True: 900, False: 450}  # from 2000 on, before: the ends of the series, which the population reaches last


def load_demo_people() -> int:
    """Make them unless they are there; returns how many are new."""
    if Person.objects.filter(family_name="Moldestad").exists():
        return 0
    with transaction.atomic():
        home = Address.objects.create(street="Fjordgata 7", postcode="6413", place="Molde", municipality="1506")
        adults = [_person(given, family, born, home) for given, family, born, _role in PEOPLE]
        small = [_person(given, "Moldestad", born, home) for given, born in CHILDREN]
        Relation.objects.bulk_create(
            [Relation(person=adult, other=child, kind=Relation.Kind.PARENT) for adult in adults[:2] for child in small]
        )
        _company(adults[3])
        _clients(adults[5])
        Relation.objects.create(person=adults[2], other=adults[6], kind=Relation.Kind.GUARDIAN, scope="economic")
        for given, family, slug in OFFICERS:
            _officer(_person(given, family, date(1982, 8, 14), home), slug)
        for given, family in TREASURERS:
            _treasurer(_person(given, family, date(1976, 2, 9), home))
        for given, family, slug in OWNERS:
            _officer(_person(given, family, date(1979, 3, 6), home), slug, "service-owner")
    return len(adults) + len(small) + len(OFFICERS) + len(TREASURERS) + len(OWNERS)


def _person(given: str, family: str, born: date, home: Address) -> Person:
    numbers = (make_identity_number(born, serial) for serial in range(_SERIALS[born.year >= 2000], 1000))
    number = next(one for one in numbers if one and not Person.objects.filter(identity_number=one).exists())
    row = Person.objects.create(
        identity_number=number, given_name=given, family_name=family, birth_date=born, address=home
    )
    accounts = (make_bank_account(serial) for serial in range(row.pk.int % 900_000, 999_999))
    Contact.objects.create(
        party=f"person:{row.pk}",
        email=f"{given.lower()}.{row.pk.hex[-6:]}@example.org",
        mobile=f"+4799900{row.pk.int % 1000:03}",
        account=next(one for one in accounts if one),
    )
    return row


def _company(chief: Person) -> None:
    numbers = (make_organisation_number(serial) for serial in range(9_000_000, 9_000_100))
    company = Organisation.objects.create(
        organisation_number=next(one for one in numbers if one), name=COMPANY, kind="company", municipality="1506"
    )
    Mandate.objects.create(person=chief, organisation=company, role="chief-executive")


def _clients(accountant: Person) -> None:
    companies = Organisation.objects.filter(kind="company").order_by("name", "pk")[:CLIENTS]
    Mandate.objects.bulk_create([Mandate(person=accountant, organisation=one, role="accountant") for one in companies])


def _officer(person: Person, slug: str, role: str = "case-officer") -> None:
    authority = Organisation.objects.get(slug=slug)
    Mandate.objects.create(person=person, organisation=authority, role=role)


def _treasurer(person: Person) -> None:
    for slug in TREASURIES:
        _officer(person, slug)
        Mandate.objects.create(person=person, organisation=Organisation.objects.get(slug=slug), role="treasurer")


def demo_people() -> dict[str, list[dict[str, Any]]]:
    """People and officers to log in as; empty lists where the demo country is not loaded."""
    people = [_facts(given, family, {"roles": [role]}) for given, family, _born, role in PEOPLE]
    officers = [
        _facts(given, family, {"authority": slug, "roles": [f"case officer, {slug}"]})
        for given, family, slug in OFFICERS
    ]
    treasurer = f"treasurer, {' and '.join(TREASURIES)}"
    officers += [
        _facts(given, family, {"authority": TREASURIES[0], "roles": [treasurer]}) for given, family in TREASURERS
    ]
    officers += [
        _facts(given, family, {"authority": slug, "roles": [f"service owner, {slug}"]})
        for given, family, slug in OWNERS
    ]
    return {"people": [one for one in people if one], "officers": [one for one in officers if one]}


def demo_person(role: str) -> tuple[UUID, str] | None:
    """One of the people above by what they can try, with her name; None where the demo country is not loaded."""
    given, family, born = next((one[0], one[1], one[2]) for one in PEOPLE if one[3] == role)
    row = Person.objects.filter(given_name=given, family_name=family, birth_date=born).order_by("pk").first()
    return (row.pk, row.name) if row else None


def demo_companies() -> list[Entity]:
    """Enterprises to try things with: the one above first, then made-up ones."""
    rows = Organisation.objects.filter(kind="company").order_by("-organisation_number")[:3]
    return [Entity(row.pk, row.organisation_number, row.name) for row in rows]


def _facts(given: str, family: str, more: dict[str, Any]) -> dict[str, Any]:
    row = Person.objects.filter(given_name=given, family_name=family).order_by("pk").first()
    if row is None:
        return {}
    return {
        "identity_number": row.identity_number,
        "name": row.name,
        "age": age(row.birth_date, timezone.localdate()),
        "municipality": row.address.place if row.address else "",
        **more,
    }
