"""Many people at once, for whoever handles a whole payroll or a whole country. Each look-up stands in the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from allting.common.audit import api as audit
from allting.common.registers.models import Person
from allting.kernel.actor import Actor, Purpose


@dataclass(frozen=True, slots=True)
class Resident:
    """What decides how somebody is handled in bulk: age and the municipality (number) she lives in, if any."""

    id: UUID
    birth_date: date
    municipality: str | None


def find_people(actor: Actor, purpose: Purpose, identity_numbers: Iterable[str]) -> dict[str, UUID]:
    """Those of the numbers that are living people's, which the caller has checked; the log tells of each found."""
    wanted = list(dict.fromkeys(identity_numbers))
    rows = Person.objects.filter(identity_number__in=wanted, died=None).values_list("identity_number", "pk")
    found = dict(rows)
    audit.record_all(actor, purpose, "population.person", list(found.values()), fields=["id"])
    return found


def identity_numbers(actor: Actor, purpose: Purpose, people: Sequence[UUID]) -> dict[UUID, str]:
    """The identity number of each, for a service that may have it; the log tells."""
    found = dict(Person.objects.filter(pk__in=people).values_list("pk", "identity_number"))
    audit.record_all(actor, purpose, "population.person", list(found), fields=["identity_number"])
    return found


def residents(after: UUID | None, count: int, born_by: date) -> list[Resident]:
    """Living people born on or before ``born_by``, in a fixed order, from the one after ``after``.

    For a job over the whole population, which goes chunk by chunk and can begin again where it ended.
    """
    rows = Person.objects.filter(died=None, birth_date__lte=born_by).order_by("pk")
    rows = rows.filter(pk__gt=after) if after else rows
    return [Resident(*row) for row in rows.values_list("pk", "birth_date", "address__municipality")[:count]]
