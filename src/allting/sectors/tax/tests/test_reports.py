"""What others report: taken whole or not at all, corrected without being overwritten, and only from programs."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.audit import api as audit
from allting.common.cases.tests.factories import client_of
from allting.common.identity.tests import factories_machine as m
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as people
from allting.kernel import rules
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Invalid, NotAllowed
from allting.sectors.tax import api as tax
from allting.sectors.tax.models import TaxReport
from allting.sectors.tax.reports_rest import SCOPE
from allting.sectors.tax.returns import reports
from allting.sectors.tax.services.tax_return import decide
from allting.sectors.tax.tests.factories import YEAR, actor, offices

JSON, API = "application/json", "http://127.0.0.1:8000/api"
db = pytest.mark.django_db


def row(person, **more):
    return {
        "reference": "L-1", "identity_number": person.identity_number, "year": YEAR, "kind": "wage", "amount": 1000_00,
    } | more  # fmt: skip


@pytest.fixture
def bank(db):
    office = offices()
    _chief, company = people.chief_of("Fjordbanken AS")
    m.scope(SCOPE, owner=office)
    m.give(company, SCOPE)
    company.client = m.machine(company, SCOPE)
    return company


@pytest.fixture
def program(bank):
    token = m.ask(m.assertion(bank.client, scope=SCOPE, resource=API)).json()["access_token"]
    return lambda *rows: Client().post(
        "/api/tax/reports", {"reports": list(rows)}, JSON, headers={"Authorization": f"Bearer {token}"}
    )


# --- From program to program ---------------------------------------------------------------------------


def test_a_batch_is_taken_once_and_a_correction_keeps_what_was_said_before(program, bank):
    person = people.person()
    first = program(row(person), row(person, reference="L-2", kind="withheld", amount=300_00))
    assert (first.status_code, first.json()) == (200, {"new": 2, "corrected": 0, "unchanged": 0})
    assert program(row(person)).json() == {"new": 0, "corrected": 0, "unchanged": 1}
    assert program(row(person, amount=900_00)).json() == {"new": 0, "corrected": 1, "unchanged": 0}
    rows = TaxReport.objects.filter(reference="L-1").order_by("version")
    assert [(one.version, one.amount, one.current) for one in rows] == [(1, 1000_00, False), (2, 900_00, True)]
    assert len({one.item for one in rows}) == 1 and rows[0].reporter_name == "Fjordbanken AS"
    told = reports.dataset(person.pk)
    assert {one["kind"]: one["amount"] for one in told} == {"wage": 900_00, "withheld": 300_00}
    assert program(row(person, amount=0)).json()["corrected"] == 1
    assert [one["kind"] for one in reports.dataset(person.pk)] == ["withheld"]
    log = audit.entries_about(actor(person), datasets=["population.person"])
    assert {one.basis for one in log} == {reports.BASIS}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount": -1}, "amount"),
        ({"amount": 10**14}, "amount"),
        ({"kind": "lottery"}, "kind"),
        ({"kind": "other_income"}, "kind"),
        ({"year": 2024}, "year"),
        ({"year": 2099}, "year"),
        ({"months": 3}, "months"),
        ({"kind": "pension", "months": 13}, "months"),
        ({"kind": "pension", "degree": 101}, "degree"),
        ({"reference": ""}, "reference"),
        ({"reference": "a\x00b"}, "reference"),
        ({"identity_number": "12345678901"}, "identity_number"),
        ({"identity_number": "9" * 20}, "identity_number"),
    ],
)
def test_one_wrong_row_stops_the_batch_and_is_named(program, more, field):
    person = people.person()
    answer = program(row(person, reference="good"), row(person) | more)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [f"reports.1.{field}"]
    assert not TaxReport.objects.exists()


def test_the_dead_and_the_unknown_are_told_alike(program):
    dead = people.person()
    Person.objects.filter(pk=dead.pk).update(died=date(2025, 1, 1))
    assert list(program(row(dead)).json()["errors"]) == ["reports.0.identity_number"]


def test_a_reference_twice_or_for_somebody_else_is_refused(program):
    person, other = people.person(), people.person()
    assert list(program(row(person), row(person)).json()["errors"]) == ["reports.1.reference"]
    program(row(person))
    for more in ({"identity_number": other.identity_number}, {"kind": "withheld"}):
        assert list(program(row(person) | more).json()["errors"]) == ["reports.0.reference"]
    assert TaxReport.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"reports": []}, {"reports": "x"}, {"reports": [{}]}, {"reports": [1] * 1001}])
def test_what_is_no_batch_is_a_problem(program, bank, body):
    token = m.ask(m.assertion(bank.client, scope=SCOPE, resource=API)).json()["access_token"]
    answer = Client().post("/api/tax/reports", body, JSON, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"


def test_only_a_program_with_the_scope_comes_in(bank):
    body = {"reports": [row(people.person())]}
    assert Client().post("/api/tax/reports", body, JSON).status_code == 401
    assert client_of(people.person()).post("/api/tax/reports", body, JSON).status_code == 403
    other = m.machine(people.chief_of("Annen AS")[1], "allting:cases")
    answer = m.ask(m.assertion(other, scope="allting:cases", resource=API))
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    refused = Client().post("/api/tax/reports", body, JSON, headers=headers)
    assert refused.status_code == 403 and not TaxReport.objects.exists()


# --- Inside the house ----------------------------------------------------------------------------------


@db
def test_a_person_reports_nothing_and_a_batch_has_an_end():
    person = people.person()
    with pytest.raises(NotAllowed):
        tax.take(actor(person), [row(person)])
    firm = Actor.enterprise(person.pk, "X", Party("organisation", people.chief_of()[1].pk))
    with pytest.raises(Invalid):
        tax.take(firm, [row(person)] * (reports.MOST + 1))


@pytest.mark.django_db(transaction=True)
def test_the_same_reference_from_two_sides_at_once_is_stored_once():
    person, company = people.person(), people.chief_of("Lønn AS")[1]
    party, come = Party("organisation", company.pk), threading.Barrier(2)

    def send(amount):
        come.wait()
        try:
            reports.store(party, [reports.Report("a-1", person.pk, YEAR, "wage", amount)])
        except Exception:  # whoever came second may be told so
            pass
        finally:
            connections.close_all()

    both = [threading.Thread(target=send, args=(amount,)) for amount in (100, 200)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert TaxReport.objects.filter(current=True).count() == 1
    assert connection.vendor in ("sqlite", "postgresql")


# --- The rule ------------------------------------------------------------------------------------------

rules.find("allting.sectors")
ORE = st.integers(0, 5_000_000_00)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(ORE, ORE, ORE, ORE, st.integers(0, 300_000_00), st.integers(0, 5), st.integers(1930, 2008))
def test_what_is_withheld_and_the_tax_always_meet(wages, pension, interest, withheld, care, children, born):
    who = (date(born, 5, 1), date(2026, 6, 1), "1506")
    outcome = decide(YEAR, wages, pension, 12, 100, 0, interest, care, children, withheld, *who)
    tax_of_year = outcome.more["tax"]
    assert 0 <= tax_of_year <= wages + pension and tax_of_year % 100 == 0
    assert outcome.granted and outcome.more["withheld"] == withheld and str(outcome.grounds[0])
    more = decide(YEAR, wages, pension, 12, 100, 0, interest + 1000_00, care, children, 0, *who)
    assert more.more["tax"] <= tax_of_year


def test_who_was_too_young_is_not_counted():
    with pytest.raises(ValueError, match="17"):
        decide(YEAR, 100, 0, 0, 0, 0, 0, 0, 0, 0, date(2010, 1, 1), date(2026, 6, 1))
    assert timezone.localdate().year > YEAR
