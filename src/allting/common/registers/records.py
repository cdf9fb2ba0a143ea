"""What the registers answer with: plain records without a way back into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allting.kernel.actor import Capacity, Party
from allting.kernel.scope import EVERYTHING, Reach, Scope
from allting.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Authority:
    """A public body. ``kind``: state, county or municipality; ``number`` is the official number of the latter two."""

    id: UUID
    slug: str
    name: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Entity:
    """An organisation of the entity register: an enterprise or an authority."""

    id: UUID
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """Someone may act for ``party``, as guardian, attorney, representative or officer, as far as ``scope`` reaches.

    ``role`` is a role of the entity register, "parent", "guardian" or "power"; ``title`` names it. ``slug`` is set
    for authorities. ``together``: only with another who holds the same right. ``roles``: all that an officer holds.
    """

    party: Party
    name: str
    capacity: Capacity
    role: str
    slug: str = ""
    scope: Scope = EVERYTHING
    together: bool = False
    title: Text | None = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Power:
    """A power of attorney, as giver and receiver see it. ``ends`` is its last day; None: until it is withdrawn."""

    id: UUID
    giver: Party
    giver_name: str
    receiver: Party
    receiver_name: str
    reach: Reach
    starts: date
    ends: date | None
    given: datetime
    withdrawn: datetime | None
    state: str  # holds, later, over or withdrawn


@dataclass(frozen=True, slots=True)
class Contact:
    """How a party is reached. Reserved parties get letters on paper."""

    email: str = ""
    mobile: str = ""
    language: str = "nb"
    reserved: bool = False
