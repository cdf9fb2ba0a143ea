"""The walk over REST: the same rules and errors as the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from allting.common.cases.models import Case, Inquiry
from allting.common.cases.tests.factories import PDF, START, client_of, pdf, work
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
JSON = "application/json"


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


def test_a_file_that_nobody_can_look_through_is_not_taken(molde, settings):
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamd", "127.0.0.1:1"
    api = client_of(people.person())
    draft = api.post("/api/drafts", {"service": "parking-permit-disabled"}, JSON).json()["id"]
    refused = api.post(f"/api/drafts/{draft}/files/statement", {"file": pdf()})
    assert (refused.status_code, refused.json()["code"]) == (503, "no-scanner")


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


def test_an_appeal_goes_all_the_way_over_rest(molde):
    body = people.state("nav-klageinstans")
    nav, parent = people.state("nav"), people.person()
    child = people.child_of(parent)
    api = client_of(parent)
    draft = "/api/drafts/" + api.post("/api/drafts", {"service": "child-benefit"}, JSON).json()["id"]
    answers = {"child": str(child.pk), "alone": False, "abroad": True}
    assert api.put(f"{draft}/pages/child", {"answers": answers}, JSON).status_code == 200
    case = api.post(f"{draft}/submit").json()["case"]
    work()
    assert api.get(f"/api/cases/{case}").json()["outcome"] == "refused"
    api.post(f"/api/cases/{case}/appeal", {"text": "Vi er hjemme."}, JSON)
    office = client_of(people.officer_in(nav), as_officer_of=nav.pk)
    path = f"/api/office/cases/{case}"
    empty = office.post(f"{path}/forward", {"revision": 3, "text": " "}, JSON)
    assert empty.status_code == 422 and "note" in empty.json()["errors"]
    seen = office.get(path).json()
    sent = office.post(f"{path}/forward", {"revision": seen["revision"], "text": "Vi står ved vedtaket."}, JSON)
    assert sent.json()["state"] == "forwarded" and "appeal-decided" not in sent.json()["can"]
    above = client_of(people.officer_in(body), as_officer_of=body.pk)
    seen = above.get(path).json()
    decision = {"outcome": "upheld", "grounds": "Barnet er i utlandet.", "revision": seen["revision"]}
    assert above.post(f"{path}/decide-appeal", decision, JSON).json()["state"] == "closed"


def test_an_officer_takes_asks_and_delays_over_rest(molde):
    api = client_of(people.person())
    draft = "/api/drafts/" + api.post("/api/drafts", {"service": "parking-permit-disabled"}, JSON).json()["id"]
    file = api.post(f"{draft}/files/statement", {"file": pdf()}).json()["id"]
    gone = api.post(f"{draft}/files/statement", {"file": pdf()}).json()["id"]
    assert api.delete(f"{draft}/files/{gone}").status_code == 204 == api.delete(f"{draft}/files/{gone}").status_code
    need = {"role": "driver", "places": ["home"], "why": "Jeg går 50 meter."}
    assert api.put(f"{draft}/pages/need", {"answers": need}, JSON).status_code == 200
    assert api.put(f"{draft}/pages/doctor", {"answers": {}}, JSON).status_code == 200
    case = api.post(f"{draft}/submit").json()["case"]
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    path = f"/api/office/cases/{case}"
    assert office.get(f"{path}/files/{file}").content == PDF == api.get(f"/api/cases/{case}/files/{file}").content
    revision = office.get(path).json()["revision"]
    revision = office.post(f"{path}/take", {"revision": revision}, JSON).json()["revision"]
    late = {"revision": revision, "text": "Mange søknader.", "weeks": 4}
    assert office.post(f"{path}/delay", late | {"weeks": 99}, JSON).status_code == 422
    revision = office.post(f"{path}/delay", late, JSON).json()["revision"]
    asked = office.post(f"{path}/ask", {"revision": revision, "text": "Hvor lenge varer det?"}, JSON).json()
    assert asked["state"] == "asked"
    assert api.post(f"/api/cases/{case}/answer", {"text": "Et halvt år."}, JSON).json()["state"] == "in-hand"
    assert api.get(f"/api/office/cases/{case}").status_code == 403


def test_a_neighbour_reads_and_answers_over_rest(molde):
    builder, neighbour = people.person(), people.person()
    api, other = client_of(builder), client_of(neighbour)
    draft = "/api/drafts/" + api.post("/api/drafts", {"service": "neighbour-notice"}, JSON).json()["id"]
    project = {"address": "Storgata 1", "what": "garage", "describe": "36 m²"}
    api.put(f"{draft}/pages/project", {"answers": project}, JSON)
    api.put(f"{draft}/pages/neighbours", {"answers": {"neighbours": [neighbour.identity_number]}}, JSON)
    case = api.post(f"{draft}/submit").json()["case"]
    assert [one["case"] for one in other.get("/api/signatures").json()] == [case]
    asked = other.get(f"/api/signatures/{case}").json()
    assert asked["answers"]["describe"] == "36 m²" and neighbour.identity_number not in str(asked)
    assert api.get(f"/api/signatures/{case}").status_code == 404
    silent = other.post(f"/api/signatures/{case}", {"agree": False, "remark": " "}, JSON)
    assert silent.status_code == 422 and "remark" in silent.json()["errors"]
    said = other.post(f"/api/signatures/{case}", {"agree": False, "remark": "For høy."}, JSON).json()
    assert said["answer"] == "declined" and other.get("/api/signatures").json() == []


def test_a_draft_is_thrown_away_over_rest(molde):
    api = client_of(people.person())
    draft = "/api/drafts/" + api.post("/api/drafts", {"service": "parking-permit-disabled"}, JSON).json()["id"]
    assert client_of(people.person()).delete(draft).status_code == 404
    assert api.delete(draft).status_code == 204 and api.get(draft).status_code == 404


def test_the_walk_is_described(client):
    paths = client.get("/api/openapi.json").json()["paths"]
    for path in ("/api/drafts", "/api/drafts/{draft_id}/submit", "/api/cases/{case_id}", "/api/payments/bills"):
        assert path in paths


def test_the_back_office_over_rest(molde):
    """Given away, heard, asked and answered by machines, as by hand."""
    from allting.common.cases.tests.test_lists import parking

    parent, alesund = people.person(), people.municipality("1508")
    case = parking(client_of(parent))
    nina, ola = people.officer_in(molde), people.officer_in(molde, "Ola")
    office = client_of(nina, as_officer_of=molde.pk)
    other = client_of(people.officer_in(alesund), as_officer_of=alesund.pk)
    path = f"/api/office/cases/{case}"

    def post(action, **body):
        answer = office.post(f"{path}/{action}", {"revision": office.get(path).json()["revision"], **body}, JSON)
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert {"id": str(ola.pk), "name": "Ola Prøve"} in office.get("/api/office/colleagues").json()
    sought = office.post("/api/office/search", {"party": parent.identity_number}, JSON).json()
    assert [one["id"] for one in sought] == [str(case)]
    assert office.post("/api/office/search", {"state": "lost"}, JSON).status_code == 422
    post("assign", person=str(ola.pk))
    assert [one["id"] for one in office.get("/api/office/cases?show=mine").json()] == []
    post("put-back")
    assert [one["id"] for one in office.get("/api/office/cases?show=free").json()] == [str(case)]
    chosen = office.put("/api/office/skills", {"services": ["kindergarten-place"]}, JSON)
    assert chosen.json() == office.get("/api/office/skills").json() == ["kindergarten-place"]
    assert office.get("/api/office/cases?show=skills").json() == []
    period = {"stand_in": str(ola.pk), "starts": "2026-01-01", "ends": "2025-01-01"}
    assert office.post("/api/office/substitutes", period, JSON).status_code == 422
    end = timezone.localdate() + timedelta(days=3)
    made = office.post("/api/office/substitutes", period | {"starts": str(end), "ends": str(end)}, JSON).json()
    assert made == office.get("/api/office/substitutes").json() and made[0]["name"] == "Ola Prøve"
    assert office.delete(f"/api/office/substitutes/{made[0]['id']}").status_code == 204
    post("consult", authority=alesund.name, text="Har hun kort hos dere?", days=14)
    asked = other.get("/api/office/questions").json()[0]
    answered = other.post(f"/api/office/questions/{asked['id']}", {"text": "Nei."}, JSON)
    assert answered.json()["answer"] == "Nei." and other.get("/api/office/questions").json() == []
    assert office.get(f"/api/office/questions/{asked['id']}").status_code == 404
    assert post("hear", text="Vi tenker å avslå.", days=14)["state"] == "hearing"
    hearing = Inquiry.objects.get(case=case, authority=None).pk
    me = client_of(parent)
    assert me.get(f"/api/hearings/{hearing}").json()["open"]
    assert not me.post(f"/api/hearings/{hearing}", {"text": "Jeg trenger det."}, JSON).json()["open"]
    assert post("decide", outcome="refused", grounds="Ikke behov.")["state"] == "decided"
    assert post("reopen", text="Nytt brev.")["state"] == "in-hand"
    post("decide", outcome="granted")
    assert post("annul", ground="favour", text="Feil vei.")["state"] == "annulled"
