"""Search, a service's own page, and the life events."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.access import public
from allting.kernel.problems import NotFound
from allting.kernel.text import LANGUAGES, alphabetical


@public
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:200]
    found = [_found(hit) for hit in catalogue.find(query)]
    return render(request, "catalogue/search.html", {"query": query, "found": found})


def _found(hit: catalogue.Hit) -> dict[str, Any]:
    if hit.kind == "service":
        one = catalogue.service(hit.slug).service
        return {"title": one.title, "summary": one.summary, "url": f"/services/{hit.slug}", "kind": hit.kind}
    event = catalogue.life_event(hit.slug)
    return {"title": event.title, "summary": event.summary, "url": f"/life-events/{hit.slug}", "kind": hit.kind}


@public
@require_GET
def services(request: HttpRequest) -> HttpResponse:
    """All services, under their themes; ``?theme=`` one of them."""
    wanted = request.GET.get("theme", "")
    groups = [
        (theme.title, [one.service for one in catalogue.services() if name in one.service.themes])
        for name, theme in catalogue.themes().items()
        if wanted in ("", name)
    ]
    groups = sorted([group for group in groups if group[1]], key=lambda group: alphabetical(group[0]))
    return render(request, "catalogue/services.html", {"groups": groups, "wanted": wanted})


@public
@require_GET
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, who decides, what it takes: known before anything is asked."""
    one = catalogue.service(slug).service
    context = {
        "service": one,
        "offered_by": _offered_by(one),
        "address": f"{settings.BASE_URL}/services/{slug}",
        "themes": [catalogue.themes()[name] for name in one.themes],
        "spoken": LANGUAGES,
    }
    return render(request, "catalogue/service.html", context)


def _offered_by(service: catalogue.Service) -> str:
    """The authority's name; empty where it depends on where one lives."""
    try:
        return registers.authority(service.offered_by).name
    except NotFound:
        return ""


@public
@require_GET
def life_event(request: HttpRequest, slug: str) -> HttpResponse:
    event = catalogue.life_event(slug)
    steps = [(step, catalogue.service(step.service).service if step.service else None) for step in event.steps]
    return render(request, "catalogue/life_event.html", {"event": event, "steps": steps})
