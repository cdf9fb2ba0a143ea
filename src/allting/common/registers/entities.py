"""Organisations of the entity register, enterprises and authorities alike. Nothing here is personal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from allting.common.queries.api import Compiled
from allting.common.registers.models import Organisation
from allting.common.registers.records import Entity
from allting.kernel.problems import NotFound

_by_id: Compiled[UUID, Organisation] = Compiled(UUID, lambda one: Organisation.objects.filter(pk=one))
_by_number: Compiled[str, Organisation] = Compiled(
    str, lambda number: Organisation.objects.filter(organisation_number=number)
)


def entity(which: str | UUID) -> Entity:
    """The organisation with this number (nine digits) or id. Raises NotFound."""
    rows = _by_id(which) if isinstance(which, UUID) else _by_number(which)
    if not rows:
        raise NotFound(code="no-such-organisation")
    return Entity(rows[0].pk, rows[0].organisation_number, rows[0].name)


def entities(ids: Iterable[UUID]) -> dict[UUID, Entity]:
    """Those of ``ids`` that the register has."""
    rows = Organisation.objects.filter(pk__in=set(ids))
    return {row.pk: Entity(row.pk, row.organisation_number, row.name) for row in rows}
