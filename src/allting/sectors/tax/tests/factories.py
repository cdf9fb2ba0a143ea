"""Reports and returns for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allting.common.cases.tests.factories import client_of
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Capacity, Level, Party
from allting.sectors.tax.models import TaxReport
from allting.sectors.tax.returns import making, reports
from allting.sectors.tax.tests import factories_cards as cards

YEAR = 2025
USUAL = {"wage": 520_000, "withheld": 150_000, "interest_paid": 60_000, "interest_received": 1_500}  # kroner


def offices() -> Any:
    people.municipality()
    people.state("skattedirektoratet")
    return people.state("skatteetaten")


def actor(person: Any) -> Actor:
    return Actor(person.pk, Level.SUBSTANTIAL, name=person.name)


def reported(person: Any, kroner: dict[str, int] | None = None, by: Any = None, **more: Any) -> dict[str, UUID]:
    """Somebody's year as an employer reports it; the items by kind."""
    by = by or people.chief_of("Arbeid AS")[1]
    rows = [
        reports.Report(f"{YEAR}-{kind}-{person.pk.hex}", person.pk, YEAR, kind, amount * 100, **more)
        for kind, amount in (kroner or USUAL).items()
    ]
    reports.store(Party("organisation", by.pk), rows)
    found = TaxReport.objects.filter(person=person.pk, current=True)
    return {row.kind: row.item for row in found}


def with_return(kroner: dict[str, int] | None = None, **more: Any) -> tuple[Any, dict[str, UUID]]:
    """A person with a return for 2025, and its items."""
    person = people.person(**more)
    items = reported(person, kroner)
    making.make(YEAR)
    return person, items


def belongings(owner: Any, settings: Any, folder: Any) -> dict[str, list[Any]]:
    """What she has here, by the parameter that leads to it (tests/test_access.py): a return, and a payroll report of
    her enterprise."""
    offices()
    items = reported(owner, by=people.chief_of("Hemmelig Arbeid AS")[1])
    making.make(YEAR)
    _chief, company = people.chief_of("Hemmelig Lønn AS")
    Mandate.objects.create(person=owner, organisation=company, role="chief-executive")
    party = Party("organisation", company.pk)
    found = cards.report(Actor(owner.pk).acting_for(party, Capacity.REPRESENTATIVE), owner)
    return {
        "year": [YEAR], "item": list(items.values())[:1], "report_id": [found.id],
        "clients": [client_of(owner, acting_for=party)],
    }  # fmt: skip
