"""A program of the authority enters what came on paper: the rules and refusals of the officer's pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.cases.models import Case, Draft
from allting.common.cases.tests.factories import PDF, START, client_of, pdf, work
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor

pytestmark = pytest.mark.django_db
JSON, AT = "application/json", "/api/office/drafts"


@pytest.fixture
def nina(molde):
    return people.officer_in(molde)


@pytest.fixture
def office(molde, nina):
    return client_of(nina, as_officer_of=molde.pk)


def arrived(person, **more):
    day = timezone.localdate() - timedelta(days=9)
    told = {"service": "kindergarten-place", "number": person.identity_number, "way": "paper"}
    return told | {"received": day.isoformat(), "paper": pdf("scan.pdf", PDF)} | more


def test_a_scanned_paper_becomes_the_partys_case_from_the_day_it_came(office, molde):
    parent = people.person()
    child = people.child_of(parent)
    begun = office.post(AT, arrived(parent))
    assert begun.status_code == 201, begun.content
    draft = f"{AT}/{begun.json()['id']}"
    assert office.get(AT).json() == [{"id": begun.json()["id"], "service": "kindergarten-place"}]
    wrong = office.put(f"{draft}/pages/place", {"answers": {"child": str(child.pk), "start": "2020-01-01"}}, JSON)
    assert wrong.status_code == 422 and set(wrong.json()["errors"]) == {"start", "hours"}
    place = {"child": str(child.pk), "start": START, "hours": "full"}
    assert office.put(f"{draft}/pages/place", {"answers": place}, JSON).status_code == 200
    early = office.post(f"{draft}/submit", {}, JSON)
    assert early.status_code == 422 and "shift_work" in early.json()["errors"]
    assert office.put(f"{draft}/pages/work", {"answers": {"shift_work": False}}, JSON).status_code == 200
    case = office.post(f"{draft}/submit", {}, JSON).json()["case"]
    assert office.post(f"{draft}/submit", {}, JSON).json()["case"] == case
    work()
    row = Case.objects.get(pk=case)
    assert row.party == f"person:{parent.pk}" and office.get(AT).json() == []
    assert timezone.localdate(row.submitted) == timezone.localdate() - timedelta(days=9)
    assert ("Molde kommune", "case.contents") in {
        (one.who, one.dataset) for one in audit.entries_about(Actor(parent.pk))
    }


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"way": "pigeon"}, "way"),
        ({"received": "2001-01-01"}, "received"),
        ({"number": "12345678901"}, "number"),
        ({"paper": ""}, "paper"),
        ({"way": "telephone"}, "note"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_nothing_is_begun(office, told, wrong):
    answer = office.post(AT, arrived(people.person(), **told))
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert wrong in answer.json()["errors"] and not Draft.objects.exists()


def test_her_own_is_not_hers_to_enter_and_a_party_enters_nothing(office, nina):
    answer = office.post(AT, arrived(nina))
    assert (answer.status_code, answer.json()["code"]) == (403, "own-case")
    assert client_of(nina).post(AT, arrived(people.person())).status_code == 403
    assert not Draft.objects.exists()


def test_another_authority_reads_and_changes_nothing(office):
    draft = f"{AT}/{office.post(AT, arrived(people.person())).json()['id']}"
    elsewhere = people.municipality("1508")
    other = client_of(people.officer_in(elsewhere), as_officer_of=elsewhere.pk)
    assert other.get(AT).json() == [] and other.get(draft).status_code == 404
    assert other.delete(draft).status_code == 404 and Draft.objects.count() == 1
    assert office.delete(draft).status_code == 204 and not Draft.objects.exists()
