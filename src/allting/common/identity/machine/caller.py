"""Who calls our own API with a machine token: an organisation, as itself or for one that has let it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from allting.common.audit import api as audit
from allting.common.identity.machine import issuer, reach
from allting.common.identity.machine.assertion import machine_client
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.problems import NotFound

_PURPOSE = Purpose("eForvaltningsforskriften § 4", "Maskinell tilgang gitt til virksomheten")


@dataclass(frozen=True, slots=True)
class Caller:
    """An organisation at our API, and the scopes it has there now."""

    actor: Actor
    scopes: frozenset[str]

    def entered(self, scope: str) -> None:
        """Write in the party's log that this organisation came in, with which scope."""
        audit.record(self.actor, _PURPOSE, "machine.access", self.actor.party.id, action="use", fields=[scope])


def caller(token: str, audience: str) -> Caller | None:
    """The holder of a machine token for ``audience``; None when it is not ours, for elsewhere, too old, or when the
    client or all of its access is gone."""
    claims = issuer.verified(token)
    if claims is None or claims["exp"] <= timezone.now().timestamp() or audience not in _audiences(claims):
        return None
    try:
        asker = registers.entity(claims["client_orgno"])
        consumer = registers.entity(claims["consumer"]["ID"].removeprefix("0192:"))
    except NotFound:
        return None
    scopes = _held(claims, consumer.id, asker.id)
    if not scopes:
        return None
    party = Party("organisation", consumer.id)
    return Caller(Actor.enterprise(asker.id, asker.name, party, get_language() or "nb"), scopes)


def _audiences(claims: dict[str, Any]) -> list[str]:
    audience = claims.get("aud", [])
    return audience if isinstance(audience, list) else [audience]


def _held(claims: dict[str, Any], consumer: UUID, asker: UUID) -> frozenset[str]:
    if claims["client_id"] != claims["client_orgno"] and machine_client(claims["client_id"]) is None:
        return frozenset()
    found = reach.scopes(claims["scope"].split())
    return frozenset(name for name, scope in found.items() if reach.hindrance([scope], consumer, asker) is None)
