"""Who may act for whom. Asked anew each time: a power takes effect, and ends, at once."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from allting.common.registers import models
from allting.common.registers.records import Mandate
from allting.common.registers.sources import adult_line
from allting.kernel.actor import Capacity, Party

SIGNING_ROLES = ("chief-executive", "board-chair")
OFFICER_ROLE = "case-officer"


def mandates(person: UUID) -> list[Mandate]:
    """All parties ``person`` may act for today: her children and wards, organisations, authorities."""
    return [*_wards(person), *_organisations(person)]


def may_act(person: UUID, party: Party) -> Capacity | None:
    """In which capacity ``person`` may act for ``party`` now; None: not at all. Herself needs no mandate."""
    if party == Party("person", person):
        return Capacity.CITIZEN
    return next((one.capacity for one in mandates(person) if one.party == party), None)


def _wards(person: UUID) -> list[Mandate]:
    kinds = models.Relation.Kind
    rows = models.Person.objects.filter(
        Q(related__kind=kinds.PARENT, birth_date__gt=adult_line()) | Q(related__kind=kinds.GUARDIAN),
        related__person=person,
        died=None,
    ).distinct()
    return [
        Mandate(Party("person", row.pk), row.name, Capacity.GUARDIAN, "guardian") for row in rows.order_by("birth_date")
    ]


def _organisations(person: UUID) -> list[Mandate]:
    rows = models.Mandate.objects.select_related("organisation").filter(
        Q(ended=None) | Q(ended__gt=timezone.localdate()),
        person=person,
        role__in=(*SIGNING_ROLES, OFFICER_ROLE),
    )
    found = []
    for row in rows.order_by("pk"):
        capacity = Capacity.OFFICER if row.role == OFFICER_ROLE else Capacity.REPRESENTATIVE
        party = Party("organisation", row.organisation_id)
        found.append(Mandate(party, row.organisation.name, capacity, row.role, row.organisation.slug or ""))
    return found
