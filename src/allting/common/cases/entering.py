"""An application that came on paper, by telephone or at the counter: an officer enters it for its party.

The form is the party's own. What she cannot give here, her signature, is on the paper or in the officer's note of what
was said (forvaltningsloven § 11 d second paragraph).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.cases import drafts, files
from allting.common.cases.assigning import at_work, handled
from allting.common.cases.came import SCAN, WAYS, Came, record
from allting.common.cases.models import Draft
from allting.common.cases.submitting import belongs_to, municipality
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.numbers import BadNumber, identity_number, organisation_number
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.text import Text, said, written

OLDEST = timedelta(days=366)  # since it came: older is a slip of the pen
LONGEST_NOTE = 4000
MAX_MB = 10


@dataclass(frozen=True, slots=True)
class Arrived:
    """What the officer writes about it, as it was typed: whose it is, how and when it came, and what was said."""

    number: str = ""
    name: str = ""
    born: str = ""
    way: str = ""
    received: str = ""
    note: str = ""


def enterable(actor: Actor) -> list[tuple[str, Text]]:
    """The services that the officer's authority decides, by name."""
    return handled(actor, appeals=False)


def enter(actor: Actor, slug: str, arrived: Arrived, paper: tuple[str, bytes] | None = None) -> UUID:
    """Begin to enter an application for whose it is; ``paper``: the scan's name and bytes. Registers are looked up for
    the party as if she applied, and each look-up stands in her log.

    Raises NotFound for a service that the officer's authority does not decide, Invalid with all that is wrong,
    NotAllowed when it is her own or of those nearest her (forvaltningsloven § 6), and Unavailable.
    """
    if slug not in dict(enterable(actor)):
        raise NotFound(code="no-such-service")
    published = catalogue.service(slug)
    came, wrong = _read(actor, arrived)
    media_type = ""
    try:
        if paper is not None:
            media_type = files.taken("paper", paper[1], MAX_MB)
        elif arrived.way == "paper":
            wrong["paper"] = [_("Add the scanned paper")]
        party = _find(actor, published.service, arrived)
    except Invalid as faults:
        raise Invalid(errors={**faults.errors, **wrong}) from None
    if wrong or came is None:
        raise Invalid(errors=wrong)
    _may_enter(actor, published.service, party)
    with transaction.atomic():
        row = _begin(actor, published, party, came)
        if paper is not None:
            files.keep(row, SCAN, paper[0], paper[1], media_type)
    return row.pk


def _read(actor: Actor, arrived: Arrived) -> tuple[Came | None, dict[str, list[Any]]]:
    wrong: dict[str, list[Any]] = {}
    if arrived.way not in WAYS:
        wrong["way"] = [_("Choose how it came")]
    note = written(arrived.note)
    if len(note) > LONGEST_NOTE:
        wrong["note"] = [_("Write at most 4000 characters")]
    if not note and arrived.way in ("telephone", "counter"):
        wrong["note"] = [_("Write down what was said, and who said it")]
    day, today = _day(arrived.received), timezone.localdate()
    if day is None or not today - OLDEST <= day <= today:
        wrong["received"] = [_("Choose the day it came, today or up to a year ago")]
        return None, wrong
    return Came(arrived.way, day, note, actor.name), wrong


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _find(actor: Actor, service: catalogue.Service, arrived: Arrived) -> Party:
    """Whose it is. An enterprise is found by its number only, and that is public. Raises Invalid."""
    if service.audience == "business":
        return _enterprise(arrived.number)
    purpose = Purpose(service.law, said(_("We enter an application for you")).in_(actor.language))
    if not arrived.number.strip():
        return _by_name(actor, purpose, arrived)
    try:
        return Party("person", registers.find_person(actor, purpose, identity_number(arrived.number)))
    except BadNumber:
        raise Invalid(errors={"number": [_("Write the 11 digits of an identity number")]}) from None
    except NotFound:
        raise Invalid(errors={"number": [_("We do not find a person with this number")]}) from None


def _by_name(actor: Actor, purpose: Purpose, arrived: Arrived) -> Party:
    born = _day(arrived.born)
    if not arrived.name.strip() or born is None:
        raise Invalid(errors={"number": [_("Write the identity number, or the name and the date of birth")]})
    try:
        return Party("person", registers.find_named(actor, purpose, arrived.name, born))
    except NotFound as none:
        if none.code == "several-such":
            text = _("Several people have this name and date of birth. Write the identity number.")
        else:
            text = _("We do not find a person of this name born on this day")
        raise Invalid(errors={"name": [text]}) from None


def _enterprise(number: str) -> Party:
    try:
        found = registers.organisation_with(organisation_number(number))
    except BadNumber:
        raise Invalid(errors={"number": [_("Write the 9 digits of an enterprise")]}) from None
    if found is None:
        raise Invalid(errors={"number": [_("We do not find an enterprise with this number")]})
    return Party("organisation", found)


def _may_enter(actor: Actor, service: catalogue.Service, party: Party) -> None:
    """Raises NotAllowed when it is too near her, and Invalid when another authority is to decide it."""
    person, authority = at_work(actor)
    if registers.near(person, party):
        raise NotAllowed(code="own-case")
    if service.sent_to:
        return  # an answer says whose case it is
    try:
        whose = registers.authority_for(service.offered_by, municipality(actor, service, party))
    except NotFound:
        text = _("The register has no address here, so we cannot tell who decides this")
        raise Invalid(errors={"number": [text]}) from None
    if whose.id != authority:
        raise Invalid(errors={"number": [belongs_to(whose)]})


def _begin(actor: Actor, published: catalogue.Published, party: Party, came: Came) -> Draft:
    person, authority = at_work(actor)
    draft_id = uuid7()
    record(actor, published.service.law, party)
    known = drafts.look_up(actor, published.service, party)
    return Draft.objects.create(
        id=draft_id,
        party=str(party),
        person=person,
        service=published.slug,
        digest=catalogue.keep(published),
        content=drafts.sealed(draft_id, {}, known, came),
        looked_up=timezone.localdate(),
        desk=authority,
    )
