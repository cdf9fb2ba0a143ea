"""What the other parent of a child has asked for or is paid: one child is paid for once, unless they share it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allting.common.cases import api as cases
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.sectors.welfare.offers import offers


def taken(person: UUID, service: str, child: UUID) -> bool:
    """Whether a parent of the child who is not ``person`` has asked for it, or is paid it (barnetrygdloven § 2)."""
    others = [Party("person", one) for one in registers.parents(child) if one != person]
    return cases.taken(others, service, "child", str(child))


def dataset(subject: UUID) -> list[dict[str, Any]]:
    """welfare.by_other_parent on the exchange: for each child of the person, the benefits that the other parent has
    asked for or is paid. It tells no more than that."""
    return [
        {"id": f"{offer.service}:{child}", "name": "", "child": str(child), "service": offer.service}
        for child in registers.children(subject)
        for offer in offers()
        if taken(subject, offer.service, child)
    ]
