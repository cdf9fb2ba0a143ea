"""Pages and endpoints of the login: the gateway under ``/id``, and the portal's own."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity import api, gateway, portal, signing, tokens
from allting.common.identity.clients import origin
from allting.common.identity.middleware import touch
from allting.common.registers import api as registers
from allting.kernel.access import logged_in, public
from allting.kernel.actor import Capacity, Level, Party
from allting.kernel.problems import Invalid, NotAllowed, wants_json

COOKIE = "allting_id"
CHOICES = 50  # enterprises on a page of whom to act for
FEW = 8  # as many are found at a glance


class ToClient(HttpResponseRedirect):
    """To an address that the client has registered, whatever its scheme."""

    def __init__(self, address: str) -> None:
        self.allowed_schemes = [urlsplit(address).scheme]
        super().__init__(address)


@public
@require_GET
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0."""
    issuer = settings.OIDC_ISSUER
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "end_session_endpoint": f"{issuer}/logout",
            "jwks_uri": f"{issuer}/jwks",
            "scopes_supported": ["openid", tokens.API],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [signing.ALGORITHM],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "acr_values_supported": [Level.SUBSTANTIAL.acr, Level.HIGH.acr],
            "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
            "authorization_response_iss_parameter_supported": True,
        }
    )


@public
@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(signing.public_keys())


@public
@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """RFC 6749 § 4.1.1: straight back when the browser is signed on at the level, else to the eID."""
    try:
        asked = gateway.read(request.GET)
    except gateway.Refused as refused:
        return ToClient(gateway.refusal(request.GET, refused))
    who = gateway.current(request.COOKIES.get(COOKIE, ""))
    if who is not None and who.level >= asked.level and not asked.login:
        return ToClient(gateway.answer(asked, gateway.issue_code(asked, who)))
    return redirect("/id/eid?" + request.GET.urlencode())


