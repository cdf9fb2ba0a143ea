"""``/api/payments``: bills and payouts of the party."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from allting.common.payment import api as payment
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor

router = Router(auth=RestGuard())
prefix = "/payments"
COVERED = RestGuard(limited=True)


class BillOut(Schema):
    id: UUID
    kid: str
    creditor_name: str
    case: UUID
    amount: int
    left: int
    due: date | None
    kind: str
    status: str
    created: datetime
    paid: datetime | None


class PayoutOut(Schema):
    id: UUID
    debtor_name: str
    case: UUID
    month: date
    due: date
    amount: int
    status: str


class RunningOut(Schema):
    """A monthly payment that goes on: ``amount`` in øre, ``next`` its pay day, ``until`` its last day."""

    case: UUID
    debtor_name: str
    amount: int
    next: date
    until: date | None


class StartOut(Schema):
    url: str


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("/bills", response=list[BillOut], url_name="bills")
def bills(request: HttpRequest, before: UUID | None = None) -> Any:
    return payment.bills(_actor(request), before)


@router.get("/bills/{bill_id}", auth=COVERED, response=BillOut, url_name="bill")
def bill(request: HttpRequest, bill_id: UUID) -> Any:
    return payment.bill_for(_actor(request), bill_id)


@router.post("/bills/{bill_id}/pay", auth=COVERED, response=StartOut, url_name="bill-pay")
def start(request: HttpRequest, bill_id: UUID) -> Any:
    """Where to send the browser to pay."""
    return {"url": payment.start(_actor(request), bill_id)}


@router.get("/payouts", response=list[PayoutOut], url_name="payouts")
def payouts(request: HttpRequest, before: UUID | None = None) -> Any:
    return payment.payouts(_actor(request), before)


@router.get("/running", response=list[RunningOut], url_name="running")
def running(request: HttpRequest) -> Any:
    """What the party is paid month by month."""
    return payment.running(_actor(request))
