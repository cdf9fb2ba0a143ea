"""Who acts, for whom, and why: the first argument of every verb that touches a person's data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Literal
from uuid import UUID

from allting.kernel.scope import EVERYTHING, Scope


class Level(IntEnum):
    """Level of assurance of a login (eIDAS Implementing Regulation (EU) 2015/1502)."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 3
    HIGH = 4

    @property
    def acr(self) -> str:
        """The value used in OpenID Connect, as Norway's ID-porten writes it."""
        return f"idporten-loa-{self.name.lower()}"

    @classmethod
    def from_name(cls, name: str) -> Level:
        """Read ``substantial``, ``idporten-loa-substantial`` or ``eidas-loa-substantial``.

        Raises KeyError for an unknown name.
        """
        return cls[name.rsplit("-", 1)[-1].upper()]


class Capacity(StrEnum):
    """In which capacity someone acts."""

    CITIZEN = "citizen"  # for herself
    GUARDIAN = "guardian"  # for a child or a ward
    ATTORNEY = "attorney"  # for a person who has given her a power of attorney
    REPRESENTATIVE = "representative"  # for an organisation
    OFFICER = "officer"  # for an authority
    ENTERPRISE = "enterprise"  # an organisation without a person, for itself or for another
    SYSTEM = "system"  # a rule or the worker, for an authority


@dataclass(frozen=True, slots=True)
class Party:
    """The one a case, a letter or a bill belongs to: a person or an organisation."""

    kind: Literal["person", "organisation"]
    id: UUID

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Party:
        """Read what ``str(party)`` wrote. Raises ValueError when it is something else."""
        kind, _, raw = text.partition(":")
        if kind not in ("person", "organisation"):
            raise ValueError(f"not a party: {text!r}")
        return cls("person" if kind == "person" else "organisation", UUID(raw))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, on behalf of whom, at which level of assurance.

    ``name`` is for pages and letters only; it must never reach a log line.
    ``authority`` is the organisation an officer (or the system) works for, or the enterprise that acts itself.
    ``scope`` is how far she may act for another; ``together``: only with another who holds the same right (joint
    signature). ``roles``: what an officer is in her authority, as the registers say.
    """

    person: UUID | None
    level: Level = Level.NONE
    capacity: Capacity = Capacity.CITIZEN
    on_behalf_of: Party | None = None
    authority: UUID | None = None
    authority_name: str = ""
    name: str = field(default="", repr=False)
    session: str = field(default="", repr=False)
    language: str = "nb"
    scope: Scope = EVERYTHING
    together: bool = False
    roles: frozenset[str] = frozenset()

    @property
    def party(self) -> Party:
        """Whose cases, letters and bills this actor sees: the one acted for, else herself.

        Raises ValueError for an actor that is nobody (the system).
        """
        if self.on_behalf_of is not None:
            return self.on_behalf_of
        if self.person is None:
            raise ValueError("the system has no cases of its own")
        return Party("person", self.person)

    @property
    def who(self) -> UUID | None:
        """Whose hand it is: the person's, or the enterprise's where no person acts; None for the system."""
        return self.authority if self.capacity is Capacity.ENTERPRISE else self.person

    @property
    def represents(self) -> bool:
        """Whether she acts for an organisation that is not an authority she works in."""
        party = self.on_behalf_of
        return self.capacity is Capacity.REPRESENTATIVE and party is not None and party.kind == "organisation"

    @property
    def is_officer(self) -> bool:
        return self.capacity is Capacity.OFFICER and self.authority is not None

    def acting_for(
        self, party: Party, capacity: Capacity, scope: Scope = EVERYTHING, *, together: bool = False
    ) -> Actor:
        """The same person, acting for ``party`` as far as ``scope`` reaches."""
        return replace(
            self, on_behalf_of=party, capacity=capacity, authority=None, authority_name="", scope=scope,
            together=together, roles=frozenset(),
        )  # fmt: skip

    def as_officer(
        self, authority: UUID, name: str, scope: Scope = EVERYTHING, roles: frozenset[str] = frozenset()
    ) -> Actor:
        """The same person, at work in ``authority``; without the whole ``scope`` only where her roles open."""
        return replace(
            self, on_behalf_of=None, capacity=Capacity.OFFICER, authority=authority, authority_name=name,
            scope=scope, together=False, roles=roles,
        )  # fmt: skip

    @classmethod
    def enterprise(cls, own: UUID, name: str, party: Party, language: str = "nb") -> Actor:
        """An organisation known by its key or certificate, acting as ``party``: itself, or who let it."""
        return cls(
            person=None,
            level=Level.SUBSTANTIAL,
            capacity=Capacity.ENTERPRISE,
            on_behalf_of=party,
            authority=own,
            authority_name=name,
            language=language,
        )

    @classmethod
    def system(cls, authority: UUID | None = None, authority_name: str = "") -> Actor:
        """A rule or the worker, acting for an authority."""
        return cls(
            person=None,
            level=Level.HIGH,
            capacity=Capacity.SYSTEM,
            authority=authority,
            authority_name=authority_name,
        )


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why personal data is looked up. Nobody looks without one.

    ``basis`` is the paragraph that allows it ("barnehageloven § 16"); ``reason`` says the same to the
    person it is about, in plain words of her language; ``case`` is the case it happened in.
    """

    basis: str
    reason: str
    case: UUID | None = None

    def __post_init__(self) -> None:
        if not self.basis.strip() or not self.reason.strip():
            raise ValueError("a look-up needs a legal basis and a reason")