@public
@require_http_methods(["GET", "POST"])
def eid(request: HttpRequest) -> HttpResponse:
    """The eID's page; when it knows the person, the sign-on begins and the code goes back to the client."""
    try:
        asked = gateway.read(request.GET)
    except gateway.Refused:
        raise Invalid(code="unknown-client") from None
    if not settings.EID_PROVIDERS:
        raise NotAllowed(code="no-eid")
    request.login_for = asked.client_name if tokens.API in asked.scope.split() else ""  # type: ignore[attr-defined]
    request.form_leads_to = origin(asked.redirect_uri)  # type: ignore[attr-defined]

    def known(person: UUID, level: Level, method: str) -> HttpResponse:
        who, cookie = gateway.sign_on(person, level, method)
        response = ToClient(gateway.answer(asked, gateway.issue_code(asked, who)))
        response.set_cookie(COOKIE, cookie, path="/id", httponly=True, samesite="Lax", secure=settings.SECURE)
        return response

    provider = import_module(f"allting.common.identity.providers.{settings.EID_PROVIDERS[0]}")
    response: HttpResponse = provider.page(request, asked.level, known)
    response["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@public
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """RFC 6749 § 3.2, for clients; there is no browser and no cookie here."""
    try:
        response = JsonResponse(gateway.redeem(request.POST))
    except gateway.Refused as refused:
        response = JsonResponse({"error": refused.code, "error_description": refused.description}, status=400)
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Core § 5.3: who the holder of an access token is."""
    who = tokens.holder(tokens.bearer(request.headers.get("Authorization", "")), settings.OIDC_ISSUER)
    if who is None:
        response = JsonResponse({"error": "invalid_token"}, status=401)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    else:
        response = JsonResponse({"sub": str(who.person), "name": registers.name_of(Party("person", who.person))})
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """OpenID Connect RP-Initiated Logout 1.0: a client that knows the login ends it; else the person is asked."""
    after = gateway.log_out(request.POST if request.method == "POST" else request.GET)
    if after is None:
        return render(request, "identity/end_session.html")
    return ToClient(after) if "://" in after else redirect(after)


@public
@require_POST
def confirm_logout(request: HttpRequest) -> HttpResponse:
    """The person's own yes to ``end_session``."""
    who = gateway.current(request.COOKIES.get(COOKIE, ""))
    if who is not None:
        gateway.end(who.sid)
    return redirect("/")


@public
@require_GET
def login(request: HttpRequest) -> HttpResponse:
    """Start the portal's login; ``next`` is the page to come back to."""
    try:
        level = Level.from_name(request.GET.get("level", "substantial"))
    except KeyError:
        level = Level.SUBSTANTIAL
    return redirect(portal.start(request, request.GET.get("next", "/my"), level, get_language() or "nb"))


@public
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    return redirect(portal.finish(request, get_language() or "nb"))


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session here and the sign-on it came from; ``everywhere`` ends them in every browser."""
    who = request.session.get("login")
    if who and request.POST.get("everywhere"):
        gateway.end_everywhere(UUID(who["person"]))
    elif who:
        gateway.end(who["sid"])
    request.session.flush()
    return redirect("/")


@logged_in
@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """Keep the session: it was just used. The warning's button posts here, and is told when it ends now.

    A GET, as after a login in between, only leads on.
    """
    if request.method == "POST":
        ends = touch(request.session)
        if wants_json(request):
            clock = timezone.localtime(ends).strftime("%H:%M")
            return JsonResponse({"ends": ends.isoformat(), "clock": clock})
    return redirect(portal.safe_next(request.POST.get("next", "/my")))


@logged_in
@require_http_methods(["GET", "POST"])
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose whom to act for: herself, her children, an organisation, or the authority she works in.

    To look for a name is a POST too: names do not belong in addresses.
    """
    actor = request.actor  # type: ignore[attr-defined]
    looking = "find" in request.POST
    if request.method == "POST" and not looking:
        api.act_as(request, _chosen(request.POST.get("party", "")))
        after = "/office" if request.actor.is_officer else "/my"  # type: ignore[attr-defined]
        return redirect(portal.safe_next(request.POST.get("next") or after))
    now = Party("organisation", actor.authority) if actor.is_officer else actor.on_behalf_of
    typed = api.parked(request)
    chosen = typed.get("party", "") if typed is not None else str(now or "")
    form = typed if typed is not None else request.POST if looking else request.GET
    found = registers.mandates(actor.person, form.get("q", "").strip(), _last(form.get("after", "")), CHOICES + 1)
    enterprises = [one for one in found if one.capacity is Capacity.REPRESENTATIVE]
    context = {
        "groups": _groups(found), "now": chosen, "next": form.get("next", ""), "q": form.get("q", "").strip(),
        "more": enterprises[CHOICES - 1].party.id if len(enterprises) > CHOICES else None,
        "many": len(found) > FEW or looking,
    }  # fmt: skip
    return render(request, "identity/act_as.html", context)


def _groups(found: list[registers.Mandate]) -> list[tuple[Any, list[registers.Mandate]]]:
    """Whom she may choose among, under headings; at most one page of enterprises."""
    headings = {
        Capacity.OFFICER: _("At work"),
        Capacity.GUARDIAN: _("Children and wards"),
        Capacity.ATTORNEY: _("Those who have given you a power of attorney"),
        Capacity.REPRESENTATIVE: _("Enterprises"),
    }
    groups = ((text, [one for one in found if one.capacity is kind][:CHOICES]) for kind, text in headings.items())
    return [group for group in groups if group[1]]


def _last(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _chosen(text: str) -> Party | None:
    try:
        return Party.parse(text) if text else None
    except ValueError:
        raise Invalid(code="not-a-party") from None


@logged_in
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where she is logged in now, and one button to end it all."""
    return render(request, "identity/sessions.html", {"sign_ons": api.sign_ons(request.actor)})  # type: ignore[attr-defined]
