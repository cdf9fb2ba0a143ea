"""Pages about scopes: the authority's own, and what an organisation has and passes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity import parking
from allting.common.identity.machine import delegations, scopes
from allting.common.identity.models import Scope
from allting.kernel.access import actor, citizen, officer
from allting.kernel.problems import Invalid, NotFound

_SWITCHES = ("delegable", "active")


def _page(
    request: HttpRequest, template: str, values: Mapping[str, Any], errors: Mapping[str, Any], **more: Any
) -> HttpResponse:
    """A form's page, with what was typed, and what is wrong with it."""
    told = {name: texts[0] for name, texts in errors.items()}
    summary = [(f"field-{name}", text) for name, text in told.items()]
    context = {"values": values, "errors": told, "summary": summary, **more}
    return render(request, template, context, status=422 if told else 200)


# --- The owner -----------------------------------------------------------------------------------------


@officer
@require_GET
def owned(request: HttpRequest) -> HttpResponse:
    """The authority's scopes, and what it has itself."""
    me = actor(request)
    context = {
        "scopes": scopes.owned(me),
        "prefixes": scopes.prefixes(me),
        "operator": scopes.is_operator(me),
        "held": [one for one in delegations.held(me) if one.how in ("given", "accepted")],
    }
    return render(request, "identity/machine/scopes.html", context)


@officer
@require_http_methods(["GET", "POST"])
def allot(request: HttpRequest) -> HttpResponse:
    """The operator gives an authority a prefix."""
    me = actor(request)
    if not scopes.is_operator(me):
        raise NotFound()
    typed = request.POST if request.method == "POST" else parking.parked(request) or QueryDict()
    values = {name: typed.get(name, "").strip() for name in ("prefix", "owner")}
    if request.method == "GET":
        return _page(request, "identity/machine/prefix.html", values, {})
    try:
        scopes.allot(me, values["prefix"], values["owner"])
    except Invalid as wrong:
        return _page(request, "identity/machine/prefix.html", values, wrong.errors)
    return redirect("/office/scopes")


@officer
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    me = actor(request)

    def make(values: dict[str, Any]) -> Scope:
        return scopes.create(me, values["prefix"], values["subscope"].strip(), values)

    return _form(request, {"at_max_age": 600}, make, scopes.prefixes(me))


@officer
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    row = scopes.one(me, request.GET.get("scope", ""))
    stored: dict[str, Any] = {name: getattr(row, name) for name in ("description", "terms", "at_max_age", *_SWITCHES)}
    stored["open"] = ("terms" if row.terms else "all") if row.accessible_for_all else "given"
    stored["types"] = row.allowed_integration_types
    return _form(request, stored, lambda values: scopes.change(me, row.name, values), [], row)


def _form(
    request: HttpRequest,
    stored: dict[str, Any],
    save: Callable[[dict[str, Any]], Scope],
    prefixes: list[str],
    row: Scope | None = None,
) -> HttpResponse:
    """New or changed: the same fields."""
    template, more = "identity/machine/scope_form.html", {"prefixes": prefixes, "scope": row}
    if request.method == "GET":
        kept = parking.parked(request)
        empty = _typed(QueryDict()) | {"open": "given", "types": ["maskinporten"], "active": True}
        return _page(request, template, empty | stored if kept is None else _typed(kept), {}, **more)
    values = _typed(request.POST)
    try:
        made = save(_read(values))
    except Invalid as wrong:
        renamed = {"allowed_integration_types": "types"}
        return _page(request, template, values, {renamed.get(k, k): v for k, v in wrong.errors.items()}, **more)
    return redirect("/office/scopes/scope?" + urlencode({"scope": made.name}))


def _typed(form: QueryDict) -> dict[str, Any]:
    texts = {name: form.get(name, "") for name in ("prefix", "subscope", "description", "open", "terms", "at_max_age")}
    return texts | {name: name in form for name in _SWITCHES} | {"types": form.getlist("types")}


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as the verb wants it. Raises Invalid."""
    seconds = str(values["at_max_age"]).strip()
    if values["open"] == "terms" and not values["terms"].strip():
        raise Invalid(errors={"terms": [_("Write the terms.")]})
    return values | {
        "at_max_age": int(seconds) if seconds.isascii() and seconds.isdigit() and len(seconds) < 7 else 0,
        "accessible_for_all": values["open"] in ("all", "terms"),
        "terms": values["terms"] if values["open"] == "terms" else "",
        "allowed_integration_types": values["types"],
    }


@officer
@require_http_methods(["GET", "POST"])
def scope(request: HttpRequest) -> HttpResponse:
    """One scope: what it is, who has it, and who uses it; give it, or take it back."""
    me, name = actor(request), request.GET.get("scope", "")
    row = scopes.one(me, name)
    typed = request.POST if request.method == "POST" else parking.parked(request) or QueryDict()
    errors: Mapping[str, Any] = {}
    if request.method == "POST":
        try:
            if "withdraw" in typed:
                scopes.withdraw(me, name, typed.get("withdraw", ""))
            else:
                scopes.give(me, name, typed.get("organisation", ""))
            return redirect("/office/scopes/scope?" + urlencode({"scope": name}))
        except Invalid as wrong:
            errors = wrong.errors
    values = {"organisation": typed.get("organisation", "")}
    return _page(request, "identity/machine/scope.html", values, errors, scope=row, holders=scopes.holders(me, name))


# --- The consumer --------------------------------------------------------------------------------------


@citizen()
@require_http_methods(["GET", "POST"])
def held(request: HttpRequest) -> HttpResponse:
    """What the organisation has, what suppliers may use for it, and what it may use for others."""
    me = actor(request)
    if request.method == "POST":
        delegations.withdraw(me, _id(request.POST.get("withdraw", "")))
        return redirect("/my/machine")
    rows = delegations.held(me)
    context = {
        "has": [one for one in rows if one.how != "offered"],
        "offered": [one for one in rows if one.how == "offered"],
        "delegations": delegations.delegations(me),
        "delegable": delegations.may_decide(me) and delegations.delegable(me),
        "may_decide": delegations.may_decide(me),
    }
    return render(request, "identity/machine/held.html", context)


@citizen()
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The terms of an open scope, and the yes to them."""
    me, name = actor(request), request.GET.get("scope", "")
    offered = next((one for one in delegations.held(me) if one.scope.name == name and one.how == "offered"), None)
    if offered is None:
        return redirect("/my/machine")
    if request.method == "POST":
        delegations.accept(me, name)
        return redirect("/my/machine")
    return render(request, "identity/machine/terms.html", {"scope": offered.scope})


@citizen()
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest) -> HttpResponse:
    """Let a supplier use one of the organisation's scopes."""
    me, template = actor(request), "identity/machine/delegate.html"
    choices = delegations.delegable(me)
    typed = request.POST if request.method == "POST" else parking.parked(request) or QueryDict()
    values = {name: typed.get(name, "").strip() for name in ("scope", "supplier", "starts", "ends")}
    if request.method == "GET":
        values["starts"] = values["starts"] or timezone.localdate().isoformat()
        return _page(request, template, values, {}, choices=choices)
    try:
        starts, ends = _day(values["starts"], "starts"), _day(values["ends"], "ends") if values["ends"] else None
        delegations.delegate(me, values["scope"], values["supplier"], starts, ends)
    except Invalid as wrong:
        return _page(request, template, values, wrong.errors, choices=choices)
    return redirect("/my/machine")


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(errors={field: [_("Write a date.")]}) from None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None
