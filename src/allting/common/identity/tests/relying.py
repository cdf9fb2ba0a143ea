"""A client of the gateway for tests: registered, with a key, and able to go the whole way."""

from __future__ import annotations

import base64
import json
import secrets
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from django.test import Client as Browser
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from allting.common.identity import gateway, signing
from allting.common.identity.client_files import KEY_LIFE
from allting.common.identity.clients import new_secret
from allting.common.identity.models import Client, ClientKey

ISSUER = "http://127.0.0.1:8000/id"
BACK = "https://service.example/callback"
VERIFIER = "v" * 43
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def registered(client_id="service", **values) -> Client:
    given = {
        "name": "Service",
        "redirect_uris": [BACK],
        "post_logout_redirect_uris": ["https://service.example/"],
        "auth_method": "none",
        "legal_basis": "testloven § 1",
    }
    return Client.objects.create(pk=client_id, **(given | values))


def with_secret(client_id="service", method="client_secret_basic", **values) -> tuple[Client, str]:
    secret, kept = new_secret()
    return registered(client_id, auth_method=method, secret_hash=kept, **values), secret


def with_key(client_id="service", key=None, **values) -> tuple[Client, ECKey | RSAKey]:
    client = registered(client_id, auth_method="private_key_jwt", **values)
    key = key or ECKey.generate_key("P-256", private=True)
    jwk = key.as_dict(private=False, kid="k1")
    ClientKey.objects.create(client=client, kid="k1", jwk=jwk, expires=timezone.now() + KEY_LIFE)
    return client, key


def now() -> int:
    return int(timezone.now().timestamp())


def assertion(key, by="service", header=None, **changes) -> str:
    claims = {"iss": by, "sub": by, "aud": ISSUER, "iat": now(), "exp": now() + 60}
    claims |= {"jti": secrets.token_urlsafe(12)} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    head = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": "k1"} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    registry = JWSRegistry(algorithms=[head["alg"]])
    registry.max_header_length = 32_768  # certificates
    return jwt.encode(head, claims, key, registry=registry)


def proof(key, url, method="POST", token="", **changes) -> str:
    claims = {"htm": method, "htu": url, "iat": now(), "jti": secrets.token_urlsafe(12)}
    if token:
        claims["ath"] = base64.urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}
    head |= changes.pop("header", {})
    return jwt.encode(head, claims | changes, key)


def question(client_id="service", **changes) -> dict[str, str]:
    query = {
        "response_type": "code", "client_id": client_id, "redirect_uri": BACK, "scope": "openid", "state": "s",
        "nonce": "n", "code_challenge": gateway.challenge_of(VERIFIER), "code_challenge_method": "S256",
    }  # fmt: skip
    return {name: value for name, value in (query | changes).items() if value is not None}


def answer_of(response) -> dict[str, str]:
    """What the client hears in a redirect."""
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def logged_in(browser: Browser, person, level="substantial", **changes) -> dict[str, str]:
    """Go to the gateway, show who ``person`` is where it asks, and come back: the answer's parameters."""
    response = browser.get("/id/authorize", question(**changes))
    if response["Location"].startswith("/id/eid"):
        response = browser.post(response["Location"], {"pid": person.identity_number, "level": level})
    return answer_of(response)


def token_form(code: str, client_id: str | None = "service", **more) -> dict[str, str]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return form | ({"client_id": client_id} if client_id else {}) | more


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def tokens_for(browser: Browser, person, client_id="service", level="substantial", headers=None, **changes) -> dict:
    answer = logged_in(browser, person, level, client_id=client_id, **changes)
    return Browser().post("/id/token", token_form(answer["code"], client_id), headers=headers).json()


def claims_of(token: str, kind: str = "JWT") -> dict:
    return signing.verified(token, signing.public_keys(), kind)


def header_of(token: str) -> dict:
    head = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
