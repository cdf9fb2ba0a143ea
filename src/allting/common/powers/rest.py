"""``/api/powers``: powers of attorney given and received; the same verbs as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from allting.common.powers import api as powers
from allting.common.registers.api import Power
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor

router = Router(auth=RestGuard())
prefix = "/powers"


class PowerIn(Schema):
    """``number``: the receiver's identity number, with ``family_name``, or an enterprise's number alone.

    ``covers``: everything, themes, services or authority; ``chosen``: which.
    """

    number: str
    family_name: str = ""
    covers: str
    chosen: list[str] = []
    starts: date | None = None
    ends: date | None = None


class PowerOut(Schema):
    id: UUID
    giver: str
    giver_name: str
    receiver: str
    receiver_name: str
    covers: dict[str, Any]
    starts: date
    ends: date | None
    given: datetime
    withdrawn: datetime | None
    state: str


class MadeOut(Schema):
    id: UUID


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _out(one: Power) -> dict[str, Any]:
    names = ("id", "giver_name", "receiver_name", "starts", "ends", "given", "withdrawn", "state")
    found = {name: getattr(one, name) for name in names}
    return {**found, "giver": str(one.giver), "receiver": str(one.receiver), "covers": one.reach.as_data()}


@router.get("/given", response=list[PowerOut], url_name="powers-given")
def given(request: HttpRequest) -> list[dict[str, Any]]:
    return [_out(one) for one in powers.given(_actor(request))]


@router.get("/received", response=list[PowerOut], url_name="powers-received")
def received(request: HttpRequest) -> list[dict[str, Any]]:
    return [_out(one) for one in powers.received(_actor(request))]


@router.post("", response={201: MadeOut}, url_name="powers-give")
def give(request: HttpRequest, payload: PowerIn) -> tuple[int, dict[str, Any]]:
    """Give one. It holds from its first day, and both sides get a letter."""
    asked = powers.Asked(
        payload.number, payload.family_name, payload.covers, payload.chosen, payload.starts, payload.ends
    )
    return 201, {"id": powers.give(_actor(request), asked)}


@router.post("/{power_id}/end", response={204: None}, url_name="powers-end")
def end(request: HttpRequest, power_id: UUID) -> tuple[int, None]:
    """Withdraw one that was given, or give one back. It ends at once."""
    powers.end(_actor(request), power_id)
    return 204, None
