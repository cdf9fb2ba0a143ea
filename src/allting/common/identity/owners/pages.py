"""Pages for client owners: the organisation's services, their settings, keys and secrets, and a login to try."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity import parking
from allting.common.identity.gateway import authorization
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.machine.issuer import issuer_of
from allting.common.identity.models import Client
from allting.common.identity.owners import registering, trying
from allting.common.identity.owners.settings_of_client import FIELDS, FIXED, LISTS, SWITCHES
from allting.kernel.access import actor, for_organisations
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid

may_enter = for_organisations(Level.HIGH)
_FIRST = ("name", "kind", "auth_method", "redirect_uris", "post_logout_redirect_uris", "legal_basis")


def _form(
    request: HttpRequest, template: str, values: Mapping[str, Any], errors: Mapping[str, Any], **more: Any
) -> HttpResponse:
    """A form's page, with what was typed, and what is wrong with it."""
    told = {name: " ".join(str(text) for text in texts) for name, texts in errors.items()}
    summary = [(f"field-{name}", text) for name, text in told.items()]
    context = {"values": values, "errors": told, "summary": summary, "authority": actor(request).is_officer, **more}
    context |= {"kinds": list(names_of_kinds().items()), "methods": list(names_of_methods().items())}
    return render(request, template, context, status=422 if told else 200)


def _typed(request: HttpRequest, names: tuple[str, ...]) -> dict[str, Any]:
    sent = request.POST
    return {name: name in sent if name in SWITCHES else sent.get(name, "") for name in names}


def _written(client: Client) -> dict[str, Any]:
    """The settings as a form has them."""
    values = {name: getattr(client, name) for name in FIELDS}
    values |= {name: "\n".join(values[name]) for name in LISTS}
    values["on_behalf_of"] = "\n".join(f"{name}={number}" for name, number in client.on_behalf_of.items())
    return values


@may_enter
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    return render(request, "identity/clients/list.html", {"clients": registering.own(actor(request))})


@may_enter
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    template = "identity/clients/new.html"
    if request.method == "GET":
        first = {"kind": "web", "auth_method": "private_key_jwt"}
        kept = parking.parked(request) or first
        return _form(request, template, {name: kept.get(name, "") for name in _FIRST}, {})
    values = _typed(request, _FIRST)
    try:
        row, secret = registering.register(actor(request), values)
    except Invalid as wrong:
        return _form(request, template, values, wrong.errors)
    return _shown_once(request, row, secret=secret) if secret else redirect(f"/clients/{row.pk}")


@may_enter
@require_GET
def show(request: HttpRequest, client_id: str) -> HttpResponse:
    row = registering.one(actor(request), client_id)
    return render(request, "identity/clients/client.html", _facts(row))


def _facts(row: Client) -> dict[str, Any]:
    return {
        "client": row,
        "keys": registering.keys(row),
        "issuer": issuer_of(row),
        "editable": row.source not in (Client.Source.FILE, Client.Source.PACKAGE),
        "has_secret": row.auth_method in (Client.AuthMethod.BASIC, Client.AuthMethod.POST),
        "has_keys": row.auth_method == Client.AuthMethod.PRIVATE_KEY,
        "kind": names_of_kinds()[row.kind],
        "method": names_of_methods()[row.auth_method],
    }


def names_of_kinds() -> dict[str, str]:
    return {
        Client.Kind.WEB: _("A service on a server"),
        Client.Kind.BROWSER: _("An app in the browser"),
        Client.Kind.NATIVE: _("An app on a telephone or computer"),
        Client.Kind.MACHINE: _("From machine to machine, without people"),
    }


def names_of_methods() -> dict[str, str]:
    return {
        Client.AuthMethod.PRIVATE_KEY: _("A key (private_key_jwt)"),
        Client.AuthMethod.BASIC: _("A secret in the header (client_secret_basic)"),
        Client.AuthMethod.POST: _("A secret in the form (client_secret_post)"),
        Client.AuthMethod.NONE: _("None: an app on the reader's own machine"),
    }


@may_enter
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, client_id: str) -> HttpResponse:
    row, template = registering.one(actor(request), client_id), "identity/clients/change.html"
    names = tuple(name for name in FIELDS if name not in FIXED)
    if request.method == "GET":
        return _form(request, template, _written(row), {}, client=row)
    values = _typed(request, names)
    try:
        registering.change(actor(request), client_id, values)
    except Invalid as wrong:
        return _form(request, template, values, wrong.errors, client=row)
    return redirect(f"/clients/{client_id}")


@may_enter
@require_http_methods(["GET", "POST"])
def secret(request: HttpRequest, client_id: str) -> HttpResponse:
    """Ask first: the old secret ends at once."""
    if request.method == "GET":
        row = registering.one(actor(request), client_id)
        return render(request, "identity/clients/secret.html", {"client": row})
    row, fresh = registering.new_secret(actor(request), client_id)
    return _shown_once(request, row, secret=fresh)


@may_enter
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, client_id: str) -> HttpResponse:
    row, template = registering.one(actor(request), client_id), "identity/clients/key.html"
    text = request.POST.get("key", "")
    if request.method == "GET":
        return _form(request, template, {"key": ""}, {}, client=row)
    try:
        if not text.strip() and "make" not in request.POST:
            raise Invalid(errors={"key": [_("Paste the key, or let us make one.")]})
        row, _key, private = registering.add_key(actor(request), client_id, "" if "make" in request.POST else text)
    except Invalid as wrong:
        return _form(request, template, {"key": text}, wrong.errors, client=row)
    if private:
        return _shown_once(request, row, private=json.dumps(private, indent=1))
    return redirect(f"/clients/{client_id}")


def _shown_once(request: HttpRequest, row: Client, **what: str) -> HttpResponse:
    response = render(request, "identity/clients/once.html", {"client": row, **what})
    response["Cache-Control"] = "no-store"
    return response


@may_enter
@require_POST
def remove_key(request: HttpRequest, client_id: str) -> HttpResponse:
    registering.remove_key(actor(request), client_id, request.POST.get("kid", ""))
    return redirect(f"/clients/{client_id}")


@may_enter
@require_POST
def state(request: HttpRequest, client_id: str) -> HttpResponse:
    """Shut off, or open again."""
    registering.set_active(actor(request), client_id, request.POST.get("active") == "yes")
    return redirect(f"/clients/{client_id}")


@may_enter
@require_POST
def try_login(request: HttpRequest, client_id: str) -> HttpResponse:
    me, level = actor(request), request.POST.get("level", "")
    try:
        asked = trying.begin(me, request, client_id, level)
    except Refused as refused:
        found = {"client": registering.one(me, client_id), "error": refused.code, "description": refused.description}
        return render(request, "identity/clients/tried.html", found)
    return redirect("/id/eid?" + urlencode({"request": authorization.kept(asked)}))


@may_enter
@require_GET
def tried(request: HttpRequest) -> HttpResponse:
    return render(request, "identity/clients/tried.html", trying.finish(actor(request), request))
