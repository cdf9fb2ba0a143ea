"""Vacancies for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from allting.common.cases.tests.factories import client_of
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Capacity, Level, Party
from allting.sectors.jobs import api as jobs


def given(**more: Any) -> dict[str, Any]:
    return {
        "title": "Kokk", "text": "Du lager mat til gjestene.", "occupation": "5", "skills": "matlaging, hygiene, norsk",
        "municipality": "1506", "kind": "permanent", "extent": "80", "positions": "1",
        "apply_by": (timezone.localdate() + timedelta(days=14)).isoformat(),
    } | more  # fmt: skip


def actor(person: Any) -> Actor:
    return Actor(person.pk, Level.SUBSTANTIAL, name=person.name)


def employer(name: str = "Bistro AS") -> tuple[Actor, Any, Any]:
    """Somebody who represents an enterprise; with her and it."""
    chief, company = people.chief_of(name)
    return actor(chief).acting_for(Party("organisation", company.pk), Capacity.REPRESENTATIVE), chief, company


def belongings(owner: Any, settings: Any, folder: Any) -> dict[str, list[Any]]:
    """What she has here, by the parameter that leads to it (tests/test_access.py)."""
    people.municipality()
    boss, chief, company = employer("Arbeidsgiver AS")
    row = jobs.publish(boss, given())
    me = actor(owner)
    jobs.save(me, {"skills": "Hemmelig"})
    interest = jobs.apply(me, row.pk, "Hemmelig")
    alert = jobs.add(me, jobs.Search("Hemmelig"))
    at_work = client_of(chief, acting_for=Party("organisation", company.pk))
    return {"vacancy_id": [row.pk], "interest_id": [interest.pk], "alert_id": [alert.pk], "clients": [at_work]}
