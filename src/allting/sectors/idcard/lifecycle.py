"""Where a card is, from order to the end, and what each step does to its certificates."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from uuid6 import uuid7

from allting.common.outbox import api as outbox
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, NotFound
from allting.sectors.idcard import revocation
from allting.sectors.idcard.models import Card, CardEvent, Certificate


class State(StrEnum):
    ORDERED = "ordered"
    IN_PRODUCTION = "in-production"
    SENT = "sent"  # on its way to the holder, or waiting for her at the office
    DELIVERED = "delivered"  # she has it, and has not taken it into use
    ACTIVE = "active"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    REPLACED = "replaced"


LIVE: Final = (State.ORDERED, State.IN_PRODUCTION, State.SENT, State.DELIVERED, State.ACTIVE)
OVER: Final = (State.BLOCKED, State.EXPIRED, State.REPLACED)
STEPS: Final[dict[str, tuple[tuple[State, ...], State]]] = {
    "produced": ((State.ORDERED,), State.IN_PRODUCTION),
    "sent": ((State.IN_PRODUCTION,), State.SENT),
    "delivered": ((State.SENT,), State.DELIVERED),
    "activated": ((State.DELIVERED,), State.ACTIVE),
    "blocked": (LIVE, State.BLOCKED),  # and there is no way back
    "replaced": (LIVE, State.REPLACED),
}
HOLD, COMPROMISED, SUPERSEDED = "certificate_hold", "key_compromise", "superseded"
_REVOKES: Final = {"blocked": COMPROMISED, "replaced": SUPERSEDED}


def locked(card_id: UUID) -> Card:
    """The card, held until the transaction ends. Raises NotFound."""
    rows = Card.objects.filter(pk=card_id)
    card = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if card is None:
        raise NotFound()
    return card


def may(card: Card, kind: str) -> bool:
    return card.state in STEPS[kind][0]


def step(card: Card, kind: str, actor: Actor, why: str = "") -> None:
    """Let ``kind`` happen to a ``locked`` card. Raises Conflict when it cannot happen in this state."""
    if not may(card, kind):
        raise Conflict(code="card-not-now", state=card.state)
    card.state = STEPS[kind][1]
    card.save()
    CardEvent.objects.create(
        card=card, kind=kind, person=actor.person, capacity=actor.capacity, on_behalf_of=str(actor.on_behalf_of or ""),
        why=why,
    )  # fmt: skip
    certificates = Certificate.objects.filter(card=card)
    if reason := _REVOKES.get(kind):
        certificates.update(revoked=timezone.now(), reason=reason, listed=False)
    elif kind == "activated":
        certificates.filter(reason=HOLD).update(revoked=None, reason="", listed=False)
    else:
        return
    tell()


def tell() -> None:
    """Something was revoked or released: a new list when this is committed, and by the worker if we die first."""
    outbox.put("idcard.list", f"change:{uuid7()}")
    transaction.on_commit(revocation.refresh_soon, robust=True)
