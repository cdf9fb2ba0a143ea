"""Try a login with a client's own settings, and see what it would get."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from allting.common.identity.gateway import challenge_of, grants
from allting.common.identity.gateway.authorization import Request, Return, checked
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.models import Client
from allting.common.identity.owners.registering import one
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, Invalid

_TRIED = "tried"
_SHOWN = ("token_type", "expires_in", "scope", "refresh_expires_in")
LEVELS = ("substantial", "high")


def back_to() -> str:
    """Our own page, to which only a login that this page began is answered."""
    return f"{settings.BASE_URL}/clients/tried"


def begin(actor: Actor, request: HttpRequest, client_id: str, level: str) -> Request:
    """A request as the client would send it, but answered here. Raises Conflict for one that is shut off or a machine.

    Raises Refused when the gateway would refuse it.
    """
    client = one(actor, client_id)
    if not client.active or client.kind == Client.Kind.MACHINE:
        raise Conflict(code="cannot-be-tried")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    request.session[_TRIED] = {"client": client.pk, "state": state, "nonce": nonce, "verifier": verifier}
    asked = {
        "response_type": "code",
        "scope": " ".join(["openid", "profile", *client.scopes]),
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "acr_values": level if level in LEVELS else LEVELS[0],
        "prompt": "login",
    }
    return checked(client, asked, Return(back_to(), "query", state))


def finish(actor: Actor, request: HttpRequest) -> dict[str, Any]:
    """What the client would have got: the claims of its tokens, or the error. Raises Invalid for an answer to a login
    that was not begun here."""
    tried = request.session.pop(_TRIED, None)
    if tried is None or not secrets.compare_digest(request.GET.get("state", ""), tried["state"]):
        raise Invalid(code="login-not-started-here")
    client = one(actor, tried["client"])
    found: dict[str, Any] = {"client": client}
    if "code" not in request.GET:
        return found | {"error": request.GET.get("error", ""), "description": request.GET.get("error_description", "")}
    form = {"code": request.GET["code"], "redirect_uri": back_to(), "code_verifier": tried["verifier"]}
    try:
        told = grants.redeem(client, form)
    except Refused as refused:
        return found | {"error": refused.code, "description": refused.description}
    return found | {
        "id_token": _claims(told["id_token"]),
        "access_token": _claims(told["access_token"]),
        "answer": {name: value for name, value in told.items() if name in _SHOWN},
    }


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))  # type: ignore[no-any-return]
