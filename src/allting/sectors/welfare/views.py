"""What you seem to have a right to, and one button to say yes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from allting.kernel.access import actor, citizen
from allting.kernel.problems import Conflict
from allting.sectors.welfare import rights


@citizen()
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    return render(request, "welfare/rights.html", {"rights": rights.rights(actor(request)), "taken": False})


@citizen()
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Which right stands in the body: it is a child's, and no address says it."""
    try:
        case = rights.accept(actor(request), request.POST.get("right", ""))
    except Conflict as told:
        if told.code != "other-parent-first":
            raise
        context = {"rights": rights.rights(actor(request)), "taken": True}
        return render(request, "welfare/rights.html", context, status=409)
    return redirect(f"/my/cases/{case}?sent=1")
