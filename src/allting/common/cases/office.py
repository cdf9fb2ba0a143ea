"""At work: the authority's queue, the case, and what an officer does with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.files import download
from allting.common.cases.forms import named
from allting.common.cases.views import _number, _uuid
from allting.common.identity import api as identity
from allting.kernel.access import actor, officer
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, Invalid, NotFound

PAGE = 50
TABS = ("open", "mine", "appeals", "decided")


@officer
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    which = request.GET.get("show", "open")
    which = which if which in TABS else "open"
    found = cases.queue(actor(request), which, _after(request.GET), PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {"cases": found[:PAGE], "which": which, "last": last, "tabs": TABS}
    return render(request, "cases/queue.html", context)


def _after(query: QueryDict) -> tuple[date, UUID] | None:
    last = _uuid(query.get("after", ""))
    try:
        return (date.fromisoformat(query.get("due", "")), last) if last else None
    except ValueError:
        return None


@officer
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    typed = identity.parked(request)
    return _show(request, case_id, typed.dict() | {"action": request.GET.get("action", "")} if typed else {}, {})


def _show(
    request: HttpRequest,
    case_id: UUID,
    typed: dict[str, Any],
    errors: dict[str, Any],
    *,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    view = cases.for_officer(actor(request), case_id)
    said = {name: named(LABELS[name], text) if name in LABELS else text for name, text in errors.items()}
    summary = [(f"field-{name}", text) for name, text in said.items()]
    context = {"case": view, "typed": typed, "errors": errors, "summary": summary, "notice": notice}
    return render(request, "cases/office_case.html", context, status=status)


Verb = Callable[[Actor, UUID, int, QueryDict], None]
ACTIONS: dict[str, Verb] = {
    "take": lambda who, case, revision, form: cases.take(who, case, revision),
    "ask": lambda who, case, revision, form: cases.ask(who, case, revision, form.get("question", "")),
    "delay": lambda who, case, revision, form: cases.delay(
        who, case, revision, form.get("why", ""), _number(form.get("weeks")) or 0
    ),
    "decide": lambda who, case, revision, form: cases.decide(
        who, case, revision, form.get("outcome", ""), form.get("grounds", ""), _facts(form)
    ),
    "reverse": lambda who, case, revision, form: cases.reverse(
        who, case, revision, form.get("reverse_grounds", ""), _facts(form)
    ),
    "forward": lambda who, case, revision, form: cases.forward(who, case, revision, form.get("note", "")),
    "decide-appeal": lambda who, case, revision, form: cases.decide_appeal(
        who, case, revision, form.get("outcome", ""), form.get("grounds", ""), _facts(form)
    ),
}
FIELDS = {"reverse": {"grounds": "reverse_grounds"}}
# What the fields are called on the page, for the summary of what is wrong.
LABELS = {
    "question": _("What do you need to know?"),
    "why": _("Why it takes longer"),
    "weeks": _("Answer within how many weeks?"),
    "grounds": _("Grounds"),
    "reverse_grounds": _("Why it is changed"),
    "note": _("Why the decision stands"),
}


def _facts(form: QueryDict) -> dict[str, Any]:
    return {name.removeprefix("fact-"): form[name] for name in form if name.startswith("fact-")}


@officer
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, case_id: UUID, action: str) -> HttpResponse:
    """One step with a case; what cannot be done is said on the case's page, with what was typed.

    A GET comes from a login in between: the case's page, with what she had written.
    """
    verb = ACTIONS.get(action)
    if verb is None:
        raise NotFound()
    if request.method == "GET":
        query = request.GET.copy()
        query["action"] = action
        return redirect(f"/office/cases/{case_id}?{query.urlencode()}")
    revision = _number(request.POST.get("revision"))
    try:
        verb(actor(request), case_id, -1 if revision is None else revision, request.POST)
    except Invalid as wrong:
        fields = FIELDS.get(action, {})
        errors = {fields.get(name, name): texts[0] for name, texts in wrong.errors.items()}
        return _show(request, case_id, request.POST.dict() | {"action": action}, errors, status=422)
    except Conflict:
        return _show(request, case_id, request.POST.dict() | {"action": action}, {}, notice="changed", status=409)
    return redirect(f"/office/cases/{case_id}" if action in ("take", "ask", "delay") else "/office?done=1")


@officer
@require_GET
def signed(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The application as it was signed."""
    number, data = cases.signed(actor(request), case_id)
    return download(data, "application/pdf", f"{number.replace('/', '-')}.pdf")


@officer
@require_GET
def case_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    found, data = cases.file(actor(request), case_id, file_id)
    return download(data, found.media_type, found.name)
