"""``/api``: the walk for machines. The same verbs, so the same rules and errors, as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema, UploadedFile

from allting.common.cases import api as cases
from allting.common.cases.drafts import page_of
from allting.common.catalogue import api as catalogue
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid

router = Router()
prefix = ""
PARTY = RestGuard()
OFFICER = RestGuard(officer=True)


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


class DecisionIn(Schema):
    outcome: str
    grounds: str = ""
    revision: int
    facts: dict[str, Any] = {}


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


def _draft(form: cases.Form) -> dict[str, Any]:
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


def _case(view: cases.View) -> dict[str, Any]:
    names = ("id", "number", "authority", "state", "outcome", "revision", "submitted", "due", "decided", "appeal_until")
    found = {name: getattr(view, name) for name in names}
    events = [{"kind": one.kind, "at": one.at} for one in view.events]
    return {**found, "service": view.service.service, "can": sorted(view.can), "events": events}


@router.post("/drafts", auth=PARTY, response={201: DraftOut}, url_name="drafts")
def start(request: HttpRequest, payload: StartIn) -> tuple[int, dict[str, Any]]:
    """Begin an application."""
    me = _actor(request)
    return 201, _draft(cases.opened(me, cases.start(me, payload.service)))


@router.get("/drafts/{draft_id}", auth=PARTY, response=DraftOut, url_name="draft")
def draft(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    return _draft(cases.opened(_actor(request), draft_id))


@router.put("/drafts/{draft_id}/pages/{page}", auth=PARTY, response=DraftOut, url_name="draft-page")
def save(request: HttpRequest, draft_id: UUID, page: str, payload: AnswersIn) -> dict[str, Any]:
    """Answer a page. What is right is kept; 422 tells what is not, by field."""
    me = _actor(request)
    asked = page_of(cases.opened(me, draft_id).service, page)
    typed = {name: _typed(asked.fields[name], value) for name, value in payload.answers.items() if name in asked.fields}
    form, errors = cases.save(me, draft_id, page, typed, payload.revision)
    if errors:
        raise Invalid(errors={name: [text] for name, text in errors.items()})
    return _draft(form)


def _typed(field: catalogue.FormField, value: Any) -> list[str]:
    """JSON as it would have been typed; an amount is given in øre, as it is kept."""
    try:
        return catalogue.as_typed(field, value)
    except (TypeError, AttributeError):
        return [str(value)]


@router.post("/drafts/{draft_id}/files/{field}", auth=PARTY, response={201: FileOut}, url_name="draft-file")
def attach(request: HttpRequest, draft_id: UUID, field: str, file: File[UploadedFile]) -> tuple[int, Any]:
    """Add a file to a question; then answer its page."""
    return 201, {"id": cases.attach(_actor(request), draft_id, field, file.name or "", file.read())}


@router.post("/drafts/{draft_id}/submit", auth=PARTY, response=SentOut, url_name="draft-submit")
def submit(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """Send it. Sending twice gives the same case."""
    return {"case": cases.submit(_actor(request), draft_id)}


@router.get("/cases", auth=PARTY, response=list[ListedOut], url_name="cases")
def my_cases(request: HttpRequest, before: UUID | None = None) -> list[dict[str, Any]]:
    return [_listed(one) for one in cases.my_cases(_actor(request), before)]


@router.get("/cases/{case_id}", auth=PARTY, response=CaseOut, url_name="case")
def case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    return _case(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/appeal", auth=PARTY, response=CaseOut, url_name="case-appeal")
def appeal(request: HttpRequest, case_id: UUID, payload: WordsIn) -> dict[str, Any]:
    cases.appeal(_actor(request), case_id, payload.text, payload.revision)
    return _case(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/answer", auth=PARTY, response=CaseOut, url_name="case-answer")
def answer(request: HttpRequest, case_id: UUID, payload: WordsIn) -> dict[str, Any]:
    cases.answer(_actor(request), case_id, payload.text, payload.revision)
    return _case(cases.view(_actor(request), case_id))


@router.post("/cases/{case_id}/withdraw", auth=PARTY, response=CaseOut, url_name="case-withdraw")
def withdraw(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    cases.withdraw(_actor(request), case_id)
    return _case(cases.view(_actor(request), case_id))


@router.get("/office/cases", auth=OFFICER, response=list[ListedOut], url_name="office-cases")
def queue(request: HttpRequest, show: str = "open") -> list[dict[str, Any]]:
    return [_listed(one) for one in cases.queue(_actor(request), show)]


@router.get("/office/cases/{case_id}", auth=OFFICER, response=CaseOut, url_name="office-case")
def office_case(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    return _case(cases.for_officer(_actor(request), case_id))


@router.post("/office/cases/{case_id}/decide", auth=OFFICER, response=CaseOut, url_name="office-decide")
def decide(request: HttpRequest, case_id: UUID, payload: DecisionIn) -> dict[str, Any]:
    me = _actor(request)
    cases.decide(me, case_id, payload.revision, payload.outcome, payload.grounds, payload.facts)
    return _case(cases.for_officer(me, case_id))


def _listed(one: cases.Listed) -> dict[str, Any]:
    names = ("id", "number", "authority", "state", "outcome", "submitted", "due")
    return {"title": str(one.title), **{name: getattr(one, name) for name in names}}
