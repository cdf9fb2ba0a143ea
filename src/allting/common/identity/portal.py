"""The portal as a client of the gateway: start a login, and check what comes back."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from allting.common.identity import signing
from allting.common.identity.clients import PORTAL
from allting.common.identity.gateway import challenge_of, portal_redirect
from allting.common.identity.in_process import transport_to
from allting.common.registers import api as registers
from allting.kernel.actor import Level, Party
from allting.kernel.problems import Invalid, Unavailable

PENDING = "logins"  # started and not finished, by state: several tabs may log in at once
PENDING_MOST = 5
LEEWAY_SECONDS = 10


def safe_next(path: str) -> str:
    """``path`` when it leads to a page of ours; else my page. A login must not send people elsewhere."""
    good = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if good else "/my"


def start(request: HttpRequest, next_path: str, level: Level, language: str) -> str:
    """The address of the gateway's login; state, nonce and verifier stay in this browser's session."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    pending = dict(list(request.session.get(PENDING, {}).items())[-PENDING_MOST + 1 :])
    pending[state] = {"nonce": nonce, "verifier": verifier, "next": safe_next(next_path), "level": int(level)}
    request.session[PENDING] = pending
    query = {
        "response_type": "code",
        "client_id": PORTAL,
        "redirect_uri": portal_redirect(),
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "acr_values": level.acr,
        "ui_locales": language,
    }
    return f"{settings.OIDC_ISSUER}/authorize?" + urlencode(query)


def finish(request: HttpRequest, language: str) -> str:
    """Check the gateway's answer and open a session; returns where to go. Raises Invalid or Unavailable."""
    pending = request.session.get(PENDING, {})
    login = pending.pop(request.GET.get("state", ""), None)
    request.session[PENDING] = pending
    if login is None or request.GET.get("iss") != settings.OIDC_ISSUER:
        raise Invalid(code="login-not-started-here")
    if "code" not in request.GET:
        raise Invalid(code="login-refused")
    claims = _claims(_tokens(request.GET["code"], login["verifier"]), login)
    _open(request, claims, language)
    return str(login["next"])


def _http() -> httpx.Client:
    return httpx.Client(transport=transport_to(settings.OIDC_ISSUER), timeout=10)


def _tokens(code: str, verifier: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The token answer and the gateway's keys, found by discovery."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": portal_redirect(),
        "client_id": PORTAL,
        "code_verifier": verifier,
    }
    try:
        with _http() as http:
            metadata = http.get(f"{settings.OIDC_ISSUER}/.well-known/openid-configuration").raise_for_status().json()
            if metadata["issuer"] != settings.OIDC_ISSUER:
                raise ValueError("another issuer")
            answer = http.post(metadata["token_endpoint"], data=form)
            keys = http.get(metadata["jwks_uri"]).raise_for_status().json()
    except (httpx.HTTPError, ValueError, KeyError):
        raise Unavailable(code="gateway-does-not-answer") from None
    if answer.status_code != 200:
        raise Invalid(code="login-refused")
    return answer.json(), keys


def _claims(answer: tuple[dict[str, Any], dict[str, Any]], login: dict[str, Any]) -> dict[str, Any]:
    """The id_token's claims, checked as OpenID Connect Core § 3.1.3.7 says, the level too."""
    tokens, keys = answer
    try:
        claims = signing.verified(tokens["id_token"], keys)
    except (ValueError, KeyError):
        raise Invalid(code="login-refused") from None
    now = timezone.now().timestamp()
    right = (
        claims.get("iss") == settings.OIDC_ISSUER
        and claims.get("aud") == PORTAL
        and secrets.compare_digest(str(claims.get("nonce")), login["nonce"])
        and claims.get("iat", now) - LEEWAY_SECONDS <= now < claims.get("exp", 0) + LEEWAY_SECONDS
        and Level.from_name(claims.get("acr", "none")) >= login["level"]
    )
    if not right:
        raise Invalid(code="login-refused")
    return claims


def _open(request: HttpRequest, claims: dict[str, Any], language: str) -> None:
    """A new session key for the one who is now logged in: one planted before the login is worth nothing. She who only
    raised her level still acts for the one she chose; nobody takes that over from another."""
    pending, before = request.session.get(PENDING, {}), request.session.get("login", {}).get("person")
    acting = request.session.get("acting")
    request.session.flush()
    now = timezone.now().timestamp()
    person = UUID(claims["sub"])
    request.session["login"] = {
        "person": str(person),
        "level": int(Level.from_name(claims["acr"])),
        "name": registers.name_of(Party("person", person)),
        "sid": claims["sid"],
        "language": language,
        "at": now,
        "seen": now,
    }
    request.session[PENDING] = pending
    if acting and before == str(person):
        request.session["acting"] = acting
    rotate_token(request)
