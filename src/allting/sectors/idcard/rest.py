"""``/api/id-cards``: the holder's cards, and blocking them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor, Level
from allting.sectors.idcard import api as idcard

router = Router(auth=RestGuard(limited=True))
prefix = "/id-cards"


class CardOut(Schema):
    id: UUID
    number: str
    state: str
    travel: bool
    delivery: str
    ordered: datetime
    valid_from: date | None
    valid_until: date | None


class BlockIn(Schema):
    """``why``: lost, stolen or other."""

    why: str = "lost"


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("", response=list[CardOut], url_name="id-cards")
def cards(request: HttpRequest) -> Any:
    return idcard.cards(_actor(request))


@router.post("/{card_id}/block", response=CardOut, url_name="id-card-block")
def block(request: HttpRequest, card_id: UUID, payload: BlockIn) -> Any:
    """Block a card for good. It takes hold at once, and a second time changes nothing."""
    idcard.block(_actor(request), card_id, payload.why)
    return idcard.card(_actor(request), card_id)


@router.post("/{card_id}/activate", auth=RestGuard(Level.HIGH), response=CardOut, url_name="id-card-activate")
def activate(request: HttpRequest, card_id: UUID) -> Any:
    """Take a card that came by post into use; at level high."""
    idcard.activate(_actor(request), card_id)
    return idcard.card(_actor(request), card_id)
