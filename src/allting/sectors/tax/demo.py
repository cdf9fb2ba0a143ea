"""Tax cards of the demo country, one for everybody; and an employer that fetches some, and reports wages."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Party, Purpose
from allting.kernel.calendar import months_after
from allting.sectors.tax import bulk, cards, employment
from allting.sectors.tax.models import TaxCard
from allting.sectors.tax.payroll import receiving
from allting.sectors.tax.payroll.reading import Faults, Row
from allting.sectors.tax.services.tax_card import Expected

EMPLOYED = ("parent", "other parent", "neighbour")  # what the demo people are known by
LANDLORD = "other parent"  # who lets out a flat, and has advance tax
_WHY = Purpose(cards.BASIS, "Prøvelandets skattekort")


def load() -> None:
    """Make what is not there; nothing in a year whose law is not known."""
    first = timezone.localdate().replace(month=1, day=1)
    if not cards.has_law(first):
        return
    body = registers.authority(cards.AUTHORITY)
    system = Actor.system(body.id, body.name)
    people = registers.demo_people()["people"]
    numbers = {one["roles"][0]: one["identity_number"] for one in people if one["roles"][0] in EMPLOYED}
    found = registers.find_people(system, _WHY, numbers.values())
    for place, (number, person) in enumerate(found.items()):
        _own_card(system, person, first, place, 54_000 if number == numbers.get(LANDLORD) else 0)
    bulk.make(first.year)
    _employ(list(found))


def _own_card(system: Actor, person: UUID, first: date, place: int, rent: int) -> None:
    """Wages and interest on a loan, a little different for each; who has rent pays the tax of it by bills."""
    if TaxCard.objects.filter(person=person, year=first.year).exists():
        return
    born = date.fromisoformat(registers.look_up(system, _WHY, "population.person", person)["birth_date"])
    wages, deductions = 560_000 + 40_000 * place, 62_000 - 9_000 * place
    said = Expected(
        born,
        registers.municipality_of(person),
        first,
        wages=wages,
        deductions=deductions,
        other=rent,
        by_bill=bool(rent),
    )
    with transaction.atomic():
        cards.store(system, _WHY, person, said)


def _employ(numbers: list[str]) -> None:
    company = next(iter(registers.demo_companies()), None)
    if company is None:
        return
    employer = Actor(None).acting_for(Party("organisation", company.id), Capacity.REPRESENTATIVE)
    begins = timezone.localdate().replace(month=1, day=1)
    employment.state(employer, [employment.Stated(number, begins) for number in numbers])
    employment.fetch(employer, begins.year, numbers)
    _report(employer, numbers)


def _report(employer: Actor, numbers: list[str]) -> None:
    """The month before this one, when its law is known; the same again changes nothing."""
    month = months_after(timezone.localdate().replace(day=1), -1)
    if not cards.has_law(month):
        return
    rows = [
        Row(place, number, month.replace(month=1), None, {"fixed-pay": (46_000 + 2_000 * place) * 100}, 11_000_00)
        for place, number in enumerate(numbers, 1)
    ]
    receiving.receive(employer, receiving.Given(month, "lonn", "1", rows, Faults()))
