"""The owner's side: an authority's scopes, who has them, and who uses them. Its officers decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.identity.machine import reach
from allting.common.identity.models import Scope, ScopeAccess, ScopePrefix, ScopeUse
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.numbers import BadNumber, organisation_number
from allting.kernel.problems import Invalid, NotAllowed, NotFound

SHORTEST, LONGEST = 10, 7200  # seconds an access token may last
LONGEST_TERMS = 20_000  # characters
_PREFIX = re.compile(r"[a-z][a-z0-9-]{1,28}")
_SUBSCOPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
_GIVEN = Purpose("eForvaltningsforskriften § 4", "Hvilke API-er virksomheten har tilgang til")


@dataclass(frozen=True, slots=True)
class Holder:
    """An organisation that has a scope, or has used one that is open to all. ``suppliers`` act for it."""

    organisation: registers.Entity
    since: datetime | None
    accepted: bool
    last: date | None
    suppliers: list[tuple[registers.Entity, date]] = field(default_factory=list)


def prefixes(actor: Actor) -> list[str]:
    """The prefixes of the officer's authority. Raises NotAllowed for others."""
    office = _office(actor)
    return [one.prefix for one in ScopePrefix.objects.order_by("prefix") if reach.owner_of(one) == office]


def owned(actor: Actor) -> list[Scope]:
    """The authority's scopes, by name."""
    if is_operator(actor):
        reach.ensure_own()
    return list(Scope.objects.filter(prefix__in=prefixes(actor)).select_related("prefix").order_by("name"))


def one(actor: Actor, name: str) -> Scope:
    """Raises NotFound, also for another authority's."""
    scope = Scope.objects.filter(name=plain(name)).select_related("prefix").first()
    if scope is None or reach.owner_of(scope.prefix) != _office(actor):
        raise NotFound()
    return scope


def is_operator(actor: Actor) -> bool:
    """Whether she works in the authority that runs the installation."""
    return registers.works_in(actor, str(settings.OPERATOR_AUTHORITY))


def allot(actor: Actor, prefix: str, number: str) -> None:
    """The operator gives an authority a prefix. Raises NotAllowed, or Invalid by field."""
    if not is_operator(actor):
        raise NotAllowed(code="operator-only")
    if not _PREFIX.fullmatch(prefix):
        raise Invalid(errors={"prefix": [_("Lower-case letters, digits and hyphens, 2 to 29 of them.")]})
    owner = found(number, "owner")
    try:
        with transaction.atomic():
            ScopePrefix(prefix=prefix, owner=owner.id).save(force_insert=True)
    except IntegrityError:
        raise Invalid(errors={"prefix": [_("This prefix is taken.")]}) from None


def create(actor: Actor, prefix: str, subscope: str, values: Mapping[str, Any]) -> Scope:
    """A new scope under one of the authority's prefixes. Raises Invalid by field, also when it is there already."""
    with collected() as errors:
        if prefix not in prefixes(actor):
            errors["prefix"] = [_("Choose one of your prefixes.")]
        if not _SUBSCOPE.fullmatch(subscope):
            errors["subscope"] = [_("Letters, digits, and . _ / - between them, at most 100.")]
        checked = _checked(values)
    scope = Scope(name=f"{prefix}:{subscope}", prefix_id=prefix, **checked)
    try:
        with transaction.atomic():
            scope.save(force_insert=True)
    except IntegrityError:
        raise Invalid(errors={"subscope": [_("This scope is there already.")]}) from None
    return scope


@contextmanager
def collected() -> Iterator[dict[str, list[Any]]]:
    """All that is wrong at once: what is noted in the dictionary, and the errors of an Invalid raised inside."""
    errors: dict[str, list[Any]] = {}
    try:
        yield errors
    except Invalid as wrong:
        errors |= wrong.errors
    if errors:
        raise Invalid(errors=errors)


def change(actor: Actor, name: str, values: Mapping[str, Any]) -> Scope:
    """Set what is known about a scope; what is not in ``values`` stays. Raises NotFound or Invalid by field."""
    scope = one(actor, name)
    held = {key: getattr(scope, key) for key in _FIELDS}
    for key, value in _checked(held | dict(values)).items():
        setattr(scope, key, value)
    scope.save()
    return scope


