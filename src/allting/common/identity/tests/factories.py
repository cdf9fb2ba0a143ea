"""Logins for tests, without the way through the gateway."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone

from allting.common.identity import gateway
from allting.common.identity.sessions import SessionStore
from allting.common.registers import api as registers
from allting.kernel.actor import Level, Party


def log_in_for_test(
    client: Client,
    person: UUID,
    level: Level = Level.SUBSTANTIAL,
    as_officer_of: UUID | None = None,
    acting_for: Party | None = None,
) -> SessionBase:
    """Give ``client`` the session it would have after a login, acting as told."""
    sign_on, _cookie = gateway.sign_on(person, level, "TestID")
    now = timezone.now().timestamp()
    session = SessionStore()
    session["login"] = {
        "person": str(person),
        "level": int(level),
        "name": registers.name_of(Party("person", person)),
        "sid": sign_on.sid,
        "language": "nb",
        "at": now,
        "seen": now,
    }
    party = Party("organisation", as_officer_of) if as_officer_of else acting_for
    if party is not None:
        session["acting"] = {"party": str(party), "name": registers.name_of(party)}
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return session
