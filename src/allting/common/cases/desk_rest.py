"""``/api/office``, an officer's own: notes, reminders, letters, texts, questions to answer, skills, substitutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from allting.common.cases import api as cases
from allting.common.cases.rest import CaseOut, case_out
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor

router = Router(auth=RestGuard(officer=True))
prefix = "/office"


class NoteIn(Schema):
    text: str


class NoteOut(Schema):
    by: str
    at: datetime
    text: str


class ReminderIn(Schema):
    on: date


class ReminderOut(Schema):
    on: date
    case: UUID
    number: str


class LetterIn(Schema):
    """``{party.name}`` and the other names in braces are filled in."""

    title: str
    text: str


class LetterSentIn(LetterIn):
    revision: int


class TextIn(LetterIn):
    """``service`` empty: for letters in all."""

    service: str = ""


class TextOut(TextIn):
    id: UUID


class InquiryOut(Schema):
    id: UUID
    case_number: str
    title: str
    asker: str
    question: str
    answer: str
    asked: datetime
    due: date
    answered: datetime | None


class OfficeAnswerIn(Schema):
    text: str


class FiguresOut(Schema):
    """A service in a month; null: from one to four, or a share of so few."""

    service: str
    month: date
    received: int | None
    decided: int | None
    median: int | None
    ninety: int | None
    percent: int | None
    appeals: int | None
    changed: int | None
    stood: int | None


class ColleagueOut(Schema):
    id: UUID
    name: str


class SkillsIn(Schema):
    services: list[str]


class SubstituteIn(Schema):
    stand_in: UUID
    starts: date
    ends: date


class SubstituteOut(Schema):
    id: int
    name: str
    starts: date
    ends: date


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("/questions", response=list[InquiryOut], url_name="office-questions")
def questions(request: HttpRequest) -> list[dict[str, Any]]:
    """What other authorities ask the officer's, the most urgent first. Each is read by itself: that is recorded."""
    return [_inquiry(one) for one in cases.to_answer(_actor(request))]


@router.get("/questions/{inquiry_id}", response=InquiryOut, url_name="office-question")
def question(request: HttpRequest, inquiry_id: UUID) -> dict[str, Any]:
    return _inquiry(cases.question(_actor(request), inquiry_id))


@router.post("/questions/{inquiry_id}", response=InquiryOut, url_name="office-advise")
def advise(request: HttpRequest, inquiry_id: UUID, payload: OfficeAnswerIn) -> dict[str, Any]:
    """Answer another authority, once."""
    cases.advise(_actor(request), inquiry_id, payload.text)
    return _inquiry(cases.question(_actor(request), inquiry_id))


def _inquiry(one: cases.Asked) -> dict[str, Any]:
    names = ("id", "case_number", "asker", "question", "answer", "asked", "due", "answered")
    return {"title": str(one.title), **{name: getattr(one, name) for name in names}}


@router.get("/colleagues", response=list[ColleagueOut], url_name="office-colleagues")
def colleagues(request: HttpRequest) -> list[dict[str, Any]]:
    return [{"id": person, "name": name} for person, name in cases.colleagues(_actor(request))]


@router.get("/skills", response=list[str], url_name="office-skills")
def skills(request: HttpRequest) -> list[str]:
    """The services she handles; none: all of them."""
    return cases.skills(_actor(request))


@router.put("/skills", response=list[str], url_name="office-skills-set")
def set_skills(request: HttpRequest, payload: SkillsIn) -> list[str]:
    """Choose what she handles, of what comes to her authority."""
    cases.set_skills(_actor(request), payload.services)
    return cases.skills(_actor(request))


@router.get("/substitutes", response=list[SubstituteOut], url_name="office-substitutes")
def substitutes(request: HttpRequest) -> list[cases.Period]:
    """Who stands in for her, now and later."""
    return cases.substitutes(_actor(request))


