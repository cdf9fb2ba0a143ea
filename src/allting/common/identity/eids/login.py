"""From the gateway to the eID: which can serve this login, the choice between them, and what holds for all."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from allting.common.identity.eids import history, switching
from allting.common.identity.eids.flow import Flow
from allting.common.identity.eids.provider import Known, Login, Provider, login_path, providers
from allting.common.registers import api as registers
from allting.kernel.actor import Level
from allting.kernel.problems import Conflict, NotAllowed, NotFound

LAST = "allting_eid_last"
LAST_SECONDS = 365 * 86_400
CHOOSE = "choose"  # the page of the choice, also where one eID is shown straight away


def page(
    request: HttpRequest,
    wanted: Level,
    known: Known,
    *,
    name: str = "",
    step: str = "",
    fresh: bool = False,
    client_name: str,
) -> HttpResponse:
    """The page of a login at ``wanted``: the choice, or the eID ``name`` at its ``step``.

    ``known`` is the gateway's own end of it; ``fresh``: somebody must be asked now. The request's query is the
    login's, whatever is in it, and goes along from page to page.
    """
    offered = _offered(wanted)
    found = _wanted_one(offered, name)
    if found is None:
        return _choice(request, offered, name)
    query = request.META.get("QUERY_STRING", "")
    flow = Flow(request, query)
    ends = _Ending(found, wanted, known, flow, client_name, request)
    login = Login(found.name, wanted, ends.known, flow, query, step, fresh)
    if step and step not in found.steps:
        raise NotFound()
    request.other_eids = login_path(query, CHOOSE) if len(offered) > 1 else ""  # type: ignore[attr-defined]
    response = found.page(request, login)
    flow.mark(response)
    return response


def _offered(wanted: Level) -> list[Provider]:
    """Those that reach the level and are not switched off; raises NotAllowed when there is none."""
    able = [one for one in providers() if one.highest >= wanted]
    away = switching.off(one.name for one in able)
    found = [one for one in able if one.name not in away]
    if not found and away:
        raise NotAllowed(_("The electronic IDs are switched off for the moment. Try again later."), code="eids-off")
    if not found:
        raise NotAllowed(_("No electronic ID here reaches the level this service asks for."), code="no-eid")
    return found


def _wanted_one(offered: list[Provider], name: str) -> Provider | None:
    """The eID to show; None for the choice."""
    if name and name != CHOOSE:
        return next((one for one in offered if one.name == name), None)
    if len(offered) == 1:
        return offered[0]
    if name == CHOOSE:
        return None
    return next((one for one in offered if one.name == settings.EID_STRAIGHT), None)


def _choice(request: HttpRequest, offered: list[Provider], name: str) -> HttpResponse:
    """One link for each, the one used last in this browser first."""
    gone = name if name and name != CHOOSE else ""
    if gone and not any(one.name == gone for one in providers()):
        raise NotFound()
    last = request.COOKIES.get(LAST, "")
    query = request.META.get("QUERY_STRING", "")
    choices = [
        {"provider": one, "address": login_path(query, one.name), "last": one.name == last}
        for one in sorted(offered, key=lambda one: one.name != last)
    ]
    title = next((str(one.title) for one in providers() if one.name == gone), "")
    context = {"choices": choices, "gone": title}
    return render(request, "identity/eids/choose.html", context, status=403 if gone else 200)


class _Ending:
    """What holds for every eID when it says who somebody is."""

    def __init__(
        self, provider: Provider, wanted: Level, known: Known, flow: Flow, client_name: str, request: HttpRequest
    ) -> None:
        self.provider, self.wanted, self.flow = provider, wanted, flow
        self.gateway_known, self.client_name, self.request = known, client_name, request

    def known(self, person: UUID, level: Level, amr: str, *methods: str) -> HttpResponse:
        """End the login, unless the level is too low, the eID is switched off or blocked, or it has ended before."""
        if amr not in self.provider.amr:
            raise ValueError(f"{self.provider.name} does not declare the amr {amr!r}")
        begun = self.flow.kept
        if begun and not self.flow.finish():
            raise Conflict(_("This login has been finished already. Start again."), code="login-finished")
        reason = self._refusal(person, level)
        if reason:
            query = self.request.META.get("QUERY_STRING", "")
            context = {"reason": reason, "title": self.provider.title, "others": login_path(query, CHOOSE)}
            return render(self.request, "identity/eids/refused.html", context, status=403)
        with transaction.atomic():
            response = self.gateway_known(person, level, amr, *methods)
            history.told(person, self.client_name, amr)
        self.flow.ended = True
        response.set_cookie(
            LAST,
            self.provider.name,
            max_age=LAST_SECONDS,
            path="/id",
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE,
        )
        return response

    def _refusal(self, person: UUID, level: Level) -> str:
        if level < self.wanted:
            return _("This service asks for a higher level than you have shown with this electronic ID.")
        if switching.is_off(self.provider.name):
            return _("This electronic ID is switched off for the moment.")
        if not registers.is_alive(person):
            return _("This electronic ID cannot be used any more.")
        if self.provider.name in switching.blocked(person):
            return _("You have blocked this electronic ID on your page. Use another one.")
        return ""
