"""``/api/clients``: the organisation's clients, by the same verbs as the pages. Names are RFC 7591's where it ."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from allting.common.identity.models import Client
from allting.common.identity.owners import registering
from allting.kernel.access import OrganisationGuard
from allting.kernel.actor import Level

router = Router(auth=OrganisationGuard(Level.HIGH))


class Settings(Schema):
    """What may be left out stays as it is."""

    name: str | None = None
    redirect_uris: list[str] | None = None
    post_logout_redirect_uris: list[str] | None = None
    frontchannel_logout_uri: str | None = None
    backchannel_logout_uri: str | None = None
    legal_basis: str | None = None
    on_behalf_of: dict[str, str] | None = None
    signing_alg: str | None = None
    par_required: bool | None = None
    dpop_required: bool | None = None
    access_seconds: int | None = None
    refresh_seconds: int | None = None
    authorization_seconds: int | None = None


class ClientIn(Settings):
    name: str
    kind: str = "web"
    auth_method: str = "private_key_jwt"


class KeyOut(Schema):
    kid: str
    jwk: dict[str, Any]
    created: datetime
    expires: datetime


class ClientOut(Schema):
    client_id: str
    name: str
    kind: str
    auth_method: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    frontchannel_logout_uri: str
    backchannel_logout_uri: str
    scopes: list[str]
    legal_basis: str
    on_behalf_of: dict[str, str]
    signing_alg: str
    par_required: bool
    dpop_required: bool
    access_seconds: int
    refresh_seconds: int
    authorization_seconds: int
    active: bool
    secret_expires: datetime | None
    keys: list[KeyOut]
    client_secret: str | None = None


class KeyIn(Schema):
    """A public key; without one we make it, and answer with the private half, once."""

    jwk: dict[str, Any] | None = None
    pem: str = ""


class NewKeyOut(KeyOut):
    private_jwk: dict[str, Any] | None = None


class StateIn(Schema):
    active: bool


def _out(row: Client, secret: str = "") -> dict[str, Any]:
    names = set(ClientOut.model_fields) - {"client_id", "keys", "client_secret"}
    found = {name: getattr(row, name) for name in names}
    return found | {"client_id": row.pk, "keys": registering.keys(row), "client_secret": secret or None}


@router.get("", response=list[ClientOut], url_name="clients")
def own(request: HttpRequest) -> list[dict[str, Any]]:
    return [_out(row) for row in registering.own(request.auth)]  # type: ignore[attr-defined]


@router.post("", response={201: ClientOut}, url_name="client-register")
def register(request: HttpRequest, payload: ClientIn) -> tuple[int, dict[str, Any]]:
    """A secret, when it has one, is only in this answer."""
    row, secret = registering.register(request.auth, payload.dict(exclude_none=True))  # type: ignore[attr-defined]
    return 201, _out(row, secret)


@router.get("/{client_id}", response=ClientOut, url_name="client")
def show(request: HttpRequest, client_id: str) -> dict[str, Any]:
    return _out(registering.one(request.auth, client_id))  # type: ignore[attr-defined]


@router.patch("/{client_id}", response=ClientOut, url_name="client-change")
def change(request: HttpRequest, client_id: str, payload: Settings) -> dict[str, Any]:
    return _out(registering.change(request.auth, client_id, payload.dict(exclude_none=True)))  # type: ignore[attr-defined]


@router.post("/{client_id}/secret", response=ClientOut, url_name="client-secret")
def secret(request: HttpRequest, client_id: str) -> dict[str, Any]:
    return _out(*registering.new_secret(request.auth, client_id))  # type: ignore[attr-defined]


@router.post("/{client_id}/keys", response={201: NewKeyOut}, url_name="client-key")
def add_key(request: HttpRequest, client_id: str, payload: KeyIn) -> tuple[int, dict[str, Any]]:
    text = payload.pem or (json.dumps(payload.jwk) if payload.jwk else "")
    _row, key, private = registering.add_key(request.auth, client_id, text)  # type: ignore[attr-defined]
    found = {"kid": key.kid, "jwk": key.jwk, "created": key.created, "expires": key.expires}
    return 201, found | {"private_jwk": private or None}


@router.delete("/{client_id}/keys/{kid}", response={204: None}, url_name="client-key-remove")
def remove_key(request: HttpRequest, client_id: str, kid: str) -> tuple[int, None]:
    registering.remove_key(request.auth, client_id, kid)  # type: ignore[attr-defined]
    return 204, None


@router.put("/{client_id}/state", response=ClientOut, url_name="client-state")
def state(request: HttpRequest, client_id: str, payload: StateIn) -> dict[str, Any]:
    return _out(registering.set_active(request.auth, client_id, payload.active))  # type: ignore[attr-defined]
