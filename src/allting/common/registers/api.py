"""People, organisations and who may act for whom. Personal data comes out through the exchange only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from allting.common.audit import api as audit
from allting.common.exchange import api as exchange
from allting.common.registers import models, sources
from allting.common.registers.authorities import (
    EVERY,
    SUPERIOR,
    appeals_body,
    askable,
    authorities,
    authority,
    authority_for,
    counties,
    is_above,
    key_of,
    municipalities,
    municipality_of,
    works_in,
)
from allting.common.registers.contacts import checked
from allting.common.registers.demo import demo_companies, demo_people, demo_person
from allting.common.registers.entities import entities, entity
from allting.common.registers.mandates import co_signers, has_duty, mandate, mandates, may_act, officers, within
from allting.common.registers.many import Resident, find_people, identity_numbers, residents
from allting.common.registers.nearness import near
from allting.common.registers.open_data import organisation_name, organisation_with, place_of
from allting.common.registers.population import Household
from allting.common.registers.population import households as made_up_households
from allting.common.registers.powers import (
    end_power,
    find_receiver,
    give_power,
    may_give,
    power,
    powers_given,
    powers_received,
)
from allting.common.registers.records import Authority, Contact, Entity, Mandate, Power
from allting.kernel import events
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.problems import Invalid, NotFound

__all__ = [
    "Authority", "Contact", "EVERY", "Entity", "Household", "Mandate", "Power", "Resident", "SUPERIOR", "account",
    "appeals_body", "askable", "authorities", "authority", "authority_for", "checked", "children", "co_signers",
    "contact", "counties", "demo_companies", "demo_people", "demo_person", "died", "emigrate", "end_power", "entities",
    "entity", "find_named", "find_people", "find_person", "find_receiver", "give_power", "has_duty", "identity_number",
    "identity_numbers", "is_above", "is_alive", "key_of", "look_up", "made_up_households", "mandate", "mandates",
    "may_act", "may_give", "move", "municipalities", "municipality_of", "name_of", "near", "officers",
    "organisation_name", "organisation_with", "parents", "place_of", "power", "powers_given", "powers_received",
    "rename", "residents", "set_contact", "tell_name", "within", "works_in",
]  # fmt: skip


LONGEST_NAME, LONGEST_ADDRESS = 80, 200  # what the register has room for
_BASIS = "eForvaltningsforskriften § 29"


def look_up(actor: Actor, purpose: Purpose, dataset: str, subject: UUID) -> Any:
    """What a register holds about ``subject``: the exchange asks, the log remembers. Raises NotFound."""
    return exchange.ask(actor, purpose, dataset, subject)


def find_person(actor: Actor, purpose: Purpose, identity_number: str) -> UUID:
    """The person with this identity number, which the caller has checked. Raises NotFound."""
    found = models.Person.objects.filter(identity_number=identity_number, died=None).values_list("pk", flat=True)
    person = found.first()
    if person is None:
        raise NotFound(code="no-such-person")
    audit.record(actor, purpose, "population.person", person, fields=["id"])
    return person


def find_named(actor: Actor, purpose: Purpose, name: str, born: date) -> UUID:
    """The one person of this name, born on this day, where the number is not at hand; the log remembers. A first name
    of several is enough. Raises NotFound, also with code "several-such" when there are more."""
    wanted = " ".join(name.split()).casefold()
    rows = models.Person.objects.filter(birth_date=born, died=None).only("given_name", "family_name")
    found = [row.pk for row in rows if wanted in _names(row)]
    if len(found) != 1:
        raise NotFound(code="several-such" if found else "no-such-person")
    audit.record(actor, purpose, "population.person", found[0], fields=["id"])
    return found[0]


def _names(row: models.Person) -> tuple[str, str]:
    return row.name.casefold(), f"{row.given_name.split()[0]} {row.family_name}".casefold()


def is_alive(person: UUID) -> bool:
    """Whether she is in the population register, and not as dead."""
    return models.Person.objects.filter(pk=person, died=None).exists()


def identity_number(actor: Actor, purpose: Purpose, person: UUID) -> str:
    """The person's identity number, for a service that may have it; the log remembers. Raises NotFound."""
    number = models.Person.objects.filter(pk=person).values_list("identity_number", flat=True).first()
    if number is None:
        raise NotFound(code="no-such-person")
    audit.record(actor, purpose, "population.person", person, fields=["identity_number"])
    return number


def tell_name(actor: Actor, purpose: Purpose, person: UUID) -> str:
    """The person's name, for a service that may have it; the log remembers."""
    audit.record(actor, purpose, "population.person", person, fields=["name"])
    return name_of(Party("person", person))


def name_of(party: Party) -> str:
    """The name to put on a page or a letter of the party's own; empty when unknown."""
    if party.kind == "organisation":
        return models.Organisation.objects.filter(pk=party.id).values_list("name", flat=True).first() or ""
    person = models.Person.objects.filter(pk=party.id).only("given_name", "family_name").first()
    return person.name if person else ""


def died(party: Party) -> date | None:
    """The day a person died, for whoever pays or decides; None for the living and for organisations."""
    if party.kind != "person":
        return None
    return models.Person.objects.filter(pk=party.id).values_list("died", flat=True).first()


