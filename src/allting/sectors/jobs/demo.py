"""Vacancies of the demo country, so that the search has something to find. A later run tells anew of what is over."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from uuid import UUID

import yaml
from django.utils import timezone

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Party
from allting.kernel.problems import NotFound
from allting.sectors.jobs import vacancies
from allting.sectors.jobs.models import Vacancy

OPEN_DAYS = 30


def load() -> None:
    """Tell of those whose employer has none like it open."""
    last = (timezone.localdate() + timedelta(days=OPEN_DAYS)).isoformat()
    for one in yaml.safe_load((files("allting.sectors.jobs") / "data" / "demo.yaml").read_text("utf-8")):
        actor = _employer(one.pop("employer"))
        if actor is not None and not _is_open(vacancies.employer_of(actor), one["title"]):
            vacancies.publish(actor, {"positions": 1, "apply_by": last, **one})


def _employer(name: str) -> Actor | None:
    if name == "company":
        company = next(iter(registers.demo_companies()), None)
        return Actor(None).acting_for(Party("organisation", company.id), Capacity.REPRESENTATIVE) if company else None
    try:
        authority = registers.authority(name)
    except NotFound:
        return None
    return Actor(_officer(authority.id)).as_officer(authority.id, authority.name)


def _officer(authority: UUID) -> UUID | None:
    """The first who works there: she answers for the vacancy."""
    return next((person for person, _name in registers.officers(authority)), None)


def _is_open(employer: UUID, title: str) -> bool:
    rows = Vacancy.objects.filter(employer=employer, title=title, state=Vacancy.State.OPEN)
    return rows.filter(apply_by__gte=timezone.localdate()).exists()
