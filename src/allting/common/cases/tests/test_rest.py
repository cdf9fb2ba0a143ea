"""The walk over REST: the same rules and errors as the pages."""

from __future__ import annotations

import pytest

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import PDF, START, client_of, pdf, work
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def molde():
    people.state("statsforvalteren")
    return people.municipality()


def test_a_parent_applies_and_an_officer_decides(molde):
    parent = people.person()
    child = people.child_of(parent)
    api = client_of(parent)
    began = api.post("/api/drafts", {"service": "kindergarten-place"}, JSON)
    assert began.status_code == 201
    draft = f"/api/drafts/{began.json()['id']}"
    assert began.json()["missing"]["place"]["start"] == "Fyll ut dette feltet"
    wrong = api.put(f"{draft}/pages/place", {"answers": {"child": str(child.pk), "start": "2020-01-01"}}, JSON)
    assert wrong.status_code == 422 and wrong["Content-Type"] == "application/problem+json"
    assert set(wrong.json()["errors"]) == {"start", "hours"}
    place = {"child": str(child.pk), "start": START, "hours": "full"}
    assert api.put(f"{draft}/pages/place", {"answers": place}, JSON).status_code == 200
    early = api.post(f"{draft}/submit")
    assert early.status_code == 422 and "shift_work" in early.json()["errors"]
    assert api.post(f"{draft}/files/employer_letter", {"file": pdf()}).status_code == 201
    assert api.put(f"{draft}/pages/work", {"answers": {"shift_work": True}}, JSON).status_code == 200
    case = api.post(f"{draft}/submit").json()["case"]
    assert api.post(f"{draft}/submit").json()["case"] == case
    assert api.get("/api/cases").json()[0]["title"] == "Barnehageplass"
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    seen = office.get(f"/api/office/cases/{case}").json()
    assert "decided" in seen["can"] and office.get("/api/office/cases").json()[0]["id"] == case
    decision = {"outcome": "refused", "grounds": "Fullt.", "revision": seen["revision"]}
    stale = office.post(f"/api/office/cases/{case}/decide", decision | {"revision": 0}, JSON)
    assert stale.status_code == 409 and stale.json()["code"] == "case-changed"
    assert office.post(f"/api/office/cases/{case}/decide", decision, JSON).json()["outcome"] == "refused"
    work()
    assert len(api.get("/api/letters").json()) == 1
    appealed = api.post(f"/api/cases/{case}/appeal", {"text": "Jeg er uenig."}, JSON).json()
    assert appealed["state"] == "appealed"
    assert [one["kind"] for one in appealed["events"]] == ["submitted", "received", "decided", "appealed"]


def test_nobody_and_anybody_else_is_refused(molde):
    parent = people.person()
    api = client_of(parent)
    draft = api.post("/api/drafts", {"service": "parking-permit-disabled"}, JSON).json()["id"]
    from django.test import Client

    assert Client().get(f"/api/drafts/{draft}").status_code == 401
    assert client_of(people.person()).get(f"/api/drafts/{draft}").status_code == 404
    assert api.get("/api/office/cases").status_code == 403
    assert api.post("/api/drafts", {"service": "serving-licence"}, JSON).status_code == 403
    assert api.post("/api/drafts", {"service": "nothing"}, JSON).status_code == 404


def test_a_lying_file_is_refused(molde):
    api = client_of(people.person())
    draft = api.post("/api/drafts", {"service": "parking-permit-disabled"}, JSON).json()["id"]
    lying = api.post(f"/api/drafts/{draft}/files/statement", {"file": pdf(data=b"MZ")})
    assert lying.status_code == 422 and "statement" in lying.json()["errors"]
    assert api.post(f"/api/drafts/{draft}/files/nothing", {"file": pdf(data=PDF)}).status_code == 404


def test_a_fee_is_started_over_rest():
    people.state("statens-vegvesen")
    api = client_of(people.person())
    draft = api.post("/api/drafts", {"service": "driving-licence-replacement"}, JSON).json()["id"]
    answers = {"reason": "lost", "since": "2026-11-01", "declare": True}
    assert api.put(f"/api/drafts/{draft}/pages/lost", {"answers": answers}, JSON).status_code == 200
    case = api.post(f"/api/drafts/{draft}/submit").json()["case"]
    assert Case.objects.get(pk=case).state == "paying"
    bill = api.get("/api/payments/bills").json()[0]
    assert bill["amount"] == 9000 and bill["status"] == "due"
    assert "/demo/pay/" in api.post(f"/api/payments/bills/{bill['id']}/pay").json()["url"]


def test_the_walk_is_described(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    for path in ("/api/drafts", "/api/drafts/{draft_id}/submit", "/api/cases/{case_id}", "/api/payments/bills"):
        assert path in paths
