"""At the police: who has been seen, where cards are, handing them over, and blocking for one who calls."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity import api as identity
from allting.kernel.access import actor, officer
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid
from allting.sectors.idcard import api as idcard
from allting.sectors.idcard.ordering import DOCUMENTS, at_police

TITLE = _("ID cards")
PAGE = 50
TABS = (idcard.State.SENT, idcard.State.ORDERED, idcard.State.IN_PRODUCTION, idcard.State.ACTIVE, idcard.State.BLOCKED)


def at_work(who: Actor) -> bool:
    """Whether the menu shows the desk."""
    return at_police(who)


@officer
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Where cards are; a POST looks one up, for numbers do not belong in addresses."""
    me = actor(request)
    which = request.GET.get("show", TABS[0])
    which = which if which in TABS else TABS[0]
    number, error = request.POST.get("number", ""), ""
    if request.method == "POST":
        try:
            return _desk(request, idcard.search(me, number), "", number)
        except Invalid as wrong:
            error = wrong.errors["number"][0]
    found = idcard.desk(me, which, _uuid(request.GET.get("after", "")), PAGE + 1)
    return _desk(request, found, which, number, error)


def _desk(request: HttpRequest, found: list[idcard.IdCard], which: str, number: str, error: str = "") -> HttpResponse:
    context = {
        "tabs": [(one, idcard.STATES[one]) for one in TABS], "which": which, "number": number, "error": error,
        "cards": found[:PAGE], "following": found[PAGE - 1].id if which and len(found) > PAGE else None,
    }  # fmt: skip
    return render(request, "idcard/desk.html", context, status=422 if error else 200)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@officer
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Register that the applicant has been here, and who she is."""
    typed = identity.parked(request) or request.POST
    number, document, errors = typed.get("number", ""), typed.get("document", ""), {}
    if request.method == "POST":
        try:
            idcard.check_identity(actor(request), number, document)
            return redirect("/office/id-cards/check?done=1")
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    context = {
        "number": number, "document": document, "errors": errors, "done": "done" in request.GET and not errors,
        "summary": [(f"field-{name}", text) for name, text in errors.items()], "documents": DOCUMENTS,
    }  # fmt: skip
    return render(request, "idcard/check.html", context, status=422 if errors else 200)


@officer
@require_GET
def card(request: HttpRequest, card_id: UUID) -> HttpResponse:
    context = {"card": idcard.card(actor(request), card_id), "error": "", "read": ""}
    return render(request, "idcard/office_card.html", context)


@officer
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Give the holder her card. Shown again with what was read when it is another card's."""
    if request.method == "GET":
        return redirect(f"/office/id-cards/{card_id}")
    read = request.POST.get("read", "")
    try:
        idcard.hand_over(actor(request), card_id, read)
    except Invalid as wrong:
        context = {"card": idcard.card(actor(request), card_id), "error": wrong.errors["read"][0], "read": read}
        return render(request, "idcard/office_card.html", context, status=422)
    return redirect(f"/office/id-cards/{card_id}")


@officer
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Block it for a holder who has called."""
    found = idcard.card(actor(request), card_id)
    if request.method == "POST":
        idcard.block(actor(request), card_id, request.POST.get("why", ""))
    if request.method == "POST" or "blocked" not in found.can:
        return redirect(f"/office/id-cards/{card_id}")
    return render(request, "idcard/block.html", {"card": found, "back": f"/office/id-cards/{card_id}", "at_work": True})
