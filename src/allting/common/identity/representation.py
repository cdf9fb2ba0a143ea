"""For whom she acts at a service: asked for and told in ``authorization_details`` (RFC 9396), as Ansattporten does.

Whether she may is asked of the registers when she chooses, at each refresh and at each use of a token, so that a role
or a power that ends is gone at once. What no mandate says is not allowed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allting.common.identity import clients
from allting.common.identity.models import Client, Grant
from allting.common.registers import api as registers
from allting.kernel import scope
from allting.kernel.actor import Actor, Capacity, Party

TYPE = "allting:representation"
KINDS = ("organisation", "person")
_MOST = 1000  # letters
_REQUIRED, _SERVICE, _PARTIES = "representation_is_required", "service", "parties"
_TRUTH = {"true": True, "false": False, True: True, False: False}  # Ansattporten writes it as text


class NotUnderstood(ValueError):
    """``authorization_details`` that we cannot take; the text says why, to whoever builds the client."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client asks: for which of the catalogue's services (empty: all that its owner does), for which kinds of
    party, and whether she may also be there as herself."""

    service: str
    kinds: tuple[str, ...]
    required: bool


def read(text: str) -> Wanted | None:
    """What ``authorization_details`` ask for; None when there are none. Raises NotUnderstood (RFC 9396 § 5)."""
    if not text:
        return None
    try:
        listed = json.loads(text) if len(text) <= _MOST else None
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        raise NotUnderstood("authorization_details must be a list of one object")
    one = listed[0]
    if one.get("type") != TYPE or set(one) - {"type", _REQUIRED, _SERVICE, _PARTIES}:
        raise NotUnderstood(f"the type must be {TYPE}, with {_SERVICE}, {_PARTIES} and {_REQUIRED} at most")
    return Wanted(_service(one.get(_SERVICE, "")), _kinds(one.get(_PARTIES, list(KINDS))), _required(one))


def _service(name: Any) -> str:
    if name != "" and (not isinstance(name, str) or scope.themes_of(name) is None):
        raise NotUnderstood(f"{_SERVICE} must be the name of a service in the catalogue")
    return str(name)


def _kinds(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not said or any(one not in KINDS for one in said):
        raise NotUnderstood(f"{_PARTIES} must be a list of {' and '.join(KINDS)}")
    return tuple(one for one in KINDS if one in said)


def _required(one: dict[str, Any]) -> bool:
    said = one.get(_REQUIRED, False)
    if not isinstance(said, (str, bool)) or said not in _TRUTH:
        raise NotUnderstood(f"{_REQUIRED} must be true or false")
    return _TRUTH[said]


def fits(mandate: registers.Mandate, client: Client, service: str, *, by_api: bool) -> bool:
    """Whether it reaches what the client does for its owner: ``service``, or all of it when none is named.

    Never at work: an authority's officers do not bring their powers to others. Who may sign only together with
    another gets no further than to our own API, which asks the other.
    """
    if mandate.capacity is Capacity.OFFICER or (mandate.together and not by_api):
        return False
    if service:
        themes = scope.themes_of(service)
        return themes is not None and mandate.scope.covers(service, themes, client.owner)
    return mandate.scope.unlimited(client.owner)


def allowed(client: Client, person: UUID, party: Party, service: str, *, by_api: bool) -> bool:
    """May she act for it at this client now? Herself is not another."""
    if party == Party("person", person):
        return False
    mandate = registers.mandate(person, party)
    return mandate is not None and fits(mandate, client, service, by_api=by_api)


def told(client: Client, grant: Grant) -> dict[str, Any]:
    """The claim of tokens and answers; nothing when she is there for herself. A person has the name that the client
    knows her by, an organisation its number (ISO 6523) and its name, which anybody may know."""
    if not grant.party:
        return {}
    party = Party.parse(grant.party)
    one: dict[str, Any] = {"type": TYPE}
    if grant.for_service:
        one[_SERVICE] = grant.for_service
    if party.kind == "organisation":
        found = registers.entity(party.id)
        one["orgno"] = {"authority": "iso6523-actorid-upis", "ID": f"0192:{found.number}"}
        one["name"] = found.name
    else:
        one["sub"] = clients.subject(client, party.id)
    return {"authorization_details": [one]}


def acting(me: Actor, party: Party, name: str) -> Actor | None:
    """``me`` as far as the registers let her act for ``party`` now; None: not at all."""
    mandate = registers.mandate(me.person, party) if me.person else None
    if mandate is None:
        return None
    if mandate.capacity is Capacity.OFFICER:
        return me.as_officer(party.id, name, mandate.scope, mandate.roles)
    return me.acting_for(party, mandate.capacity, mandate.scope, together=mandate.together)
