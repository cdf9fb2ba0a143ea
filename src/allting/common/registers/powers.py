"""Powers of attorney: given digitally, with a scope and an end, and withdrawn at once (forvaltningsloven § 12)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allting.common.audit import api as audit
from allting.common.registers import models, roles
from allting.common.registers.records import Power
from allting.kernel import events
from allting.kernel.actor import Actor, Capacity, Party, Purpose
from allting.kernel.numbers import BadNumber, identity_number, organisation_number
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.scope import Reach

PURPOSE = Purpose("forvaltningsloven § 12", "Fullmakt")
MOST_FAILED = 10  # people named in vain in a day, before the search closes until tomorrow
MOST_YEARS = 10
_WITH_NAMES = ("giver_person", "giver_organisation", "receiver_person", "receiver_organisation")


def may_give(actor: Actor) -> bool:
    """Whether she may give a power for the party she acts for: her own, or an enterprise that she alone binds."""
    if actor.person is None or actor.is_officer:
        return False
    if actor.on_behalf_of is None:
        return True
    if actor.capacity is not Capacity.REPRESENTATIVE:
        return False
    held = models.Mandate.objects.filter(person=actor.person, organisation=actor.party.id, role__in=roles.givers())
    return held.filter(Q(ended=None) | Q(ended__gt=timezone.localdate())).exists()


def find_receiver(actor: Actor, number: str, family_name: str) -> Party:
    """Who a power is given to: a person by identity number and family name, an enterprise by its number alone.

    Raises Invalid by field; a person who does not exist and a name that does not fit are told alike, and after some
    of them the search closes until tomorrow.
    """
    digits = "".join(number.split())
    if len(digits) == 9:
        return _organisation(digits)
    assert actor.person is not None
    failed = models.FailedSearch.objects.filter(person=actor.person, at__gt=timezone.now() - timedelta(days=1))
    if failed.count() >= MOST_FAILED:
        raise Invalid(errors={"number": [_("You have tried too many times. Try again tomorrow.")]})
    try:
        identity_number(digits)
    except BadNumber:
        raise Invalid(
            errors={"number": [_("Write the 11 digits of an identity number, or the 9 digits of an enterprise")]}
        ) from None
    if not family_name.strip():
        raise Invalid(errors={"family_name": [_("Write the family name")]})
    return _person(actor, actor.person, digits, family_name)


def _organisation(number: str) -> Party:
    try:
        found = models.Organisation.objects.filter(organisation_number=organisation_number(number), slug=None)
    except BadNumber:
        found = models.Organisation.objects.none()
    key = found.values_list("pk", flat=True).first()
    if key is None:
        raise Invalid(errors={"number": [_("We do not find an enterprise with this number")]})
    return Party("organisation", key)


def _person(actor: Actor, me: UUID, number: str, family_name: str) -> Party:
    row = models.Person.objects.filter(identity_number=number, died=None).only("family_name").first()
    if row is None or row.family_name.casefold() != " ".join(family_name.split()).casefold():
        models.FailedSearch.objects.create(person=me)
        raise Invalid(errors={"number": [_("We do not find a person with this number and this family name")]})
    audit.record(actor, PURPOSE, "population.person", row.pk, fields=["id"])
    return Party("person", row.pk)


@transaction.atomic
def give_power(actor: Actor, receiver: Party, reach: Reach, starts: date, ends: date | None) -> UUID:
    """Let ``receiver`` act for the actor's party. Publishes "registers.power_given".

    Raises NotAllowed when it is not the actor's to give, Invalid by field.
    """
    if actor.person is None or not may_give(actor):
        raise NotAllowed(code="may-not-give-power")
    if errors := _faults(actor, receiver, reach, starts, ends):
        raise Invalid(errors={name: [text] for name, text in errors.items()})
    row = models.Power(scope=json.dumps(reach.as_data()), starts=starts, ends=ends, given_by=actor.person)
    setattr(row, f"giver_{actor.party.kind}_id", actor.party.id)
    setattr(row, f"receiver_{receiver.kind}_id", receiver.id)
    row.save(force_insert=True)
    _record(actor, row, "give")
    events.publish("registers.power_given", power=row.pk)
    return row.pk


def _faults(actor: Actor, receiver: Party, reach: Reach, starts: date, ends: date | None) -> dict[str, Any]:
    today, errors = timezone.localdate(), {}
    if receiver == actor.party or receiver == Party("person", actor.person or receiver.id):
        errors["number"] = _("This is yourself. Choose someone else.")
    if not reach.as_data():
        errors["reach"] = _("Choose what the power of attorney covers")
    if starts < today:
        errors["starts"] = _("It can hold from today at the earliest")
    if ends is not None and ends < starts:
        errors["ends"] = _("The last day must be after the first")
    elif ends is not None and ends > today + timedelta(days=366 * MOST_YEARS):
        errors["ends"] = _("It can hold for ten years at most")
    return errors


@transaction.atomic
def end_power(actor: Actor, power_id: UUID) -> None:
    """End a power at once: the giver withdraws it, or the receiver gives it back. Ending it twice counts once.

    Publishes "registers.power_ended". Raises NotFound for another's, NotAllowed when she may not decide for the party.
    """
    rows = models.Power.objects.filter(pk=power_id)
    row = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if row is None or actor.party not in (giver(row), receiver(row)):
        raise NotFound()
    if not may_give(actor):
        raise NotAllowed(code="may-not-give-power")
    if row.withdrawn is not None:
        return
    row.withdrawn, row.withdrawn_by = timezone.now(), actor.person
    row.save(update_fields=["withdrawn", "withdrawn_by"])
    _record(actor, row, "withdraw")
    events.publish("registers.power_ended", power=row.pk, by=actor.party)


def _record(actor: Actor, row: models.Power, action: str) -> None:
    for party in (giver(row), receiver(row)):
        audit.record(actor, PURPOSE, "registers.power", party.id, action=action, fields=["scope", "starts", "ends"])


def powers_given(actor: Actor, limit: int = 200) -> list[Power]:
    """The powers the actor's party has given, newest first."""
    return _read_all(models.Power.objects.filter(**{f"giver_{actor.party.kind}": actor.party.id}), limit)


