"""The studio's pages of a law's figures: the file, one figure with a new or changed value, and the whole text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity import api as identity
from allting.common.studio import access, rates
from allting.common.studio.views import download, notice_of, text_page, whole_page
from allting.kernel.access import actor, officer_as
from allting.kernel.problems import Conflict, Invalid, NotFound


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest, file: str) -> HttpResponse:
    """The draft as a whole; it is saved for review, or discarded, here."""
    me = actor(request)
    return whole_page(
        request, f"/studio/rates/{file}", lambda notice, status: _overview(request, file, notice, status),
        lambda: rates.discard(me, file), lambda base: rates.save(me, file, base),
    )  # fmt: skip


def _overview(request: HttpRequest, file: str, notice: str, status: int) -> HttpResponse:
    me = actor(request)
    now = rates.opened(me, file)
    context = {"now": now, "tried": rates.trial(me, file, now.text), "figures": rates.figures_of(now.text)}
    return render(request, "studio/rates.html", context | {"notice": notice}, status=status)


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def one_figure(request: HttpRequest, file: str, figure: str) -> HttpResponse:
    """One figure: its values over time, and the form of a new one, or of the one that is to be changed."""
    me = actor(request)
    form = request.POST if request.method == "POST" else identity.parked(request)
    typed = {one: str(form.get(one, "")) for one in form} if form is not None else None
    place = _place((typed or request.GET).get("row", ""))
    if typed is None or request.method == "GET":
        return _figure(request, file, figure, place, typed, notice=notice_of(request))
    try:
        if "studio-out" in typed and place is not None:
            rates.take(me, file, figure, place, typed.get("studio-base", ""))
        else:
            rates.put(me, file, figure, place, typed, typed.get("studio-base", ""))
    except Invalid as wrong:
        return _figure(request, file, figure, place, typed, errors=wrong.errors, status=422)
    except Conflict:
        return _figure(request, file, figure, place, typed, notice="changed", status=409)
    return redirect(f"/studio/rates/{file}/figures/{figure}?kept=1")


def _figure(
    request: HttpRequest, file: str, figure: str, place: int | None, typed: Mapping[str, str] | None, *,
    errors: Mapping[str, Any] | None = None, notice: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    me = actor(request)
    now = rates.opened(me, file)
    one = next((each for each in rates.figures_of(now.text) if each.name == figure), None)
    if one is None:
        raise NotFound(code="no-such-figure")
    said = {field: " ".join(map(str, texts)) for field, texts in (errors or {}).items()}
    context = {
        "now": now, "one": one, "place": place, "values": typed if typed is not None else rates.shown(one, place),
        "errors": said, "summary": [(f"field-{field}", text) for field, text in said.items()], "notice": notice,
        "changes_said": rates.changes(now),
    }  # fmt: skip
    return render(request, "studio/figure.html", context, status=status)


def _place(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else None


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, file: str) -> HttpResponse:
    """The file's text; what was typed stays, whatever is wrong with it."""
    me = actor(request)
    return text_page(
        request, rates.opened(me, file), f"/studio/rates/{file}",
        lambda typed: rates.trial(me, file, typed), lambda typed, base: rates.keep(me, file, typed, base),
    )  # fmt: skip


@officer_as(access.ROLE)
@require_GET
def patch(request: HttpRequest, file: str) -> HttpResponse:
    return download(f"{file}.patch", rates.patch(actor(request), file), "text/x-diff")
