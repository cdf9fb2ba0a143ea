"""Who is logged in, and for whom she acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from allting.common.identity import signing
from allting.common.identity.demo_clients import load_demo_clients
from allting.common.identity.gateway import end_everywhere
from allting.common.identity.machine.demo import facts as demo_machines
from allting.common.identity.machine.demo import load as load_demo_machines
from allting.common.identity.machine.reach import offers_scope
from allting.common.identity.middleware import actor_of
from allting.common.identity.models import SignOn
from allting.common.identity.parking import park, parked
from allting.common.identity.sessions import SessionStore
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.problems import NotAllowed

__all__ = [
    "Login", "act_as", "actor_in", "actor_of", "add_signing_keys", "demo_machines", "end_everywhere",
    "load_demo_clients", "load_demo_machines", "offers_scope", "park", "parked", "sign_ons", "signing_keys",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """A place where someone is logged in."""

    at: datetime
    last_seen: datetime
    level: Level
    method: str
    here: bool


def act_as(request: HttpRequest, party: Party | None) -> None:
    """From now on the session acts for ``party``; None: for herself. Raises NotAllowed without a mandate."""
    me = request.session["login"]["person"]
    if party is None or str(party) == f"person:{me}":
        request.session.pop("acting", None)
    else:
        if registers.mandate(request.actor.person, party) is None:  # type: ignore[attr-defined]
            raise NotAllowed(code="no-mandate")
        request.session["acting"] = {"party": str(party), "name": registers.name_of(party)}
    request.actor = actor_of(request.session)  # type: ignore[attr-defined]


def actor_in(session_key: str) -> Actor | None:
    """Who is logged in with this session now, read only: it is not used by being asked about."""
    session = SessionStore(session_key)
    return actor_of(session) if session.get("login") else None


def signing_keys() -> list[str]:
    """The ids of the gateway's signing keys, oldest first. Raises OSError or ValueError when one cannot be used."""
    return [one.kid for ring in signing.RINGS for one in signing.key_ring(ring)]


def add_signing_keys(delay: timedelta = timedelta(0), ring: str = signing.OIDC) -> list[str]:
    """A new key of each kind, published at once, that signs from ``delay`` from now; returns their ids.

    ``ring`` is "oidc" for logins or "machine" for tokens from machine to machine.
    Running processes take them up by themselves.
    """
    return signing.add_keys(delay, ring)


def sign_ons(actor: Actor) -> list[Login]:
    """Where the person is logged in now, latest first."""
    if actor.person is None:
        return []
    rows = SignOn.objects.filter(person=actor.person, ended=None).order_by("-last_seen")[:50]
    return [
        Login(row.at, row.last_seen, Level(row.level), row.method, row.sid == actor.session)
        for row in rows
        if (row.last_seen - row.at).total_seconds() < settings.SESSION_MAX_MINUTES * 60
    ]