def powers_received(actor: Actor, limit: int = 200) -> list[Power]:
    """The powers the actor's party has been given, newest first."""
    return _read_all(models.Power.objects.filter(**{f"receiver_{actor.party.kind}": actor.party.id}), limit)


def power(power_id: UUID) -> Power:
    """For whoever writes the letter about it. Raises NotFound."""
    found = _read_all(models.Power.objects.filter(pk=power_id), 1)
    if not found:
        raise NotFound()
    return found[0]


def _read_all(rows: Any, limit: int) -> list[Power]:
    return [_read(row) for row in rows.select_related(*_WITH_NAMES).order_by("-pk")[:limit]]


def giver(row: models.Power) -> Party:
    if row.giver_person_id:
        return Party("person", row.giver_person_id)
    return Party("organisation", row.giver_organisation_id)  # type: ignore[arg-type]


def receiver(row: models.Power) -> Party:
    if row.receiver_person_id:
        return Party("person", row.receiver_person_id)
    return Party("organisation", row.receiver_organisation_id)  # type: ignore[arg-type]


def _read(row: models.Power) -> Power:
    by, to = row.giver_person or row.giver_organisation, row.receiver_person or row.receiver_organisation
    assert by is not None and to is not None
    return Power(
        row.pk, giver(row), by.name, receiver(row), to.name, Reach.of_data(json.loads(row.scope)), row.starts,
        row.ends, row.given, row.withdrawn, _state(row),
    )  # fmt: skip


def _state(row: models.Power) -> str:
    today = timezone.localdate()
    if row.withdrawn:
        return "withdrawn"
    if row.ends and row.ends < today:
        return "over"
    return "later" if row.starts > today else "holds"
