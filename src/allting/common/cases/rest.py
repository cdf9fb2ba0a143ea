"""``/api``: the walk for machines. The same verbs, so the same rules and errors, as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status, UploadedFile

from allting.common.cases import api as cases
from allting.common.cases.drafts import page_of
from allting.common.cases.files import download
from allting.common.catalogue import api as catalogue
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid

router = Router()
prefix = ""
PARTY = RestGuard(limited=True, scope="allting:cases")  # an enterprise too, for its own cases
PERSON = RestGuard(limited=True)


class StartIn(Schema):
    service: str


class DraftOut(Schema):
    id: UUID
    service: str
    revision: int
    answers: dict[str, Any]
    pages: list[str]
    missing: dict[str, dict[str, str]]
    stops: list[str]
    case: UUID | None


class AnswersIn(Schema):
    """Answers by field: text, numbers, true/false, ISO dates, lists."""

    answers: dict[str, Any]
    revision: int | None = None


class FileOut(Schema):
    id: UUID


class SentOut(Schema):
    case: UUID


class ListedOut(Schema):
    id: UUID
    number: str
    title: str
    authority: str
    state: str
    outcome: str
    submitted: datetime
    due: date


class EventOut(Schema):
    kind: str
    at: datetime


class CaseOut(Schema):
    id: UUID
    number: str
    service: str
    authority: str
    state: str
    outcome: str
    revision: int
    submitted: datetime
    due: date
    decided: date | None
    appeal_until: date | None
    can: list[str]
    events: list[EventOut]


class WordsIn(Schema):
    text: str
    revision: int | None = None


class HearingOut(Schema):
    """``open``: it may still be answered."""

    id: UUID
    case_number: str
    title: str
    asker: str
    question: str
    answer: str
    due: date
    open: bool


class RemarkIn(Schema):
    text: str


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def draft_out(form: cases.Form) -> dict[str, Any]:
    return {
        "id": form.id,
        "service": form.service.service,
        "revision": form.revision,
        "answers": form.answers,
        "pages": [page.page for page in form.pages()],
        "missing": {page: {name: str(text) for name, text in errors.items()} for page, errors in form.faults().items()},
        "stops": [str(stop.because) for stop in form.stops()],
        "case": form.case,
    }


def case_out(view: cases.View) -> dict[str, Any]:
    names = ("id", "number", "authority", "state", "outcome", "revision", "submitted", "due", "decided", "appeal_until")
    found = {name: getattr(view, name) for name in names}
    events = [{"kind": one.kind, "at": one.at} for one in view.events]
    return {**found, "service": view.service.service, "can": sorted(view.can), "events": events}


@router.post("/drafts", auth=PARTY, response={201: DraftOut}, url_name="drafts")
def start(request: HttpRequest, payload: StartIn) -> Status[dict[str, Any]]:
    """Begin an application."""
    me = _actor(request)
    return Status(201, draft_out(cases.opened(me, cases.start(me, payload.service))))


@router.get("/drafts/{draft_id}", auth=PARTY, response=DraftOut, url_name="draft")
def draft(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    return draft_out(cases.opened(_actor(request), draft_id))


@router.put("/drafts/{draft_id}/pages/{page}", auth=PARTY, response=DraftOut, url_name="draft-page")
def save(request: HttpRequest, draft_id: UUID, page: str, payload: AnswersIn) -> dict[str, Any]:
    """Answer a page. What is right is kept; 422 tells what is not, by field."""
    return saved(_actor(request), draft_id, page, payload)


def saved(me: Actor, draft_id: UUID, page: str, payload: AnswersIn) -> dict[str, Any]:
    """The draft when a page is answered. Raises Invalid with what is wrong, by field."""
    asked = page_of(cases.opened(me, draft_id).service, page)
    fields = asked.fields
    typed = {name: as_typed(fields[name], value) for name, value in payload.answers.items() if name in fields}
    form, errors = cases.save(me, draft_id, page, typed, payload.revision)
    if errors:
        raise Invalid(errors={name: [text] for name, text in errors.items()})
    return draft_out(form)


def as_typed(field: catalogue.FormField, value: Any) -> list[str]:
    """JSON as it would have been typed; an amount is given in øre, as it is kept. "no" is not true."""
    if field.type in ("yes_no", "declaration") and not isinstance(value, bool | None):
        return [str(value)]
    try:
        return catalogue.as_typed(field, value)
    except (TypeError, AttributeError, KeyError):
        return [str(value)]


@router.delete("/drafts/{draft_id}/files/{uuid:file_id}", auth=PARTY, response={204: None}, url_name="draft-file-gone")
def detach(request: HttpRequest, draft_id: UUID, file_id: UUID) -> Status[None]:
    """Remove a file from a draft; removing it twice is no fault."""
    cases.detach(_actor(request), draft_id, file_id)
    return Status(204, None)


@router.post("/drafts/{draft_id}/files/{field}", auth=PARTY, response={201: FileOut}, url_name="draft-file")
def attach(request: HttpRequest, draft_id: UUID, field: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Add a file to a question; then answer its page."""
    return Status(201, {"id": cases.attach(_actor(request), draft_id, field, file.name or "", file.read())})


