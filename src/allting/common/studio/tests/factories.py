"""Service owners for tests."""

from __future__ import annotations

from typing import Any

from allting.common.cases.tests.factories import client_of
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people


def owner_in(slug: str) -> Any:
    """A browser where a service owner of that authority is at work."""
    person, office = people.person(given_name="Oda", family_name="Eier"), people.state(slug)
    Mandate.objects.create(person=person, organisation=office, role="service-owner")
    return client_of(person, as_officer_of=office.pk)


def belongings(owner: Any, settings: Any, folder: Any) -> dict[str, list[Any]]:
    """Services that all municipalities share are the operator's, and so are figures that nobody is named for."""
    settings.STUDIO_FOLDER = str(folder / "studio")
    rates = {"file": ["local.opplaeringslova"], "figure": ["limit_km"]}
    return {"at": ["asks.0"], **rates, "clients": [owner_in("digitaliseringsdirektoratet")]}
