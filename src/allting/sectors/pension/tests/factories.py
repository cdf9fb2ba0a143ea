"""Pension earnings and applications for tests."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, send
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.calendar import months_after
from allting.kernel.encryption import unseal_json
from allting.sectors.pension import register
from allting.sectors.pension.balance import Figure


def earned(person: Any, balance: int = 4_000_000) -> None:
    """A balance on 1 January this year, and nothing after."""
    register.store({person.pk: [Figure("balance", timezone.localdate().year, balance, "Nav")]})


def next_month(ahead: int = 1) -> date:
    return months_after(timezone.localdate().replace(day=1), ahead)


def apply(person: Any, **more: Any) -> UUID:
    """Sent as she sends it: half a pension from the first of the next month."""
    take = {"first": next_month().isoformat(), "degree": "50"}
    you = {"lives_with": "nobody", "years": "40", "abroad": "no", "bank": "00000000019"}
    pages = {"take": take | {name: one for name, one in more.items() if name in take}, "you": you}
    return send(client_of(person, level=Level.HIGH), "retirement-pension", pages)


def me(person: Any) -> Actor:
    return Actor(person.pk, Level.HIGH, Party("person", person.pk))


def officer_of(organisation: Any) -> Actor:
    return Actor(people.officer_in(organisation).pk, name="Omar").as_officer(organisation.pk, organisation.name)


def letter_to(person: Any) -> str:
    """The last one, as text."""
    row = StoredLetter.objects.filter(recipient=f"person:{person.pk}").order_by("id").last()
    assert row is not None
    return json.dumps(unseal_json(bytes(row.content), f"letter:{row.pk}"), ensure_ascii=False)


def revision(case: UUID) -> int:
    return Case.objects.get(pk=case).revision
