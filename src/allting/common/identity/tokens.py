"""The gateway's tokens: what a login proves (id_token), and a key to the API (access token, RFC 9068)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from joserfc.errors import JoseError

from allting.common.identity import signing
from allting.common.identity.models import Code, SignOn
from allting.kernel.actor import Level

ID_TOKEN_SECONDS = 120
ACCESS = "at+jwt"
API = "api"


def access_seconds() -> int:
    """How long an access token lasts: as an unused session. It ends at once when the login ends."""
    return int(settings.SESSION_IDLE_MINUTES * 60)


def api_audience() -> str:
    return f"{settings.BASE_URL}/api"


def id_token(code: Code) -> str:
    who = code.sign_on
    more = {"amr": [who.method], "nonce": code.nonce}
    return signing.sign(_claims(code, ID_TOKEN_SECONDS) | more | {"aud": code.client_id})


def access_token(code: Code) -> str:
    """For /id/userinfo, and for the API when the client asked for it."""
    audience = [settings.OIDC_ISSUER] + ([api_audience()] if API in code.scope.split() else [])
    more = {"aud": audience, "client_id": code.client_id, "scope": code.scope}
    return signing.sign(_claims(code, access_seconds()) | more, ACCESS)


def _claims(code: Code, seconds: int) -> dict[str, Any]:
    now, who = int(timezone.now().timestamp()), code.sign_on
    return {
        "iss": settings.OIDC_ISSUER,
        "sub": str(who.person),
        "acr": Level(who.level).acr,
        "auth_time": int(who.at.timestamp()),
        "iat": now,
        "exp": now + seconds,
        "jti": secrets.token_urlsafe(16),
        "sid": who.sid,
    }


def holder(token: str, audience: str) -> SignOn | None:
    """The login that this access token comes of; None when it is not ours, for another audience, too old, or when
    the login has ended."""
    claims = _verified(token, ACCESS)
    if claims is None or audience not in claims["aud"] or claims["exp"] <= timezone.now().timestamp():
        return None
    oldest = timezone.now() - timedelta(minutes=settings.SESSION_MAX_MINUTES)
    return SignOn.objects.filter(sid=claims["sid"], ended=None, at__gt=oldest).first()


def hinted(token: str) -> tuple[str, str] | None:
    """Client and sign-on of an id_token that we made, also an old one; None for anything else."""
    claims = _verified(token, signing.JWT)
    return (claims["aud"], claims["sid"]) if claims else None


def bearer(header: str) -> str:
    """The token in an Authorization header (RFC 6750 § 2.1); empty when there is none."""
    scheme, _space, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _verified(token: str, kind: str) -> dict[str, Any] | None:
    try:
        claims = signing.verified(token, signing.public_keys(), kind)
    except (JoseError, ValueError):
        return None
    return claims if claims.get("iss") == settings.OIDC_ISSUER else None
