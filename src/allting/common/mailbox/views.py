"""The inbox and the letter."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allting.common.mailbox import api as mailbox
from allting.kernel.access import citizen
from allting.kernel.problems import NotFound

_PAGE = 20


@citizen(limited=True)
def inbox(request: HttpRequest) -> HttpResponse:
    try:
        before = UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        raise NotFound() from None
    letters = mailbox.inbox(request.actor, before, _PAGE + 1)  # type: ignore[attr-defined]
    page = letters[:_PAGE]
    following = page[-1].id if len(letters) > _PAGE else None
    return render(request, "mailbox/inbox.html", {"letters": page, "following": following})


@citizen(limited=True)
def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    opened = mailbox.open_letter(request.actor, letter_id)  # type: ignore[attr-defined]
    return render(request, "mailbox/letter.html", {"letter": opened})


@citizen(limited=True)
def pdf(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    response = HttpResponse(mailbox.pdf(request.actor, letter_id), content_type="application/pdf")  # type: ignore[attr-defined]
    response["Content-Disposition"] = f'attachment; filename="{letter_id}.pdf"'
    return response


@citizen(limited=True)
def enclosure(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """The sealed document that goes with the letter."""
    response = HttpResponse(mailbox.enclosure(request.actor, letter_id), content_type="application/pdf")  # type: ignore[attr-defined]
    response["Content-Disposition"] = f'attachment; filename="{letter_id}-1.pdf"'
    return response
