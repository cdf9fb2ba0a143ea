"""An officer enters what came on paper, by telephone or at the counter, on the pages its party would fill in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.cases import filling
from allting.common.cases.forms import named
from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.kernel.access import actor, officer
from allting.kernel.problems import Invalid, Unavailable

LABELS = {
    "number": _("Identity number"), "name": _("Name"), "born": _("Date of birth"), "way": _("How did it come?"),
    "received": _("The day it came"), "note": _("What was said"), "paper": _("The scanned paper"),
}  # fmt: skip


@officer
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Which service it is for, and what is begun and not sent; then whose it is, how it came and when."""
    me, slug = actor(request), request.GET.get("service", "")
    services = cases.enterable(me)
    if slug not in dict(services):
        unknown = "service" in request.GET
        context = {"services": services, "begun": cases.entered(me), "unknown": unknown}
        return render(request, "cases/enter.html", context, status=422 if unknown else 200)
    if request.method == "GET":
        return _show(request, slug, identity.parked(request) or {}, {})
    sent = request.FILES.get("paper")
    arrived = cases.Arrived(**{name: request.POST.get(name, "") for name in LABELS if name != "paper"})
    try:
        draft = cases.enter(me, slug, arrived, (sent.name or "", sent.read()) if sent else None)
    except Invalid as wrong:
        return _show(request, slug, request.POST, {name: found[0] for name, found in wrong.errors.items()})
    except Unavailable as down:
        return _show(request, slug, request.POST, {"paper": down.detail})
    return filling.onwards(cases.opened(me, draft), "")


def _show(request: HttpRequest, slug: str, typed: Any, errors: dict[str, Any]) -> HttpResponse:
    service = catalogue.service(slug).service
    business = service.audience == "business"
    labels = LABELS | ({"number": _("Organisation number")} if business else {})
    context = {
        "service": service, "business": business, "typed": {name: typed.get(name, "") for name in LABELS},
        "errors": errors, "labels": labels, "ways": list(cases.WAYS.items()),
        "summary": [(f"field-{name}", named(labels[name], text)) for name, text in errors.items()],
    }  # fmt: skip
    return render(request, "cases/enter_whose.html", context, status=422 if errors else 200)


page = officer(require_http_methods(["GET", "POST"])(filling.page))
stopped = officer(require_GET(filling.stopped))
review = officer(require_http_methods(["GET", "POST"])(filling.review))
discard = officer(require_http_methods(["GET", "POST"])(filling.discard))
draft = officer(require_GET(filling.draft))
