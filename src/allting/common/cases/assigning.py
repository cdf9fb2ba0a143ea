"""Who handles what: colleagues, skills, substitutes, notes and reminders. All within the officer's own authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.deadlines import morning_of
from allting.common.cases.deciding import at_desk, too_near, words_of
from allting.common.cases.lifecycle import append
from allting.common.cases.models import Case, Note, Reminder, Skill, Substitute
from allting.common.catalogue import api as catalogue
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import seal, unseal
from allting.kernel.problems import Invalid, NotAllowed

LONGEST = timedelta(days=366)  # a substitute's period


@transaction.atomic
def assign(actor: Actor, case_id: UUID, revision: int, person: UUID | None) -> None:
    """Give the case to a colleague, who is told. Raises Invalid for one who does not work here or is too near, and as
    ``at_desk``."""
    case = at_desk(actor, case_id)
    name = dict(registers.officers(case.desk)).get(person) if person else None
    if name is None or person is None:
        raise Invalid(errors={"person": [_("Choose a colleague")]})
    if too_near(Actor(person).as_officer(case.desk, ""), case):
        raise Invalid(errors={"person": [_("This colleague is too near the case. Choose another.")]})
    case.officer = person
    append(case, "assigned", actor, {"name": actor.name, "text": name}, revision=revision)
    if person != actor.person:
        notification.nudge(Party("person", person), "work-news", f"assigned:{case.pk}:{case.revision}")


@transaction.atomic
def put_back(actor: Actor, case_id: UUID, revision: int) -> None:
    """Nobody has the case any more: it waits in the queue for whoever takes it."""
    case = at_desk(actor, case_id)
    case.officer = None
    append(case, "put-back", actor, {"name": actor.name}, revision=revision)


# --- Notes and reminders -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as its readers see it."""

    by: str
    at: datetime
    text: str


@transaction.atomic
def note(actor: Actor, case_id: UUID, text: str) -> None:
    """An internal note. It does not change the case, and stands in no letter (forvaltningsloven § 18 a)."""
    words = words_of("note_text", text)
    case = at_desk(actor, case_id)
    assert actor.person is not None and actor.authority is not None
    row = Note(case=case, authority=actor.authority, person=actor.person)
    row.content = seal(words.encode(), f"note:{case.pk}:{actor.person}")
    row.save()


def notes(actor: Actor, case: Case) -> list[Noted]:
    """Those of the officer's own authority: an appeals body does not read what was noted before it."""
    rows = list(Note.objects.filter(case=case, authority=actor.authority).order_by("id"))
    names = {one: registers.name_of(Party("person", one)) for one in {row.person for row in rows}}
    return [
        Noted(names[row.person], row.at, unseal(bytes(row.content), f"note:{case.pk}:{row.person}").decode())
        for row in rows
    ]


@transaction.atomic
def remind(actor: Actor, case_id: UUID, on: str) -> None:
    """The officer's own date: she is told that day, and the case stands on top of her list. Raises Invalid."""
    case = at_desk(actor, case_id)
    day, today = _date("on", on), timezone.localdate()
    if not today <= day <= today + 2 * LONGEST:
        raise Invalid(errors={"on": [_("Choose a day from today on")]})
    assert actor.person is not None and actor.authority is not None
    row = Reminder.objects.create(case=case, authority=actor.authority, person=actor.person, on=day)
    outbox.put("cases.remind", str(row.pk), {"reminder": row.pk}, due=morning_of(day))


def told(payload: Any, key: str) -> None:
    """Outbox handler: the day of a reminder has come."""
    row = Reminder.objects.filter(pk=payload["reminder"], done=False).first()
    if row is not None:
        notification.nudge(Party("person", row.person), "work-due", f"reminder:{row.pk}")


@transaction.atomic
def reminded(actor: Actor, case_id: UUID) -> None:
    """The officer has seen to it: her reminders of this case are done."""
    case = at_desk(actor, case_id)
    Reminder.objects.filter(case=case, person=actor.person, authority=actor.authority).update(done=True)


def reminders(actor: Actor, case: UUID | None = None) -> list[tuple[date, UUID, str]]:
    """Her reminders that have come, or all of one case: day, case, and its number."""
    rows = Reminder.objects.filter(person=actor.person, authority=actor.authority, done=False)
    rows = rows.filter(case=case) if case else rows.filter(on__lte=timezone.localdate())
    return list(rows.order_by("on", "id").values_list("on", "case", "case__number")[:50])


# --- Skills and substitutes ----------------------------------------------------------------------------


def skills(actor: Actor) -> list[str]:
    """The services that the officer handles in her authority; none: all of them."""
    rows = Skill.objects.filter(authority=actor.authority, person=actor.person)
    return list(rows.order_by("service").values_list("service", flat=True))


@transaction.atomic
def set_skills(actor: Actor, services: Sequence[str]) -> None:
    """Which services she handles. It sorts her queue and says who is told; it opens and shuts nothing."""
    assert actor.person is not None and actor.authority is not None and actor.is_officer
    known = {one.slug for one in catalogue.services()}
    Skill.objects.filter(authority=actor.authority, person=actor.person).delete()
    Skill.objects.bulk_create(
        [Skill(authority=actor.authority, person=actor.person, service=one) for one in sorted(known & set(services))]
    )


@dataclass(frozen=True, slots=True)
class Period:
    """Somebody stands in for somebody, between two days."""

    id: int
    name: str
    starts: date
    ends: date


@transaction.atomic
def set_substitute(actor: Actor, stand_in: UUID | None, starts: str, ends: str) -> None:
    """A colleague sees and is told of the officer's cases for a time. Raises Invalid."""
    assert actor.person is not None and actor.authority is not None and actor.is_officer
    first, last = _date("starts", starts), _date("ends", ends)
    if stand_in is None or stand_in == actor.person or stand_in not in dict(registers.officers(actor.authority)):
        raise Invalid(errors={"stand_in": [_("Choose a colleague")]})
    if last < max(first, timezone.localdate()) or last - first > LONGEST:
        raise Invalid(errors={"ends": [_("Choose a last day after the first, at most a year on")]})
    Substitute.objects.create(
        authority=actor.authority, person=actor.person, stand_in=stand_in, starts=first, ends=last
    )


def end_substitute(actor: Actor, period: int) -> None:
    """End it at once; ending it twice is no fault."""
    Substitute.objects.filter(pk=period, authority=actor.authority, person=actor.person).delete()


def substitutes(actor: Actor) -> list[Period]:
    """Who stands in for the officer, now and later."""
    rows = Substitute.objects.filter(authority=actor.authority, person=actor.person, ends__gte=timezone.localdate())
    names = dict(registers.officers(actor.authority)) if actor.authority else {}
    return [Period(row.pk, names.get(row.stand_in, ""), row.starts, row.ends) for row in rows.order_by("starts", "pk")]


def standing_in_for(actor: Actor) -> list[UUID]:
    """Those whose cases are hers today."""
    today = timezone.localdate()
    now = Q(starts__lte=today, ends__gte=today)
    return list(
        Substitute.objects.filter(now, authority=actor.authority, stand_in=actor.person).values_list("person", flat=True)
    )


def colleagues(actor: Actor) -> list[tuple[UUID, str]]:
    """Those at work in the officer's authority. Raises NotAllowed for who is not at work."""
    if not actor.is_officer or actor.authority is None:
        raise NotAllowed()
    return registers.officers(actor.authority)


def _date(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(errors={field: [_("Choose a day")]}) from None

