"""The endpoints of the OpenID provider, under ``/id``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity import clients, dpop, jose, signing, tokens
from allting.common.identity.gateway import authorization, grants, introspection, logout, request_objects
from allting.common.identity.gateway.authorization import Request, Return
from allting.common.identity.gateway.client_authentication import authenticate
from allting.common.identity.gateway.discovery import metadata
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.gateway.parameters import once
from allting.common.identity.gateway.sign_on import current, end
from allting.common.identity.models import Client, SignOn
from allting.kernel.access import between_programs, public
from allting.kernel.problems import Invalid

COOKIE = "allting_id"
_PUBLIC_SECONDS = 300  # how long metadata and keys may be kept by others


class ToClient(HttpResponseRedirect):
    """To an address that the client has registered, whatever its scheme."""

    def __init__(self, address: str) -> None:
        self.allowed_schemes = [urlsplit(address).scheme]
        super().__init__(address)


# --- What anybody may know ---------------------------------------------------------------------------


@public
@require_GET
def discovery(request: HttpRequest) -> HttpResponse:
    return _published(metadata())


@public
@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    return _published(signing.public_keys())


def _published(told: dict[str, Any]) -> HttpResponse:
    """A page of the client's own may read it from the browser."""
    response = JsonResponse(told)
    response["Cache-Control"] = f"public, max-age={_PUBLIC_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


# --- In the browser ----------------------------------------------------------------------------------


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """RFC 6749 § 4.1.1: straight back when the browser is signed on at the level, else to the eID."""
    try:
        client, asked, back = request_objects.resolved(_once(request.POST if request.method == "POST" else request.GET))
        assert client is not None
    except request_objects.Elsewhere as elsewhere:
        return refusal(request, elsewhere.back, elsewhere.refused)
    try:
        checked = authorization.checked(client, asked, back)
    except Refused as refused:
        return refusal(request, back, refused)
    who = current(request.COOKIES.get(COOKIE, ""))
    to_choose = checked.silent and checked.details
    if who is not None and not authorization.why_login(checked, who) and not to_choose:
        return signed_on(request, checked, who)
    if checked.silent:
        return refusal(request, back, authorization.silence(checked, who))
    return _private(redirect("/id/eid?" + urlencode({"request": authorization.kept(checked)})))


def _once(sent: QueryDict) -> Mapping[str, str]:
    try:
        return once(sent)
    except Refused:
        raise Invalid(code="parameter-twice") from None


def signed_on(request: HttpRequest, asked: Request, who: SignOn) -> HttpResponse:
    """She has shown who she is: back with a code, or first to the page where she chooses for whom."""
    if not asked.details:
        return with_code(request, asked, who)
    word = authorization.kept(replace(asked, shown=who.cookie_hash))
    return _private(redirect("/id/for?" + urlencode({"request": word})))


def with_code(request: HttpRequest, asked: Request, who: SignOn, party: str = "") -> HttpResponse:
    return _answer(request, asked.back, code=grants.issue_code(asked, who, party))


def taken_up(request: HttpRequest) -> Request:
    """The login that a page in between belongs to, and what its templates and headers need to know of it."""
    asked = authorization.taken_up(request.GET.get("request", ""))
    request.login_for = asked.client_name if asked.asks_for_api else ""  # type: ignore[attr-defined]
    request.form_leads_to = clients.origin(asked.redirect_uri)  # type: ignore[attr-defined]
    if asked.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(asked.language)  # her own choice wins over the client's
    return asked


def refusal(request: HttpRequest, back: Return, refused: Refused) -> HttpResponse:
    """The error of RFC 6749 § 4.1.2.1, to the checked address."""
    return _answer(request, back, error=refused.code, error_description=refused.description)


