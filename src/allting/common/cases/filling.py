"""Filling in an application page by page, by its party or by an officer who enters it for her: who may, the routes
say. Everything is kept as one goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allting.common.cases import api as cases
from allting.common.cases.drafts import page_of
from allting.common.cases.forms import disputed, named, questions
from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.common.payment import api as payment
from allting.kernel.access import actor, ask_login
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict, Invalid, Unavailable

STAY = ("refresh", "upload", "remove", "add", "drop")  # buttons that keep what is typed and show the page again


def _disputed(me: Actor, slug: str, what: str) -> HttpResponse:
    """The register is wrong: its keeper is told, in a case of its own, of which the first question is what it says."""
    first = next(iter(catalogue.service(slug).service.fields))
    return suggested(me, cases.start(me, slug), {first: [what]})


def suggested(me: Actor, draft_id: UUID, given: Mapping[str, list[str]]) -> HttpResponse:
    """Another page knows what this is about: it stands on the first page, to be read and changed."""
    form = cases.opened(me, draft_id)
    page = form.service.asks[0].page
    cases.save(me, draft_id, page, given)
    return redirect(f"{form.at}/{page}")


def onwards(form: cases.Form, done: str) -> HttpResponse:
    """To the next page of questions, or to looking it over."""
    if form.stops():
        return redirect(f"{form.at}/stopped")
    names = [page.page for page in form.pages()]
    place = names.index(done) + 1 if done in names else 0
    return redirect(f"{form.at}/{names[place] if place < len(names) else 'review'}")


def page(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """One page of questions."""
    me = actor(request)
    form = cases.opened(me, draft_id)
    if form.case is not None:
        return redirect(_case(form, form.case))
    if form.came is None and me.level < form.service.assurance:
        return ask_login(request, form.service.assurance)
    asked = page_of(form.service, name)
    if request.method == "POST":
        return _save(request, me, form, asked)
    parked = identity.parked(request)
    if parked is not None:
        typed = {name: parked.getlist(name) for name in asked.fields}
        return _show(request, form, asked, typed, {}, notice="parked")
    return _show(request, form, asked, None, {})


def _save(request: HttpRequest, me: Actor, form: cases.Form, asked: catalogue.Page) -> HttpResponse:
    """Keep what is right, say what is wrong, and show again what was typed."""
    errors = _files(request, me, form)
    typed = {name: rows_left(request, name, field) for name, field in asked.fields.items()}
    try:
        saved, wrong = cases.save(me, form.id, asked.page, typed, as_number(request.POST.get("revision")))
    except Conflict as conflict:
        if conflict.code == "draft-sent":
            return redirect(f"{form.at}/review")
        latest = cases.opened(me, form.id)
        return _show(request, latest, asked, typed, {}, notice="other-tab", status=409)
    if dispute := disputed(saved, asked, request.POST.get("wrong", "")):
        return _disputed(me, *dispute)
    if any(name in request.POST for name in STAY):
        return _show(request, saved, asked, typed, errors, status=422 if errors else 200)
    new = set(wrong) - set(request.POST.get("shown", "").split())
    errors = {name: text for name, text in wrong.items() if name not in new} | errors  # a bad file says more than none
    if errors:
        return _show(request, saved, asked, typed, errors, status=422)
    if new:
        return _show(request, saved, asked, typed, {}, notice="more")
    return redirect(f"{form.at}/review") if "change" in request.GET and _ready(saved) else onwards(saved, asked.page)


def rows_left(request: HttpRequest, name: str, field: catalogue.FormField) -> list[str]:
    """What was typed; of a table, without the row that was crossed out."""
    typed = request.POST.getlist(name)
    table, _dot, row = request.POST.get("drop", "").partition(".")
    place = as_number(row)
    if table != name or place is None:
        return typed
    width = len(field.columns)
    return [*typed[: place * width], *typed[(place + 1) * width :]]


def _ready(form: cases.Form) -> bool:
    return not form.stops() and not form.faults()


def _files(request: HttpRequest, me: Actor, form: cases.Form) -> dict[str, Any]:
    """Receive what was chosen and remove what was crossed out; what could not be received, by field."""
    errors: dict[str, Any] = {}
    if gone := as_uuid(request.POST.get("remove", "")):
        cases.detach(me, form.id, gone)
    for field in request.FILES:
        for sent in request.FILES.getlist(field):
            try:
                cases.attach(me, form.id, field, sent.name or "", sent.read())
            except Invalid as wrong:
                errors[field] = wrong.errors[field][0]
            except Unavailable as down:
                errors[field] = down.detail
    return errors


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def as_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _show(
    request: HttpRequest, form: cases.Form, asked: catalogue.Page, typed: Mapping[str, list[str]] | None,
    errors: dict[str, Any], *, notice: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    found = questions(form, asked, typed, errors, request.POST.get("add", ""))
    names = [one.page for one in form.pages()]
    context = {
        "form": form,
        "page": asked,
        "questions": found,
        "summary": [(f"field-{one.name}", named(one.label, one.error)) for one in found if one.error],
        "place": names.index(asked.page) + 1 if asked.page in names else 1,
        "places": len(names) + 1,
        "back": _back(form, names, asked.page),
        "notice": notice,
        "has_files": any(one.widget == "file" for one in found),
    }
    return render(request, "cases/form.html", context, status=status)


def _back(form: cases.Form, names: list[str], name: str) -> str:
    place = names.index(name) if name in names else 0
    first = "/office/enter" if form.came else f"/services/{form.service.service}"
    return f"{form.at}/{names[place - 1]}" if place else first


def stopped(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Why this cannot be applied for, before the work of applying."""
    form = cases.opened(actor(request), draft_id)
    if form.case is not None or not form.stops():
        return redirect(f"{form.at}/review")
    return render(request, "cases/stopped.html", {"form": form, "stops": form.stops(), "pages": form.pages()})


