"""Somebody is interested: what she writes goes to the employer with her CV, and the answer comes back to her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from allting.common.audit import api as audit
from allting.common.notification import api as notification
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.kernel.text import written
from allting.sectors.jobs import profiles, vacancies
from allting.sectors.jobs.models import Interest, Vacancy

BASIS = "personvernforordningen artikkel 6 nr. 1 bokstav b"
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Applied:
    """What somebody sent, as she or the employer reads it; ``answer`` is what the employer wrote back."""

    id: UUID
    vacancy: Vacancy
    state: str
    at: datetime
    name: str
    email: str
    mobile: str
    message: str
    cv: profiles.Cv
    answer: str


def apply(actor: Actor, vacancy_id: UUID, message: str) -> Interest:
    """Send ``message``, name, contact details and CV to the employer. Raises Invalid, and Conflict when it is too
    late. A second time changes nothing; after she has withdrawn, it is sent anew."""
    person, text = profiles.person_of(actor), written(message)
    if not text or len(text) > LONGEST:
        wrong = gettext("Fill in this field") if not text else _too_long()
        raise Invalid(errors={"message": [wrong]})
    with transaction.atomic():
        vacancy = Vacancy.objects.select_for_update().filter(pk=vacancy_id).first()
        if vacancy is None or vacancy.state == Vacancy.State.WITHDRAWN:
            raise NotFound(code="no-such-vacancy")
        if not vacancies.takes_interest(vacancy):
            raise Conflict(gettext("It is too late to apply."), code="vacancy-closed")
        row, new = Interest.objects.get_or_create(vacancy=vacancy, person=person)
        if not new and row.state != Interest.State.WITHDRAWN:
            return row
        row.state, row.answer = Interest.State.SENT, None
        row.content = seal_json(_sent(actor, text), f"jobs.interest:{row.pk}")
        row.save()
        employer = Party("organisation", vacancy.employer)
        notification.nudge(employer, "job-interest", f"job-interest:{vacancy.pk}:{row.pk}")
    return row


def _too_long() -> str:
    return gettext("Write at most %(number)s characters") % {"number": LONGEST}


def _sent(actor: Actor, message: str) -> dict[str, Any]:
    contact = registers.contact(actor.party)
    return {
        "message": message, "name": registers.name_of(actor.party), "email": contact.email,
        "mobile": contact.mobile, "cv": asdict(profiles.cv(actor)),
    }  # fmt: skip


def withdraw(actor: Actor, vacancy_id: UUID) -> None:
    """She is no longer interested: what she sent is taken away at once. Raises NotFound."""
    rows = Interest.objects.filter(vacancy=vacancy_id, person=profiles.person_of(actor))
    if not rows.update(state=Interest.State.WITHDRAWN, content=None, answer=None):
        raise NotFound(code="no-such-interest")


def own(actor: Actor) -> list[Applied]:
    """What she has applied for, newest first."""
    rows = Interest.objects.filter(person=profiles.person_of(actor)).select_related("vacancy").order_by("-pk")
    return [_read(row) for row in rows[:100]]


def own_one(actor: Actor, vacancy_id: UUID) -> Applied | None:
    rows = Interest.objects.filter(person=profiles.person_of(actor), vacancy=vacancy_id)
    row = rows.select_related("vacancy").first()
    return _read(row) if row else None


def received(actor: Actor, vacancy: Vacancy) -> list[Applied]:
    """Who has applied to the employer's ``vacancy``; each sees in her log that it was read.

    Raises NotAllowed for an officer who does not answer for it.
    """
    _check_answers_for(actor, vacancies.own_one(actor, vacancy.pk))
    rows = Interest.objects.filter(vacancy=vacancy).exclude(state=Interest.State.WITHDRAWN).order_by("pk")
    found = [row for row in rows.select_related("vacancy") if row.content is not None]
    reason = gettext("You applied for the job “%(title)s”") % {"title": vacancy.title}
    with transaction.atomic():
        for row in found:
            audit.record(actor, Purpose(BASIS, reason), "jobs.interest", row.person, fields=["message", "cv"])
    return [_read(row) for row in found]


def _check_answers_for(actor: Actor, vacancy: Vacancy) -> None:
    if not vacancies.answers_for(actor, vacancy):
        raise NotAllowed(gettext("Only the one who answers for the vacancy reads who has applied."), code="not-yours")


def answer(actor: Actor, interest_id: UUID, state: str, text: str) -> None:
    """Invite her, or say no, with words. She is told that there is news. Raises Invalid, NotFound and Conflict."""
    words = written(text)
    with transaction.atomic():
        rows = Interest.objects.select_for_update(of=("self",)).select_related("vacancy")
        row = rows.filter(pk=interest_id, vacancy__employer=vacancies.employer_of(actor)).first()
        if row is None:
            raise NotFound(code="no-such-interest")
        _check_answers_for(actor, row.vacancy)
        _check_answer(state, words)
        if row.state == Interest.State.WITHDRAWN:
            raise Conflict(code="changed-meanwhile")
        row.state = state
        row.answer = seal_json(words, f"jobs.answer:{row.pk}")
        row.save(update_fields=["state", "answer"])
        key = f"job-answer:{row.pk}:{state}"
        notification.nudge(Party("person", row.person), "job-news", key)


def _check_answer(state: str, words: str) -> None:
    errors = {}
    if state not in (Interest.State.INVITED, Interest.State.DECLINED):
        errors["state"] = [gettext("Choose one")]
    if not words or len(words) > LONGEST:
        errors["answer"] = [gettext("Fill in this field") if not words else _too_long()]
    if errors:
        raise Invalid(errors=errors)


def closed(payload: Mapping[str, Any], key: str) -> None:
    """Outbox: a vacancy is filled or withdrawn. Who waits for an answer, or was invited, is told once that there is
    news; what it is stands on her page, not in the message."""
    waits = [Interest.State.SENT, Interest.State.INVITED]
    rows = Interest.objects.filter(vacancy=payload["vacancy"], state__in=waits).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        notification.nudge(Party("person", row.person), "job-news", f"job-closed:{row.pk}")


def forget(payload: Mapping[str, Any], key: str) -> None:
    """Outbox: long after the last day to apply, what people sent is deleted (personvernforordningen art. 5)."""
    vacancy = Vacancy.objects.filter(pk=payload["vacancy"]).first()
    if vacancy is not None and key == f"jobs.forget:{vacancy.pk}:{vacancy.apply_by}":
        Interest.objects.filter(vacancy=vacancy).delete()


def _read(row: Interest) -> Applied:
    empty: dict[str, Any] = {"message": "", "name": "", "email": "", "mobile": "", "cv": {}}
    content = unseal_json(row.content, f"jobs.interest:{row.pk}") if row.content is not None else empty
    said = unseal_json(row.answer, f"jobs.answer:{row.pk}") if row.answer is not None else ""
    cv = profiles.Cv(**content.pop("cv"))
    return Applied(row.pk, row.vacancy, row.state, row.at, **content, cv=cv, answer=said)
