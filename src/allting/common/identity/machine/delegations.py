"""The consumer's side: which scopes an organisation has, and which of them a supplier may use for it.

Who binds the organisation alone decides, as for a power of attorney; the supplier can let go of what it got.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.identity.machine import reach
from allting.common.identity.machine.scopes import collected, found, obtain, plain
from allting.common.identity.models import Delegation, Scope, ScopeAccess
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Purpose
from allting.kernel.problems import Invalid, NotAllowed, NotFound

_DELEGATED = Purpose("avtaleloven § 10", "Hva en leverandør kan gjøre for virksomheten")


@dataclass(frozen=True, slots=True)
class Held:
    """A scope that an organisation has, or could take on its ``terms``."""

    scope: Scope
    how: Literal["given", "accepted", "open", "own", "offered"]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delegated:
    """A delegation as one of its two parties sees it; ``other`` is the other one."""

    id: UUID
    scope: Scope
    other: registers.Entity
    starts: date
    ends: date | None
    given: bool  # by this party; else received

    @property
    def begun(self) -> bool:
        return self.starts <= timezone.localdate()


def held(actor: Actor) -> list[Held]:
    """What the organisation has, and open scopes it has not accepted the terms of, by name. Raises NotAllowed."""
    me = _organisation(actor)
    reach.ensure_own()
    rows = {row.scope_id: row for row in ScopeAccess.objects.filter(organisation=me, withdrawn=None)}
    scopes = Scope.objects.filter(Q(name__in=rows) | Q(accessible_for_all=True) | Q(prefix__owner=me), active=True)
    return [_held(scope, rows.get(scope.name), me) for scope in scopes.select_related("prefix").order_by("name")]


def _held(scope: Scope, row: ScopeAccess | None, me: UUID) -> Held:
    if row is not None:
        return Held(scope, "accepted" if row.accepted else "given", row.at)
    if reach.owner_of(scope.prefix) == me:
        return Held(scope, "own")
    return Held(scope, "offered" if scope.terms else "open")


@transaction.atomic
def accept(actor: Actor, name: str) -> None:
    """Take an open scope on its terms. Raises NotFound for one that is not open, NotAllowed without a signing role."""
    me = _signing(actor)
    scope = Scope.objects.filter(name=plain(name), active=True, accessible_for_all=True).exclude(terms="").first()
    if scope is None:
        raise NotFound()
    obtain(actor, scope, me, accepted=True)


def delegations(actor: Actor) -> list[Delegated]:
    """Those that hold now or later, given and received."""
    me = _organisation(actor)
    rows = Delegation.objects.filter(Q(consumer=me) | Q(supplier=me), withdrawn=None).select_related("scope__prefix")
    rows = rows.filter(Q(ends=None) | Q(ends__gte=timezone.localdate())).order_by("-id")
    entities = registers.entities(one for row in rows for one in (row.consumer, row.supplier))
    return [
        Delegated(
            row.pk, row.scope, entities[row.supplier if row.consumer == me else row.consumer], row.starts, row.ends,
            row.consumer == me,
        )
        for row in rows
    ]  # fmt: skip


def may_decide(actor: Actor) -> bool:
    """Whether she may accept terms, delegate and end for the organisation; else she may only look."""
    return actor.capacity is Capacity.REPRESENTATIVE and registers.may_give(actor)


def delegable(actor: Actor) -> list[Scope]:
    """The scopes that the organisation may let a supplier use."""
    return [one.scope for one in held(actor) if one.scope.delegable and one.how != "offered"]


@transaction.atomic
def delegate(actor: Actor, name: str, number: str, starts: date, ends: date | None) -> UUID:
    """Let a supplier use a scope, these days included. Raises Invalid by field, NotAllowed without a signing role."""
    me = _signing(actor)
    scope = next((one for one in delegable(actor) if one.name == name), None)
    with collected() as errors:
        if scope is None:
            errors["scope"] = [_("Choose one of the accesses that may be passed on.")]
        if starts < timezone.localdate():
            errors["starts"] = [_("The first day cannot be in the past.")]
        if ends is not None and ends < starts:
            errors["ends"] = [_("The last day cannot come before the first.")]
        supplier = found(number, "supplier")
    assert scope is not None
    _check(me, scope, supplier.id, starts, ends)
    assert actor.person is not None
    row = Delegation.objects.create(
        scope=scope, consumer=me, supplier=supplier.id, starts=starts, ends=ends, by=actor.person
    )
    _record(actor, row)
    return row.pk


def _check(me: UUID, scope: Scope, supplier: UUID, starts: date, ends: date | None) -> None:
    if supplier == me:
        raise Invalid(errors={"supplier": [_("This is the organisation itself.")]})
    rows = Delegation.objects.filter(scope=scope, consumer=me, supplier=supplier, withdrawn=None)
    if rows.filter(Q(ends=None) | Q(ends__gte=starts)).filter(Q() if ends is None else Q(starts__lte=ends)).exists():
        raise Invalid(errors={"supplier": [_("The supplier has this access already in these days.")]})


@transaction.atomic
def withdraw(actor: Actor, delegation: UUID) -> None:
    """End a delegation, given or received, at once. Raises NotFound for another's or an ended one."""
    me = _signing(actor)
    row = Delegation.objects.filter(Q(consumer=me) | Q(supplier=me), pk=delegation, withdrawn=None).first()
    if row is None or not Delegation.objects.filter(pk=row.pk, withdrawn=None).update(
        withdrawn=timezone.now(), withdrawn_by=actor.person
    ):
        raise NotFound()
    _record(actor, row)


def _record(actor: Actor, row: Delegation) -> None:
    """Both parties can read in their logs that it was given or ended."""
    for party in (row.consumer, row.supplier):
        audit.record(actor, _DELEGATED, "machine.delegation", party, action="change", fields=[row.scope_id])


def _organisation(actor: Actor) -> UUID:
    """Whose accesses these are: the organisation represented, or the officer's authority. Raises NotAllowed."""
    if actor.is_officer and actor.authority is not None:
        return actor.authority
    return _represented(actor)


def _signing(actor: Actor) -> UUID:
    """The organisation, for one who binds it alone. Raises NotAllowed for others, and with a power of attorney."""
    me = _represented(actor)
    if not registers.may_give(actor):
        raise NotAllowed(code="signing-role-needed")
    return me


def _represented(actor: Actor) -> UUID:
    if actor.capacity is not Capacity.REPRESENTATIVE or actor.party.kind != "organisation":
        raise NotAllowed(code="act-for-enterprise")
    return actor.party.id
