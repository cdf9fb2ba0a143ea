"""Machine clients, scopes and signed assertions for tests."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client as Browser
from django.utils import timezone
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from allting.common.identity.machine import demo_ca, issuer
from allting.common.identity.models import Client, ClientKey, Delegation, Scope, ScopeAccess, ScopePrefix
from allting.common.identity.tests.enterprises import x5c
from allting.common.registers.models import Organisation
from allting.common.registers.tests import factories as make

SCOPE = "prove:les"


@cache
def key(name: str = "k1") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, private=True)


@cache
def _certificate_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate_of(organisation: Organisation) -> demo_ca.Bearer:
    """A new certificate; the key is the same for all, because making one takes time."""
    return demo_ca.issue(organisation.organisation_number, organisation.name, key=_certificate_key())


def scope(name: str = SCOPE, owner: Organisation | None = None, **values) -> Scope:
    owner = owner or make.state("skatteetaten")
    prefix, _new = ScopePrefix.objects.get_or_create(prefix=name.split(":")[0], defaults={"owner": owner.pk})
    given = {"description": "Prøve", "allowed_integration_types": ["maskinporten"]} | values
    return Scope.objects.create(name=name, prefix=prefix, **given)


def give(to: Organisation, name: str = SCOPE) -> ScopeAccess:
    return ScopeAccess.objects.create(scope_id=name, organisation=to.pk, by=UUID(int=1))


def delegate(consumer: Organisation, supplier: Organisation, name: str = SCOPE, **values) -> Delegation:
    given = {"starts": timezone.localdate(), "by": UUID(int=1)} | values
    return Delegation.objects.create(scope_id=name, consumer=consumer.pk, supplier=supplier.pk, **given)


def machine(of: Organisation, *scopes: str, held: RSAKey | ECKey | None = None, **values) -> Client:
    """A client of kind machine with a registered key."""
    given = {"name": "Fagsystem", "owner": of.pk, "kind": "machine", "scopes": list(scopes or (SCOPE,))} | values
    row = Client.objects.create(**given)
    held = held or key()
    jwk = held.as_dict(private=False)
    ClientKey.objects.create(client=row, kid=jwk["kid"], jwk=jwk, expires=timezone.now() + timedelta(days=100))
    return row


def claims(name: str, scope: str = SCOPE, **more) -> dict:
    now = int(time.time())
    found = {
        "aud": issuer.issuer(), "iss": name, "iat": now, "exp": now + 100, "jti": secrets.token_urlsafe(16),
        "scope": scope,
    }  # fmt: skip
    return {name: value for name, value in (found | more).items() if value is not ...}


def assertion(client: Client | str, held=None, alg: str = "RS256", header: dict | None = None, **more) -> str:
    """Signed with a registered key; ``...`` leaves a claim out."""
    held = held or key()
    name = client if isinstance(client, str) else client.pk
    return signed({"alg": alg, "kid": held.kid} | (header or {}), claims(name, **more), held)


def with_certificate(bearer: demo_ca.Bearer, name: str, alg: str = "RS256", **more) -> str:
    kind = RSAKey if isinstance(bearer.key, rsa.RSAPrivateKey) else ECKey
    return signed({"alg": alg, "x5c": x5c(bearer)}, claims(name, **more), kind.import_key(bearer.key))


def signed(header: dict, content: dict, held) -> str:
    registry = jws.JWSRegistry(
        algorithms=["RS256", "RS384", "RS512", "PS256", "ES256", "HS256"], strict_check_header=False
    )
    registry.max_header_length = 100_000
    return jwt.encode(
        {name: value for name, value in header.items() if value is not ...}, content, held, registry=registry
    )


def ask(text: str, browser: Browser | None = None):
    form = {"grant_type": issuer.JWT_BEARER, "assertion": text}
    return (browser or Browser()).post("/machine/token", form)


def refused(answer) -> str:
    """The error, after the checks that hold for all of them (RFC 6749 § 5.2)."""
    assert answer.status_code == 400, answer.content
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"error", "error_description"}
    return answer.json()["error"] + ": " + answer.json()["error_description"]


def token_of(text: str) -> dict:
    """The claims of the access token that this assertion gives."""
    answer = ask(text)
    assert answer.status_code == 200, answer.content
    found = issuer.verified(answer.json()["access_token"])
    assert found is not None
    return found
