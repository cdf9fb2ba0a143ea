"""The supplier's OpenID provider, with us as its client: what is sent, and each check of what comes back.

OpenID Connect Core 1.0 § 3.1.3.7, RFC 7636 (PKCE), RFC 9207 (iss in the answer), RFC 7523 (private_key_jwt). Each
supplier has its own return address, so that an answer of one is never taken for another's (RFC 9700 § 4.4).
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from allting.common.identity.gateway import challenge_of
from allting.common.identity.providers.oidc.config import Supplier
from allting.kernel.actor import Level
from allting.kernel.problems import Unavailable

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS = 30
OLDEST_SECONDS = 600
METADATA_SECONDS = 3600
KEYS_AGAIN_SECONDS = 30
_WAIT_SECONDS = 10


class Refused(Exception):
    """The supplier's answer is not good; the text says what, for the log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Who the supplier says it is."""

    level: Level
    claims: Mapping[str, Any]


def back_address(name: str) -> str:
    return f"{settings.BASE_URL}/id/back/{name}"


def question(
    name: str, supplier: Supplier, state: str, wanted: Level, *, fresh: bool, language: str
) -> tuple[str, dict[str, Any]]:
    """The address to send the browser to, and what to keep until it comes back. Raises Unavailable."""
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    query = {
        "response_type": "code",
        "client_id": supplier.client_id,
        "redirect_uri": back_address(name),
        "scope": supplier.scope,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        "acr_values": supplier.acr_for(wanted),
        "ui_locales": language,
    } | ({"prompt": "login"} if fresh else {})
    endpoint = metadata(supplier)["authorization_endpoint"]
    kept = {"name": name, "state": state, "nonce": nonce, "verifier": verifier, "wanted": int(wanted)}
    kept |= {"asked": int(time.time()), "fresh": fresh}
    return endpoint + ("&" if "?" in endpoint else "?") + urlencode(query), kept


def answer(name: str, supplier: Supplier, query: Mapping[str, str], kept: Mapping[str, Any]) -> Answer:
    """Check the answer that came with the browser, and fetch who it is. Raises Refused, or Unavailable."""
    facts = metadata(supplier)
    if "iss" in query or facts.get("authorization_response_iss_parameter_supported"):
        if query.get("iss") != supplier.issuer:
            raise Refused("iss in the answer")
    if "code" not in query:
        raise Refused("no code")
    told = _redeem(name, supplier, facts, query["code"], kept["verifier"])
    claims = _claims(supplier, facts, told)
    _check(supplier, claims, kept)
    level = supplier.level_of(claims.get("acr"))
    if level < kept["wanted"]:
        raise Refused("acr lower than asked for")
    return Answer(level, claims)


