"""Applying: begin, fill in page by page, look over, send."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.cases import filling
from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.kernel.access import actor, ask_login, citizen
from allting.kernel.actor import Actor
from allting.kernel.problems import LoginNeeded, NotAllowed


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin. Whoever pressed Start before the login comes back with the parked form, and need not press again."""
    service = catalogue.service(slug).service
    if service.own_page:
        return redirect(service.own_page)
    form = request.POST if request.method == "POST" else identity.parked(request)
    if form is None:
        return redirect(f"/services/{slug}")
    me = actor(request)
    if _wrong_role(me, service):
        return render(request, "cases/role.html", {"service": service}, status=403)
    if me.level < service.assurance:
        return ask_login(request, service.assurance)
    begun = cases.begun(me, slug)
    if begun and "again" not in form:
        return render(request, "cases/begun.html", {"service": service, "begun": begun})
    suggested = {name[4:]: [str(form[name])] for name in form if name.startswith("ask.")}
    draft_id = cases.start(me, slug)
    return filling.suggested(me, draft_id, suggested) if suggested else filling.onwards(cases.opened(me, draft_id), "")


def _wrong_role(me: Actor, service: catalogue.Service) -> bool:
    try:
        cases.may_start(me, service)
    except LoginNeeded:
        return False
    except NotAllowed as refused:
        if refused.code == "outside-mandate":
            raise
        return True
    return False


_hers = citizen(limited=True)
page = _hers(require_http_methods(["GET", "POST"])(filling.page))
stopped = _hers(require_GET(filling.stopped))
review = _hers(require_http_methods(["GET", "POST"])(filling.review))
discard = _hers(require_http_methods(["GET", "POST"])(filling.discard))
draft = _hers(require_GET(filling.draft))
