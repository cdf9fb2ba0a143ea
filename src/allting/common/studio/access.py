"""Who edits which services: the owner of those her authority offers, in its name. Everybody else, none."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from allting.common.registers import api as registers
from allting.kernel.actor import Actor
from allting.kernel.problems import NotAllowed, NotFound

TITLE: Final = _("Service studio")
ROLE: Final = "service-owner"
SHARED: Final = ("every municipality", "every county", "every authority")


def at_work(who: Actor) -> bool:
    """Whether she owns services in the authority she works for now."""
    return who.is_officer and ROLE in who.roles


def authority(who: Actor) -> registers.Authority:
    """The authority whose services she owns. Raises NotAllowed."""
    if not at_work(who) or who.authority is None:
        raise NotAllowed(code="not-service-owner")
    return registers.authority(who.authority)


def owns(own: registers.Authority, offered_by: Any) -> bool:
    """Whether the services offered so are this authority's: its own, and for the operator those that all share."""
    if offered_by in SHARED:
        return own.slug == settings.OPERATOR_AUTHORITY
    return bool(own.slug) and offered_by == own.slug


def keeps(own: registers.Authority, kept_by: str) -> bool:
    """Whether figures kept so are this authority's; those that nobody is named for are the operator's."""
    return own.slug == (kept_by or settings.OPERATOR_AUTHORITY)


def must_own(who: Actor, offered_by: Any) -> registers.Authority:
    """Raises NotAllowed for who is no owner, and NotFound for what is another authority's."""
    own = authority(who)
    if not owns(own, offered_by):
        raise NotFound(code="no-such-service")
    return own
