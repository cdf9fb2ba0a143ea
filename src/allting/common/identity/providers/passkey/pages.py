"""Passkeys in a login, and on the person's own page. These pages need script; they say so where there is none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allting.common.identity.eids import changes, kept
from allting.common.identity.eids.provider import Login
from allting.common.identity.models import Passkey
from allting.common.identity.providers.passkey import keys
from allting.kernel.access import actor, citizen
from allting.kernel.actor import Level
from allting.kernel.problems import NotFound

AMR = "Passkey"
LONGEST_NAME = 60


def page(request: HttpRequest, login: Login) -> HttpResponse:
    """Ask for a passkey. Each question is answered once; a wrong answer gets a new one."""
    error = ""
    if request.method == "POST":
        challenge = login.flow.data.pop("challenge", "")
        try:
            person, level = keys.answered(request.POST.get("credential", ""), challenge)
        except keys.NotThisKey:
            error = _("This passkey could not be used here. It may have been removed, or is for another site.")
        else:
            if level >= login.wanted:
                return login.known(person, level, AMR, "pop", "user", "mfa")
            error = _("This service asks for level high. Your passkey gives substantial. Use another electronic ID.")
    options, login.flow.data["challenge"] = keys.question()
    login.flow.save()
    context = {"options": options, "error": error, "summary": [("passkey-button", error)] if error else []}
    return render(request, "identity/eids/passkey_login.html", context, status=422 if error else 200)


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a passkey; it gives the level of this login, at most."""
    me, errors = actor(request), dict[str, str]()
    assert me.person is not None
    name = request.POST.get("name", "").strip()
    if request.method == "POST":
        challenge = kept.kept(request, "passkey").get("challenge", "")
        kept.drop(request, "passkey")
        if not name or len(name) > LONGEST_NAME:
            errors["name"] = _("Give the passkey a name of at most 60 letters")
        else:
            try:
                keys.register(me.person, name, me.level, request.POST.get("credential", ""), challenge)
            except keys.NotThisKey:
                errors["name"] = _("The passkey was not added. Try again, or use another device.")
            else:
                changes.tell(me.person)
                return redirect("/my/eids?saved=1")
    options, challenge = keys.registration(me.person, me.name or "Allting")
    kept.keep(request, "passkey", {"challenge": challenge})
    context = {"options": options, "name": name, "high": me.level >= Level.HIGH, "errors": errors}
    return _shown(request, "passkey_new", context, errors)


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give a passkey another name, or remove it."""
    person = actor(request).person
    row = Passkey.objects.filter(pk=key, person=person).first() if person else None
    if row is None:
        raise NotFound()
    errors: dict[str, str] = {}
    name = request.POST.get("name", row.name).strip()
    if request.method == "POST" and request.POST.get("do") == "remove":
        row.delete()
        changes.tell(row.person)
        return redirect("/my/eids?saved=1")
    if request.method == "POST":
        if name and len(name) <= LONGEST_NAME:
            Passkey.objects.filter(pk=row.pk).update(name=name)
            return redirect("/my/eids?saved=1")
        errors["name"] = _("Give the passkey a name of at most 60 letters")
    context = {"row": row, "name": name, "high": keys.level_of(row) >= Level.HIGH, "errors": errors}
    return _shown(request, "passkey_one", context, errors)


def _shown(request: HttpRequest, template: str, context: dict[str, Any], errors: dict[str, str]) -> HttpResponse:
    context["summary"] = [(f"field-{name}", text) for name, text in errors.items()]
    return render(request, f"identity/eids/{template}.html", context, status=422 if errors else 200)
