"""The OpenID provider: authorization code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0).

A country's gateway in small: registered clients (``clients``), two levels, eIDs by folder. Errors go back to
the client as the RFCs say once its redirect address is known to be right, and are shown on a page before that.
"""

from __future__ import annotations

import re
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from allting.common.identity import tokens
from allting.common.identity.clients import client
from allting.common.identity.models import Code, PortalSession, SignOn
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid

CODE_SECONDS = 60
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_NONCE = re.compile(r"[ -~]{0,200}")


class Refused(Exception):
    """An error of RFC 6749 § 4.1.2.1 or § 5.2: ``code`` for machines, ``description`` for developers."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code, self.description = code, description


@dataclass(frozen=True, slots=True)
class Request:
    """A checked authorization request."""

    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    level: Level
    client_name: str
    login: bool  # authenticate even when there is a sign-on: prompt=login, or a program that asks for a key to
    # the API, which another program could pretend to be (RFC 8252 § 8.6)


def portal_redirect() -> str:
    return f"{settings.BASE_URL}/login/callback"


def read(query: QueryDict) -> Request:
    """Check an authorization request. Raises Invalid (shown on a page) when the client or its address is unknown,
    Refused (sent back to the client) for the rest."""
    who = client(query.get("client_id", ""))
    if who is None or not who.may_return_to(query.get("redirect_uri", "")):
        raise Invalid(code="unknown-client")
    scope = ["openid", *(one for one in who.scopes if one in query.get("scope", "").split())]
    if query.get("response_type") != "code":
        raise Refused("unsupported_response_type", "only code")
    if "openid" not in query.get("scope", "").split():
        raise Refused("invalid_scope", "openid is missing")
    if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(query.get("code_challenge", "")):
        raise Refused("invalid_request", "PKCE with S256 is required")
    if not _NONCE.fullmatch(query.get("nonce", "")):
        raise Refused("invalid_request", "the nonce must be at most 200 printable characters")
    return Request(
        client_id=who.id,
        redirect_uri=query.get("redirect_uri", ""),
        scope=" ".join(scope),
        state=query.get("state", ""),
        nonce=query.get("nonce", ""),
        challenge=query.get("code_challenge", ""),
        level=_level(query.get("acr_values", "")),
        client_name=who.name,
        login=query.get("prompt") == "login" or len(scope) > 1,
    )


def _level(acr_values: str) -> Level:
    try:
        return max((Level.from_name(name) for name in acr_values.split()), default=Level.SUBSTANTIAL)
    except KeyError:
        raise Refused("invalid_request", "unknown acr_values") from None


def answer(request: Request, code: str) -> str:
    """The client's redirect address with the code, its state, and who we are (RFC 9207)."""
    return _back(request.redirect_uri, request.state, code=code)


def refusal(query: QueryDict, refused: Refused) -> str:
    """The address of the client, which ``read`` has checked, with the error (RFC 6749 § 4.1.2.1)."""
    told = {"error": refused.code, "error_description": refused.description}
    return _back(query.get("redirect_uri", ""), query.get("state", ""), **told)


def _back(address: str, state: str, **parameters: str) -> str:
    more = {"state": state} if state else {}
    return address + "?" + urlencode({**parameters, **more, "iss": settings.OIDC_ISSUER})


def sign_on(person: UUID, level: Level, method: str) -> tuple[SignOn, str]:
    """Someone has shown who she is. Returns the sign-on and the secret for its cookie."""
    cookie = secrets.token_urlsafe(32)
    row = SignOn.objects.create(
        sid=secrets.token_urlsafe(32), cookie_hash=_hash(cookie), person=person, level=level, method=method
    )
    return row, cookie


def current(cookie: str) -> SignOn | None:
    """The sign-on of this cookie while it lasts: not ended, used in the last half hour, two hours at most."""
    now = timezone.now()
    row = SignOn.objects.filter(
        cookie_hash=_hash(cookie),
        ended=None,
        at__gt=now - timedelta(minutes=settings.SESSION_MAX_MINUTES),
        last_seen__gt=now - timedelta(minutes=settings.SESSION_IDLE_MINUTES),
    ).first()
    if row is not None:
        row.last_seen = now
        row.save(update_fields=["last_seen"])
    return row


def issue_code(request: Request, who: SignOn) -> str:
    code = secrets.token_urlsafe(32)
    Code.objects.create(
        code_hash=_hash(code),
        client_id=request.client_id,
        redirect_uri=request.redirect_uri,
        sign_on=who,
        scope=request.scope,
        nonce=request.nonce,
        challenge=request.challenge,
    )
    return code


def redeem(form: QueryDict) -> dict[str, Any]:
    """Exchange a code for tokens (RFC 6749 § 4.1.3). Raises Refused; a code used twice ends the sign-on (§ 4.1.2)."""
    if form.get("grant_type") != "authorization_code":
        raise Refused("unsupported_grant_type", "only authorization_code")
    with transaction.atomic():
        code = (
            Code.objects.select_for_update(of=("self",))
            .select_related("sign_on")
            .filter(code_hash=_hash(form.get("code", "")))
            .first()
        )
        fault = _fault(code, form)
        if code is not None and code.used:
            end(code.sign_on.sid)
        elif code is not None:
            code.used = timezone.now()
            code.save(update_fields=["used"])
    if fault or code is None:
        raise Refused("invalid_grant", fault)
    return {
        "token_type": "Bearer",
        "access_token": tokens.access_token(code),
        "expires_in": tokens.access_seconds(),
        "scope": code.scope,
        "id_token": tokens.id_token(code),
    }


def _fault(code: Code | None, form: QueryDict) -> str:
    if code is None or code.used or code.sign_on.ended:
        return "the code is unknown or used"
    if timezone.now() - code.created > timedelta(seconds=CODE_SECONDS):
        return "the code is too old"
    if (form.get("client_id"), form.get("redirect_uri")) != (code.client_id, code.redirect_uri):
        return "another client or address"
    if not secrets.compare_digest(challenge_of(form.get("code_verifier", "")), code.challenge):
        return "the code verifier does not fit"
    return ""


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier (RFC 7636 § 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def log_out(query: QueryDict) -> str | None:
    """RP-initiated logout 1.0: end the login of ``id_token_hint``; returns where to go, the front page when the
    client has not registered the address. None: without a hint of ours, the person must be asked first."""
    hint = tokens.hinted(query.get("id_token_hint", ""))
    if hint is None:
        return None
    client_id, sid = hint
    end(sid)
    who, address = client(client_id), query.get("post_logout_redirect_uri", "")
    if who is None or not who.may_leave_to(address):
        return "/"
    return address + ("?" + urlencode({"state": query["state"]}) if query.get("state") else "")


def end(sid: str) -> None:
    """End one sign-on and the portal sessions that came of it."""
    SignOn.objects.filter(sid=sid, ended=None).update(ended=timezone.now())
    PortalSession.objects.filter(sid=sid).delete()


def end_everywhere(person: UUID) -> None:
    """Log a person out in every browser."""
    SignOn.objects.filter(person=person, ended=None).update(ended=timezone.now())
    PortalSession.objects.filter(person=person).delete()


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
