"""Acting for another reaches as far as the mandate, and leaves both names behind."""

import json

import pytest

from allting.common.audit.models import Entry
from allting.common.cases.models import Case, Event, Signer
from allting.common.cases.submitting import close_signing
from allting.common.cases.tests.factories import begin, client_of, fill_in, pdf, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Party
from allting.kernel.scope import Reach, Scope

pytestmark = pytest.mark.django_db
LICENCE = {"lost": {"reason": "damaged", "since": "2026-01-02", "declare": "yes"}}
MOVE = {
    "address": {
        "moved_on": "2026-01-02", "street": "Kaia 2", "postcode": "6002", "place": "Ålesund", "municipality": "1508",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def bodies():
    for slug in ("statens-vegvesen", "vegdirektoratet", "skatteetaten", "skattedirektoratet", "statsforvalteren"):
        make.state(slug)
    make.municipality("1508")
    make.municipality()


def of(row):
    return Party(row._meta.model_name, row.pk)


@pytest.fixture
def two():
    """Siri, who has given Amir a power for moving only."""
    siri, amir = make.person(given_name="Siri"), make.person(given_name="Amir")
    return siri, amir, make.power(siri, amir, reach={"services": ["change-of-address"]})


def test_inside_the_mandate_and_both_names_stay(two):
    siri, amir, _power = two
    case_id = send(client_of(amir, acting_for=of(siri)), "change-of-address", MOVE)
    case = Case.objects.get(pk=case_id)
    assert (case.party, case.applicant) == (str(of(siri)), amir.pk)
    event = Event.objects.get(case=case, kind="submitted")
    assert (event.person, event.on_behalf_of, event.capacity) == (amir.pk, str(of(siri)), "attorney")
    entry = Entry.objects.filter(subject=siri.pk, dataset="population.person").latest("pk")
    assert (entry.person, entry.on_behalf_of) == (amir.pk, str(of(siri)))
    work()
    letter = StoredLetter.objects.get(case=case_id)
    assert (letter.recipient, letter.service) == (str(of(siri)), "change-of-address")
    page = client_of(siri).get(f"/my/letters/{letter.pk}").content.decode()
    assert "Amir Prøve" in page
    assert "Amir Prøve" in client_of(siri).get(f"/my/cases/{case_id}").content.decode()
    assert client_of(siri).get(f"/my/cases/{case_id}/receipt").status_code == 200


def test_outside_it_is_refused_with_a_clear_text_and_nothing_shows(two):
    siri, amir, _power = two
    hers = client_of(siri)
    case_id = send(hers, "driving-licence-replacement", LICENCE)
    draft = begin(hers, "driving-licence-replacement")
    for_her = client_of(amir, acting_for=of(siri))
    answer = for_her.post("/services/driving-licence-replacement/start", {"again": "1"})
    assert answer.status_code == 403
    assert "/act-as" in answer.content.decode()
    for path in (
        f"/my/cases/{case_id}", f"/my/cases/{case_id}/receipt", f"/drafts/{draft}/lost", "/my/contact", "/my/payments",
        "/my/lookups", "/my/powers", f"/api/cases/{case_id}", "/api/payments/bills",
    ):  # fmt: skip
        assert for_her.get(path).status_code == 403, path
    assert for_her.post(f"/my/cases/{case_id}/withdraw").status_code == 403
    refused = for_her.post("/api/drafts", {"service": "driving-licence-replacement"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "outside-mandate")
    assert for_her.get("/api/cases").json() == []
    page = for_her.get("/my").content.decode()
    for hidden in ("førerkort", "/my/contact", "/my/payments"):
        assert hidden not in page
    assert for_her.get("/my/cases").status_code == for_her.get("/my/letters").status_code == 200


def test_letters_and_bills_outside_it_are_not_listed(two):
    siri, amir, power = two
    send(client_of(siri), "driving-licence-replacement", LICENCE)
    send(client_of(siri), "change-of-address", MOVE)
    work()
    for_her = client_of(amir, acting_for=of(siri))
    assert len(client_of(siri).get("/api/payments/bills").json()) == 1
    assert [one["title"] for one in for_her.get("/api/letters").json()] == ["Flyttingen er registrert"]
    assert [one["title"] for one in for_her.get("/api/cases").json()] == ["Melde flytting"]
    type(power).objects.update(scope='{"themes": ["forerkort-og-sertifikat"]}')
    assert for_her.get("/api/letters").json() == []
    assert [one["title"] for one in for_her.get("/api/cases").json()] == ["Nytt førerkort ved tap eller skade"]
    body = make.state("skatteetaten").pk
    type(power).objects.update(scope=json.dumps({"authorities": [str(body)]}))
    assert [one["title"] for one in for_her.get("/api/cases").json()] == ["Melde flytting"]
    begin(for_her, "change-of-address")


def test_a_withdrawn_power_is_gone_at_the_next_click(two):
    siri, amir, power = two
    for_her = client_of(amir, acting_for=of(siri))
    draft = begin(for_her, "change-of-address")
    type(power).objects.update(withdrawn="2026-01-01T00:00Z")
    assert for_her.get(f"/drafts/{draft}/address").status_code == 404
    assert "acting" not in for_her.session


def test_a_sixteen_year_old_decides_herself_where_the_law_says_so():
    limits = Scope((Reach(everything=True, but_not=frozenset({"flytting"})),)).limits()
    assert (limits.allowed, limits.hidden) == (None, frozenset({"change-of-address", "moving-abroad"}))


# --- Together --------------------------------------------------------------------------------------


def serving_licence():
    manager = {"manager_name": "Siri", "test_passed": "2020-01-01", "certificate": pdf(), "good_conduct": "yes"}
    place = {"place_name": "Kroa", "address": "Kaia 1", "opening": "2090-01-01", "seats": "10"}
    return {"place": place, "manager": manager}


@pytest.fixture
def together():
    """An enterprise that Siri, Amir and Berit bind two together, and an application that Siri sent."""
    company = make.chief_of("Fellesskapet AS")[1]
    people = [make.person(given_name=name) for name in ("Siri", "Amir", "Berit")]
    for one in people:
        Mandate.objects.create(person=one, organisation=company, role="joint-signatory")
    client = client_of(people[0], acting_for=of(company))
    return people, Case.objects.get(pk=send(client, "serving-licence", serving_licence()))


def test_one_more_of_those_who_sign_together_is_enough(together):
    (_siri, amir, berit), case = together
    assert case.state == "signing"
    assert set(Signer.objects.filter(case=case).values_list("person", flat=True)) == {amir.pk, berit.pk}
    assert client_of(amir).get(f"/my/sign/{case.pk}").status_code == 200
    client_of(amir).post(f"/my/sign/{case.pk}", {"answer": "yes"})
    case.refresh_from_db()
    assert case.state == "received"
    assert Signer.objects.get(case=case, person=berit.pk).answer == "released"
    assert client_of(berit).get(f"/my/sign/{case.pk}").status_code == 404


def test_when_none_of_them_signs_the_case_lapses(together):
    (_siri, amir, berit), case = together
    client_of(amir).post(f"/my/sign/{case.pk}", {"answer": "no", "remark": "Nei."})
    case.refresh_from_db()
    assert case.state == "signing"
    client_of(berit).post(f"/my/sign/{case.pk}", {"answer": "no", "remark": "Nei."})
    case.refresh_from_db()
    assert case.state == "lapsed"


def test_when_the_time_is_out_it_lapses(together):
    _people, case = together
    close_signing(case.pk)
    case.refresh_from_db()
    assert case.state == "lapsed"


def test_alone_with_a_joint_right_nothing_is_sent():
    company, siri = make.chief_of("Alene AS")[1], make.person()
    Mandate.objects.create(person=siri, organisation=company, role="joint-signatory")
    client = client_of(siri, acting_for=of(company))
    draft = begin(client, "serving-licence")
    fill_in(client, draft, serving_licence())
    assert client.post(f"/drafts/{draft}/review").status_code == 403
    assert not Case.objects.exists()
