"""Powers of attorney: those I gave and those I was given; give one, end one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity import api as identity
from allting.common.powers import api as powers
from allting.kernel.access import actor, ask_login, citizen
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid, LoginNeeded

TEXTS = ("number", "family_name", "starts", "ends")


@citizen()
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    context = {
        "given": [(one, powers.words(one.reach)) for one in powers.given(me)],
        "received": [(one, powers.words(one.reach)) for one in powers.received(me)],
        "may_give": powers.may_give(me),
    }
    return render(request, "powers/overview.html", context)


@citizen()
@require_GET
def power(request: HttpRequest, power_id: UUID) -> HttpResponse:
    me = actor(request)
    found = powers.opened(me, power_id)
    context = {
        "power": found, "words": powers.words(found.reach), "mine": found.giver == me.party,
        "may_end": powers.may_give(me) and found.state in ("holds", "later"), "new": "new" in request.GET,
    }  # fmt: skip
    return render(request, "powers/power.html", context)


@citizen()
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, power_id: UUID) -> HttpResponse:
    """Withdraw it, or give it back, after asking."""
    me = actor(request)
    found = powers.opened(me, power_id)
    if request.method == "POST":
        powers.end(me, power_id)
    if request.method == "POST" or found.state not in ("holds", "later"):
        return redirect(f"/my/powers/{power_id}")
    return render(request, "powers/end.html", {"power": found, "mine": found.giver == me.party})


@citizen()
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """First what it shall cover, then to whom and how long. What was typed is shown again when it cannot be used."""
    me = actor(request)
    parked = identity.parked(request)
    form = request.POST if request.method == "POST" else parked if parked is not None else request.GET
    if not powers.may_give(me):
        return render(request, "powers/not_yours.html", status=403)
    if form.get("covers") not in powers.COVERS:
        error = _("Choose what the power of attorney covers") if "covers" in form or "next" in form else ""
        return render(request, "powers/covers.html", {"error": error}, status=422 if error else 200)
    if request.method == "GET":
        return _form(request, form, {})
    try:
        made = powers.give(me, _asked(form))
    except Invalid as wrong:
        return _form(request, form, {name: texts[0] for name, texts in wrong.errors.items()})
    except LoginNeeded as needed:
        return ask_login(request, Level.from_name(needed.extra["level"]))
    return redirect(f"/my/powers/{made}?new=1")


def _asked(form: QueryDict) -> powers.Asked:
    """Raises Invalid for a date that cannot be read."""
    days: dict[str, date | None] = {}
    for name in ("starts", "ends"):
        try:
            days[name] = date.fromisoformat(text) if (text := form.get(name, "")) else None
        except ValueError:
            raise Invalid(errors={name: [_("Write a date")]}) from None
    return powers.Asked(
        form.get("number", ""), form.get("family_name", ""), form.get("covers", ""), form.getlist("chosen"), **days
    )


def _form(request: HttpRequest, form: QueryDict, errors: Mapping[str, Any]) -> HttpResponse:
    covers = form.get("covers", "")
    named = {"reach": "chosen"}
    shown = {named.get(name, name): text for name, text in errors.items()}
    context = {
        "covers": covers,
        "options": [(name, title) for name, title in powers.options(covers).items()],
        "chosen": form.getlist("chosen"),
        "typed": {name: form.get(name, "") for name in TEXTS},
        "today": timezone.localdate().isoformat(),
        "errors": shown,
        "summary": [(f"field-{name}", text) for name, text in shown.items()],
    }
    return render(request, "powers/new.html", context, status=422 if errors else 200)
