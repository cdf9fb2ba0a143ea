"""``/api/office/drafts``: what came on paper, by telephone or at the counter is entered for its party by a program,
as a scanning centre's. The verbs are those of ``/office/enter``, so the rules and refusals are as well."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status, UploadedFile

from allting.common.cases import api as cases
from allting.common.cases.rest import AnswersIn, DraftOut, FileOut, SentOut, draft_out, saved
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor

router = Router(auth=RestGuard(officer=True))
prefix = "/office"


class EnterIn(Schema):
    """Whose it is: ``number``, an identity number or for a service to enterprises an organisation number, else ``name``
    and date of birth ``born``. ``way``: paper, telephone or counter. ``received``: the day it came, at most a year ago.
    ``note``: what was said, where it did not come on paper (forvaltningsloven § 11 d)."""

    service: str
    way: str
    received: str
    number: str = ""
    name: str = ""
    born: str = ""
    note: str = ""


class EnteredOut(Schema):
    id: UUID
    service: str


class SubmitIn(Schema):
    """``seen``: the signatures of the others stand on the paper."""

    seen: bool = False


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("/drafts", response=list[EnteredOut], url_name="office-drafts")
def begun(request: HttpRequest) -> list[dict[str, Any]]:
    """What the authority has begun to enter and not sent."""
    return [{"id": one.id, "service": one.service.service} for one in cases.entered(_actor(request))]


@router.post("/drafts", response={201: DraftOut}, url_name="office-enter-begin")
def enter(
    request: HttpRequest, payload: Form[EnterIn], paper: File[UploadedFile | None] = None
) -> Status[dict[str, Any]]:
    """Begin to enter it, with the scanned ``paper``; the party reads in her log that it was. Her own and her closest's
    is refused (forvaltningsloven § 6)."""
    me, told = _actor(request), payload.dict()
    scan = (paper.name or "", paper.read()) if paper is not None else None
    return Status(201, draft_out(cases.opened(me, cases.enter(me, told.pop("service"), cases.Arrived(**told), scan))))


@router.get("/drafts/{draft_id}", response=DraftOut, url_name="office-draft")
def draft(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    return draft_out(cases.opened(_actor(request), draft_id))


@router.put("/drafts/{draft_id}/pages/{page}", response=DraftOut, url_name="office-draft-page")
def save(request: HttpRequest, draft_id: UUID, page: str, payload: AnswersIn) -> dict[str, Any]:
    """Answer a page for the party. What is right is kept; 422 tells what is not, by field."""
    return saved(_actor(request), draft_id, page, payload)


@router.post("/drafts/{draft_id}/files/{field}", response={201: FileOut}, url_name="office-draft-file")
def attach(request: HttpRequest, draft_id: UUID, field: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Add a file to a question; then answer its page."""
    return Status(201, {"id": cases.attach(_actor(request), draft_id, field, file.name or "", file.read())})


@router.delete("/drafts/{draft_id}/files/{uuid:file_id}", response={204: None}, url_name="office-draft-file-gone")
def detach(request: HttpRequest, draft_id: UUID, file_id: UUID) -> Status[None]:
    """Remove a file from it; removing it twice is no fault."""
    cases.detach(_actor(request), draft_id, file_id)
    return Status(204, None)


@router.delete("/drafts/{draft_id}", response={204: None}, url_name="office-draft-gone")
def discard(request: HttpRequest, draft_id: UUID) -> Status[None]:
    """Delete what is begun and not sent."""
    cases.discard(_actor(request), draft_id)
    return Status(204, None)


@router.post("/drafts/{draft_id}/submit", response=SentOut, url_name="office-draft-submit")
def submit(request: HttpRequest, draft_id: UUID, payload: SubmitIn) -> dict[str, Any]:
    """Send it: it is the party's own case from the day it came, and she gets a receipt. Twice gives the same case."""
    return {"case": cases.submit(_actor(request), draft_id, seen=payload.seen)}
