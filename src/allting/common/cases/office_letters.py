"""Letters an officer writes herself, looked at before they are sent, and the texts her authority uses often."""

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
from allting.kernel.problems import Conflict, Invalid, NotFound

LABELS = {"title": _("Title"), "text": _("Text")}


@officer
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A letter to the party: written, looked at, sent."""
    who, typed = actor(request), _typed(request)
    view = cases.for_officer(who, case_id)
    shown, status = None, 200
    errors: dict[str, Any] = {}
    if "wrote" not in view.can:
        return redirect(f"/office/cases/{case_id}")
    do = request.POST.get("do")
    block = _block(request, view.service.service) if do == "fetch" else None
    if block is not None:
        typed |= {"title": typed["title"] or block.title, "text": f"{typed['text']}\n\n{block.text}".strip()}
    elif request.method == "POST" and do != "fetch":
        try:
            shown = cases.preview(who, case_id, typed["title"], typed["text"])
            if do == "send":
                revision = as_number(request.POST.get("revision"))
                cases.write(who, case_id, -1 if revision is None else revision, typed["title"], typed["text"])
                return redirect(f"/office/cases/{case_id}")
        except Invalid as wrong:
            errors, shown, status = {name: texts[0] for name, texts in wrong.errors.items()}, None, 422
        except Conflict:
            view, status = cases.for_officer(who, case_id), 409
    context = {
        "case": view, "typed": typed, "errors": errors, "shown": shown, "changed": status == 409,
        "phrases": [(str(one.id), one.title) for one in cases.phrases(who, view.service.service)],
        "summary": [(f"field-{name}", named(LABELS[name], text)) for name, text in errors.items()],
        "fields": cases.MERGE_FIELDS,
    }  # fmt: skip
    return render(request, "cases/office_letter.html", context, status=status)


def _typed(request: HttpRequest) -> dict[str, str]:
    form: Any = request.POST if request.method == "POST" else identity.parked(request) or {}
    return {name: form.get(name, "") for name in LABELS}


def _block(request: HttpRequest, service: str) -> cases.Block | None:
    wanted = as_uuid(request.POST.get("phrase", ""))
    return next((one for one in cases.phrases(actor(request), service) if one.id == wanted), None)


@officer
@require_http_methods(["GET", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """The authority's texts: added and removed by any of its officers."""
    who = actor(request)
    errors: dict[str, Any] = {}
    typed = _typed(request) | {"service": request.POST.get("service", "")}
    if request.method == "POST":
        try:
            _change(request, typed)
            return redirect("/office/texts?done=1")
        except Invalid as wrong:
            errors = {name: found[0] for name, found in wrong.errors.items()}
        except Conflict:
            errors = {"title": _("There is a text with this title already")}
    handled = cases.handled(who)
    context = {
        "phrases": cases.phrases(who), "handled": handled, "names": dict(handled), "typed": typed, "errors": errors,
        "summary": [(f"field-{name}", named(LABELS[name], text)) for name, text in errors.items()],
        "fields": cases.MERGE_FIELDS, "done": "done" in request.GET,
    }  # fmt: skip
    return render(request, "cases/office_texts.html", context, status=422 if errors else 200)


def _change(request: HttpRequest, typed: dict[str, str]) -> None:
    if request.POST.get("do") != "remove":
        cases.keep_phrase(actor(request), **typed)
        return
    wanted = as_uuid(request.POST.get("phrase", ""))
    if wanted is None:
        raise NotFound()
    cases.drop_phrase(actor(request), wanted)