def parents(person: UUID) -> list[UUID]:
    """The living parents of a child under 18, for whoever pays for it: it is told to nobody."""
    return [UUID(one["id"]) for one in sources.guardians(person)]


def children(person: UUID) -> list[UUID]:
    """Somebody's living children under 18, for whoever pays for them: it is told to nobody."""
    return [UUID(one["id"]) for one in sources.children(person)]


def contact(party: Party) -> Contact:
    """How ``party`` is reached; an empty Contact when nothing is registered."""
    row = models.Contact.objects.filter(party=str(party)).first()
    return Contact(row.email, row.mobile, row.language, row.reserved) if row else Contact()


def account(actor: Actor) -> str:
    """The account that the party has chosen for payments from authorities; empty when none."""
    return models.Contact.objects.filter(party=str(actor.party)).values_list("account", flat=True).first() or ""


def set_contact(
    actor: Actor, *, email: str, mobile: str, language: str, reserved: bool, account: str | None = None
) -> None:
    """The party's own change of how she is reached (eForvaltningsforskriften § 29); no ``account``: as it was.

    Only people may have their letters on paper (§ 9). The log tells which fields were changed. Raises Invalid.
    """
    values: dict[str, Any] = {"email": email, "mobile": mobile, "language": language}
    values["reserved"] = reserved and actor.party.kind == "person"
    values = checked(values | ({} if account is None else {"account": account}))
    with transaction.atomic():
        row, new = models.Contact.objects.select_for_update().get_or_create(party=str(actor.party), defaults=values)
        changed = sorted(values) if new else sorted(name for name in values if getattr(row, name) != values[name])
        for name in changed:
            setattr(row, name, values[name])
        row.verified = timezone.localdate()
        row.save()
        if changed:
            with translation.override(row.language):
                own = Purpose(_BASIS, gettext("Your own change of contact details"))
            audit.record(actor, own, "contact.details", actor.party.id, action="change", fields=changed)
        if "account" in changed and row.account:
            events.publish("registers.account_changed", party=actor.party)


def rename(actor: Actor, purpose: Purpose, person: UUID, given_name: str, family_name: str) -> None:
    """Register a new name (navneloven); a middle name stands with the given ones. Publishes
    "registers.person_renamed". Raises Invalid for a name that is empty or too long for the register."""
    given, family = " ".join(given_name.split()), " ".join(family_name.split())
    if not 0 < len(given) <= LONGEST_NAME or not 0 < len(family) <= LONGEST_NAME:
        raise Invalid(code="bad-name", errors={"name": [gettext("A name has 1 to 80 letters")]})
    with transaction.atomic():
        models.Person.objects.filter(pk=person).update(given_name=given, family_name=family)
        audit.record(actor, purpose, "population.person", person, action="change", fields=["given_name", "family_name"])
        events.publish("registers.person_renamed", person=person)


def emigrate(
    actor: Actor, purpose: Purpose, person: UUID, abroad: str, country: str, left_on: date, also: Sequence[UUID] = ()
) -> None:
    """Register that ``person``, and ``also`` those who go along, left Norway (folkeregisterloven § 4-3), with the
    address ``abroad``. Publishes "registers.person_emigrated" for each."""
    with transaction.atomic():
        street = " ".join(abroad.split())[:LONGEST_ADDRESS]
        new = models.Address.objects.create(street=street, place=country[:LONGEST_ADDRESS])
        for one in (person, *also):
            models.Person.objects.filter(pk=one).update(address=new, emigrated=left_on)
            fields = ["address", "emigrated"]
            audit.record(actor, purpose, "population.person", one, action="change", fields=fields)
            events.publish("registers.person_emigrated", person=one, left_on=left_on)


def register_death(actor: Actor, purpose: Purpose, person: UUID, died_on: date) -> None:
    """Register that ``person`` died (folkeregisterloven § 3-1). Publishes "registers.person_died". Raises NotFound for
    one who is not in the register, or is dead there already."""
    with transaction.atomic():
        if not models.Person.objects.filter(pk=person, died=None).update(died=died_on):
            raise NotFound(code="no-such-person")
        audit.record(actor, purpose, "population.person", person, action="change", fields=["died"])
        events.publish("registers.person_died", person=person, died_on=died_on)


def move(
    actor: Actor, purpose: Purpose, person: UUID, address: dict[str, str], moved_on: date, also: Sequence[UUID] = ()
) -> None:
    """Register a new address for ``person`` and ``also`` those who move along (folkeregisterloven § 6-1).

    ``address`` has street, postcode, place and municipality (official number). Publishes
    "registers.person_moved" for each. Raises Invalid for a municipality that does not exist.
    """
    if not models.Organisation.objects.filter(kind="municipality", number=address["municipality"]).exists():
        raise Invalid(code="no-such-municipality", errors={"municipality": [gettext("Choose a municipality")]})
    fields = ("street", "postcode", "place", "municipality")
    with transaction.atomic():
        new = models.Address.objects.create(**{name: address[name] for name in fields})
        for mover in (person, *also):
            models.Person.objects.filter(pk=mover).update(address=new, emigrated=None)
            audit.record(actor, purpose, "population.address", mover, action="change", fields=fields)
            events.publish("registers.person_moved", person=mover, moved_on=moved_on)
