"""What somebody seems to have a right to by what the registers know, before she asks; and yes to it in one step.

Only what a rule can decide from registers, and from what she confirms by saying yes, is offered (``offers``). The
application is an ordinary one: the rule decides it, the letter comes, and it can be appealed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict, NotAllowed, NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text
from allting.sectors.welfare import by_other
from allting.sectors.welfare.models import HeldChild
from allting.sectors.welfare.offers import Child, Offer, offers

MOST_CASES = 100  # of the party's newest that are looked through for what she has asked for already


@dataclass(frozen=True, slots=True)
class Right:
    """One right she seems to have: for whom, what it comes to (øre a month), since when, and what yes confirms."""

    key: str
    title: Text
    name: str
    amount: int
    start: date | None
    outcome: Outcome
    service: str
    confirms: Sequence[Any]


def rights(actor: Actor) -> list[Right]:
    """Each benefit for each child that lives with her and that she has not asked for. Raises NotAllowed.

    The look-ups stand in her log, each under its service's own paragraph.
    """
    if actor.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    seat = registers.municipality_of(actor.party.id)
    mine = [one for one in cases.my_cases(actor, limit=MOST_CASES) if one.outcome not in _OVER]
    return [right for offer in offers() for right in _of(actor, offer, mine, seat)]


_OVER = ("refused", "withdrawn", "annulled")


def _of(actor: Actor, offer: Offer, mine: Sequence[cases.Listed], seat: str | None) -> Iterator[Right]:
    service = catalogue.service(offer.service).service
    here = [child for child in _children(actor, service) if child["lives_with_me"]]
    asked = _asked(actor, [one for one in mine if one.title == service.title]) if here else set()
    for child in here:
        found = _right(child, offer, seat) if child["name"] not in asked else None
        if found and not by_other.taken(actor.party.id, offer.service, UUID(child["id"])):
            yield found


def _children(actor: Actor, service: catalogue.Service) -> list[Child]:
    one = service.knows["children"]
    try:
        purpose = Purpose(one.basis, one.reason.in_(actor.language))
        found: list[Child] = registers.look_up(actor, purpose, one.source, actor.party.id)
    except NotFound:
        return []
    return found


def _right(child: Child, offer: Offer, seat: str | None) -> Right | None:
    """What the rule that decides the case answers for the child; None when nothing would be paid by next month."""
    today = timezone.localdate()
    outcome = offer.decide(child, seat, today)
    pay = next(iter(outcome.pays), None)
    if not outcome.granted or pay is None or (pay.end and pay.start and pay.end < pay.start):
        return None
    if pay.start and pay.start > months_after(today.replace(day=1), 1):
        return None
    amount = sum(one.amount for one in outcome.pays)
    key = f"{offer.service}:{child['id']}"
    return Right(key, pay.text, child["name"], amount, pay.start, outcome, offer.service, offer.confirms)


def _asked(actor: Actor, held: Sequence[cases.Listed]) -> set[str]:
    """The children these applications are for, as the answer shows them."""
    pages = (page for one in held for page in cases.view(actor, one.id).pages)
    return {str(answer.value) for _title, answers in pages for answer in answers if answer.name == "child"}


def _refuse_second(actor: Actor, key: str) -> None:
    """Say so when the other parent of her child was there first; of others' children nothing is told."""
    slug, _colon, child = key.partition(":")
    if actor.party.kind != "person" or slug not in [one.service for one in offers()]:
        return
    hers = [one["id"] for one in _children(actor, catalogue.service(slug).service)]
    if child in hers and by_other.taken(actor.party.id, slug, UUID(child)):
        raise Conflict(code="other-parent-first")


def _hold(actor: Actor, service: str, child: str) -> None:
    """One at a time for a child: who pressed in the same moment, the other parent or she herself in another window, is
    refused as if she had pressed after."""
    HeldChild.objects.bulk_create([HeldChild(child=UUID(child))], ignore_conflicts=True)
    HeldChild.objects.select_for_update().get(pk=child)
    if by_other.taken(actor.party.id, service, UUID(child)):
        raise Conflict(code="other-parent-first")
    if cases.taken([actor.party], service, "child", child):
        raise NotFound(code="no-such-right")


def accept(actor: Actor, key: str) -> UUID:
    """Say yes: the application is written and sent as one; returns the case.

    Raises NotFound for what is not offered to her (any more), Conflict when the form cannot be filled from this or the
    other parent was there first, and what ``cases.submit`` raises.
    """
    if not any(one.key == key for one in rights(actor)):
        _refuse_second(actor, key)
        raise NotFound(code="no-such-right")
    service, _colon, child = key.partition(":")
    offer = next(one for one in offers() if one.service == service)
    with transaction.atomic():
        _hold(actor, service, child)
        draft = cases.start(actor, service)
        typed = {name: list(said) for name, said in offer.answers.items()}
        _form, errors = cases.save(actor, draft, offer.page, {"child": [child], **typed})
        if errors:
            raise Conflict(code="changed-meanwhile")
        return cases.submit(actor, draft)
