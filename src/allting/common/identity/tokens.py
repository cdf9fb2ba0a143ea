"""The gateway's tokens: what a login proves (id_token), and a key to an API (access token, RFC 9068)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from allting.common.identity import clients, dpop, grant_rows, jose, representation, signing
from allting.common.identity.models import Client, Grant
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level, Party, Purpose
from allting.kernel.problems import NotFound

ID_TOKEN_SECONDS = 120
ACCESS = "at+jwt"
API = "api"


def api_audience() -> str:
    return f"{settings.BASE_URL}/api"


def access_ends(client: Client, grant: Grant, now: datetime) -> int:
    """When an access token given now ends: as the client has it, but never after an unused session would have, nor
    after the authorization. It is worth nothing as soon as the login is ended."""
    seconds = min(client.access_seconds, int(settings.SESSION_IDLE_MINUTES * 60))
    return int(min(now.timestamp() + seconds, grant.until.timestamp()))


def id_token(client: Client, grant: Grant, now: datetime, access: str) -> str:
    """OpenID Connect Core § 2, with ID-porten's claims. Who got the identity number stands in the person's log."""
    claims = _claims(client, grant, now) | {
        "aud": client.pk,
        "exp": int(now.timestamp()) + ID_TOKEN_SECONDS,
        "amr": [grant.method, *grant.methods.split()],  # ID-porten's name of the eID, then RFC 8176
        "locale": grant.locale,
        "at_hash": signing.half_hash(access),
    }
    if grant.nonce:
        claims["nonce"] = grant.nonce
    claims |= _represented(client, grant)
    if grant.on_behalf_of:  # ID-porten's documents have both names
        claims |= {"client_onbehalfof": grant.on_behalf_of, "aud_onbehalfof": grant.on_behalf_of}
    if client.legal_basis:
        claims |= _pid(client, grant, grant.person)
    return signing.sign(claims, algorithm=client.signing_alg)


def access_token(client: Client, grant: Grant, scope: str, now: datetime, ends: int, jkt: str) -> str:
    """For /id/userinfo, and for the API when the client asked for it; bound to a key when it proved one (RFC 9449)."""
    audience = [settings.OIDC_ISSUER] + ([api_audience()] if API in scope.split() else [])
    more: dict[str, Any] = {"aud": audience, "client_id": client.pk, "scope": scope, "gid": grant.pk, "exp": ends}
    more |= representation.told(client, grant)
    if jkt:
        more["cnf"] = {"jkt": jkt}
    # Only our own doors read it, so the quicker signature is good for every client.
    return signing.sign(_claims(client, grant, now) | more, ACCESS, signing.ES256)


def _claims(client: Client, grant: Grant, now: datetime) -> dict[str, Any]:
    return {
        "iss": settings.OIDC_ISSUER,
        "sub": clients.subject(client, grant.person),
        "acr": Level(grant.level).acr,
        "auth_time": int(grant.auth_time.timestamp()),
        "iat": int(now.timestamp()),
        "jti": secrets.token_urlsafe(16),
        "sid": grant.sign_on_id,
    }


def _pid(client: Client, grant: Grant, person: UUID) -> dict[str, str]:
    actor, purpose = reader(client, grant)
    try:
        return {"pid": registers.identity_number(actor, purpose, person)}
    except NotFound:
        return {}


def _represented(client: Client, grant: Grant) -> dict[str, Any]:
    """For whom she acts; a person with identity number where the client gets hers."""
    told = representation.told(client, grant)
    if told and client.legal_basis and grant.party.startswith("person:"):
        told["authorization_details"][0] |= _pid(client, grant, Party.parse(grant.party).id)
    return told


def still_acts(client: Client, grant: Grant) -> bool:
    """Whether she may still act for the one she chose at the login."""
    if not grant.party:
        return True
    by_api = API in grant.scope.split()
    return representation.allowed(client, grant.person, Party.parse(grant.party), grant.for_service, by_api=by_api)


def reader(client: Client, grant: Grant) -> tuple[Actor, Purpose]:
    """Who gets to know something about the person at this login, and why, as her log will show it."""
    on_behalf = f" for {grant.on_behalf_of}" if grant.on_behalf_of else ""
    actor = Actor.system(client.owner, client.name)
    return actor, Purpose(client.legal_basis, f"Innlogging hos {client.name}{on_behalf}")


def about(client: Client, grant: Grant) -> dict[str, Any]:
    """UserInfo (OpenID Connect Core § 5.3). The name only with the scope ``profile``, and both only by law."""
    found: dict[str, Any] = {"sub": clients.subject(client, grant.person)} | _represented(client, grant)
    if client.legal_basis and client.subject_type == Client.Subject.PAIRWISE:
        found |= _pid(client, grant, grant.person)
    if client.legal_basis and "profile" in grant.scope.split():
        found["name"] = registers.tell_name(*reader(client, grant), grant.person)
    return found


def holder(request: HttpRequest, audience: str) -> Grant | None:
    """The grant that the access token in a request comes of; None when there is no token, it is not ours, for another
    audience, too old, without the proof of the key it is bound to, or when the login has ended."""
    scheme, token = presented(request)
    try:
        claims = signing.own(token, ACCESS)
        if audience not in claims["aud"] or claims["exp"] <= timezone.now().timestamp():
            return None
        dpop.bound(request, scheme, token, claims)
    except jose.BadToken:
        return None
    return grant_of(claims)


def grant_of(claims: dict[str, Any]) -> Grant | None:
    """The grant of an access token's claims, while it lasts: until the authorization, the login, or what lets her act
    for another ends."""
    row = grant_rows.by_code(claims["gid"])
    if row is None or row.revoked or row.ended or row.until <= timezone.now():
        return None
    if row.party:
        client = clients.find(row.client_id)
        return row if client is not None and still_acts(client, row) else None
    return row


def hinted(token: str) -> tuple[str, str] | None:
    """Client and sign-on of an id_token that we made, also an old one; None for anything else."""
    try:
        claims = signing.own(token)
    except jose.BadToken:
        return None
    return (claims["aud"], claims["sid"])


def presented(request: HttpRequest) -> tuple[str, str]:
    """Scheme ("bearer" or "dpop") and token of the Authorization header (RFC 6750 § 2.1); empty when there is none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    kind = scheme.lower()
    return (kind, token.strip()) if kind in ("bearer", "dpop") else ("", "")
