"""Who handles what: colleagues, skills and substitutes. All within the officer's own authority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.deciding import at_desk, too_near
from allting.common.cases.lifecycle import append
from allting.common.cases.models import Reminder, Skill, Substitute
from allting.common.catalogue import api as catalogue
from allting.common.notification import api as notification
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.text import Text, alphabetical

LONGEST = timedelta(days=366)  # a substitute's period
MOST_REMINDERS = 50  # shown at once


def at_work(actor: Actor) -> tuple[UUID, UUID]:
    """The officer and her authority. Raises NotAllowed for who is not at work."""
    if not actor.is_officer or actor.authority is None or actor.person is None:
        raise NotAllowed()
    return actor.person, actor.authority


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


# --- Skills and substitutes ----------------------------------------------------------------------------


def skills(actor: Actor) -> list[str]:
    """The services that the officer handles in her authority; none: all of them."""
    person, authority = at_work(actor)
    rows = Skill.objects.filter(authority=authority, person=person)
    return list(rows.order_by("service").values_list("service", flat=True))


def handled(actor: Actor, *, appeals: bool = True) -> list[tuple[str, Text]]:
    """The services that come to the officer's authority, by name; its ``appeals`` too, or only what it decides."""
    one = registers.authority(at_work(actor)[1])
    mine = {one.slug, f"every {one.kind}", registers.EVERY}
    above = {one.slug, registers.SUPERIOR} if registers.is_above(one) else {one.slug}
    every = [published.service for published in catalogue.services()]
    there = [row for row in every if row.offered_by in mine or (appeals and row.appeal.to in above)]
    return sorted(((row.service, row.title) for row in there), key=lambda row: alphabetical(row[1]))


@transaction.atomic
def set_skills(actor: Actor, services: Sequence[str]) -> None:
    """Which services she handles. It sorts her queue and says who is told; it opens and shuts nothing."""
    person, authority = at_work(actor)
    known = {one for one, _title in handled(actor)}
    Skill.objects.filter(authority=authority, person=person).delete()
    chosen = sorted(known & set(services))
    Skill.objects.bulk_create([Skill(authority=authority, person=person, service=one) for one in chosen])


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
    person, authority = at_work(actor)
    first, last = date_of("starts", starts), date_of("ends", ends)
    if stand_in is None or stand_in == person or stand_in not in dict(registers.officers(authority)):
        raise Invalid(errors={"stand_in": [_("Choose a colleague")]})
    if last < max(first, timezone.localdate()) or last - first > LONGEST:
        raise Invalid(errors={"ends": [_("Choose a last day after the first, at most a year on")]})
    Substitute.objects.create(authority=authority, person=person, stand_in=stand_in, starts=first, ends=last)


def end_substitute(actor: Actor, period: int) -> None:
    """End it at once. Raises NotFound, also for another's."""
    person, authority = at_work(actor)
    if not Substitute.objects.filter(pk=period, authority=authority, person=person).delete()[0]:
        raise NotFound()


def substitutes(actor: Actor) -> list[Period]:
    """Who stands in for the officer, now and later."""
    person, authority = at_work(actor)
    rows = Substitute.objects.filter(authority=authority, person=person, ends__gte=timezone.localdate())
    names = dict(registers.officers(authority))
    return [Period(row.pk, names.get(row.stand_in, ""), row.starts, row.ends) for row in rows.order_by("starts", "pk")]


@dataclass(frozen=True, slots=True)
class Hands:
    """The services she handles (none: all), those whose cases are hers today, herself among them, and her reminders
    that have come: day, case, number."""

    services: list[str]
    whose: list[UUID]
    reminders: list[tuple[date, UUID, str]]


def hands(actor: Actor) -> Hands:
    """All that is the officer's own, in one query: her first page asks for much already."""
    (person, authority), today = at_work(actor), timezone.localdate()
    standing = Substitute.objects.filter(authority=authority, stand_in=person, starts__lte=today, ends__gte=today)
    whose = standing.values_list(Value("for"), Cast("person", CharField()))
    rows = Skill.objects.filter(authority=authority, person=person).values_list(Value("skill"), "service")
    due = Reminder.objects.filter(authority=authority, person=person, done=False, on__lte=today)
    words = [Cast("on", CharField()), Value("|"), Cast("case", CharField()), Value("|"), "case__number"]
    found = list(rows.union(whose, due.values_list(Value("remind"), Concat(*words)), all=True))
    of = {name: sorted(value for kind, value in found if kind == name) for name in ("skill", "for", "remind")}
    days = [one.split("|", 2) for one in of["remind"][:MOST_REMINDERS]]
    reminders = [(date.fromisoformat(day), UUID(case), number) for day, case, number in days]
    return Hands(of["skill"], [person, *(UUID(one) for one in of["for"])], reminders)


def colleagues(actor: Actor) -> list[tuple[UUID, str]]:
    """Those at work in the officer's authority. Raises NotAllowed for who is not at work."""
    return registers.officers(at_work(actor)[1])


def date_of(field: str, text: str) -> date:
    """A day as it is written in a date field. Raises Invalid at ``field``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(errors={field: [_("Choose a day")]}) from None