@router.delete("/drafts/{draft_id}", auth=PARTY, response={204: None}, url_name="draft-gone")
def discard(request: HttpRequest, draft_id: UUID) -> Status[None]:
    """Delete a draft that is not sent."""
    cases.discard(_actor(request), draft_id)
    return Status(204, None)


@router.post("/drafts/{draft_id}/submit", auth=PARTY, response=SentOut, url_name="draft-submit")
def submit(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Send it. Sending twice gives the same case."""
    return {"case": cases.submit(_actor(request), draft_id)}


@router.get("/cases", auth=PARTY, response=list[ListedOut], url_name="cases")
def my_cases(request: HttpRequest, before: UUID | None = None) -> list[dict[str, Any]]:
    return [listed(one) for one in cases.my_cases(_actor(request), before)]


@router.get("/cases/{case_id}", auth=PARTY, response=CaseOut, url_name="case")
def case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    return case_out(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/appeal", auth=PARTY, response=CaseOut, url_name="case-appeal")
def appeal(request: HttpRequest, case_id: UUID, payload: WordsIn) -> dict[str, Any]:
    cases.appeal(_actor(request), case_id, payload.text, payload.revision)
    return case_out(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/answer", auth=PARTY, response=CaseOut, url_name="case-answer")
def answer(request: HttpRequest, case_id: UUID, payload: WordsIn) -> dict[str, Any]:
    cases.answer(_actor(request), case_id, payload.text, payload.revision)
    return case_out(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/change", auth=PARTY, response=CaseOut, url_name="case-change")
def change(request: HttpRequest, case_id: UUID, payload: WordsIn) -> dict[str, Any]:
    """Tell of something that may change what is paid month by month."""
    cases.tell(_actor(request), case_id, payload.text, payload.revision)
    return case_out(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/withdraw", auth=PARTY, response=CaseOut, url_name="case-withdraw")
def withdraw(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    cases.withdraw(_actor(request), case_id)
    return case_out(cases.view(_actor(request), case_id))


@router.get("/cases/{case_id}/files/{file_id}", auth=PARTY, url_name="case-file")
def case_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of the case, for the party and for whoever is asked to sign it."""
    found, data = cases.file(_actor(request), case_id, file_id)
    return download(data, found.media_type, found.name)


@router.get("/hearings/{inquiry_id}", auth=PERSON, response=HearingOut, url_name="hearing")
def hearing(request: HttpRequest, inquiry_id: UUID) -> dict[str, Any]:
    """What somebody it concerns is asked before a case is decided (forvaltningsloven § 16)."""
    return _hearing(cases.hearing(_actor(request), inquiry_id))


@router.post("/hearings/{inquiry_id}", auth=PERSON, response=HearingOut, url_name="hearing-answer")
def remark(request: HttpRequest, inquiry_id: UUID, payload: RemarkIn) -> dict[str, Any]:
    """Answer it, once."""
    cases.remark(_actor(request), inquiry_id, payload.text)
    return _hearing(cases.hearing(_actor(request), inquiry_id))


def _hearing(one: cases.Asked) -> dict[str, Any]:
    names = ("id", "case_number", "asker", "question", "answer", "due", "open")
    return {"title": str(one.title), **{name: getattr(one, name) for name in names}}


def listed(one: cases.Listed) -> dict[str, Any]:
    names = ("id", "number", "authority", "state", "outcome", "submitted", "due")
    return {"title": str(one.title), **{name: getattr(one, name) for name in names}}
