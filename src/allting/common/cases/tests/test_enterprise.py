"""An organisation at our own API, as itself or for one that has let it: its own cases, and nothing of persons."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.cases.models import Attachment, Case, Draft, Event
from allting.common.cases.tests.factories import PDF, client_of, pdf
from allting.common.identity.tests import factories_machine as m
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.common.signature.models import Signature
from allting.kernel.actor import Party

pytestmark = pytest.mark.django_db
CASES = "allting:cases"
API = "http://127.0.0.1:8000/api"


class Caller:
    """An organisation that calls our API with a token."""

    def __init__(self, organisation, **claims):
        given = {"scope": CASES, "resource": [API]} | claims
        text = m.with_certificate(m.certificate_of(organisation), organisation.organisation_number, **given)
        answer = m.ask(text)
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]

    def call(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"}
        return Client().generic(method, path, json.dumps(body or {}), "application/json", headers=headers)

    def get(self, path):
        return self.call("GET", path)


@pytest.fixture
def firm():
    make.municipality()
    return make.chief_of("Fjordkroa AS")[1]


MANAGER = {"manager_name": "Siri Prøve", "test_passed": "2020-05-05", "good_conduct": True}


def licence(caller):
    """Apply for a serving licence over the API, from the first question to the case."""
    draft = caller.call("POST", "/api/drafts", {"service": "serving-licence"})
    assert draft.status_code == 201, draft.content
    path = f"/api/drafts/{draft.json()['id']}"
    opening = (timezone.localdate() + timedelta(days=60)).isoformat()
    place = {"place_name": "Fjordkroa", "address": "Storgata 1", "opening": opening, "seats": 40}
    headers = {"Authorization": f"Bearer {caller.token}"}
    Client().post(f"{path}/files/certificate", {"file": pdf()}, headers=headers)
    for page, answers in (("place", place), ("manager", MANAGER)):
        answer = caller.call("PUT", f"{path}/pages/{page}", {"answers": answers})
        assert answer.status_code == 200, answer.content
    sent = caller.call("POST", f"{path}/submit")
    assert sent.status_code == 200, sent.content
    return sent.json()["case"]


def test_an_organisation_files_and_follows_its_own_case(firm):
    caller = Caller(firm)
    case = licence(caller)
    row = Case.objects.get(pk=case)
    assert (row.party, row.applicant) == (f"organisation:{firm.pk}", firm.pk)
    event = Event.objects.filter(case=row).first()
    assert (event.person, event.capacity) == (firm.pk, "enterprise")
    assert Signature.objects.get(reference=row.pk).capacity == "enterprise"
    assert [one["id"] for one in caller.get("/api/cases").json()] == [case]
    assert caller.get(f"/api/cases/{case}").json()["number"] == row.number
    sent = Attachment.objects.get(case=row)
    assert caller.get(f"/api/cases/{case}/files/{sent.pk}").content == PDF
    assert caller.call("POST", f"/api/cases/{case}/withdraw").json()["state"] == "withdrawn"


def test_a_supplier_files_for_a_consumer_and_the_log_tells_both(firm):
    supplier = make.chief_of("Regnskap AS")[1]
    m.delegate(firm, supplier, CASES)
    caller = Caller(supplier, consumer_org=firm.organisation_number)
    case = licence(caller)
    row = Case.objects.get(pk=case)
    assert (row.party, row.applicant) == (f"organisation:{firm.pk}", supplier.pk)
    entry = Entry.objects.filter(subject=firm.pk, dataset="machine.access").last()
    assert (entry.person, entry.on_behalf_of, entry.authority, entry.authority_name, entry.capacity) == (
        None, f"organisation:{firm.pk}", supplier.pk, "Regnskap AS", "enterprise",
    )  # fmt: skip
    assert Caller(supplier).get("/api/cases").json() == []  # for itself it has none
    chief = Mandate.objects.get(organisation=firm).person
    page = client_of(chief, acting_for=Party("organisation", firm.pk)).get("/my/lookups")
    assert "Regnskap AS" in page.content.decode()


def test_a_delegation_that_ends_is_felt_at_the_next_call(firm):
    supplier = make.chief_of("Regnskap AS")[1]
    row = m.delegate(firm, supplier, CASES)
    caller = Caller(supplier, consumer_org=firm.organisation_number)
    assert caller.get("/api/cases").status_code == 200
    row.withdrawn = timezone.now()
    row.save()
    assert caller.get("/api/cases").status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/api/letters", "/api/signatures", "/api/payments/bills", "/api/payments/payouts", "/api/office/cases",
     "/api/machine/access", "/api/machine/scopes"],
)  # fmt: skip
def test_no_other_door_is_open(firm, path):
    answer = Caller(firm).get(path)
    assert answer.status_code == 403
    assert Entry.objects.filter(subject=firm.pk).count() == 0


def test_pages_do_not_take_a_machine_token(firm):
    assert Caller(firm).get("/my/cases").status_code == 302


def test_a_token_without_the_scope_or_for_another_api(firm):
    m.scope("prove:apen", accessible_for_all=True)
    wrong = Caller(firm, scope="prove:apen").get("/api/cases")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["scope"]) == (403, "insufficient-scope", CASES)
    assert Caller(firm, resource=["https://other.example"]).get("/api/cases").status_code == 401
    assert Caller(firm, resource="x:y").get("/api/cases").status_code == 401
    unbound = m.ask(m.with_certificate(m.certificate_of(firm), firm.organisation_number, scope=CASES))
    caller = Caller(firm)
    caller.token = unbound.json()["access_token"]
    assert caller.get("/api/cases").status_code == 401


def test_a_token_that_is_changed_old_or_of_a_client_that_is_switched_off(firm, monkeypatch):
    other = m.machine(firm, CASES)
    caller = Caller(firm)
    caller.token = m.ask(m.assertion(other, scope=CASES, resource=API)).json()["access_token"]
    assert caller.get("/api/cases").status_code == 200
    other.active = False
    other.save()
    assert caller.get("/api/cases").status_code == 401
    caller = Caller(firm)
    good, caller.token = caller.token, caller.token[:-6] + "AAAAAA"
    assert caller.get("/api/cases").status_code == 401
    caller.token = m.issuer.sign(m.issuer.verified(good) | {"exp": 1})
    assert caller.get("/api/cases").status_code == 401
    caller.token = m.issuer.sign(m.issuer.verified(good) | {"iss": "http://127.0.0.1:8000/id"})
    assert caller.get("/api/cases").status_code == 401


def test_an_organisation_is_no_person(firm):
    caller = Caller(firm)
    for service, code in (("kindergarten-place", "act-for-yourself"), ("neighbour-notice", "needs-a-person")):
        answer = caller.call("POST", "/api/drafts", {"service": service})
        assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert Draft.objects.count() == 0


def test_another_organisations_case_is_not_there(firm):
    case = licence(Caller(firm))
    other = Caller(make.chief_of("Annet AS")[1])
    assert other.get(f"/api/cases/{case}").status_code == 404
    assert other.call("POST", f"/api/cases/{case}/withdraw").status_code == 404
