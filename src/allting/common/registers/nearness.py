"""Who is too near whom to handle a case (forvaltningsloven § 6)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from allting.common.registers import models, roles
from allting.kernel.actor import Party


def near(person: UUID, party: Party) -> bool:
    """Whether ``person`` is ``party``, her spouse, parent, child, guardian, ward or sibling, or has a part in leading
    the enterprise.
    """
    if party.id == person:
        return True
    if party.kind == "organisation":
        leading = [name for name, one in roles.ROLES.items() if (one.may or {}).get("everything")]
        held = models.Mandate.objects.filter(Q(ended=None) | Q(ended__gt=timezone.localdate()), role__in=leading)
        return held.filter(person=person, organisation=party.id).exists()
    parent = models.Relation.Kind.PARENT
    between = models.Relation.objects.filter(
        Q(person=person, other=party.id)
        | Q(person=party.id, other=person)
        | Q(kind=parent, other=person, person__relations__kind=parent, person__relations__other=party.id)
    )
    return between.exists()
