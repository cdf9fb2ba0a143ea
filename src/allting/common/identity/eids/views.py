"""My electronic IDs, where I have logged in, and the operator's switches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity.eids import changes, history, switching
from allting.common.identity.eids.provider import Provider, provider, providers
from allting.common.identity.machine.scopes import is_operator
from allting.common.identity.models import EidBlock, SignOn
from allting.kernel.access import actor, citizen, officer
from allting.kernel.actor import Level
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound

PAGE = 20


@citizen(Level.SUBSTANTIAL)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What she has of each eID, what she can get, and which may not be used for her."""
    person = actor(request).person
    assert person is not None
    away, blocked, now = switching.off(one.name for one in providers()), switching.blocked(person), _in_use(request)
    rows = [
        {
            "provider": one,
            "held": list(one.held(person)),
            "off": one.name in away,
            "blocked": one.name in blocked,
            "now": now is not None and one.name == now.name,
        }
        for one in providers()
    ]
    return render(request, "identity/eids/mine.html", {"rows": rows, "saved": "saved" in request.GET})


def _in_use(request: HttpRequest) -> Provider | None:
    """The eID she is logged in with now."""
    row = SignOn.objects.filter(sid=actor(request).session).only("method").first()
    return next((one for one in providers() if row is not None and row.method in one.amr), None)


@citizen(Level.SUBSTANTIAL)
@require_POST
def block(request: HttpRequest) -> HttpResponse:
    """From now on an eID may not be used for her, or may again. Never the one she sits here with."""
    person, name = actor(request).person, request.POST.get("eid", "")
    assert person is not None
    if provider(name) is None or len(name) > 40:
        raise NotFound()
    if request.POST.get("do") == "unblock":
        EidBlock.objects.filter(person=person, name=name).delete()
    else:
        now = _in_use(request)
        if now is None or now.name == name:
            raise Conflict(
                _("You are logged in with this one. Log in with another electronic ID to block it."), code="in-use"
            )
        EidBlock.objects.get_or_create(person=person, name=name)
    changes.tell(person)
    return redirect("/my/eids?saved=1")


@citizen(Level.SUBSTANTIAL)
@require_GET
def past(request: HttpRequest) -> HttpResponse:
    """Where she has logged in, and which services were told who she is."""
    person = actor(request).person
    assert person is not None
    found = history.logins(person, _moment(request.GET.get("before", "")), PAGE + 1)
    context = {
        "logins": found[:PAGE],
        "older": found[PAGE - 1].at.isoformat() if len(found) > PAGE else "",
        "told": history.disclosures(person, limit=PAGE),
        "fields": {
            "login": _("that you logged in"),
            "level": _("level of assurance"),
            "name": _("name"),
            "identity_number": _("identity number"),
        },
        "levels": level_names(),
    }
    return render(request, "identity/eids/history.html", context)


def level_names() -> dict[Level, str]:
    return {Level.LOW: _("Low"), Level.SUBSTANTIAL: _("Substantial"), Level.HIGH: _("High")}


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


@officer
@require_http_methods(["GET", "POST"])
def switches(request: HttpRequest) -> HttpResponse:
    """For the operator: switch an eID off everywhere, at once, and on again."""
    me = actor(request)
    if not is_operator(me):
        raise NotAllowed(code="operator-only")
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _switch(request)
        if not errors:
            return redirect("/office/eids?saved=1")
    state = switching.switched()
    rows = [{"provider": one, "state": state.get(one.name)} for one in providers()]
    context: dict[str, Any] = {
        "rows": rows,
        "errors": errors,
        "typed": {name: request.POST.get(name, "") for name in ("eid", "reason")},
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "saved": "saved" in request.GET,
    }
    return render(request, "identity/eids/switches.html", context, status=422 if errors else 200)


def _switch(request: HttpRequest) -> dict[str, str]:
    name, by = request.POST.get("eid", ""), actor(request).person
    if not any(one.name == name for one in providers()):
        raise Invalid(code="no-such-eid")
    if request.POST.get("do") == "on":
        switching.switch_on(name, by)
        return {}
    try:
        switching.switch_off(name, request.POST.get("reason", ""), by)
    except ValueError:
        return {f"reason-{name}": _("Write why it is switched off")}
    if request.POST.get("end"):
        switching.end_sessions(name)
    return {}
