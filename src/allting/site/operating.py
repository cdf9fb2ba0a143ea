"""For those who run the platform: effects that were given up on, and letting them be tried again."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.access import actor, officer
from allting.kernel.problems import NotAllowed, NotFound


@officer
@require_http_methods(["GET", "POST"])
def dead(request: HttpRequest) -> HttpResponse:
    """What was given up on: kind, when, how often, the error's class. Never what is in it."""
    _only_the_operator(request)
    if request.method == "POST":
        number = request.POST.get("effect", "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            outbox.retry(int(number))
        return redirect("/office/dead")
    context = {"dead": outbox.dead(), "figures": outbox.figures()}
    return render(request, "site/dead.html", context)


def _only_the_operator(request: HttpRequest) -> None:
    try:
        operator = registers.authority(settings.OPERATOR_AUTHORITY)
    except NotFound:
        raise NotAllowed() from None
    if actor(request).authority != operator.id:
        raise NotAllowed()
