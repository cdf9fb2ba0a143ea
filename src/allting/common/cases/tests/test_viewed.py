"""Every way an officer sees what is in a case leaves a line in the party's log, with its law and its reason."""

from __future__ import annotations

import pytest

from allting.common.audit import api as audit
from allting.common.audit.models import Entry
from allting.common.cases import api as cases
from allting.common.cases.models import Attachment, Inquiry
from allting.common.cases.tests.factories import client_of
from allting.common.cases.tests.test_law import at_work, revision
from allting.common.cases.tests.test_lists import parking
from allting.common.cases.tests.test_office import desk_of
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor

pytestmark = pytest.mark.django_db
JSON = "application/json"
LETTER = {"title": "Hei", "text": "Hei {party.name}."}


@pytest.fixture
def owner(molde):
    return people.person(given_name="Ragnhild")


@pytest.fixture
def case(owner):
    return parking(client_of(owner))


@pytest.fixture
def office(molde):
    return desk_of(people.officer_in(molde), molde)


SEEN = {
    "the case": lambda office, case: office.get(f"/office/cases/{case}"),
    "its letter page": lambda office, case: office.get(f"/office/cases/{case}/letter"),
    "a file": lambda office, case: office.get(f"/office/cases/{case}/files/{Attachment.objects.get(case=case).pk}"),
    "as it was signed": lambda office, case: office.get(f"/office/cases/{case}/signed"),
    "a step that is wrong": lambda office, case: office.post(f"/office/cases/{case}/ask", {"revision": revision(case)}),
    "REST: the case": lambda office, case: office.get(f"/api/office/cases/{case}"),
    "REST: notes": lambda office, case: office.get(f"/api/office/cases/{case}/notes"),
    "REST: a step": lambda office, case: office.post(
        f"/api/office/cases/{case}/take", {"revision": revision(case)}, JSON
    ),
    "REST: a file": lambda office, case: office.get(
        f"/api/office/cases/{case}/files/{Attachment.objects.get(case=case).pk}"
    ),
    "REST: a letter looked at": lambda office, case: office.post(
        f"/api/office/cases/{case}/letters/preview", LETTER, JSON
    ),
}


@pytest.mark.parametrize("way", SEEN)
def test_each_view_stands_in_the_partys_log_with_its_reason(molde, owner, case, office, way):
    Entry.objects.all().delete()
    assert SEEN[way](office, case).status_code in (200, 422)
    [entry] = audit.entries_about(Actor(owner.pk))[:1]
    assert entry.case == case and entry.who == "Molde kommune" and entry.capacity == "officer"
    assert entry.basis and "sak" in entry.reason


@pytest.mark.parametrize("address", ["/office/questions/{}", "/api/office/questions/{}"])
def test_another_authority_that_is_asked_reads_with_a_reason_too(molde, owner, case, address):
    asked = people.state("helsedirektoratet")
    cases.consult(at_work(molde), case, revision(case), asked.name, "Er hun syk?", 14)
    theirs = desk_of(people.officer_in(asked), asked)
    Entry.objects.all().delete()
    listed = theirs.get("/api/office/questions")
    assert len(listed.json()) == 1 and "syk" not in listed.content.decode()
    assert "syk" not in theirs.get("/office").content.decode() and not Entry.objects.exists()
    answer = theirs.get(address.format(Inquiry.objects.get(case=case).pk))
    assert "Er hun syk?" in answer.content.decode()
    [entry] = audit.entries_about(Actor(owner.pk))
    assert entry.who == asked.name and entry.dataset == "case.question" and entry.case == case
