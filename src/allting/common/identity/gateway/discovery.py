"""What the gateway can do, for clients that set themselves up by it (OpenID Connect Discovery 1.0, RFC 8414)."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from allting.common.identity import jose, representation, signing, tokens
from allting.common.identity.gateway.authorization import ACR_ALIASES, MODES, PROMPTS
from allting.common.identity.gateway.grants import EXCHANGES
from allting.common.identity.models import Client


def metadata() -> dict[str, Any]:
    issuer = settings.OIDC_ISSUER
    methods = list(Client.AuthMethod.values)
    proven = [one for one in methods if one != Client.AuthMethod.NONE]
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "pushed_authorization_request_endpoint": f"{issuer}/par",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "introspection_endpoint": f"{issuer}/introspect",
        "revocation_endpoint": f"{issuer}/revoke",
        "end_session_endpoint": f"{issuer}/logout",
        "jwks_uri": f"{issuer}/jwks",
        "scopes_supported": ["openid", "profile", tokens.API],
        "response_types_supported": ["code"],
        "response_modes_supported": list(MODES),
        "grant_types_supported": list(EXCHANGES),
        "subject_types_supported": list(Client.Subject.values),
        "id_token_signing_alg_values_supported": list(signing.ALGORITHMS),
        "request_object_signing_alg_values_supported": list(jose.ALGORITHMS),
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": list(jose.ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": proven,
        "introspection_endpoint_auth_signing_alg_values_supported": list(jose.ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": list(jose.ALGORITHMS),
        "dpop_signing_alg_values_supported": list(jose.ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": list(ACR_ALIASES),
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "jti", "nonce", "at_hash", "acr", "amr", "auth_time", "sid", "locale",
            "pid", "name", "client_onbehalfof", "aud_onbehalfof", "authorization_details",
        ],
        "authorization_details_types_supported": [representation.TYPE],
        "claims_parameter_supported": False,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "authorization_response_iss_parameter_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "service_documentation": f"{settings.BASE_URL}/clients",
    }  # fmt: skip
