"""How far an organisation reaches: which scopes it has, for itself or for who has delegated them to it.

Asked anew for every token and every call to our own API: what is withdrawn is gone at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from allting.common.identity.models import Delegation, Scope, ScopeAccess, ScopePrefix
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel.problems import NotFound

MASKINPORTEN, IDPORTEN = "maskinporten", "idporten"
OWN_PREFIX = "allting"
# The platform's own scopes: description, and whether an enterprise may let a supplier use it.
OWN = {"allting:cases": ("Sende og følge virksomhetens egne saker gjennom API-et", True)}


_scope: Compiled[str, Scope] = Compiled(str, lambda name: Scope.objects.filter(name=name))
_accesses: Compiled[UUID, ScopeAccess] = Compiled(
    UUID, lambda organisation: ScopeAccess.objects.filter(organisation=organisation, withdrawn=None)
)


def offers_scope(name: str, description: str, *, delegable: bool = True) -> None:
    """A room tells, in its ``apps.py``, that it has REST operations for programs behind ``name`` ("allting:…").

    Every organisation has it for what is its own; ``delegable``: it may let a supplier use it.
    """
    if not name.startswith(f"{OWN_PREFIX}:"):
        raise ValueError(f"the platform's own scopes begin with {OWN_PREFIX}:")
    OWN[name] = (description, delegable)


def ensure_own() -> None:
    """The platform's own scopes are there, open to every organisation for its own cases."""
    prefix, _new = ScopePrefix.objects.get_or_create(prefix=OWN_PREFIX)
    for name, (description, delegable) in OWN.items():
        Scope.objects.get_or_create(
            name=name,
            defaults={
                "prefix": prefix,
                "description": description,
                "delegable": delegable,
                "accessible_for_all": True,
                "allowed_integration_types": [MASKINPORTEN],
            },
        )


def scopes(names: Iterable[str]) -> dict[str, Scope]:
    """Those of ``names`` that are scopes in use."""
    wanted = set(names)
    found = {one.name: one for name in wanted for one in _scope(name)}
    if wanted & set(OWN) - set(found):
        ensure_own()
        return scopes(wanted)
    return {name: one for name, one in found.items() if one.active}


def hindrance(wanted: Iterable[Scope], consumer: UUID, asker: UUID) -> tuple[str, str] | None:
    """The first of ``wanted`` that ``asker`` may not use for ``consumer`` (itself, or who delegated it), and why."""
    rows = list(wanted)
    had = {one.scope_id for one in _accesses(consumer)}
    given = set() if consumer == asker else _delegated(rows, consumer, asker)
    for scope in rows:
        why = _why_not(scope, scope.name in had, consumer, delegated=consumer == asker or scope.name in given)
        if why:
            return scope.name, why
    return None


def _delegated(rows: list[Scope], consumer: UUID, supplier: UUID) -> set[str]:
    found = in_force().filter(scope__in=[one for one in rows if one.delegable], consumer=consumer, supplier=supplier)
    return set(found.values_list("scope", flat=True))


def in_force() -> QuerySet[Delegation]:
    """Delegations that hold today."""
    today = timezone.localdate()
    return Delegation.objects.filter(Q(ends=None) | Q(ends__gte=today), starts__lte=today, withdrawn=None)


def _why_not(scope: Scope, had: bool, consumer: UUID, *, delegated: bool) -> str:
    if MASKINPORTEN not in scope.allowed_integration_types:
        return "the scope is not for machine-to-machine"
    open_to_all = scope.accessible_for_all and not scope.terms
    if not (had or open_to_all or consumer == owner_of(scope.prefix)):
        return (
            "the consumer must accept its terms first" if scope.accessible_for_all else "the consumer does not have it"
        )
    return "" if delegated else "the consumer has not delegated it to you"


def owner_of(prefix: ScopePrefix) -> UUID | None:
    """The authority that answers for a prefix: the operator for the platform's own."""
    if prefix.owner is not None:
        return prefix.owner
    try:
        return registers.authority(settings.OPERATOR_AUTHORITY).id
    except NotFound:
        return None