def _answer(request: HttpRequest, back: Return, **told: str) -> HttpResponse:
    """In the address (``query``), or in a form that the browser sends on (OAuth 2.0 Form Post Response Mode)."""
    if back.mode != "form_post":
        return _private(ToClient(back.location(**told)))
    request.form_leads_to = clients.origin(back.address)  # type: ignore[attr-defined]
    context = {"address": back.address, "fields": back.fields(**told)}
    return _private(render(request, "identity/form_post.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


# --- Between programs --------------------------------------------------------------------------------

Endpoint = Callable[[HttpRequest, Client, Mapping[str, str]], HttpResponse]


def for_clients(endpoint: Endpoint) -> Callable[[HttpRequest], HttpResponse]:
    """A POST from an authenticated client; errors as RFC 6749 § 5.2 has them. No browser and no cookie is here."""

    @between_programs
    @require_http_methods(["POST", "OPTIONS"])
    @wraps(endpoint)
    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return _shared(HttpResponse(status=204))
        try:
            form = once(request.POST)
            response = endpoint(request, authenticate(request, form), form)
        except Refused as refused:
            response = error(refused)
        response["Cache-Control"] = "no-store"
        return _shared(response)

    return view


def error(refused: Refused) -> HttpResponse:
    told = {"error": refused.code, "error_description": refused.description}
    return JsonResponse(told, status=refused.status, headers=refused.headers)


def _shared(response: HttpResponse) -> HttpResponse:
    """Apps in a browser call from their own origin; nothing here is known by a cookie."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, DPoP"
    response["Access-Control-Allow-Methods"] = "GET, POST"
    response["Access-Control-Expose-Headers"] = "DPoP-Nonce, WWW-Authenticate"
    response["Access-Control-Max-Age"] = "3600"
    return response


def _proved(request: HttpRequest) -> str:
    """The key that the request proves (RFC 9449 § 5). Raises Refused."""
    try:
        return dpop.proved(request)
    except dpop.NonceNeeded as fault:
        raise Refused("use_dpop_nonce", str(fault), headers={"DPoP-Nonce": dpop.nonce()}) from None
    except jose.BadToken as fault:
        raise Refused("invalid_dpop_proof", str(fault)) from None


@for_clients
def pushed(request: HttpRequest, client: Client, form: Mapping[str, str]) -> HttpResponse:
    """RFC 9126."""
    return JsonResponse(request_objects.push(client, form, _proved(request)), status=201)


@for_clients
def token(request: HttpRequest, client: Client, form: Mapping[str, str]) -> HttpResponse:
    """RFC 6749 § 3.2."""
    return JsonResponse(grants.exchange(client, form, _proved(request)))


@for_clients
def introspect(request: HttpRequest, client: Client, form: Mapping[str, str]) -> HttpResponse:
    """RFC 7662."""
    return JsonResponse(introspection.introspect(client, form))


@for_clients
def revoke(request: HttpRequest, client: Client, form: Mapping[str, str]) -> HttpResponse:
    """RFC 7009."""
    introspection.revoke(client, form)
    return HttpResponse(status=200)


@between_programs
@require_http_methods(["GET", "POST", "OPTIONS"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Core § 5.3: who the holder of an access token is."""
    if request.method == "OPTIONS":
        return _shared(HttpResponse(status=204))
    grant = tokens.holder(request, settings.OIDC_ISSUER)
    client = clients.find(grant.client_id) if grant else None
    if grant is None or client is None:
        response: HttpResponse = JsonResponse({"error": "invalid_token"}, status=401)
        scheme = "DPoP" if "DPoP" in request.headers else "Bearer"
        response["WWW-Authenticate"] = f'{scheme} error="invalid_token"'
        if settings.DPOP_NONCE:
            response["DPoP-Nonce"] = dpop.nonce()
    else:
        response = JsonResponse(tokens.about(client, grant))
    response["Cache-Control"] = "no-store"
    return _shared(response)


# --- Out again ---------------------------------------------------------------------------------------


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """RP-Initiated Logout 1.0: a client that knows the login ends it; else the person is asked."""
    sent = _once(request.POST if request.method == "POST" else request.GET)
    asked = logout.read(sent)
    if not asked.sid:
        kept = {name: sent[name] for name in ("client_id", "post_logout_redirect_uri", "state") if name in sent}
        if asked.after:
            request.form_leads_to = clients.origin(asked.after)  # type: ignore[attr-defined]
        return render(request, "identity/end_session.html", {"kept": kept if asked.after else {}})
    return logged_out(request, asked.sid, asked.after)


@public
@require_POST
def confirm_logout(request: HttpRequest) -> HttpResponse:
    """The person's own yes to ``end_session``."""
    asked = logout.read(_once(request.POST))
    who = current(request.COOKIES.get(COOKIE, ""))
    return logged_out(request, who.sid if who else "", asked.after)


def logged_out(request: HttpRequest, sid: str, after: str) -> HttpResponse:
    """End the login and lead on: over a page with a frame for each client that wants to hear of it in the browser."""
    frames = logout.frames(sid) if sid else []
    if sid:
        end(sid)
    if frames:
        request.frames = sorted({clients.origin(one) for one in frames})  # type: ignore[attr-defined]
        response = render(request, "identity/logged_out.html", {"frames": frames, "after": after or "/"})
    else:
        response = ToClient(after) if after else redirect("/")
    response.delete_cookie(COOKIE, path="/id")
    return _private(response)
