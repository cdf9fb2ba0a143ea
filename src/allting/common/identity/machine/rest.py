"""``/api/machine``: scopes and delegations, by the same verbs as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from allting.common.identity.machine import delegations, scopes
from allting.common.identity.models import Scope
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor

router = Router()
OWNER = RestGuard(officer=True)
CONSUMER = RestGuard()


class ScopeValues(Schema):
    description: str
    accessible_for_all: bool = False
    terms: str = ""
    delegable: bool = False
    at_max_age: int = 600
    allowed_integration_types: list[str] = ["maskinporten"]
    active: bool = True


class ScopeIn(ScopeValues):
    prefix: str
    subscope: str


class ScopeOut(ScopeValues):
    name: str
    created: datetime


class SupplierOut(Schema):
    orgno: str
    name: str
    last_used: date


class HolderOut(Schema):
    consumer_orgno: str
    name: str
    since: datetime | None
    accepted_terms: bool
    last_used: date | None
    suppliers: list[SupplierOut]


class HeldOut(Schema):
    scope: str
    description: str
    how: str
    terms: str
    delegable: bool
    since: datetime | None


class DelegationIn(Schema):
    scope: str
    supplier_orgno: str
    starts: date | None = None
    ends: date | None = None


class DelegationOut(Schema):
    id: UUID
    scope: str
    given: bool
    other_orgno: str
    other_name: str
    starts: date
    ends: date | None


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


# --- The owner: an officer of the authority -------------------------------------------------------------


@router.get("/scopes", auth=OWNER, response=list[ScopeOut], url_name="machine-scopes")
def owned(request: HttpRequest) -> list[Scope]:
    return scopes.owned(_actor(request))


@router.post("/scopes", auth=OWNER, response={201: ScopeOut}, url_name="machine-scope-new")
def create(request: HttpRequest, payload: ScopeIn) -> tuple[int, Scope]:
    return 201, scopes.create(_actor(request), payload.prefix, payload.subscope, payload.dict())


@router.put("/scopes", auth=OWNER, response=ScopeOut, url_name="machine-scope")
def change(request: HttpRequest, scope: str, payload: ScopeValues) -> Scope:
    return scopes.change(_actor(request), scope, payload.dict())


@router.get("/scopes/access", auth=OWNER, response=list[HolderOut], url_name="machine-holders")
def holders(request: HttpRequest, scope: str) -> list[dict[str, Any]]:
    """Who has the scope, and who uses it."""
    return [
        {
            "consumer_orgno": one.organisation.number,
            "name": one.organisation.name,
            "since": one.since,
            "accepted_terms": one.accepted,
            "last_used": one.last,
            "suppliers": [{"orgno": who.number, "name": who.name, "last_used": last} for who, last in one.suppliers],
        }
        for one in scopes.holders(_actor(request), scope)
    ]


@router.put("/scopes/access/{consumer_orgno}", auth=OWNER, response={204: None}, url_name="machine-give")
def give(request: HttpRequest, consumer_orgno: str, scope: str) -> tuple[int, None]:
    scopes.give(_actor(request), scope, consumer_orgno)
    return 204, None


@router.delete("/scopes/access/{consumer_orgno}", auth=OWNER, response={204: None}, url_name="machine-take")
def take(request: HttpRequest, consumer_orgno: str, scope: str) -> tuple[int, None]:
    scopes.withdraw(_actor(request), scope, consumer_orgno)
    return 204, None


# --- The consumer: a representative of the organisation --------------------------------------------------


@router.get("/access", auth=CONSUMER, response=list[HeldOut], url_name="machine-held")
def held(request: HttpRequest) -> list[dict[str, Any]]:
    """What the organisation has, and what it could take on terms ("offered")."""
    return [
        {
            "scope": one.scope.name,
            "description": one.scope.description,
            "how": one.how,
            "terms": one.scope.terms,
            "delegable": one.scope.delegable,
            "since": one.since,
        }
        for one in delegations.held(_actor(request))
    ]


@router.post("/access", auth=CONSUMER, response={204: None}, url_name="machine-accept")
def accept(request: HttpRequest, scope: str) -> tuple[int, None]:
    """Accept the terms of an open scope."""
    delegations.accept(_actor(request), scope)
    return 204, None


@router.get("/delegations", auth=CONSUMER, response=list[DelegationOut], url_name="machine-delegations")
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    return [_delegation(one) for one in delegations.delegations(_actor(request))]


@router.post("/delegations", auth=CONSUMER, response={201: DelegationOut}, url_name="machine-delegate")
def delegate(request: HttpRequest, payload: DelegationIn) -> tuple[int, dict[str, Any]]:
    me, starts = _actor(request), payload.starts or timezone.localdate()
    made = delegations.delegate(me, payload.scope, payload.supplier_orgno, starts, payload.ends)
    return 201, next(_delegation(one) for one in delegations.delegations(me) if one.id == made)


@router.delete("/delegations/{delegation}", auth=CONSUMER, response={204: None}, url_name="machine-withdraw")
def withdraw(request: HttpRequest, delegation: UUID) -> tuple[int, None]:
    delegations.withdraw(_actor(request), delegation)
    return 204, None


def _delegation(one: delegations.Delegated) -> dict[str, Any]:
    return {
        "id": one.id,
        "scope": one.scope.name,
        "given": one.given,
        "other_orgno": one.other.number,
        "other_name": one.other.name,
        "starts": one.starts,
        "ends": one.ends,
    }
