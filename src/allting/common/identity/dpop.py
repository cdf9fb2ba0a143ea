"""Proof of possession (RFC 9449): a token bound to a key is worth nothing to whoever steals it without the key."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from allting.common.identity import jose
from allting.common.identity.once import first_use
from allting.kernel.keys import text_key

SECONDS = 60  # how old a proof may be, and how far ahead its clock
NONCE_SECONDS = 300
_KIND = "dpop+jwt"


class NonceNeeded(jose.BadToken):
    """The proof must have the nonce that we say (RFC 9449 § 8)."""


def proved(request: HttpRequest, token: str = "") -> str:
    """The thumbprint of the key that the request's proof shows; empty when it has none.

    ``token`` is the access token that is used with it. Raises BadToken.
    """
    proof = request.headers.get("DPoP", "")
    if not proof:
        return ""
    held: list[jose.Key] = []

    def find(header: dict[str, Any]) -> jose.Key:
        if not isinstance(header.get("jwk"), dict):
            raise jose.BadToken("the proof has no jwk")
        held.append(jose.imported(header["jwk"]))
        return held[0]

    claims = jose.verified(proof, find, {_KIND}, carries=("jwk",))
    if claims.get("htm") != request.method or _plain(claims.get("htu")) != _plain(settings.BASE_URL + request.path):
        raise jose.BadToken("htm and htu must be the request's")
    at, now = jose.moment(claims, "iat"), timezone.now().timestamp()
    if abs(now - at) > SECONDS:
        raise jose.BadToken("the proof is too old, or its clock is wrong")
    if token and claims.get("ath") != _hash(token):
        raise jose.BadToken("ath must be the hash of the access token")
    if settings.DPOP_NONCE and claims.get("nonce") not in (nonce(), nonce(1)):
        raise NonceNeeded("use the nonce of the header DPoP-Nonce")
    thumbprint = str(held[0].thumbprint())
    if not first_use("dpop", thumbprint, jose.text(claims, "jti"), at + SECONDS):
        raise jose.BadToken("jti was used before")
    return thumbprint


def bound(request: HttpRequest, scheme: str, token: str, claims: dict[str, Any]) -> None:
    """A bound token comes with the scheme DPoP and a proof of its key; another comes as Bearer. Raises BadToken."""
    key = (claims.get("cnf") or {}).get("jkt", "")
    if (scheme == "dpop") is not bool(key):
        raise jose.BadToken("the token is of another type")
    if key and not hmac.compare_digest(proved(request, token), key):
        raise jose.BadToken("the proof is missing, or of another key")


def nonce(ago: int = 0) -> str:
    """Our nonce now, or of ``ago`` periods before: the same for everyone, made anew every five minutes."""
    period = int(timezone.now().timestamp() // NONCE_SECONDS) - ago
    key = text_key(Path(settings.KEY_FOLDER) / "dpop-nonce.key")
    return hmac.new(key.encode(), str(period).encode(), sha256).hexdigest()[:32]


def _hash(token: str) -> str:
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()


def _plain(address: Any) -> tuple[str, str, int | None, str] | None:
    """An address without query and fragment, and with its port written out (RFC 9449 § 4.3)."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except (ValueError, AttributeError, TypeError):
        return None
    return parts.scheme, (parts.hostname or "").lower(), port, parts.path
