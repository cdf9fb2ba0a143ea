"""What somebody seems to have a right to by what the registers know, before she asks; and yes to it in one step.

Only what a rule can decide from registers, and from what she confirms by saying yes, is offered. The application is
an ordinary one: the rule decides it, the letter comes, and it can be appealed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import Conflict, NotAllowed, NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text
from allting.sectors.welfare.services import child_benefit

SERVICE = "child-benefit"
MOST_CASES = 100  # of the party's newest that are looked through for what she has asked for already
CONFIRMS = (
    _("The child lives with you, and nobody else gets child benefit for the child."),
    _("You share the care of the child with somebody, or do not ask for the extended benefit."),
    _("The child will not be abroad for more than three months."),
)


@dataclass(frozen=True, slots=True)
class Right:
    """One right she seems to have: for whom, what it comes to (øre a month), and since when."""

    key: str
    title: Text
    name: str
    amount: int
    start: date | None
    outcome: Outcome


def rights(actor: Actor) -> list[Right]:
    """Child benefit for each child that lives with her and that she has not asked for. Raises NotAllowed.

    The look-up stands in her log under the service's own paragraph.
    """
    if actor.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    service = catalogue.service(SERVICE).service
    one = service.knows["children"]
    try:
        purpose = Purpose(one.basis, one.reason.in_(actor.language))
        children = registers.look_up(actor, purpose, one.source, actor.party.id)
    except NotFound:
        return []
    here = [child for child in children if child["lives_with_me"]]
    asked = _asked(actor, service) if here else set()
    seat = registers.municipality_of(actor.party.id)
    found = (_right(child, seat) for child in here if child["name"] not in asked)
    return [right for right in found if right is not None]


def _right(child: Mapping[str, Any], seat: str | None) -> Right | None:
    """What the rule that decides the case answers for the child, with what she will have to confirm."""
    born = date.fromisoformat(child["birth_date"])
    outcome = child_benefit.decide(born, True, alone=False, abroad=False, today=timezone.localdate(), municipality=seat)
    pay = next(iter(outcome.pays), None)
    if not outcome.granted or pay is None or (pay.end and pay.start and pay.end < pay.start):
        return None
    return Right(child["id"], pay.text, child["name"], sum(one.amount for one in outcome.pays), pay.start, outcome)


def _asked(actor: Actor, service: catalogue.Service) -> set[str]:
    """The children she has an application for that was not refused or withdrawn, as the answer shows them."""
    mine = [one for one in cases.my_cases(actor, limit=MOST_CASES) if one.title == service.title]
    held = [one for one in mine if one.outcome not in ("refused", "withdrawn", "annulled")]
    pages = (page for one in held for page in cases.view(actor, one.id).pages)
    return {str(answer.value) for _title, answers in pages for answer in answers if answer.name == "child"}


def accept(actor: Actor, key: str) -> UUID:
    """Say yes: the application is written and sent as one; returns the case.

    Raises NotFound for what is not offered to her (any more), Conflict when the form cannot be filled from this,
    and what ``cases.submit`` raises.
    """
    if not any(one.key == key for one in rights(actor)):
        raise NotFound(code="no-such-right")
    with transaction.atomic():
        draft = cases.start(actor, SERVICE)
        _form, errors = cases.save(actor, draft, "child", {"child": [key], "alone": ["no"], "abroad": ["no"]})
        if errors:
            raise Conflict(code="changed-meanwhile")
        return cases.submit(actor, draft)