def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Look it over, sign and send."""
    me = actor(request)
    form = cases.opened(me, draft_id)
    if form.case is not None:
        return redirect(_case(form, form.case))
    if form.stops():
        return redirect(f"{form.at}/stopped")
    if request.method == "POST":
        return _send(request, me, form)
    return _review(request, form)


def _send(request: HttpRequest, me: Actor, form: cases.Form) -> HttpResponse:
    if form.came is None and me.level < cases.sign_level(form.service):
        return ask_login(request, cases.sign_level(form.service))
    try:
        case = cases.submit(me, form.id, seen="seen" in request.POST)
    except Invalid as wrong:
        return _review(request, form, {name: texts[0] for name, texts in wrong.errors.items()})
    bill = payment.bill_of_case(case) if form.came is None else None
    if bill is not None and bill.status == "due":
        return redirect(f"/my/payments/{bill.id}")
    return redirect(f"{_case(form, case)}?sent=1")


def _case(form: cases.Form, case: UUID) -> str:
    return f"/office/cases/{case}" if form.came else f"/my/cases/{case}"


def _review(request: HttpRequest, form: cases.Form, errors: dict[str, Any] | None = None) -> HttpResponse:
    faults = form.faults()
    pages = list(
        zip(
            form.pages(),
            cases.answers(form.service, {"answers": form.answers, "known": form.known}, form.files),
            strict=True,
        )
    )
    wrong = {name: text for one in faults.values() for name, text in one.items()} | (errors or {})
    where = {name: one.page for one in form.service.asks for name in one.fields}
    missing = [
        (f"{form.at}/{where[name]}?change=1#field-{name}", named(form.service.fields[name].label, text))
        for name, text in wrong.items()
        if name in where
    ]
    context = {
        "form": form,
        "pages": pages,
        "missing": missing,
        "declaration": cases.DECLARATION,
        "fee": catalogue.fee(form.service, form.answers, form.known, form.day),
        "parked": identity.parked(request) is not None,
        "elsewhere": wrong.get("authority", ""),
    }
    return render(request, "cases/review.html", context, status=422 if errors else 200)


def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Delete a draft, after asking."""
    form = cases.opened(actor(request), draft_id)
    if request.method == "GET":
        return render(request, "cases/discard.html", {"form": form})
    cases.discard(actor(request), draft_id)
    return redirect("/office/enter" if form.came else "/my")


def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on where she left: the first page with something missing."""
    form = cases.opened(actor(request), draft_id)
    if form.case is not None:
        return redirect(_case(form, form.case))
    faults = form.faults()
    first = next((one.page for one in form.pages() if one.page in faults), None)
    return redirect(f"{form.at}/{first or 'review'}") if not form.stops() else redirect(f"{form.at}/stopped")
