"""Card authorities and cards for tests."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.test import Client

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox import api as outbox
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Capacity, Level, Party, Purpose
from allting.sectors.idcard import api as idcard
from allting.sectors.idcard import ca, ordering
from allting.sectors.idcard.models import Card, IdentityCheck

POLICE_NUMBER = "974760673"


def authority(settings: Any, folder: Any) -> None:
    """A card authority in folders of its own, the demo's bureau, and the bodies the service names."""
    settings.KEY_FOLDER = folder / "keys"
    settings.ID_CARD_CA_FOLDER = folder / "public"
    settings.DATA_FOLDER = folder
    settings.ID_CARD_BUREAU = "demo"
    make.state("politiet")
    make.state("politidirektoratet")
    ca.init("Politiet", POLICE_NUMBER)


def officer() -> Any:
    return make.officer_in(make.state("politiet"), "Ida")


def at_work(person: Any) -> Actor:
    police = make.state("politiet")
    return Actor(person.pk, Level.SUBSTANTIAL, name="Ida").as_officer(police.pk, "Politiet")


def actor(person: Any, level: Level = Level.SUBSTANTIAL) -> Actor:
    return Actor(person.pk, level)


def for_another(person: Any, other: Any, **how: Any) -> Actor:
    return actor(person).acting_for(Party("person", other.pk), how.pop("capacity", Capacity.GUARDIAN), **how)


def seen(person: Any) -> None:
    IdentityCheck.objects.create(
        holder=person.pk, officer=person.pk, authority=make.state("politiet").pk, document="passport"
    )


def made(person: Any, delivery: str = "personal", *, travel: bool = True) -> Card:
    """A card on its way to its holder."""
    seen(person)
    with transaction.atomic():
        given = {"travel": travel, "delivery": delivery, "reason": "first"}
        ordering.order(at_work(officer()), Purpose("ID-kortloven § 1", "prøve"), person.pk, given)
    work()
    return Card.objects.filter(holder=person.pk).latest("pk")


def in_use(person: Any) -> Card:
    card = made(person)
    idcard.hand_over(at_work(officer()), card.pk, card.number)
    card.refresh_from_db()
    return card


def work() -> None:
    while outbox.drain():
        pass


def browser(person: Any, level: Level = Level.SUBSTANTIAL, **how: Any) -> Client:
    client = Client()
    log_in_for_test(client, person.pk, level, **how)
    return client


def belongings(owner: Any, settings: Any, folder: Any) -> dict[str, list[Any]]:
    """What she has here, by the parameter that leads to it (tests/test_access.py)."""
    authority(settings, folder)
    return {"card_id": [in_use(owner).pk], "asked": ["x"]}
