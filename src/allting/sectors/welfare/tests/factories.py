"""Unemployment benefit for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from allting.common.registers.tests import factories as people
from allting.kernel.actor import Party
from allting.sectors.welfare import periods
from allting.sectors.welfare.models import Award


def award(person: Any, weeks_ago: int = 4) -> Award:
    """Granted some weeks ago: two periods are over."""
    nav = people.state("nav")
    start = periods.monday(timezone.localdate()) - timedelta(weeks=weeks_ago)
    return Award.objects.create(
        case=uuid4(), case_number="2026/79", party=str(Party("person", person.pk)), authority=nav.pk,
        authority_name=nav.name, day_rate=800, usual_half_hours=75, weeks=52, start=start,
    )  # fmt: skip


def belongings(owner: Any, settings: Any, folder: Any) -> dict[str, list[Any]]:
    """What she has here, by the parameter that leads to it (tests/test_access.py): a card to send."""
    return {"start": [award(owner).start.isoformat()]}
