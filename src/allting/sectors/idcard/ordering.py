"""Seeing who the applicant is, and the order that a granted application becomes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.sectors.idcard import lifecycle
from allting.sectors.idcard.models import Card, CardEvent, IdentityCheck

POLICE = "politiet"
CHECK = Purpose("ID-kortloven § 3", "Politiet har sett hvem søkeren er")
CHECK_HOLDS = timedelta(days=90)  # from the meeting to the decision
Document = Literal["passport", "id-card", "other", "known"]
DOCUMENTS: tuple[Document, ...] = ("passport", "id-card", "other", "known")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # none that is taken for a digit


def at_police(actor: Actor) -> bool:
    """Whether she is an officer of the authority that issues cards (ID-kortloven § 2)."""
    return registers.works_in(actor, POLICE)


def police_only(actor: Actor) -> None:
    """Raises NotAllowed for anyone else."""
    if not at_police(actor):
        raise NotAllowed(code="police-only")


@transaction.atomic
def check_identity(actor: Actor, number: str, document: str) -> UUID:
    """An officer has met the applicant; returns who she is. Raises Invalid by field, NotAllowed."""
    police_only(actor)
    errors = {} if document in DOCUMENTS else {"document": [_("Choose what was shown")]}
    try:
        person = find_person(actor, number, CHECK)
    except Invalid as wrong:
        raise Invalid(errors=wrong.errors | errors) from None
    if errors:
        raise Invalid(errors=errors)
    if person == actor.person:
        raise NotAllowed(code="own-case")
    assert actor.person is not None and actor.authority is not None
    IdentityCheck.objects.create(holder=person, officer=actor.person, authority=actor.authority, document=document)
    audit.record(actor, CHECK, "idcard.identity_check", person, action="change", fields=["document"])
    return person


def find_person(actor: Actor, number: str, purpose: Purpose) -> UUID:
    """Raises Invalid at "number"."""
    try:
        return registers.find_person(actor, purpose, identity_number(number))
    except BadNumber:
        raise Invalid(errors={"number": [_("Write the 11 digits of the identity number")]}) from None
    except NotFound:
        raise Invalid(errors={"number": [_("We do not find a person with this number")]}) from None


def order(actor: Actor, purpose: Purpose, person: UUID, given: Mapping[str, Any]) -> None:
    """Effect idcard.order: a granted application puts a card in production.

    Raises Invalid when nobody at the police has met the applicant lately, or she has been told to the wrong officer.
    """
    seen = IdentityCheck.objects.filter(holder=person, at__gt=timezone.now() - CHECK_HOLDS)
    if not seen.exists():
        raise Invalid(errors={"outcome": [_("Register the identity check first, on the page ID cards")]})
    old = Card.objects.filter(holder=person, state__in=lifecycle.LIVE).order_by("-pk").first()
    card = Card.objects.create(
        number=_number(), holder=person, case=purpose.case, travel=bool(given["travel"]), delivery=given["delivery"],
        state=lifecycle.State.ORDERED, replaces=old,
    )  # fmt: skip
    CardEvent.objects.create(
        card=card, kind="ordered", person=actor.person, capacity=actor.capacity, why=given["reason"]
    )
    audit.record(actor, purpose, "idcard.card", person, action="change", fields=["state"])
    outbox.put("idcard.produce", str(card.pk), {"card": str(card.pk)})


def _number() -> str:
    """Three letters and six digits, at random: a card's number tells nothing of its holder, nor how many there are."""
    while True:
        letters = "".join(secrets.choice(_LETTERS) for _place in range(3))
        number = f"{letters}{secrets.randbelow(1_000_000):06}"
        if not Card.objects.filter(number=number).exists():
            return number
