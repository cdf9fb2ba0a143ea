"""Who in our registers a supplier's answer speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allting.common.identity.eids.hashing import keyed_hash
from allting.common.identity.models import EidLink
from allting.common.identity.providers.oidc.config import Supplier
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import NotFound

_LOOK = Purpose("eForvaltningsforskriften § 4", "Innlogging")
_SYSTEM = Actor.system(authority_name="Allting")


def by_number(supplier: Supplier, claims: Mapping[str, Any]) -> UUID | None:
    """The person with the identity number of the answer; None when it has none, or nobody has it."""
    try:
        number = identity_number(str(claims.get(supplier.identity_number, "")))
        return registers.find_person(_SYSTEM, _LOOK, number)
    except (BadNumber, NotFound):
        return None


def subject(name: str, supplier: Supplier, claims: Mapping[str, Any]) -> str:
    """A keyed hash of the foreign person identifier; empty when there is none."""
    told = claims.get(supplier.eidas.person_identifier) if supplier.eidas else None
    return keyed_hash("eid-link", f"{name}|{told}") if isinstance(told, str) and told else ""


def by_link(name: str, supplier: Supplier, claims: Mapping[str, Any]) -> UUID | None:
    """The person who has shown that this foreign identity is hers."""
    row = EidLink.objects.filter(name=name, subject_hash=subject(name, supplier, claims)).first()
    return row.person if row else None


def same_birth_date(supplier: Supplier, claims: Mapping[str, Any], person: UUID) -> bool:
    """Whether the minimal attributes can be of this person."""
    assert supplier.eidas is not None
    ours = registers.look_up(_SYSTEM, _LOOK, "population.person", person)
    return bool(claims.get(supplier.eidas.birth_date) == ours["birth_date"])


def link(name: str, hashed: str, person: UUID) -> bool:
    """Remember that the foreign identity is hers; False when it is another's already."""
    row, _new = EidLink.objects.get_or_create(name=name, subject_hash=hashed, defaults={"person": person})
    return row.person == person
