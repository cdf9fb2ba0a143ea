"""The machine issuer: its name, metadata (RFC 8414), keys and tokens.

It has keys of its own and signs RS256, as Maskinporten does: an API that moves over changes the issuer, nothing else.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from allting.common.identity import jose, signing
from allting.common.identity.models import Client

ALGORITHM = signing.RS256
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def issuer() -> str:
    return f"{settings.BASE_URL}/machine"


def issuer_of(client: Client) -> str:
    """Where a client of this kind gets its tokens."""
    return issuer() if client.kind == Client.Kind.MACHINE else str(settings.OIDC_ISSUER)


def metadata() -> dict[str, Any]:
    """RFC 8414 § 2. There is no authorization endpoint, so no response types."""
    return {
        "issuer": issuer(),
        "token_endpoint": f"{issuer()}/token",
        "jwks_uri": f"{issuer()}/jwks",
        "grant_types_supported": [JWT_BEARER],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(jose.ALGORITHMS),
        "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
    }


def jwks() -> dict[str, Any]:
    """The public keys (RFC 7517), those too whose tokens may still live."""
    return signing.public_keys(signing.MACHINE)


def sign(claims: dict[str, Any]) -> str:
    return signing.sign(claims, algorithm=ALGORITHM, ring=signing.MACHINE)


def verified(token: str) -> dict[str, Any] | None:
    """The claims of a token of ours, whatever its age; None for anything else."""
    try:
        claims = signing.own(token, ring=signing.MACHINE)
    except jose.BadToken:
        return None
    return claims if claims.get("iss") == issuer() else None
