"""What a login gives a client: a code, and for the code tokens, again and again until it ends (RFC 6749 §§ 4.1, 6)."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from allting.common.identity import grant_rows, representation, tokens
from allting.common.identity.gateway.authorization import Request
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.gateway.sign_on import end, hashed
from allting.common.identity.models import Client, Grant, SignOn

CODE_SECONDS = 60
_BEGUN = ("used", "until", "family", "refresh_hash", "refresh_until", "jkt")
Tokens = dict[str, Any]
Exchange = Callable[[Client, Mapping[str, str], str], Tokens]


def issue_code(asked: Request, who: SignOn, party: str = "") -> str:
    """A code for the client, used once within a minute. ``party``: for whom she chose to act, and may."""
    code = secrets.token_urlsafe(32)
    grant_rows.add(
        Grant(
            code_hash=hashed(code),
            client_id=asked.client_id,
            redirect_uri=asked.redirect_uri,
            sign_on=who,
            level=who.level,
            method=who.method,
            methods=who.methods,
            auth_time=who.at,
            scope=asked.scope,
            nonce=asked.nonce,
            challenge=asked.challenge,
            locale=asked.language or get_language() or "nb",
            on_behalf_of=asked.on_behalf_of,
            party=party,
            for_service=asked.wanted.service if party and asked.wanted else "",
            jkt=asked.jkt,
            until=who.at,  # no longer than the code itself, until it is used
        )
    )
    return code


def exchange(client: Client, form: Mapping[str, str], jkt: str) -> Tokens:
    """The answer of the token endpoint. ``jkt``: the key that the request proved. Raises Refused."""
    take = EXCHANGES.get(form.get("grant_type", ""))
    if take is None or client.kind == Client.Kind.MACHINE:
        known = "authorization_code or refresh_token"
        raise Refused("unsupported_grant_type" if take is None else "unauthorized_client", known)
    if "authorization_details" in form:
        raise Refused("invalid_authorization_details", "what she chose at the login holds")
    if client.dpop_required and not jkt:
        raise Refused("invalid_dpop_proof", "this client must prove a key")
    return take(client, form, jkt)


def redeem(client: Client, form: Mapping[str, str], jkt: str = "") -> Tokens:
    """Exchange a code (RFC 6749 § 4.1.3). Raises Refused; a code used twice ends the sign-on (§ 4.1.2)."""
    grant = grant_rows.by_code(hashed(form.get("code", "")))
    now = timezone.now()
    fault = _fault(grant, client, form, jkt, now)
    if grant is None:
        raise Refused("invalid_grant", fault)
    refresh = "" if fault else _begin_family(client, grant, jkt, now)
    grant.used = now
    first = grant_rows.begin(grant, _BEGUN)
    if not first:
        Grant.objects.filter(pk=grant.pk).update(revoked=now)
        end(grant.sign_on_id)
    if fault or not first:
        raise Refused("invalid_grant", fault or "the code is unknown or used")
    return _answer(client, grant, grant.scope, now, jkt, refresh)


def _fault(grant: Grant | None, client: Client, form: Mapping[str, str], jkt: str, now: datetime) -> str:
    if grant is None or grant.used or grant.ended:
        return "the code is unknown or used"
    if now - grant.created > timedelta(seconds=CODE_SECONDS):
        return "the code is too old"
    if (client.pk, form.get("redirect_uri")) != (grant.client_id, grant.redirect_uri):
        return "another client or address"
    if not compare_digest(challenge_of(form.get("code_verifier", "")), grant.challenge):
        return "the code verifier does not fit"
    if grant.jkt and grant.jkt != jkt:
        return "the code is bound to another key"
    if not tokens.still_acts(client, grant):
        return "the person may not act for the party any more"
    return ""


def _begin_family(client: Client, grant: Grant, jkt: str, now: datetime) -> str:
    """The times of what the grant gives from now on; returns its first refresh token, empty for none."""
    grant.until = grant.auth_time + timedelta(seconds=client.authorization_seconds)
    # What a client without a secret refreshes is bound to its key; others prove themselves anyway (RFC 9449 § 5).
    grant.jkt = jkt if client.auth_method == Client.AuthMethod.NONE else ""
    if not client.refresh_seconds:
        return ""
    grant.family = secrets.token_urlsafe(16)
    return _next(client, grant, now)


def _next(client: Client, grant: Grant, now: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    grant.refresh_hash = hashed(secret)
    grant.refresh_until = min(now + timedelta(seconds=client.refresh_seconds), grant.until)
    return f"{grant.family}.{secret}"


def refresh(client: Client, form: Mapping[str, str], jkt: str = "") -> Tokens:
    """New tokens for a refresh token, which is then used up (RFC 6749 § 6). An old one ends all that came of the
    grant: somebody has a copy (RFC 9700 § 4.14.2). Raises Refused."""
    token, now = form.get("refresh_token", ""), timezone.now()
    grant = family_of(token)
    if grant is None or grant.client_id != client.pk:
        raise Refused("invalid_grant", "the refresh token is unknown")
    old = grant.refresh_hash
    if not compare_digest(hashed(token.partition(".")[2]), old):
        Grant.objects.filter(pk=grant.pk, revoked=None).update(revoked=now)
        raise Refused("invalid_grant", "the refresh token was used before")
    if grant.revoked or grant.ended or grant.refresh_until is None or grant.refresh_until <= now:
        raise Refused("invalid_grant", "the refresh token has ended")
    if grant.jkt and grant.jkt != jkt:
        raise Refused("invalid_dpop_proof", "the refresh token is bound to another key")
    if not tokens.still_acts(client, grant):
        raise Refused("invalid_grant", "the person may not act for the party any more")
    scope = _narrowed(grant, form.get("scope", ""))
    fresh = _next(client, grant, now)
    turned = Grant.objects.filter(pk=grant.pk, refresh_hash=old, revoked=None)
    if not turned.update(refresh_hash=grant.refresh_hash, refresh_until=grant.refresh_until):
        Grant.objects.filter(pk=grant.pk, revoked=None).update(revoked=now)  # two at once with the same token
        raise Refused("invalid_grant", "the refresh token was used before")
    grant.nonce = ""  # the nonce was for the first ID token only
    return _answer(client, grant, scope, now, jkt, fresh)


def family_of(refresh_token: str) -> Grant | None:
    """The grant that a refresh token belongs to, whether it is the newest or not."""
    family, _dot, _secret = refresh_token.partition(".")
    if len(family) != 22:
        return None
    return grant_rows.by_family(family) if "\x00" not in family else None


def _narrowed(grant: Grant, wanted: str) -> str:
    had = grant.scope.split()
    if not wanted:
        return grant.scope
    if set(wanted.split()) - set(had):
        raise Refused("invalid_scope", "more than was given at the login")
    return " ".join(one for one in had if one in wanted.split())


def _answer(client: Client, grant: Grant, scope: str, now: datetime, jkt: str, refresh_token: str) -> Tokens:
    ends = tokens.access_ends(client, grant, now)
    access = tokens.access_token(client, grant, scope, now, ends, jkt)
    told: Tokens = {
        "token_type": "DPoP" if jkt else "Bearer",
        "access_token": access,
        "expires_in": max(0, ends - int(now.timestamp())),
        "scope": scope,
        **representation.told(client, grant),
    }
    if "openid" in scope.split():
        told["id_token"] = tokens.id_token(client, grant, now, access)
    if refresh_token and grant.refresh_until is not None:
        left = grant.refresh_until - now
        told |= {"refresh_token": refresh_token, "refresh_expires_in": int(left.total_seconds())}
    return told


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636 § 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


EXCHANGES: dict[str, Exchange] = {"authorization_code": redeem, "refresh_token": refresh}
