"""The page where a person who is logged in chooses for whom she goes on to a service that asks."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from allting.common.audit import api as audit
from allting.common.identity import clients, parties, representation
from allting.common.identity.eids.history import BASIS, LOGIN
from allting.common.identity.gateway.authorization import Request, why_login
from allting.common.identity.gateway.sign_on import current
from allting.common.identity.gateway.views import COOKIE, taken_up, with_code
from allting.common.identity.models import Client, SignOn
from allting.common.registers import api as registers
from allting.kernel.access import public
from allting.kernel.actor import Actor, Level, Party, Purpose
from allting.kernel.problems import Invalid, NotAllowed


@public
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Only those whom the registers let her act for, as far as this service needs, and herself where it takes that.

    To look for a name is a POST too: names do not belong in addresses.
    """
    asked = taken_up(request)
    who, client = _logged_in(request, asked), clients.find(asked.client_id)
    if client is None:
        raise Invalid(code="unknown-client")
    if request.method == "POST" and "find" not in request.POST:
        response = _go_on(request, asked, client, who)
    else:
        response = _page(request, asked, client, who)
    response["Cache-Control"] = "private, no-store"
    return response


def _logged_in(request: HttpRequest, asked: Request) -> SignOn:
    """Her login, the very one that this request was checked against. Raises Invalid for any other."""
    who = current(request.COOKIES.get(COOKIE, ""))
    if who is None or asked.shown != who.cookie_hash or why_login(replace(asked, login=False), who):
        raise Invalid(code="login-not-started-here")
    return who


def _page(request: HttpRequest, asked: Request, client: Client, who: SignOn, error: str = "") -> HttpResponse:
    wanted = asked.wanted
    assert wanted is not None

    def fits(mandate: registers.Mandate) -> bool:
        known = mandate.party.kind in wanted.kinds
        return known and representation.fits(mandate, client, wanted.service, by_api=asked.asks_for_api)

    found = parties.choices(who.person, request.POST, fits)
    nobody = not found["groups"] and not found["many"]
    if nobody and not wanted.required:
        return with_code(request, asked, who)
    context = found | {"name": client.name, "myself": not wanted.required, "now": None if wanted.required else ""}
    context |= {"nobody": nobody, "error": error}
    return render(request, "identity/choose_party.html", context, status=422 if error else 200)


def _go_on(request: HttpRequest, asked: Request, client: Client, who: SignOn) -> HttpResponse:
    """Back to the service with the one she chose. Raises NotAllowed where no mandate reaches."""
    wanted, party = asked.wanted, parties.chosen(request.POST.get("party", ""))
    assert wanted is not None
    if party is None and wanted.required:
        return _page(request, asked, client, who, gettext("Choose who you act for"))
    if party is None:
        return with_code(request, asked, who)
    if party.kind not in wanted.kinds or not representation.allowed(
        client, who.person, party, wanted.service, by_api=asked.asks_for_api
    ):
        raise NotAllowed(code="no-mandate")
    with transaction.atomic():
        _log(client, who, party)
        return with_code(request, asked, who, str(party))


def _log(client: Client, who: SignOn, party: Party) -> None:
    """The one acted for can see who was there in her name, and where."""
    me = Actor(who.person, Level(who.level))
    actor = representation.acting(me, party, "")
    if actor is None:  # it ended this very moment
        raise NotAllowed(code="no-mandate")
    reason = gettext("Somebody who acts for you logged in to %(service)s") % {"service": client.name}
    audit.record(actor, Purpose(BASIS, reason), LOGIN, party.id, action="share", fields=["login"])
