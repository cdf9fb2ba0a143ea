"""``/api/tax/returns``: one's own returns, what they come to, and delivering them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.sectors.tax import api as tax

router = Router(auth=RestGuard(limited=True))
prefix = "/tax/returns"


class TaxItemOut(Schema):
    """Amounts in øre; ``reported`` is null for what one has added oneself."""

    item: str
    kind: str
    law: str
    source: str
    reported: int | None
    amount: int
    reason: str


class TaxStepOut(Schema):
    text: str
    value: str
    law: str


class TaxReturnOut(Schema):
    """``tax``, ``withheld``, ``advance`` (tax asked for in advance), ``interest`` (below nothing: she pays) and ``net``
    (what she gets back; below nothing: what she owes) in øre, null when it cannot be counted; ``case``: the latest
    assessment."""

    year: int
    due: date
    last_day: date
    case: UUID | None
    revision: int
    items: list[TaxItemOut]
    steps: list[TaxStepOut]
    tax: int | None
    withheld: int | None
    advance: int | None
    interest: int | None
    net: int | None


class DeliverIn(Schema):
    revision: int


class DeliveredOut(Schema):
    case: UUID


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("", response=list[int], url_name="tax-returns")
def years(request: HttpRequest) -> Any:
    """The years one has a return for, the newest first."""
    return tax.years(_actor(request))


@router.get("/{year}", response=TaxReturnOut, url_name="tax-return-of-year")
def one(request: HttpRequest, year: int) -> Any:
    found = tax.view(_actor(request), year)
    names = {id(kind): name for name, kind in tax.KINDS.items()}
    counted = ("tax", "withheld", "advance", "interest")
    more = {name: found.outcome.more[name] if found.outcome else None for name in counted}
    return {
        "year": found.year, "due": found.due, "last_day": found.last_day, "case": found.case,
        "revision": found.revision, "net": found.net if found.outcome else None, **more,
        "items": [
            {
                "item": each.item, "kind": names[id(each.kind)], "law": each.kind.law, "source": each.source,
                "reported": each.reported, "amount": each.amount, "reason": each.reason,
            }
            for each in found.items
        ],
        "steps": [
            {"text": str(step.text), "value": step.value, "law": step.law}
            for step in (found.outcome.steps if found.outcome else ())
        ],
    }  # fmt: skip


@router.post("/{year}/deliver", response={201: DeliveredOut}, url_name="tax-return-send")
def deliver(request: HttpRequest, year: int, payload: DeliverIn) -> Any:
    """Deliver it as it stands. ``revision`` as it was read; sent again it gives the same case."""
    return 201, {"case": tax.deliver(_actor(request), year, payload.revision)}
