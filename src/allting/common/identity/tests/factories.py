"""Logins for tests, without the way through the gateway."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone

from allting.common.identity import gateway
from allting.common.identity.models import EidLink, MyIdAccount, Passkey
from allting.common.identity.sessions import SessionStore
from allting.common.identity.tests.factories_machine import delegate, give, scope
from allting.common.registers import api as registers
from allting.common.registers.tests import factories as people
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


def belongings(owner: Any, settings: Any, folder: Any) -> dict[str, list[Any]]:
    """What she has here, by the parameter that leads to it (tests/test_access.py)."""
    consumer, supplier = (people.chief_of(name)[1] for name in ("Hemmelig Drift AS", "Hemmelig IT AS"))
    scope(owner=people.state("skatteetaten"), delegable=True)
    give(consumer)
    passkey = Passkey.objects.create(
        person=owner.pk, credential_id="hemmelig", public_key=b"x", name="Hemmelig", level=Level.HIGH, synced=False
    )
    MyIdAccount.objects.create(person=owner.pk, number_hash="hemmelig", password="!", mobile=b"x")
    link = EidLink.objects.create(person=owner.pk, name="utland", subject_hash="hemmelig")
    return {
        "number": [link.pk], "key": [passkey.pk], "step": ["code"], "what": ["remove"], "which": ["nobody"],
        "question": ["x"],
        "delegation": [delegate(consumer, supplier).pk], "consumer_orgno": [consumer.organisation_number],
    }  # fmt: skip
