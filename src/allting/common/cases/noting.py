"""What an officer notes for those who handle the case, and when she wants to see it again. The case stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.assigning import LONGEST, at_work, date_of, hands
from allting.common.cases.deadlines import morning_of
from allting.common.cases.deciding import at_desk, words_of
from allting.common.cases.models import Case, Note, Reminder
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import seal, unseal
from allting.kernel.problems import Invalid


@dataclass(frozen=True, slots=True)
class Noted:
    """A note as its readers see it."""

    by: str
    at: datetime
    text: str


@transaction.atomic
def note(actor: Actor, case_id: UUID, text: str) -> None:
    """An internal note. It does not change the case, and stands in no letter (forvaltningsloven § 18 a)."""
    case = at_desk(actor, case_id)
    words = words_of("note_text", text)
    person, authority = at_work(actor)
    row = Note(case=case, authority=authority, person=person)
    row.content = seal(words.encode(), f"note:{case.pk}:{person}")
    row.save()


def notes(actor: Actor, case: Case) -> list[Noted]:
    """Those of the officer's own authority: an appeals body does not read what was noted before it."""
    rows = list(Note.objects.filter(case=case, authority=at_work(actor)[1]).order_by("id"))
    names = {one: registers.name_of(Party("person", one)) for one in {row.person for row in rows}}
    return [
        Noted(names[row.person], row.at, unseal(bytes(row.content), f"note:{case.pk}:{row.person}").decode())
        for row in rows
    ]


@transaction.atomic
def remind(actor: Actor, case_id: UUID, on: str) -> None:
    """The officer's own date: she is told that day, and the case stands on top of her list. Raises Invalid."""
    case = at_desk(actor, case_id)
    day = date_of("on", on)
    sound(day)
    person, authority = at_work(actor)
    row, new = Reminder.objects.get_or_create(case=case, authority=authority, person=person, on=day, done=False)
    if new:  # asked for twice, she is told once
        outbox.put("cases.remind", str(row.pk), {"reminder": row.pk}, due=morning_of(day))


def sound(day: date) -> None:
    """Raises Invalid for a day that has been, or is more than two years on."""
    today = timezone.localdate()
    if not today <= day <= today + 2 * LONGEST:
        raise Invalid(errors={"on": [_("Choose a day from today on")]})


def told(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the day of a reminder has come."""
    row = Reminder.objects.filter(pk=payload["reminder"], done=False).first()
    if row is not None:
        notification.nudge(Party("person", row.person), "work-due", f"reminder:{row.pk}")


@transaction.atomic
def reminded(actor: Actor, case_id: UUID) -> None:
    """The officer has seen to it: her reminders of this case are done."""
    case = at_desk(actor, case_id)
    person, authority = at_work(actor)
    Reminder.objects.filter(case=case, person=person, authority=authority).update(done=True)


def reminders(actor: Actor, case: UUID | None = None) -> list[tuple[date, UUID, str]]:
    """Her reminders that have come, or all of one case: day, case, and its number."""
    if case is None:
        return hands(actor).reminders
    person, authority = at_work(actor)
    rows = Reminder.objects.filter(person=person, authority=authority, done=False, case=case)
    return list(rows.order_by("on", "id").values_list("on", "case", "case__number")[:50])
