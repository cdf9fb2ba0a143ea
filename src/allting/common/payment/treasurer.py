"""Who handles an authority's money: an officer there who is its treasurer besides."""

from __future__ import annotations

from uuid import UUID

from allting.common.payment import models
from allting.common.registers import api as registers
from allting.kernel.actor import Actor
from allting.kernel.problems import NotAllowed

DUTY = "treasurer"


def is_one(actor: Actor) -> bool:
    """Whether the actor is at work as treasurer, asked of the registers each time."""
    return registers.has_duty(actor, DUTY)


def office(actor: Actor) -> UUID:
    """The authority whose money the actor handles. Raises NotAllowed for everybody else."""
    if not is_one(actor) or actor.authority is None:
        raise NotAllowed(code="not-treasurer")
    return actor.authority


def who(actor: Actor) -> UUID:
    """The treasurer's own person. Raises NotAllowed as ``office``."""
    office(actor)
    assert actor.person is not None
    return actor.person


def account_of(owner: UUID) -> models.OwnAccount | None:
    """The bank account of an authority that pays by file."""
    return models.OwnAccount.objects.filter(pk=owner).first()
