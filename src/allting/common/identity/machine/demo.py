"""Something to try from machine to machine: a scope of an authority, who has it, and a supplier that may use it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone

from allting.common.identity.machine import issuer, reach
from allting.common.identity.models import Delegation, Scope, ScopeAccess, ScopePrefix
from allting.common.registers import api as registers

SCOPE = "skatt:inntekt.les"
SCOPES = {SCOPE: "Inntekten til en person (prøve-API)", "skatt:tredjepart.skriv": "Melde beløp til skattemeldinger"}
_NOBODY = UUID(int=0)  # nobody in particular did it


def load() -> None:
    """Make it unless it is there, or there are no two enterprises to try it with."""
    reach.ensure_own()
    companies = registers.demo_companies()
    if len(companies) < 2 or Scope.objects.filter(name=SCOPE).exists():
        return
    owner = registers.authority("skatteetaten").id
    prefix, _new = ScopePrefix.objects.get_or_create(prefix=SCOPE.split(":")[0], defaults={"owner": owner})
    consumer, supplier = companies[:2]
    for name, description in SCOPES.items():
        scope = Scope.objects.create(
            name=name, prefix=prefix, description=description, delegable=True,
            allowed_integration_types=[reach.MASKINPORTEN],
        )  # fmt: skip
        ScopeAccess.objects.create(scope=scope, organisation=consumer.id, by=_NOBODY)
    today = timezone.localdate()
    for name in (*SCOPES, *reach.OWN):
        Delegation.objects.create(scope_id=name, consumer=consumer.id, supplier=supplier.id, starts=today, by=_NOBODY)


def facts() -> dict[str, Any]:
    """The issuer, and the enterprises to be with ``allting enterprise``; no enterprises where there is no demo."""
    consumer, supplier, *_more = [*registers.demo_companies(), None, None]
    roles = ((consumer, "consumer: has the scopes"), (supplier, "supplier: may use them for the consumer"))
    return {
        "issuer": issuer.issuer(),
        "scopes": [*SCOPES, *reach.OWN],
        "organisations": [
            {"number": one.number, "name": one.name, "is": role} for one, role in roles if one is not None
        ],
    }
