"""What the registers answer with: plain records without a way back into the tables."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from allting.kernel.actor import Capacity, Party


@dataclass(frozen=True, slots=True)
class Authority:
    """A public body. ``kind``: state, county or municipality; ``number`` is the official number of the latter two."""

    id: UUID
    slug: str
    name: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Mandate:
    """Someone may act for ``party``, as guardian, representative or officer. ``slug`` is set for authorities."""

    party: Party
    name: str
    capacity: Capacity
    role: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """How a party is reached. Reserved parties get letters on paper."""

    email: str = ""
    mobile: str = ""
    language: str = "nb"
    reserved: bool = False
