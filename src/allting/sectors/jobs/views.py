"""Find a job: the search anyone may use, and a person's own page of jobs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity import api as identity
from allting.common.registers import api as registers
from allting.kernel.access import actor, citizen, public
from allting.kernel.problems import Invalid, NotFound
from allting.sectors.jobs import api as jobs
from allting.sectors.jobs.occupations import GROUPS, KINDS
from allting.sectors.jobs.vacancies import PAGE, takes_interest

RECENT = 500  # how many of the newest vacancies are matched with a CV


def options(first: str) -> dict[str, Any]:
    """What selects offer; ``first`` is the word for any."""
    everywhere = [("", first)]
    places = list(registers.counties().items()) + list(registers.municipalities().items())
    return {
        "occupations": everywhere + list(GROUPS.items()), "kinds": everywhere + list(KINDS.items()),
        "places": everywhere + places,
    }  # fmt: skip


def wanted(given: QueryDict) -> jobs.Search:
    """The search as it was asked for; what is not an option counts as any."""
    occupation, place, kind = (given.get(name, "") for name in ("occupation", "place", "kind"))
    known = place in registers.municipalities() or place in registers.counties()
    return jobs.Search(
        given.get("q", "").replace("\x00", "")[:100].strip(),
        occupation if occupation in GROUPS else "",
        place if known else "",
        kind if kind in KINDS else "",
    )


def line(one: Any) -> dict[str, Any]:
    """A vacancy as lists show it."""
    place = registers.municipalities().get(one.municipality, "")
    return {"vacancy": one, "place": place, "kind": str(KINDS[one.kind]), "group": str(GROUPS[one.occupation])}


def address_of(search: jobs.Search, **more: str) -> str:
    parts = {"q": search.query, "occupation": search.occupation, "place": search.place, "kind": search.kind} | more
    return "/jobs?" + urlencode({name: value for name, value in parts.items() if value})


def words_of(search: jobs.Search) -> str:
    """A search in words."""
    places = {**registers.counties(), **registers.municipalities()}
    parts = [search.query, places.get(search.place, ""), GROUPS.get(search.occupation), KINDS.get(search.kind)]
    return ", ".join(str(part) for part in parts if part) or gettext("All jobs")


@public
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    search, after = wanted(request.GET), _uuid(request.GET.get("after", ""))
    found = jobs.search(search, after=after, limit=PAGE + 1)
    more = address_of(search, after=str(found[PAGE - 1].pk)) if len(found) > PAGE else ""
    rows = [line(one) for one in found[:PAGE]]
    context = {"search": search, "rows": rows, "more": more, "words": words_of(search), "address": address_of(search)}
    return render(request, "jobs/find.html", context | options(gettext("Any")))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@public
@require_GET
def vacancy(request: HttpRequest, vacancy_id: UUID) -> HttpResponse:
    """Anyone reads it; whoever is logged in for herself also sees how it fits her, and what she has sent."""
    row = jobs.vacancy(vacancy_id)
    context = line(row) | {"open": takes_interest(row), "match": None, "sent": None, "can_apply": True}
    me = getattr(request, "actor", None)
    if me is not None:
        context["can_apply"] = not me.is_officer and me.party.kind == "person"
        if context["can_apply"] and me.scope.whole:
            context |= _personal(me, row)
    response = render(request, "jobs/vacancy.html", context)
    if me is not None:
        response["Cache-Control"] = "private, no-store"
    return response


def _personal(me: Any, row: Any) -> dict[str, Any]:
    cv = jobs.cv(me)
    return {"match": None if cv.empty else jobs.explain(cv, row), "sent": jobs.own_one(me, row.pk)}


@citizen()
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """``vacancy`` in the address says which; anyone may apply, so that nothing here is somebody else's."""
    me, row = actor(request), _asked_for(request.GET)
    typed, error = (identity.parked(request) or request.POST).get("message", ""), ""
    if request.method == "POST":
        try:
            jobs.apply(me, row.pk, typed)
            return redirect(f"/jobs/{row.pk}?sent=1")
        except Invalid as wrong:
            error = wrong.errors["message"][0]
    context = line(row) | {"message": typed, "error": error, "cv": jobs.cv(me)}
    return render(request, "jobs/apply.html", context, status=422 if error else 200)


@citizen()
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    row = _asked_for(request.POST)
    jobs.withdraw(actor(request), row.pk)
    return redirect(f"/jobs/{row.pk}?withdrawn=1")


def _asked_for(given: QueryDict) -> Any:
    which = _uuid(given.get("vacancy", ""))
    if which is None:
        raise NotFound(code="no-such-vacancy")
    return jobs.vacancy(which)


@citizen()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Jobs that fit, what she has applied for, and the searches she hears of. An enterprise has vacancies instead."""
    me = actor(request)
    if me.party.kind == "organisation":
        return redirect("/employer/vacancies")
    cv = jobs.cv(me)
    matches = [] if cv.empty else jobs.best(cv, jobs.newest(RECENT))
    searches = [(one.pk, words_of(jobs.search_of(one)), address_of(jobs.search_of(one))) for one in jobs.alerts(me)]
    context = {
        "cv": cv, "matches": [line(one.vacancy) | {"match": one} for one in matches], "applied": jobs.own(me),
        "searches": searches,
    }  # fmt: skip
    return render(request, "jobs/mine.html", context)


@citizen()
@require_http_methods(["GET", "POST"])
def cv(request: HttpRequest) -> HttpResponse:
    me, errors = actor(request), {}
    sent = identity.parked(request) or request.POST
    typed: Any = _typed(sent) if sent else jobs.cv(me)
    if request.method == "POST" and "delete" in request.POST:
        jobs.delete(me)
        return redirect("/my/jobs")
    if request.method == "POST":
        try:
            jobs.save(me, typed)
            return redirect("/my/jobs?saved=1")
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    context = {
        "cv": typed, "errors": errors, "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "occupations": list(GROUPS.items()), "kinds": list(KINDS.items()),
        "counties": list(registers.counties().items()), "empty": jobs.cv(me).empty,
    }  # fmt: skip
    return render(request, "jobs/cv.html", context, status=422 if errors else 200)


def _typed(sent: QueryDict) -> dict[str, Any]:
    lists = {name: sent.getlist(name) for name in ("occupations", "places", "kinds")}
    return {name: sent.get(name, "") for name in ("experience", "education", "skills", "extent")} | lists


@citizen()
@require_POST
def add_alert(request: HttpRequest) -> HttpResponse:
    jobs.add(actor(request), wanted(request.POST))
    return redirect("/my/jobs?alert=1")


@citizen()
@require_POST
def remove_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    jobs.remove(actor(request), alert_id)
    return redirect("/my/jobs")
