"""Puts the Actor on the request: who is logged in, acting for whom, as the session and the registers say now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from allting.common.identity import parking, representation, tokens
from allting.common.identity.machine.caller import caller as machine_caller
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.problems import LoginNeeded, wants_json

API = "/api/"
TOUCH_SECONDS = 60  # a session's last use is written at most this often


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.ask_login = partial(ask_login, request)  # type: ignore[attr-defined]
        if request.path.startswith(API) and tokens.presented(request)[1]:
            _known_by_token(request)
        elif settings.SESSION_COOKIE_NAME in request.COOKIES:
            request.left = request.session.get("login", {}).get("person", "")  # type: ignore[attr-defined]
            _known(request, actor_of(request.session), "cookie")
        else:
            _known(request, None, "")
        response = self.get_response(request)
        if request.actor is not None:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")  # open pages too show her name
        return response


def _known(request: Any, actor: Actor | None, via: str) -> None:
    request.actor = actor
    request.actor_via = via if actor else ""
    request.session_ends = session_ends(request.session) if actor and via == "cookie" else None


def _known_by_token(request: Any) -> None:
    """A person's client, or an organisation with a token of the machine issuer."""
    actor = _holder(request)
    scheme, token = tokens.presented(request)
    found = machine_caller(token, tokens.api_audience()) if actor is None and scheme == "bearer" else None
    if found is not None:
        actor, request.scopes, request.entered = found.actor, found.scopes, found.entered
    _known(request, actor, "token")


def _holder(request: HttpRequest) -> Actor | None:
    """Who a client with an access token acts for; asked anew each time, so that a logout, or the end of what lets her
    act for another, holds at once: never as herself with a token made out for another."""
    grant = tokens.holder(request, tokens.api_audience())
    if grant is None:
        return None
    person = grant.person
    name = registers.name_of(Party("person", person))
    me = Actor(person, Level(grant.level), name=name, session=grant.sign_on_id, language=grant.locale)
    if not grant.party:
        return me
    party = Party.parse(grant.party)
    return representation.acting(me, party, registers.name_of(party))


def ask_login(request: HttpRequest, level: Level) -> HttpResponse:
    """The way to the login and back; a form that was sent is kept (``parking``) and found again after it.

    Raises LoginNeeded for a script, which cannot be sent there.
    """
    if wants_json(request):
        raise LoginNeeded(level=level.acr)
    path = request.get_full_path()
    response = HttpResponseRedirect("")
    if request.method == "POST":
        path = parking.park(request, response)
    response["Location"] = "/login?" + urlencode({"next": path, "level": level.name.lower()})
    response["Cache-Control"] = "private, no-store"
    return response


def actor_of(session: Any) -> Actor | None:
    """Who this session is, acting for whom she chose; None when nobody is logged in or the time is up."""
    login = session.get("login")
    if login is None:
        return None
    now = timezone.now().timestamp()
    if now > session_ends(session).timestamp():
        session.flush()
        return None
    if now - login["seen"] > TOUCH_SECONDS:
        touch(session)
    me = Actor(
        person=UUID(login["person"]),
        level=Level(login["level"]),
        name=login["name"],
        session=login["sid"],
        language=login["language"],
    )
    return _acting(me, session)


def touch(session: Any) -> datetime:
    """The session was used now; returns when it ends."""
    session["login"]["seen"] = timezone.now().timestamp()
    session.modified = True
    return session_ends(session)


def session_ends(session: Any) -> datetime:
    """When the login ends if nothing more is done: by idleness, or by its longest time."""
    login = session["login"]
    last = min(login["seen"] + settings.SESSION_IDLE_MINUTES * 60, login["at"] + settings.SESSION_MAX_MINUTES * 60)
    return datetime.fromtimestamp(last, UTC)


def _acting(me: Actor, session: Any) -> Actor:
    """``me`` in the role she chose, as far as the registers say now; a power that has ended is dropped."""
    chosen = session.get("acting")
    if not chosen or me.person is None:
        return me
    party = Party.parse(chosen["party"])
    found = representation.acting(me, party, chosen["name"])
    if found is None:
        del session["acting"]
        return me
    return found
