"""An employer's vacancies: an enterprise's, or an authority's, and who has applied."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity import api as identity
from allting.common.registers import api as registers
from allting.kernel.access import actor, for_organisations
from allting.kernel.problems import Invalid
from allting.sectors.jobs import api as jobs
from allting.sectors.jobs.models import Interest, Vacancy
from allting.sectors.jobs.occupations import GROUPS, KINDS
from allting.sectors.jobs.views import line

FIELDS = ("title", "text", "occupation", "skills", "municipality", "kind", "extent", "positions", "apply_by")
QUESTIONS: dict[str, Any] = {
    "title": _("What is the job called?"), "text": _("What does one do there?"), "skills": _("What does it take?"),
    "occupation": _("Kind of work"), "municipality": _("Where"), "kind": _("Kind of employment"),
    "extent": _("How many per cent of full time?"), "positions": _("How many do you need?"),
    "apply_by": _("Last day to apply"),
}  # fmt: skip


@for_organisations()
@require_GET
def vacancies(request: HttpRequest) -> HttpResponse:
    rows = [line(one) for one in jobs.vacancies_of(actor(request))]
    return render(request, "jobs/vacancies.html", {"rows": rows})


@for_organisations()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    jobs.employer_of(me)
    typed = _typed(identity.parked(request) or request.POST) or dict.fromkeys(FIELDS, "") | {
        "extent": "100",
        "positions": "1",
    }
    errors: dict[str, Any] = {}
    if request.method == "POST":
        try:
            row = jobs.publish(me, typed)
            return redirect(f"/employer/vacancies/{row.pk}?published=1")
        except Invalid as wrong:
            errors = wrong.errors
    return _form(request, typed, errors, {"vacancy": None})


@for_organisations()
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    me = actor(request)
    row = jobs.vacancy_of(me, vacancy_id)
    kept = {name: getattr(row, name) for name in FIELDS} | {"skills": ", ".join(row.skills)}
    typed, errors = _typed(identity.parked(request) or request.POST) or kept, {}
    if request.method == "POST":
        try:
            jobs.change(me, vacancy_id, _revision(request), typed)
            return redirect(f"/employer/vacancies/{vacancy_id}?published=1")
        except Invalid as wrong:
            errors = wrong.errors
    return _form(request, typed, errors, {"vacancy": row})


def _typed(sent: Any) -> dict[str, Any]:
    return {name: sent.get(name, "") for name in FIELDS} if sent else {}


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _asked(name: str, text: Any) -> str:
    """What is wrong with an answer, with its question."""
    question = str(QUESTIONS[name])
    return f"{question} {text}" if question.endswith("?") else f"{question}: {text}"


def _form(request: HttpRequest, typed: Any, errors: Any, more: dict[str, Any]) -> HttpResponse:
    said = {name: texts[0] for name, texts in errors.items()}
    choose = [("", gettext("Choose"))]
    context = {
        "typed": typed, "errors": said,
        "summary": [(f"field-{name}", _asked(name, text)) for name, text in said.items()],
        "occupations": choose + list(GROUPS.items()), "kinds": choose + list(KINDS.items()),
        "municipalities": choose + list(registers.municipalities().items()),
    }  # fmt: skip
    return render(request, "jobs/edit.html", context | more, status=422 if errors else 200)


@for_organisations()
@require_GET
def one(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    return _one(request, vacancy_id)


def _one(request: HttpRequest, vacancy_id: UUID, **more: Any) -> HttpResponse:
    me = actor(request)
    row = jobs.vacancy_of(me, vacancy_id)
    may_read = jobs.answers_for(me, row)
    received = jobs.received(me, row) if may_read else []
    context = line(row) | {"received": received, "may_read": may_read, "is_open": row.state == Vacancy.State.OPEN}
    context |= {"errors": {}, "typed": {}, "answering": None} | more
    fields = {"state": f"state-{Interest.State.INVITED}", "answer": "field-answer"}
    context["summary"] = [(fields[name], text) for name, text in context["errors"].items()]
    answers = [(Interest.State.INVITED, gettext("Invite")), (Interest.State.DECLINED, gettext("Say no"))]
    status = 422 if context["errors"] else 200
    return render(request, "jobs/one.html", context | {"answers": answers}, status=status)


@for_organisations()
@require_POST
def close(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    jobs.close(actor(request), vacancy_id, _revision(request), request.POST.get("state", ""))
    return redirect("/employer/vacancies")


@for_organisations()
@require_POST
def answer(request: HttpRequest, vacancy_id: UUID, interest_id: UUID) -> HttpResponse:
    state, text = request.POST.get("state", ""), request.POST.get("answer", "")
    try:
        jobs.answer(actor(request), interest_id, state, text)
    except Invalid as wrong:
        errors = {name: texts[0] for name, texts in wrong.errors.items()}
        typed = {"state": state, "answer": text}
        return _one(request, vacancy_id, errors=errors, typed=typed, answering=interest_id)
    return redirect(f"/employer/vacancies/{vacancy_id}?answered=1")


@for_organisations()
@require_POST
def take_over(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    jobs.take_over(actor(request), vacancy_id)
    return redirect(f"/employer/vacancies/{vacancy_id}?taken=1")
