"""To the supplier and back. The way back ends at the login it began in, where the gateway takes over."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity.eids import changes, switching
from allting.common.identity.eids.flow import Flow, flow_of_state, state_for
from allting.common.identity.eids.login import CHOOSE
from allting.common.identity.eids.provider import Login, login_path
from allting.common.identity.models import EidLink
from allting.common.identity.providers.oidc import people, upstream
from allting.common.identity.providers.oidc.config import Supplier, suppliers
from allting.kernel.access import actor, citizen, public
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid, NotFound

STEPS = frozenset({"done"})
_LINK = "link:"  # a flow that is no login: a foreign identity is shown to be hers
_log = logging.getLogger("allting.identity")


def page(request: HttpRequest, login: Login) -> HttpResponse:
    """Send the browser to the supplier; when it is back with an answer (``done``), end the login."""
    supplier = suppliers()[login.provider]
    if login.step == "done":
        shown = login.flow.data.get("shown")
        if shown is None:
            return redirect(login.address())
        return login.known(UUID(shown["person"]), Level(shown["level"]), supplier.amr)
    address = _leave(login.provider, supplier, login.flow, login.wanted, login.fresh)
    if request.resolver_match is not None and request.resolver_match.kwargs.get("name"):
        return HttpResponseRedirect(address)
    # Chosen for the person, perhaps after a form of hers: a browser holds a redirect to the form's policy.
    return render(request, "identity/eids/leave.html", {"address": address, "title": supplier.title})


def _leave(name: str, supplier: Supplier, flow: Flow, wanted: Level, fresh: bool) -> str:
    state, language = state_for(flow), get_language() or "nb"
    address, kept = upstream.question(name, supplier, state, wanted, fresh=fresh, language=language)
    flow.data["oidc"] = kept
    flow.save()
    return address


@public
@require_GET
def back(request: HttpRequest, name: str) -> HttpResponse:
    """The supplier's redirect address, one for each. An answer that this browser did not ask for is refused."""
    response = _back(request, name)
    response["Cache-Control"] = "private, no-store"
    return response


def _back(request: HttpRequest, name: str) -> HttpResponse:
    flow = flow_of_state(request, request.GET.get("state", ""))
    kept = flow.data.pop("oidc", None) if flow is not None else None
    if flow is None or kept is None or kept["state"] != request.GET.get("state") or kept["name"] != name:
        said = _("This login was not begun in this browser, or it has been used.")
        raise Invalid(said, code="login-not-started-here")
    flow.save()  # the question is answered once, whatever comes of it
    supplier = suppliers().get(name)
    if supplier is None or switching.is_off(name):
        return redirect(login_path(flow.query, name) if not flow.query.startswith(_LINK) else "/my/eids")
    try:
        found = upstream.answer(name, supplier, request.GET.dict(), kept)
    except upstream.Refused as wrong:
        _log.warning("an eID's answer was refused", extra={"eid": name, "reason": str(wrong)})
        said = _cancelled(request) or _("The answer from it was not good. Try again.")
        return _not_known(request, flow, supplier, said)
    if flow.query.startswith(_LINK):
        return _linked(request, flow, name, supplier, found.claims)
    return _found(request, flow, name, supplier, found)


def _cancelled(request: HttpRequest) -> str:
    if request.GET.get("error") in ("access_denied", "login_required", "interaction_required"):
        return _("You stopped before you were done.")
    return ""


def _found(request: HttpRequest, flow: Flow, name: str, supplier: Supplier, found: upstream.Answer) -> HttpResponse:
    person = people.by_number(supplier, found.claims)
    if person is None and supplier.eidas:
        person = people.by_link(name, supplier, found.claims)
    if person is None:
        return _not_known(request, flow, supplier, _nobody(supplier))
    flow.data["shown"] = {"person": str(person), "level": int(found.level)}
    flow.renew()
    response = redirect(login_path(flow.query, name, "done"))
    flow.mark(response)
    return response


def _nobody(supplier: Supplier) -> str:
    if supplier.eidas:
        return _(
            "We do not know who you are in the Norwegian population register. If you have a Norwegian identity number, "
            "log in another way once, and connect this electronic ID on your page. If not, contact the service."
        )
    return _("The person the electronic ID belongs to is not in the population register.")


def _not_known(request: HttpRequest, flow: Flow, supplier: Supplier, reason: str) -> HttpResponse:
    others = "/my/eids" if flow.query.startswith(_LINK) else login_path(flow.query, CHOOSE)
    context = {"reason": reason, "title": supplier.title, "others": others}
    return render(request, "identity/eids/refused.html", context, status=403)


# --- A foreign eID of hers ------------------------------------------------------------------------------------


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def connect(request: HttpRequest, name: str) -> HttpResponse:
    """Begin to show that a foreign identity is hers, while she is logged in with another eID."""
    supplier, me = suppliers().get(name), actor(request)
    if supplier is None or supplier.eidas is None or switching.is_off(name):
        raise NotFound()
    if request.method == "GET":
        return render(request, "identity/eids/connect.html", {"title": supplier.title})
    flow = Flow(request, f"{_LINK}{me.person}:{me.session}")
    address = _leave(name, supplier, flow, Level.SUBSTANTIAL, True)
    response = render(request, "identity/eids/leave.html", {"address": address, "title": supplier.title})
    flow.mark(response)
    return response


def _linked(request: HttpRequest, flow: Flow, name: str, supplier: Supplier, claims: Mapping[str, Any]) -> HttpResponse:
    me = getattr(request, "actor", None)
    flow.finish()
    if me is None or me.person is None or flow.query != f"{_LINK}{me.person}:{me.session}":
        raise Invalid(_("You were logged out meanwhile. Log in, and start again."), code="login-not-started-here")
    hashed = people.subject(name, supplier, claims)
    if not hashed or not people.same_birth_date(supplier, claims, me.person):
        reason = _("The birth date in this electronic ID is not the one in the population register.")
        return _not_known(request, flow, supplier, reason)
    if not people.link(name, hashed, me.person):
        return _not_known(request, flow, supplier, _("This electronic ID is connected to somebody else."))
    changes.tell(me.person)
    response = redirect("/my/eids?saved=1")
    flow.mark(response)
    return response


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def linked(request: HttpRequest, number: int) -> HttpResponse:
    """Take the connection away."""
    person = actor(request).person
    row = EidLink.objects.filter(pk=number, person=person).first() if person else None
    supplier = suppliers().get(row.name) if row else None
    if row is None or supplier is None:
        raise NotFound()
    if request.method == "POST":
        row.delete()
        changes.tell(row.person)
        return redirect("/my/eids?saved=1")
    return render(request, "identity/eids/disconnect.html", {"title": supplier.title, "row": row})
