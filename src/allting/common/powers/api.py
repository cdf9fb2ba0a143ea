"""Powers of attorney as people give them: what one can cover, giving, seeing and ending them.

The powers themselves stand in the registers, where each request asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar, get_args
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.powers.wording import words
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Invalid, LoginNeeded, NotFound
from allting.kernel.scope import Reach
from allting.kernel.text import Text

__all__ = ["COVERS", "Asked", "Covers", "end", "give", "given", "may_give", "opened", "options", "received", "words"]

Found = TypeVar("Found")
Covers = Literal["everything", "themes", "services", "authority"]
COVERS: tuple[Covers, ...] = get_args(Covers)
given = registers.powers_given
received = registers.powers_received
may_give = registers.may_give
end = registers.end_power


@dataclass(frozen=True, slots=True)
class Asked:
    """A power as somebody asks to give it. ``chosen``: services or themes by name, or one authority's slug."""

    number: str
    family_name: str
    covers: str
    chosen: Sequence[str] = ()
    starts: date | None = None
    ends: date | None = None


def opened(actor: Actor, power_id: UUID) -> registers.Power:
    """One that the actor's party has given or received. Raises NotFound, also for another's."""
    found = registers.power(power_id)
    if actor.party not in (found.giver, found.receiver):
        raise NotFound()
    return found


def options(covers: str) -> Mapping[str, Text]:
    """What can be chosen among: services, themes that have services, or authorities that offer some."""
    offered = catalogue.services()
    if covers == "services":
        return {one.slug: one.service.title for one in offered}
    if covers == "themes":
        used = {name for one in offered for name in one.service.themes}
        return dict(
            sorted(((name, one.title) for name, one in catalogue.themes().items() if name in used), key=_by_title)
        )
    if covers == "authority":
        named = {one.slug: Text.same(one.name) for one in registers.authorities()}
        return dict(sorted(named.items(), key=_by_title))
    return {}


def _by_title(one: tuple[str, Text]) -> str:
    return str(one[1]).lower()


def give(actor: Actor, asked: Asked) -> UUID:
    """Give a power for the actor's party; both get a letter. Returns its id.

    Whoever gives must be logged in as strongly as the strongest service it opens. Raises LoginNeeded, Invalid by
    field, NotAllowed.
    """
    errors: dict[str, Any] = {}
    reach = _or_errors(errors, _reach, asked)
    if reach is not None and actor.level < _level(reach):
        raise LoginNeeded(level=_level(reach).acr)
    receiver = _or_errors(errors, registers.find_receiver, actor, asked.number, asked.family_name)
    if reach is None or receiver is None:
        raise Invalid(errors=errors)
    return registers.give_power(actor, receiver, reach, asked.starts or timezone.localdate(), asked.ends)


def _or_errors(errors: dict[str, Any], read: Callable[..., Found], *arguments: Any) -> Found | None:
    """What ``read`` finds; None with what is wrong in ``errors``, so that all of it is told at once."""
    try:
        return read(*arguments)
    except Invalid as wrong:
        errors.update(wrong.errors)
        return None


def _reach(asked: Asked) -> Reach:
    if asked.covers not in COVERS:
        raise Invalid(errors={"covers": [_("Choose what the power of attorney covers")]})
    if asked.covers == "everything":
        return Reach(everything=True)
    chosen = frozenset(asked.chosen)
    if not chosen or not chosen <= set(options(asked.covers)):
        raise Invalid(errors={"chosen": [_("Choose what the power of attorney covers")]})
    if asked.covers == "authority":
        return Reach(authorities=frozenset(registers.authority(slug).id for slug in chosen))
    return Reach(services=chosen) if asked.covers == "services" else Reach(themes=chosen)


def _level(reach: Reach) -> Level:
    """The strongest login that a service it may open asks for; everything, or all of an authority: high."""
    if reach.everything or reach.authorities:
        return Level.HIGH
    opened = (one.service for one in catalogue.services() if reach.covers(one.slug, one.service.themes, None))
    return max((one.assurance for one in opened), default=Level.SUBSTANTIAL)
