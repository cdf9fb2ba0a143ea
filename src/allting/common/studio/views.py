"""The studio's pages: the services she owns, and one file with preview, test run and what the change is in words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity import api as identity
from allting.common.studio import access
from allting.common.studio import api as studio
from allting.kernel.access import actor, officer_as
from allting.kernel.problems import Conflict, Invalid


@officer_as(access.ROLE)
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    return render(request, "studio/services.html", {"services": studio.services(actor(request))})


@officer_as(access.ROLE)
@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """The file's text; what was typed stays, whatever is wrong with it."""
    me = actor(request)
    now = studio.opened(me, slug)
    form = request.POST if request.method == "POST" else identity.parked(request)
    if form is None:
        return _show(request, now, now.text, now.base, notice="saved" if "saved" in request.GET else "")
    text = form.get("studio-text", "").replace("\r\n", "\n")
    base = form.get("base", "")
    if "download" in form:
        return _download(slug, text)
    if "save" not in form or request.method != "POST":
        return _show(request, now, text, base)
    try:
        studio.save(me, slug, text, base)
    except Invalid:
        return _show(request, now, text, base, status=422)
    except Conflict:
        return _show(request, now, text, now.base, notice="changed", status=409)
    return redirect(f"/studio/{slug}?saved=1")


def _show(
    request: HttpRequest, now: studio.Opened, text: str, base: str, *, notice: str = "", status: int = 200
) -> HttpResponse:
    tried = studio.trial(actor(request), now.slug, text)
    context: dict[str, Any] = {"now": now, "text": text, "base": base, "tried": tried, "notice": notice}
    context["summary"] = [("field-studio-text", one) for one in tried.faults]
    return render(request, "studio/service.html", context, status=status)


def _download(slug: str, text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}.yaml"'
    return response
