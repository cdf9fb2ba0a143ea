"""Pages of the login: the eID's under ``/id``, and the portal's own. The endpoints are in ``gateway.views``."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity import api, gateway, parties, portal
from allting.common.identity.eids import login as eid_login
from allting.common.identity.gateway import authorization
from allting.common.identity.gateway.errors import Refused
from allting.common.identity.gateway.views import COOKIE, logged_out, refusal, signed_on, taken_up
from allting.common.identity.middleware import touch
from allting.kernel import desks
from allting.kernel.access import logged_in, public
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.problems import wants_json


@public
@require_http_methods(["GET", "POST"])
def eid(request: HttpRequest, name: str = "", step: str = "") -> HttpResponse:
    """The choice of eID, or an eID's page; when it knows the person, she is signed on and the client gets its code."""
    asked = taken_up(request)
    request.login_hint = asked.login_hint  # type: ignore[attr-defined]

    def known(person: UUID, level: Level, amr: str, *methods: str) -> HttpResponse:
        who, cookie = gateway.sign_on(person, level, amr, request.COOKIES.get(COOKIE, ""), methods)
        response = signed_on(request, asked, who)
        response.set_cookie(COOKIE, cookie, path="/id", httponly=True, samesite="Lax", secure=settings.SECURE)
        return response

    response = eid_login.page(
        request, asked.level, known, name=name, step=step, fresh=asked.login, client_name=asked.client_name
    )
    response["Cache-Control"] = "private, no-store"
    return response


@public
@require_GET
def cancel(request: HttpRequest) -> HttpResponse:
    """She does not want to log in: the client is told (RFC 6749 § 4.1.2.1)."""
    asked = authorization.taken_up(request.GET.get("request", ""))
    return refusal(request, asked.back, Refused("access_denied", "the person did not log in"))


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
    request.session.flush()
    if who and request.POST.get("everywhere"):
        gateway.end_everywhere(UUID(who["person"]))
        return redirect("/")
    return logged_out(request, who["sid"] if who else "", "")


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


def _first_page(actor: Actor) -> str:
    """Where the work begins: an officer without cases goes to her first desk."""
    if not actor.is_officer:
        return "/my"
    return "/office" if actor.scope.whole else next((one.path for one in desks.of(actor)), "/act-as")


@logged_in
@require_http_methods(["GET", "POST"])
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose whom to act for: herself, her children, an organisation, or the authority she works in.

    To look for a name is a POST too: names do not belong in addresses.
    """
    actor = request.actor  # type: ignore[attr-defined]
    looking = "find" in request.POST
    if request.method == "POST" and not looking:
        api.act_as(request, parties.chosen(request.POST.get("party", "")))
        after = _first_page(request.actor)  # type: ignore[attr-defined]
        return redirect(portal.safe_next(request.POST.get("next") or after))
    now = Party("organisation", actor.authority) if actor.is_officer else actor.on_behalf_of
    typed = api.parked(request)
    chosen = typed.get("party", "") if typed is not None else str(now or "")
    form = typed if typed is not None else request.POST if looking else request.GET
    context = parties.choices(actor.person, form) | {"now": chosen, "next": form.get("next", "")}
    context["many"] = context["many"] or looking
    return render(request, "identity/act_as.html", context)


@logged_in
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where she is logged in now, and one button to end it all."""
    return render(request, "identity/sessions.html", {"sign_ons": api.sign_ons(request.actor)})  # type: ignore[attr-defined]
