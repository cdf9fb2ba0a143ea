"""Those who run the platform end logins: one person's, or everybody's (ASVS 5.0 V7.4.5). Each person's log says so."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.identity import gateway
from allting.common.identity.eids.history import LOGIN
from allting.common.identity.machine.scopes import is_operator
from allting.common.identity.models import SignOn
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Purpose
from allting.kernel.numbers import BadNumber, identity_number
from allting.kernel.problems import Invalid, NotAllowed, NotFound

BASIS = "personvernforordningen artikkel 32"  # security of processing
_CHUNK = 500  # people


def purpose_of(reason: str) -> Purpose:
    """Why, as each of them reads it in her log. Raises Invalid without words."""
    if not reason.strip():
        raise Invalid(code="reason-missing", errors={"reason": ["missing"]})
    return Purpose(BASIS, reason.strip()[:300])


def end_logins_of(actor: Actor, purpose: Purpose, number: str) -> int:
    """Log out the person with this identity number in every browser and app; returns how many logins ended.

    Raises NotAllowed for others than the operator, Invalid for what is no number, NotFound.
    """
    _only_operator(actor)
    try:
        person = registers.find_person(actor, purpose, identity_number(number))
    except BadNumber:
        raise Invalid(code="not-a-number", errors={"pid": ["wrong"]}) from None
    return _end(actor, purpose, person)


def end_all(actor: Actor, purpose: Purpose) -> int:
    """Log out everybody, oneself too; returns how many people. Those who log in meanwhile stay. Raises NotAllowed."""
    _only_operator(actor)
    until, ended = timezone.now(), 0
    while people := list(_open().filter(at__lte=until).values_list("person", flat=True).distinct()[:_CHUNK]):
        for person in people:
            _end(actor, purpose, person)
        ended += len(people)
    return ended


def people_logged_in() -> int:
    """How many people have a login that lasts now."""
    return _open().values("person").distinct().count()


def _open() -> QuerySet[SignOn]:
    """Logins that can still be used, in the browser or through a token that came of them."""
    now = timezone.now()
    youngest = now - timedelta(minutes=settings.SESSION_MAX_MINUTES)
    lasting = Q(at__gt=youngest) | Q(grant__until__gt=now, grant__revoked=None)
    return SignOn.objects.filter(lasting, ended=None).order_by("person")


def _end(actor: Actor, purpose: Purpose, person: UUID) -> int:
    with transaction.atomic():
        count = SignOn.objects.filter(person=person, ended=None).count()
        gateway.end_everywhere(person)
        audit.record(actor, purpose, LOGIN, person, action="change", fields=["login"])
    return count


def _only_operator(actor: Actor) -> None:
    if not (actor.capacity is Capacity.SYSTEM or is_operator(actor)):
        raise NotAllowed(code="operator-only")


def operator_itself() -> Actor:
    """Who a command acts as: the authority that runs the platform."""
    try:
        found = registers.authority(settings.OPERATOR_AUTHORITY)
    except NotFound:
        return Actor.system(authority_name="Allting")
    return Actor.system(found.id, found.name)
