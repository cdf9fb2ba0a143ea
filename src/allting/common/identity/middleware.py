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

from allting.common.identity import parking
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Capacity, Level, Party

TOUCH_SECONDS = 60  # a session's last use is written at most this often


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = actor_of(request.session) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        request.actor = actor  # type: ignore[attr-defined]
        request.actor_via = "cookie" if actor else ""  # type: ignore[attr-defined]
        request.session_ends = session_ends(request.session) if actor else None  # type: ignore[attr-defined]
        request.ask_login = partial(ask_login, request)  # type: ignore[attr-defined]
        return self.get_response(request)


def ask_login(request: HttpRequest, level: Level) -> HttpResponse:
    """The way to the login and back; a form that was sent is kept (``parking``) and found again after it."""
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
        login["seen"] = now
        session.modified = True
    me = Actor(
        person=UUID(login["person"]),
        level=Level(login["level"]),
        name=login["name"],
        session=login["sid"],
        language=login["language"],
    )
    return _acting(me, session)


def session_ends(session: Any) -> datetime:
    """When the login ends if nothing more is done: by idleness, or by its longest time."""
    login = session["login"]
    last = min(login["seen"] + settings.SESSION_IDLE_MINUTES * 60, login["at"] + settings.SESSION_MAX_MINUTES * 60)
    return datetime.fromtimestamp(last, UTC)


def _acting(me: Actor, session: Any) -> Actor:
    """``me`` in the role she chose, as long as the registers allow it; a power that has ended is dropped."""
    chosen = session.get("acting")
    if not chosen or me.person is None:
        return me
    party = Party.parse(chosen["party"])
    capacity = registers.may_act(me.person, party)
    if capacity is None:
        del session["acting"]
        return me
    if capacity is Capacity.OFFICER:
        return me.as_officer(party.id, chosen["name"])
    return me.acting_for(party, capacity)