@router.post("/substitutes", response={201: list[SubstituteOut]}, url_name="office-substitute-set")
def set_substitute(request: HttpRequest, payload: SubstituteIn) -> Status[list[cases.Period]]:
    who, days = _actor(request), (payload.starts.isoformat(), payload.ends.isoformat())
    cases.set_substitute(who, payload.stand_in, *days)
    return Status(201, cases.substitutes(who))


@router.delete("/substitutes/{period}", response={204: None}, url_name="office-substitute-end")
def end_substitute(request: HttpRequest, period: int) -> Status[None]:
    """End it at once."""
    cases.end_substitute(_actor(request), period)
    return Status(204, None)


@router.get("/cases/{case_id}/notes", response=list[NoteOut], url_name="office-notes")
def notes(request: HttpRequest, case_id: UUID) -> list[Any]:
    """What those who handle the case here have noted."""
    inside = cases.for_officer(_actor(request), case_id).inside
    return inside.notes if inside else []


@router.post("/cases/{case_id}/notes", response={201: list[NoteOut]}, url_name="office-note")
def note(request: HttpRequest, case_id: UUID, payload: NoteIn) -> Status[list[Any]]:
    cases.note(_actor(request), case_id, payload.text)
    return Status(201, notes(request, case_id))


@router.get("/reminders", response=list[ReminderOut], url_name="office-reminders")
def reminders(request: HttpRequest) -> list[dict[str, Any]]:
    """Her own reminders whose day has come."""
    return [{"on": day, "case": case, "number": number} for day, case, number in cases.reminders(_actor(request))]


@router.post("/cases/{case_id}/reminders", response={204: None}, url_name="office-remind")
def remind(request: HttpRequest, case_id: UUID, payload: ReminderIn) -> Status[None]:
    cases.remind(_actor(request), case_id, payload.on.isoformat())
    return Status(204, None)


@router.delete("/cases/{case_id}/reminders", response={204: None}, url_name="office-reminded")
def reminded(request: HttpRequest, case_id: UUID) -> Status[None]:
    """She has seen to it: all of hers in this case are done."""
    cases.reminded(_actor(request), case_id)
    return Status(204, None)


@router.post("/cases/{case_id}/letters/preview", response=LetterIn, url_name="office-letter-preview")
def preview(request: HttpRequest, case_id: UUID, payload: LetterIn) -> dict[str, str]:
    """The letter as the party will read it; nothing is sent."""
    title, text = cases.preview(_actor(request), case_id, payload.title, payload.text)
    return {"title": title, "text": text}


@router.post("/cases/{case_id}/letters", response=CaseOut, url_name="office-letter-send")
def write(request: HttpRequest, case_id: UUID, payload: LetterSentIn) -> dict[str, Any]:
    """Send the party a letter that decides nothing."""
    cases.write(_actor(request), case_id, payload.revision, payload.title, payload.text)
    return case_out(cases.for_officer(_actor(request), case_id))


@router.get("/texts", response=list[TextOut], url_name="office-texts")
def texts(request: HttpRequest, service: str | None = None) -> list[Any]:
    """The authority's texts for letters; with ``service`` its own and those for all."""
    return cases.phrases(_actor(request), service)


@router.post("/texts", response={201: list[TextOut]}, url_name="office-text-add")
def add_text(request: HttpRequest, payload: TextIn) -> Status[list[Any]]:
    cases.keep_phrase(_actor(request), payload.service, payload.title, payload.text)
    return Status(201, cases.phrases(_actor(request)))


@router.delete("/texts/{text_id}", response={204: None}, url_name="office-text-gone")
def drop_text(request: HttpRequest, text_id: UUID) -> Status[None]:
    cases.drop_phrase(_actor(request), text_id)
    return Status(204, None)


@router.get("/figures", response=list[FiguresOut], url_name="office-figures")
def figures(request: HttpRequest) -> list[dict[str, Any]]:
    """The authority's work in the last twelve months: received and decided cases, days, and appeals."""
    found = cases.figures(_actor(request))
    return [
        {"service": service, "month": month, **line.exported()}
        for service, _title, _line in found.by_service()
        for month, line in found.by_month(service)
    ]
