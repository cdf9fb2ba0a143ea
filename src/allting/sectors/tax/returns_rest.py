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
    """``tax``, ``withheld``, ``advance`` (tax asked for in advance), ``extra`` (additional advance tax that is paid),
    ``interest`` (below nothing: she pays) and ``net``
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
    extra: int | None
    interest: int | None
    net: int | None


class ExtraOut(Schema):
    """Additional advance tax (skattebetalingsloven § 4-7), in øre: what is ``missing`` and may be paid by ``until``
    without interest, ``most`` when more cannot be asked for, what is ``paid`` and of it ``late``, and the ``bill`` that
    waits with its ``kid`` and what is ``left`` of it; ``asked``: how many times one has asked."""

    until: date
    missing: int
    most: int | None
    paid: int
    late: int
    asked: int
    bill: UUID | None
    kid: str | None
    left: int | None


class ExtraIn(Schema):
    """``amount`` in øre; ``asked`` as it was read."""

    amount: int
    asked: int


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
    counted = ("tax", "withheld", "advance", "extra", "interest")
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


@router.get("/{year}/extra", response=ExtraOut, url_name="tax-return-extra")
def extra(request: HttpRequest, year: int) -> Any:
    """What can be paid of the year's tax now, to escape interest."""
    me = _actor(request)
    return _extra(tax.extra_of(me, tax.view(me, year)))


@router.post("/{year}/extra", response={201: ExtraOut}, url_name="tax-return-pay-extra")
def pay_extra(request: HttpRequest, year: int, payload: ExtraIn) -> Any:
    """Ask for a bill of additional advance tax; it takes the place of one that is not paid. Sent again with the same
    ``asked`` it gives the same bill."""
    me = _actor(request)
    found = tax.view(me, year)
    tax.pay_extra(me, found, payload.amount, payload.asked)
    return 201, _extra(tax.extra_of(me, found))


def _extra(found: tax.Extra) -> dict[str, Any]:
    bill = found.bill
    return {
        "until": found.until, "missing": found.missing if found.offered else 0, "most": found.most,
        "paid": found.paid, "late": found.late, "asked": found.asked,
        "bill": bill.id if bill else None, "kid": bill.kid if bill else None, "left": bill.left if bill else None,
    }  # fmt: skip
