"""The studio's pages: the services she owns; one of them, part by part or as text; a test run; what a change does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.common.studio import access, changing, drawing, finding, folder, parts, rates
from allting.common.studio import api as studio
from allting.kernel.access import actor, officer_as
from allting.kernel.problems import Conflict, Invalid

NOTICES = ("kept", "saved", "discarded", "begun")


@officer_as(access.ROLE)
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    context = {"services": studio.services(me), "rates": rates.files(me), "notice": notice_of(request)}
    return render(request, "studio/services.html", context)


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new service from nothing: its start file becomes a draft."""
    form = request.POST if request.method == "POST" else identity.parked(request)
    typed = {name: str(form.get(name, "")) for name in form} if form is not None else {}
    if request.method != "POST":
        return _new(request, typed, {})
    try:
        return redirect(f"/studio/{studio.begin(actor(request), typed)}?begun=1")
    except Invalid as wrong:
        return _new(request, typed, {name: " ".join(map(str, one)) for name, one in wrong.errors.items()})


def _new(request: HttpRequest, typed: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
    themes = sorted(((name, str(one.title)) for name, one in catalogue.themes().items()), key=lambda one: one[1])
    context = {
        "typed": typed, "errors": errors, "summary": [(f"field-{name}", said) for name, said in errors.items()],
        "offers": studio.offers(actor(request)), "themes": themes, "can_keep": folder.root() is not None,
    }  # fmt: skip
    return render(request, "studio/new.html", context, status=422 if errors else 200)


# --- One service -----------------------------------------------------------------------------------------


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as a whole; it is saved for review, or discarded, here."""
    me = actor(request)
    return whole_page(
        request, f"/studio/{slug}", lambda notice, status: _overview(request, slug, notice, status),
        lambda: studio.discard(me, slug), lambda base: studio.save(me, slug, base),
    )  # fmt: skip


def whole_page(
    request: HttpRequest, home: str, shown: Callable[[str, int], HttpResponse], discard: Callable[[], bool],
    save: Callable[[str], object],
) -> HttpResponse:  # fmt: skip
    """The page of a draft as a whole, at ``home``: shown with a notice, discarded, or saved for review.

    ``discard`` tells whether there is a file without the draft.
    """
    if request.method == "GET":
        return shown(notice_of(request), 200)
    if "studio-discard" in request.POST:
        return redirect(f"{home if discard() else '/studio'}?discarded=1")
    try:
        save(request.POST.get("studio-base", ""))
    except Invalid:
        return shown("faulty", 422)
    except Conflict:
        return shown("changed", 409)
    return redirect(f"{home}?saved=1")


def _overview(request: HttpRequest, slug: str, notice: str, status: int) -> HttpResponse:
    me = actor(request)
    now = studio.opened(me, slug)
    tried = studio.trial(me, slug, now.text)
    data = catalogue.as_data(now.text)
    whole = parts.part(data, ())
    pages = [(one, parts.part(data, parts.place(data, one.at)).below) for one in whole.below if one.group == "asks"]
    context: dict[str, Any] = {"now": now, "tried": tried, "notice": notice, "pages": pages}
    context["others"] = [one for one in whole.below if one.group != "asks"]
    if tried.found:
        context["steps"] = drawing.steps(tried.found.service)
        context["drawing"] = drawing.drawing(context["steps"])
    return render(request, "studio/service.html", context, status=status)


def notice_of(request: HttpRequest) -> str:
    return next((one for one in NOTICES if one in request.GET), "")


# --- A part ----------------------------------------------------------------------------------------------


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, slug: str, at: str = "") -> HttpResponse:
    """One part's form. Without a button's name it is a preview: nothing is kept."""
    me = actor(request)
    form = request.POST if request.method == "POST" else identity.parked(request)
    if form is None:
        return _part(request, slug, at, notice=notice_of(request))
    typed = {name: str(form.get(name, "")) for name in form}
    try:
        if request.method == "POST" and (after := _kept(me, slug, at, typed)):
            return redirect(after)
        return _part(request, slug, at, typed=typed, text=studio.typed(me, slug, at, typed))
    except Invalid as wrong:
        return _part(request, slug, at, typed=typed, errors=wrong.errors, status=422)
    except Conflict:
        return _part(request, slug, at, typed=typed, notice="changed", status=409)


def _kept(me: Any, slug: str, at: str, typed: Mapping[str, str]) -> str:
    """Do what the button says; where that leads, or empty when it asks for a preview only."""
    base = typed.get("studio-base", "")
    if "studio-save" in typed:
        studio.change(me, slug, at, typed, base)
        return f"{_address(slug, at)}?kept=1"
    if "studio-add" in typed:
        return f"{_address(slug, studio.add(me, slug, at, typed, base))}?kept=1"
    if "studio-do" in typed:
        studio.move(me, slug, at, typed, base)
        return f"/studio/{slug}?kept=1"
    return ""


def _address(slug: str, at: str) -> str:
    return f"/studio/{slug}/part/{at}" if at else f"/studio/{slug}/part"


def _part(
    request: HttpRequest, slug: str, at: str, *, typed: Mapping[str, str] | None = None, text: str = "",
    errors: Mapping[str, Any] | None = None, notice: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    me = actor(request)
    now = studio.opened(me, slug)
    text = text or now.text
    tried = studio.trial(me, slug, text)
    data = catalogue.as_data(now.text)
    here = parts.part(data, parts.place(data, at))
    beside, rest = finding.beside(here, tried.findings)
    said = {name: " ".join(map(str, one)) for name, one in (errors or {}).items()}
    context: dict[str, Any] = {
        "now": now, "part": here, "typed": typed, "errors": beside | said, "rest": rest, "tried": tried,
        "notice": notice, "page": _page(tried.found, here.where), "action": _address(slug, at),
        "kinds": [(one, one) for one in sorted(catalogue.KINDS)], "summary": _summary(here, beside | said),
        "movable": changing.loose(here.where),
    }  # fmt: skip
    return render(request, "studio/part.html", context, status=status)


def _summary(here: parts.Part, errors: Mapping[str, str]) -> list[tuple[str, str]]:
    labels = {one.name: one.label for one in here.inputs}
    return [(f"field-{name}", f"{labels[name]}: {said}" if name in labels else said) for name, said in errors.items()]


def _page(found: catalogue.Published | None, where: parts.Place) -> Any:
    """The page that the part is in, as it would be asked."""
    hers = where[:2] == ("sign", "asks")
    at = where[2:3] if hers else where[1:2] if where[:1] == ("asks",) else ()
    if found is None or not at:
        return None
    pages = cases.preview_part(found) if hers else cases.preview_pages(found)
    return pages[int(at[0])] if int(at[0]) < len(pages) else None


# --- The whole text --------------------------------------------------------------------------------------


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """The file's text; what was typed stays, whatever is wrong with it."""
    me = actor(request)
    return text_page(
        request, studio.opened(me, slug), f"/studio/{slug}",
        lambda typed: studio.trial(me, slug, typed), lambda typed, base: studio.keep(me, slug, typed, base),
    )  # fmt: skip


def text_page(
    request: HttpRequest, now: studio.Opened, home: str, trial: Callable[[str], Any], keep: Callable[[str, str], None]
) -> HttpResponse:
    """The page of a file's whole text, at ``home``: checked by ``trial``, and kept by ``keep``."""
    form = request.POST if request.method == "POST" else identity.parked(request)
    context: dict[str, Any] = {"now": now, "home": home, "notice": notice_of(request), "summary": []}
    if form is None:
        return _text(request, context, trial, now.text, now.base)
    typed, base = form.get("studio-text", "").replace("\r\n", "\n"), form.get("studio-base", "")
    if "studio-download" in form:
        return download(f"{now.slug}.yaml", typed, "application/yaml")
    if "studio-save" not in form or request.method != "POST":
        return _text(request, context, trial, typed, base)
    try:
        keep(typed, base)
    except Invalid as wrong:
        return _text(request, context | {"summary": _said(wrong)}, trial, typed, base, 422)
    except Conflict:
        return _text(request, context | {"notice": "changed"}, trial, typed, now.base, 409)
    return redirect(f"{home}?kept=1")


def _said(wrong: Invalid) -> list[tuple[str, str]]:
    return [("field-studio-text", str(one)) for found in wrong.errors.values() for one in found]


def _text(
    request: HttpRequest, context: dict[str, Any], trial: Callable[[str], Any], typed: str, base: str, status: int = 200
) -> HttpResponse:
    context |= {"text": typed, "base": base, "tried": trial(typed)}
    return render(request, "studio/text.html", context, status=status)


@officer_as(access.ROLE)
@require_GET
def patch(request: HttpRequest, slug: str) -> HttpResponse:
    return download(f"{slug}.patch", studio.patch(actor(request), slug), "text/x-diff")


def download(name: str, content: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# --- Test run, and open cases ----------------------------------------------------------------------------


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def try_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Fill in and see what comes of it. Nothing of it is kept, and nothing is sent."""
    me = actor(request)
    now = studio.opened(me, slug)
    found = studio.proposed(me, slug, now.text)
    if found is None:
        return render(request, "studio/try.html", {"now": now, "found": None}, status=422)
    form = request.POST if request.method == "POST" else None
    examples = [(str(number), str(one.name or number + 1)) for number, one in enumerate(found.service.examples)]
    example = _number((form or request.GET).get("studio-example", ""), len(examples))
    chosen = _day((form or request.GET).get("studio-day", ""))
    day = chosen or found.service.examples[example].today or timezone.localdate()
    tried = _tried(found, example, form, day)
    context: dict[str, Any] = {"now": now, "found": found, "tried": tried, "examples": examples}
    context |= {"example": example, "day": day.isoformat()}
    context["summary"] = [(f"field-{name}", said) for name, said in tried.errors]
    return render(request, "studio/try.html", context, status=422 if tried.errors else 200)


def _tried(found: catalogue.Published, example: int, form: Any, day: date) -> cases.Tried:
    if form is None or "studio-begin" in form:
        return cases.ask_out(found, example, None, day)
    typed: dict[str, list[str]] = {name: form.getlist(name) for name in found.service.fields}
    if "studio-run" in form:
        return cases.try_out(found, example, typed, day)
    _without_row(found, typed, form.get("drop", ""))
    return cases.ask_out(found, example, typed, day, form.get("add", ""))


def _without_row(found: catalogue.Published, typed: dict[str, list[str]], drop: str) -> None:
    """Take a row out of a table, as the button beside it says."""
    name, _dot, row = drop.partition(".")
    width = len(found.service.fields[name].columns) if name in typed else 0
    if width and row.isascii() and row.isdigit() and len(row) < 4:
        del typed[name][int(row) * width : (int(row) + 1) * width]


def _number(said: str, count: int) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 and int(said) < count else 0


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


@officer_as(access.ROLE)
@require_GET
def following(request: HttpRequest, slug: str) -> HttpResponse:
    me = actor(request)
    found = studio.following(me, slug)
    context = {"now": studio.opened(me, slug), "found": found, "count": sum(one.count for one in found)}
    return render(request, "studio/cases.html", context)
