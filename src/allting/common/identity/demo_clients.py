"""Test clients of the demo country, with keys and secrets that anybody who runs it may see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from joserfc.jwk import RSAKey

from allting.common.identity import client_files, clients
from allting.common.identity.models import Client
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.keys import file_key
from allting.kernel.problems import NotFound

_FILE = Path(__file__).with_name("demo_clients.yaml")
_BITS = 2048
_LOOK = Purpose("eForvaltningsforskriften § 4", "Prøveklienter")


def load_demo_clients() -> None:
    """Make them, or bring them up to their file; nothing where this is no demo, or the country is not loaded."""
    if not settings.DEMO:
        return
    known = secrets_of_demo()
    with transaction.atomic():
        for client_id, facts in client_files.read(_FILE).items():
            owner = _owner(facts.pop("owner"))
            if owner is None:
                return
            facts["on_behalf_of"] = {name: _number(slug) for name, slug in facts.get("on_behalf_of", {}).items()}
            secret = known[client_id]
            if "private_key_jwk" in secret:
                key = RSAKey.import_key(secret["private_key_jwk"])
                facts["keys"] = [dict(key.as_dict(private=False, kid=secret["private_key_jwk"]["kid"]))]
            kept = clients.secret_hash(secret["client_secret"]) if "client_secret" in secret else ""
            client_files.put(client_id, facts, Client.Source.DEMO, owner=owner, demo=True, secret_hash=kept)


def secrets_of_demo() -> dict[str, dict[str, Any]]:
    """By client: its secret or its private key, made on first start; empty for one that has none."""
    contents = file_key(Path(settings.KEY_FOLDER) / "demo-clients.key", _new_secrets)
    return cast(dict[str, dict[str, Any]], json.loads(contents))


def _new_secrets() -> bytes:
    found = client_files.read(_FILE)
    return json.dumps({client_id: _secret(facts["auth"]) for client_id, facts in found.items()}).encode()


def _secret(method: str) -> dict[str, Any]:
    if method == Client.AuthMethod.PRIVATE_KEY:
        key = RSAKey.generate_key(_BITS, private=True)
        jwk = key.as_dict(private=True, kid=key.thumbprint(), alg="RS256", use="sig")
        return {"private_key_jwk": jwk, "private_key_pem": key.as_pem(private=True).decode()}
    return {"client_secret": clients.new_secret()[0]} if method.startswith("client_secret") else {}


def _owner(slug: str) -> Any:
    try:
        return registers.authority(slug).id
    except NotFound:
        return None


def _number(slug: str) -> str:
    body = registers.look_up(Actor.system(authority_name="Allting"), _LOOK, "entities.organisation", _owner(slug))
    return str(body["organisation_number"])
