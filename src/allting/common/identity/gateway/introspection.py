"""Is this token good, and what is it for (RFC 7662); and: let it be good no more (RFC 7009)."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

from django.utils import timezone

from allting.common.identity import clients, jose, representation, signing, tokens
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.gateway.grants import family_of
from allting.common.identity.gateway.sign_on import hashed
from allting.common.identity.models import Client, Grant

_TOLD = (
    "iss", "sub", "aud", "client_id", "scope", "acr", "auth_time", "iat", "exp", "jti", "sid", "cnf",
    "authorization_details",
)  # fmt: skip


def introspect(client: Client, form: Mapping[str, str]) -> dict[str, Any]:
    """What a token is, to the client it was given to; of any other only that it is not active (§ 2.2).

    Raises Refused for a client that cannot show who it is: anybody could ask in its name.
    """
    if client.auth_method == Client.AuthMethod.NONE:
        raise Refused("unauthorized_client", "a public client may not introspect", 403)
    token = form.get("token", "")
    if not token:
        raise Refused("invalid_request", "token is missing")
    return _access(client, token) or _refresh(client, token) or {"active": False}


def _access(client: Client, token: str) -> dict[str, Any] | None:
    try:
        claims = signing.own(token, tokens.ACCESS)
    except jose.BadToken:
        return None
    live = claims["exp"] > timezone.now().timestamp() and claims["client_id"] == client.pk
    if not live or tokens.grant_of(claims) is None:
        return None
    kind = "DPoP" if "cnf" in claims else "Bearer"
    return {"active": True, "token_type": kind} | {name: claims[name] for name in _TOLD if name in claims}


def _refresh(client: Client, token: str) -> dict[str, Any] | None:
    grant = family_of(token)
    if grant is None or grant.client_id != client.pk or grant.revoked or grant.ended:
        return None
    newest = compare_digest(hashed(token.partition(".")[2]), grant.refresh_hash)
    if not newest or grant.refresh_until is None or grant.refresh_until <= timezone.now():
        return None
    if not tokens.still_acts(client, grant):
        return None
    return {
        "active": True,
        "client_id": client.pk,
        "sub": clients.subject(client, grant.person),
        "scope": grant.scope,
        "exp": int(grant.refresh_until.timestamp()),
        **representation.told(client, grant),
    }


def revoke(client: Client, form: Mapping[str, str]) -> None:
    """End all that came of the token's grant. A token we do not know is no error (§ 2.2); another client's is."""
    token = form.get("token", "")
    if not token:
        raise Refused("invalid_request", "token is missing")
    grant = family_of(token)
    if grant is None:
        try:
            grant = Grant.objects.filter(pk=signing.own(token, tokens.ACCESS)["gid"]).first()
        except jose.BadToken:
            return
    if grant is not None and grant.client_id != client.pk:
        raise Refused("unauthorized_client", "the token was given to another client")
    if grant is not None:
        Grant.objects.filter(pk=grant.pk, revoked=None).update(revoked=timezone.now())
