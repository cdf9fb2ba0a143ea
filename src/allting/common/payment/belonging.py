"""What a bill belongs to: a case, which is held before the bill is, or a thing of a room's own."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from allting.common.payment import models
from allting.kernel import events

_places: dict[str, str] = {}


def stands_alone(service: str, place: str) -> None:
    """A room tells, in its ``apps.py``, that its bills for ``service`` belong to no case. The ``case`` of such a bill
    is a thing of the room's own, and ``place`` leads to it ("/employer/payroll/{case}")."""
    _places[service] = place


def of_case(row: models.Bill) -> bool:
    return row.service not in _places


def place_of(row: models.Bill) -> str:
    """The page of what it is for."""
    return _places.get(row.service, "/my/cases/{case}").format(case=row.case)


def hold(row: models.Bill) -> None:
    """Let the bill's case be held before the bill is, so that nobody waits for the other. Raises NotFound when the
    case is gone."""
    if of_case(row):
        events.publish("payment.settling", case=row.case)


def hold_cases(cases: Iterable[UUID]) -> None:
    """Hold the cases whose bills a room will change, before it holds anything of its own: a decision has its case
    first, and whoever took them the other way about would wait for it while it waits."""
    for case in sorted(cases):
        events.publish("payment.settling", case=case)


def tell_paid(row: models.Bill) -> None:
    """The bill is paid, and its case goes on; of a bill without one, the room that has it is told."""
    if of_case(row):
        events.publish("payment.paid", bill=row.pk, case=row.case)
    else:
        events.publish("payment.paid_alone", bill=row.pk, service=row.service, thing=row.case)
