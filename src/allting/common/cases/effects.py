"""What a granted application changes elsewhere. Each effect names its arguments and carries them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose


def _move(actor: Actor, purpose: Purpose, person: UUID, given: Mapping[str, Any]) -> None:
    """registers.move: a new address in the population register (folkeregisterloven § 6-1)."""
    address = {name: given[name] for name in ("street", "postcode", "place", "municipality")}
    also = [UUID(one) for one in given["also"] or []]
    registers.move(actor, purpose, person, address, date.fromisoformat(given["moved_on"]), also)


def _rename(actor: Actor, purpose: Purpose, person: UUID, given: Mapping[str, Any]) -> None:
    """registers.rename: a new name in the population register (navneloven)."""
    registers.rename(actor, purpose, person, f"{given['given']} {given['middle'] or ''}", given["family"])


def _emigrate(actor: Actor, purpose: Purpose, person: UUID, given: Mapping[str, Any]) -> None:
    """registers.emigrate: she and those who go along have left Norway (folkeregisterloven § 4-3)."""
    also = [UUID(one) for one in given["also"] or []]
    left = date.fromisoformat(given["left_on"])
    registers.emigrate(actor, purpose, person, given["address"], given["country"], left, also)


def carries_out(name: str, wants: Sequence[str], carry_out: CarryOut) -> None:
    """A sector tells, in its ``apps.py``, that it carries out ``name`` with these arguments.

    ``carry_out(actor, purpose, party, given)`` runs in the decision's transaction; what it raises, the officer sees.
    """
    EFFECTS[name] = (tuple(wants), carry_out)
    catalogue.effect(name, wants)


CarryOut = Callable[[Actor, Purpose, UUID, Mapping[str, Any]], None]
EFFECTS: Final[dict[str, tuple[tuple[str, ...], CarryOut]]] = {
    "registers.move": (("street", "postcode", "place", "municipality", "moved_on", "also"), _move),
    "registers.rename": (("given", "middle", "family"), _rename),
    "registers.emigrate": (("address", "country", "left_on", "also"), _emigrate),
}
