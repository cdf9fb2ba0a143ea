"""Tax cards, employers and applications for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.utils import timezone

from allting.common.identity.tests import factories_machine as machines
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Capacity, Party, Purpose
from allting.sectors.tax import cards, employment
from allting.sectors.tax.payroll import receiving
from allting.sectors.tax.payroll.reading import Faults, Row
from allting.sectors.tax.services.tax_card import Expected

WHY = Purpose("skattebetalingsloven § 5-1", "prøve")


def authority() -> Any:
    make.state("skattedirektoratet")
    make.state("digitaliseringsdirektoratet")
    return make.state("skatteetaten")


def system() -> Actor:
    body = authority()
    return Actor.system(body.pk, body.name)


def card(person: Any, day: date | None = None, **said: int) -> None:
    """A card of this year; 600 000 kroner in wages and nothing else, unless told otherwise."""
    day, why = day or timezone.localdate().replace(month=1, day=1), replace(WHY, case=uuid4())
    with transaction.atomic():
        cards.store(system(), why, person.pk, Expected(person.birth_date, "1506", day, **({"wages": 600_000} | said)))


def employer(name: str = "Fjordkroa AS") -> tuple[Any, Actor]:
    """An enterprise, and its program."""
    _chief, company = make.chief_of(name)
    return company, Actor.enterprise(company.pk, name, Party("organisation", company.pk))


def chief(company: Any) -> Actor:
    return Actor(make.person().pk).acting_for(Party("organisation", company.pk), Capacity.REPRESENTATIVE)


def employs(actor: Actor, *people: Any, begins: date | None = None, ends: date | None = None) -> None:
    begins = begins or timezone.localdate().replace(month=1, day=1)
    employment.state(actor, [employment.Stated(one.identity_number, begins, ends) for one in people])


class Program(Client):
    """An employer's program with a machine token for a scope."""

    def __init__(self, company: Any, *scopes: str) -> None:
        super().__init__()
        wanted = " ".join(scopes or ("allting:tax-cards",))
        row = machines.machine(company, *wanted.split())
        text = machines.assertion(row, scope=wanted, resource=["http://127.0.0.1:8000/api"])
        answer = machines.ask(text)
        assert answer.status_code == 200, answer.content
        self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {answer.json()['access_token']}"

    def send(self, path: str, body: Any) -> Any:
        return self.post(f"/api{path}", body, "application/json")


def report(actor: Actor, *people: Any, reference: str = "main") -> Any:
    """A payroll report of last month's 50 000 kroner and 12 000 in tax for each."""
    month = timezone.localdate().replace(day=1)
    rows = [
        Row(place, one.identity_number, month.replace(month=1), None, {"fixed-pay": 50_000_00}, 12_000_00)
        for place, one in enumerate(people, 1)
    ]  # fmt: skip
    return receiving.receive(actor, receiving.Given(month, reference, "1", rows, Faults()))
