"""An officer's own settings, and what other authorities ask hers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.filling import as_number, as_uuid
from allting.common.cases.forms import named
from allting.common.identity import api as identity
from allting.kernel.access import actor, officer
from allting.kernel.problems import Conflict, Invalid

LABELS = {"stand_in": _("Who stands in for you?"), "starts": _("From"), "ends": _("To and including")}


@officer
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Which services she handles, and who stands in for her."""
    who = actor(request)
    errors: dict[str, Any] = {}
    if request.method == "POST":
        try:
            _change(request)
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
        else:
            return redirect("/office/own?done=1")
    typed: Any = request.POST if errors else identity.parked(request) or {}
    context = {
        "handled": cases.handled(who), "skills": cases.skills(who), "substitutes": cases.substitutes(who),
        "colleagues": [one for one in cases.colleagues(who) if one[0] != who.person], "typed": typed, "errors": errors,
        "summary": [(f"field-{name}", named(LABELS[name], text)) for name, text in errors.items()],
        "done": "done" in request.GET,
    }  # fmt: skip
    return render(request, "cases/office_own.html", context, status=422 if errors else 200)


def _change(request: HttpRequest) -> None:
    who, form = actor(request), request.POST
    match form.get("do"):
        case "skills":
            cases.set_skills(who, form.getlist("service"))
        case "end":
            cases.end_substitute(who, as_number(form.get("period")) or 0)
        case _:
            cases.set_substitute(who, as_uuid(form.get("stand_in", "")), form.get("starts", ""), form.get("ends", ""))


@officer
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """What another authority asks, and the answer."""
    asked, typed, error, status = cases.question(actor(request), inquiry_id), _typed(request), "", 200
    if request.method == "POST":
        try:
            cases.advise(actor(request), inquiry_id, typed)
            return redirect("/office?done=answer")
        except Invalid as wrong:
            error, status = wrong.errors["text"][0], 422
        except Conflict:
            asked, status = cases.question(actor(request), inquiry_id), 409
    context = {"asked": asked, "typed": typed, "error": error, "citizen": False}
    return render(request, "cases/inquiry.html", context, status=status)


def _typed(request: HttpRequest) -> str:
    if request.method == "POST":
        return request.POST.get("text", "")
    parked = identity.parked(request)
    return parked.get("text", "") if parked else ""