def _redeem(name: str, supplier: Supplier, facts: Mapping[str, Any], code: str, verifier: str) -> str:
    """Exchange the code; returns the id_token."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_address(name),
        "code_verifier": verifier,
        "client_id": supplier.client_id,
    }
    headers = {"Accept": "application/json"}
    if supplier.key_file:
        form |= {
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": _assertion(supplier, facts["token_endpoint"]),
        }
    elif supplier.client_secret_file and supplier.token_auth == "client_secret_post":  # noqa: S105
        form["client_secret"] = supplier.secret()
    elif supplier.client_secret_file:
        pair = f"{quote(supplier.client_id, safe='')}:{quote(supplier.secret(), safe='')}"
        headers["Authorization"] = "Basic " + b64encode(pair.encode()).decode()
    try:
        found = httpx.post(facts["token_endpoint"], data=form, headers=headers, timeout=_WAIT_SECONDS)
        told = found.json()
    except (httpx.HTTPError, ValueError):
        raise Unavailable(code="eid-does-not-answer") from None
    if found.status_code >= 500:
        raise Unavailable(code="eid-does-not-answer")
    if found.status_code != 200 or not isinstance(told, dict) or not isinstance(told.get("id_token"), str):
        raise Refused("the code was not taken")
    return str(told["id_token"])


def _assertion(supplier: Supplier, endpoint: str) -> str:
    """private_key_jwt (RFC 7523 § 2.2), good for a minute."""
    assert supplier.key_file is not None
    key, now = _key(supplier.key_file.read_bytes()), int(time.time())
    algorithm = "ES256" if key.key_type == "EC" else "RS256"
    claims = {"iss": supplier.client_id, "sub": supplier.client_id, "aud": endpoint, "iat": now, "exp": now + 60}
    claims["jti"] = secrets.token_urlsafe(16)
    header = {"alg": algorithm} | ({"kid": key.kid} if key.kid else {})
    return jwt.encode(header, claims, key)


def _key(contents: bytes) -> Any:
    """Our own private key: PEM, or a JWK."""
    if not contents.startswith(b"-----"):
        return import_key(json.loads(contents))
    kind = "EC" if isinstance(load_pem_private_key(contents, None), EllipticCurvePrivateKey) else "RSA"
    return import_key(contents, kind)  # type: ignore[call-overload]


def _claims(supplier: Supplier, facts: Mapping[str, Any], token: str) -> dict[str, Any]:
    """The claims of an id_token that the supplier signed; its keys are fetched again for a key we do not know."""
    allowed = [one for one in ALGORITHMS if one in facts.get("id_token_signing_alg_values_supported", ["RS256"])]
    for again in (False, True):
        try:
            keys = KeySet.import_key_set(_keys(facts["jwks_uri"], again=again))
            return dict(jwt.decode(token, keys, algorithms=allowed).claims)
        except (JoseError, ValueError, KeyError, TypeError) as fault:
            wrong = type(fault).__name__
    raise Refused(f"id_token: {wrong}")


def _check(supplier: Supplier, claims: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    """OpenID Connect Core § 3.1.3.7, after the signature. Raises Refused."""
    now, audience = time.time(), claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    issued, expires = claims.get("iat"), claims.get("exp")
    checks = {
        "iss": claims.get("iss") == supplier.issuer,
        "aud": supplier.client_id in audiences and all(isinstance(one, str) for one in audiences),
        "azp": claims.get("azp", supplier.client_id) == supplier.client_id and (len(audiences) == 1 or "azp" in claims),
        "exp": isinstance(expires, int | float) and now < expires + LEEWAY_SECONDS,
        "iat": isinstance(issued, int | float) and now - OLDEST_SECONDS < issued < now + LEEWAY_SECONDS,
        "nonce": secrets.compare_digest(str(claims.get("nonce", "")).encode(), kept["nonce"].encode()),
        "sub": isinstance(claims.get("sub"), str) and bool(claims.get("sub")),
        "auth_time": not kept["fresh"] or claims.get("auth_time", kept["asked"]) >= kept["asked"] - LEEWAY_SECONDS,
    }
    wrong = [name for name, right in checks.items() if not right]
    if wrong:
        raise Refused("id_token: " + ", ".join(wrong))


# --- What the supplier says of itself, remembered ----------------------------------------------------------

_remembered: dict[str, tuple[float, Any]] = {}


def metadata(supplier: Supplier) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0 § 4; the issuer must be the one that was asked (§ 4.3). Raises Unavailable."""
    found = _fetch(f"{supplier.issuer.rstrip('/')}/.well-known/openid-configuration", METADATA_SECONDS)
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != supplier.issuer or not all(isinstance(found.get(name), str) for name in needed):
        raise Unavailable(code="eid-misconfigured")
    return found


def _keys(address: str, *, again: bool) -> Any:
    return _fetch(address, KEYS_AGAIN_SECONDS if again else METADATA_SECONDS)


def _fetch(address: str, seconds: int) -> dict[str, Any]:
    at, found = _remembered.get(address, (0.0, None))
    if found is not None and time.monotonic() - at < seconds:
        return dict(found)
    try:
        told = httpx.get(address, timeout=_WAIT_SECONDS).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        if found is not None:
            return dict(found)
        raise Unavailable(code="eid-does-not-answer") from None
    if not isinstance(told, dict):
        raise Unavailable(code="eid-misconfigured")
    _remembered[address] = (time.monotonic(), told)
    return told
