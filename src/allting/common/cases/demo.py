"""The demo country: an application by telephone that an officer of Molde has begun to enter."""

from __future__ import annotations

from django.utils import timezone

from allting.common.cases.entering import Arrived, enter
from allting.common.cases.models import Draft
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level, Purpose

WHO, OFFICER, AUTHORITY, SERVICE = "Harald Fannestrand", "Nina Sak", "1506-molde", "parking-permit-disabled"
NOTE = "Harald ringte. Legen hans mener at han trenger plass ved inngangen."  # kept as an officer writes it


def load() -> None:
    """Begin it, unless something is begun or the people are not there."""
    found = registers.demo_people()
    numbers = {one["name"]: one["identity_number"] for one in [*found["people"], *found["officers"]]}
    if Draft.objects.exclude(desk=None).exists() or not {WHO, OFFICER} <= numbers.keys():
        return
    body = registers.authority(AUTHORITY)
    system = Actor.system(body.id, body.name)
    nina = registers.find_person(system, Purpose("demo", "Demo"), numbers[OFFICER])
    officer = Actor(nina, Level.SUBSTANTIAL, name=OFFICER).as_officer(body.id, body.name)
    today = timezone.localdate().isoformat()
    enter(officer, SERVICE, Arrived(number=numbers[WHO], way="telephone", received=today, note=NOTE))
