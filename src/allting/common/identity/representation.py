"""For whom an access token acts: asked for and told in ``authorization_details`` (RFC 9396), as Ansattporten does.

A token only says it. Whether it is so is asked of the registers when it is given and at each use, so that a role or a
power that ends is gone at once.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Party
from allting.kernel.numbers import BadNumber, organisation_number
from allting.kernel.problems import NotFound

TYPE = "allting:representation"
_MOST = 1000  # letters


class NotUnderstood(ValueError):
    """``authorization_details`` that we cannot take; the text says why, to whoever builds the client."""


def read(text: str) -> str:
    """The party in ``authorization_details``, as ``str(Party)``; empty when there are none. Raises NotUnderstood.

    One object of our type, with ``orgno`` (ISO 6523, as Ansattporten writes it) or ``party`` (of ``/api/mandates``).
    Never an identity number: requests stand in addresses.
    """
    if not text:
        return ""
    try:
        listed = json.loads(text) if len(text) <= _MOST else None
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise NotUnderstood("authorization_details must be a list of one object")
    one = listed[0]
    if one.get("type") != TYPE or ("orgno" in one) == ("party" in one) or set(one) - {"type", "orgno", "party"}:
        raise NotUnderstood(f"it must have the type {TYPE}, and orgno or party")
    return str(_organisation(one["orgno"]) if "orgno" in one else _party(one["party"]))


def _organisation(said: Any) -> Party:
    named = str(said.get("ID", "")) if isinstance(said, dict) else ""
    try:
        return Party("organisation", registers.entity(organisation_number(named.removeprefix("0192:"))).id)
    except (BadNumber, NotFound):
        raise NotUnderstood("orgno must have the ID (0192:…) of an organisation in the entity register") from None


def _party(said: Any) -> Party:
    try:
        return Party.parse(str(said))
    except ValueError:
        raise NotUnderstood("party must be as in /api/mandates") from None


def holds(person: UUID, party: str) -> bool:
    """May she act for it now? Nobody (empty) is herself."""
    return not party or registers.mandate(person, Party.parse(party)) is not None


def told(party: str) -> dict[str, Any]:
    """What tokens and answers say of it; nothing when she acts for herself."""
    if not party:
        return {}
    found = Party.parse(party)
    one: dict[str, Any] = {"type": TYPE, "party": party}
    if found.kind == "organisation":
        number = registers.entity(found.id).number
        one["orgno"] = {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}
    return {"authorization_details": [one]}


def acting(me: Actor, party: Party, name: str) -> Actor | None:
    """``me`` as far as the registers let her act for ``party`` now; None: not at all."""
    mandate = registers.mandate(me.person, party) if me.person else None
    if mandate is None:
        return None
    if mandate.capacity is Capacity.OFFICER:
        return me.as_officer(party.id, name)
    return me.acting_for(party, mandate.capacity, mandate.scope, together=mandate.together)
