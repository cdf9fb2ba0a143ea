"""``/api/letters``: the same letters and rules as the pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from allting.common.mailbox import api as mailbox
from allting.kernel.access import RestGuard

router = Router(auth=RestGuard(limited=True))
prefix = "/letters"


class LetterOut(Schema):
    id: UUID
    title: str
    sender_name: str
    delivered: datetime
    opened: datetime | None
    case: UUID | None


@router.get("", response=list[LetterOut], url_name="letters")
def letters(request: HttpRequest, before: UUID | None = None) -> list[mailbox.Received]:
    return mailbox.inbox(request.auth, before)  # type: ignore[attr-defined]


@router.get("/{letter_id}", response=LetterOut, url_name="letter")
def letter(request: HttpRequest, letter_id: UUID) -> mailbox.Received:
    return mailbox.open_letter(request.auth, letter_id)  # type: ignore[attr-defined]


@router.get("/{letter_id}/pdf", url_name="letter-pdf")
def pdf(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    return HttpResponse(mailbox.pdf(request.auth, letter_id), content_type="application/pdf")  # type: ignore[attr-defined]


@router.get("/{letter_id}/enclosure", url_name="letter-enclosure")
def enclosure(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The sealed document that goes with the letter, where one does."""
    return HttpResponse(mailbox.enclosure(request.auth, letter_id), content_type="application/pdf")  # type: ignore[attr-defined]
