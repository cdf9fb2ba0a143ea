"""What a granted application changes elsewhere. Each effect names its arguments and carries them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose


def _move(actor: Actor, purpose: Purpose, person: UUID, given: Mapping[str, Any]) -> None:
    """registers.move: a new address in the population register (folkeregisterloven § 6-1)."""
    address = {name: given[name] for name in ("street", "postcode", "place", "municipality")}
    also = [UUID(one) for one in given["also"] or []]
    registers.move(actor, purpose, person, address, date.fromisoformat(given["moved_on"]), also)


CarryOut = Callable[[Actor, Purpose, UUID, Mapping[str, Any]], None]
EFFECTS: Final[dict[str, tuple[tuple[str, ...], CarryOut]]] = {
    "registers.move": (("street", "postcode", "place", "municipality", "moved_on", "also"), _move),
}