_FIELDS = (
    "description", "accessible_for_all", "terms", "delegable", "at_max_age", "allowed_integration_types", "active",
)  # fmt: skip


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "accessible_for_all": False, "terms": "", "delegable": False, "at_max_age": 600,
        "allowed_integration_types": [reach.MASKINPORTEN], "active": True,
    }  # fmt: skip
    found = defaults | {name: value for name, value in values.items() if name in _FIELDS}
    errors: dict[str, list[Any]] = {}
    found["description"] = plain(found.get("description", ""))
    if not 1 <= len(found["description"]) <= 500:
        errors["description"] = [_("Write what the scope gives access to, in at most 500 characters.")]
    found["terms"] = plain(found["terms"])[:LONGEST_TERMS] if found["accessible_for_all"] else ""
    if not SHORTEST <= found["at_max_age"] <= LONGEST:
        errors["at_max_age"] = [_("A whole number from %(least)d to %(most)d.") % {"least": SHORTEST, "most": LONGEST}]
    types = set(found["allowed_integration_types"])
    if not types or types - {reach.MASKINPORTEN, reach.IDPORTEN}:
        errors["allowed_integration_types"] = [_("Choose at least one.")]
    found["allowed_integration_types"] = sorted(types)
    if errors:
        raise Invalid(errors=errors)
    return found


def plain(text: str) -> str:
    """Without what a database cannot hold."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()


# --- Who has it ----------------------------------------------------------------------------------------


def holders(actor: Actor, name: str) -> list[Holder]:
    """Who has the scope and when each last used it, also through suppliers."""
    scope = one(actor, name)
    accesses = {row.organisation: row for row in scope.accesses.filter(withdrawn=None)}
    uses: dict[UUID, dict[UUID, date]] = {}
    for use in ScopeUse.objects.filter(scope=scope):
        if use.consumer in accesses or (scope.accessible_for_all and not scope.terms):
            uses.setdefault(use.consumer, {})[use.asker] = use.last
    entities = registers.entities({*accesses, *uses, *(asker for askers in uses.values() for asker in askers)})
    rows = [
        _holder(entities, organisation, accesses.get(organisation), uses.get(organisation, {}))
        for organisation in {**accesses, **uses}
        if organisation in entities
    ]
    return sorted(rows, key=lambda row: row.organisation.name)


def _holder(
    entities: Mapping[UUID, registers.Entity], organisation: UUID, row: ScopeAccess | None, uses: Mapping[UUID, date]
) -> Holder:
    suppliers = [(entities[asker], last) for asker, last in uses.items() if asker != organisation and asker in entities]
    return Holder(
        organisation=entities[organisation],
        since=row.at if row else None,
        accepted=row.accepted if row else False,
        last=max(uses.values(), default=None),
        suppliers=suppliers,
    )


@transaction.atomic
def give(actor: Actor, name: str, number: str) -> registers.Entity:
    """Give an organisation the scope; giving it twice changes nothing. Raises NotFound or Invalid."""
    scope, organisation = one(actor, name), found(number, "organisation")
    obtain(actor, scope, organisation.id, accepted=False)
    return organisation


def obtain(actor: Actor, scope: Scope, organisation: UUID, *, accepted: bool) -> None:
    """The row that says that it has the scope, once, and the log's line."""
    assert actor.person is not None
    if ScopeAccess.objects.filter(scope=scope, organisation=organisation, withdrawn=None).exists():
        return
    try:
        with transaction.atomic():
            ScopeAccess.objects.create(scope=scope, organisation=organisation, accepted=accepted, by=actor.person)
    except IntegrityError:
        return  # somebody else did it just now
    audit.record(actor, _GIVEN, "machine.access", organisation, action="change", fields=[scope.name])


@transaction.atomic
def withdraw(actor: Actor, name: str, number: str) -> None:
    """Take the scope back; new tokens are refused from now on. Raises NotFound when it does not have it."""
    scope, organisation = one(actor, name), found(number, "organisation")
    rows = ScopeAccess.objects.filter(scope=scope, organisation=organisation.id, withdrawn=None)
    if not rows.update(withdrawn=timezone.now(), withdrawn_by=actor.person):
        raise NotFound()
    audit.record(actor, _GIVEN, "machine.access", organisation.id, action="change", fields=[scope.name])


def found(number: str, field: str) -> registers.Entity:
    """The organisation with this number, as somebody typed it. Raises Invalid at ``field``."""
    try:
        return registers.entity(organisation_number(number))
    except (BadNumber, NotFound):
        text = _("We do not find an organisation with this number. It has nine digits.")
        raise Invalid(errors={field: [text]}) from None


def _office(actor: Actor) -> UUID:
    if not actor.is_officer or actor.authority is None:
        raise NotAllowed(code="other-capacity")
    return actor.authority
