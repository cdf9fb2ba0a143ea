"""An application on paper or by telephone: an officer enters it, and it is the party's own from then on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.archive.models import Document, Entry
from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.lifecycle import State
from allting.common.cases.models import Attachment, Case, Draft, Event, Signer
from allting.common.cases.tests.factories import KINDERGARTEN, client_of, fill_in, pdf, work
from allting.common.cases.tests.test_walk import letters, words
from allting.common.catalogue import api as catalogue
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.models import Contact, Relation
from allting.common.registers.tests import factories as people
from allting.common.signature import api as signature
from allting.kernel.actor import Actor
from allting.kernel.calendar import legal_deadline
from allting.kernel.encryption import unseal

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7\n%the signed paper\n"


@pytest.fixture
def office(molde, nina):
    return client_of(nina, as_officer_of=molde.pk)


@pytest.fixture
def parent(molde):
    return people.person(family_name="Gammel")


def arrived(person, **more):
    day = timezone.localdate() - timedelta(days=9)
    form = {"number": person.identity_number, "way": "paper", "received": day.isoformat()}
    return form | {"paper": pdf("søknad.pdf", PAPER)} | more


def enter(office, slug, form):
    """Whose it is; returns the draft."""
    response = office.post(f"/office/enter?service={slug}", form)
    assert response.status_code == 302, response.content.decode()[-6000:]
    return response["Location"].split("/")[3]


def entered(office, slug, form, pages, **sent):
    """The whole way; returns the case."""
    draft = enter(office, slug, form)
    fill_in(office, draft, pages, at="/office/drafts")
    response = office.post(f"/office/drafts/{draft}/review", sent)
    assert response.status_code == 302, response.content.decode()[-6000:]
    return Draft.objects.get(pk=draft).case


def kindergarten(child):
    return KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}


def test_a_paper_becomes_the_partys_own_case_from_the_day_it_came(office, nina, parent):
    child = people.child_of(parent)
    case = entered(office, "kindergarten-place", arrived(parent), kindergarten(child))
    work()
    row, came = Case.objects.get(pk=case), timezone.localdate() - timedelta(days=9)
    period = cases.view(Actor(parent.pk), case).service.deadline
    assert (row.party, row.applicant) == (f"person:{parent.pk}", parent.pk)
    assert row.due == legal_deadline(came, period) and timezone.localdate(row.submitted) == came
    page = client_of(parent).get(f"/my/cases/{case}").content.decode()
    assert "Hva vi har ført inn for deg" in page and "søknad.pdf" in page and nina.name in page
    assert str(case) in client_of(parent).get("/my/cases").content.decode()
    letter = letters(parent)[0]
    assert "Vi har fått søknaden din" in letter["title"] and "17. august 2027" in words(letter)
    assert not signature.signatures(case) and not signature.has_document(case)


def test_the_paper_is_journalled_with_the_day_it_came_and_kept_before_what_was_read_from_it(office, parent):
    case = entered(office, "kindergarten-place", arrived(parent), kindergarten(people.child_of(parent)))
    work()
    entry = Entry.objects.get(case=case, direction="in")
    assert entry.received_on == timezone.localdate() - timedelta(days=9)
    assert entry.journalled_on == timezone.localdate()
    kept = Document.objects.filter(entry=entry).order_by("number")
    assert unseal(bytes(kept[0].content), f"archive:{kept[0].pk}") == PAPER and kept.count() == 2
    assert [one.direction for one in archive.entries(case)] == ["in", "out"]


def test_each_look_up_and_the_entering_stand_in_her_log(office, parent):
    entered(office, "kindergarten-place", arrived(parent), kindergarten(people.child_of(parent)))
    log = [(one.who, one.dataset, one.action) for one in audit.entries_about(Actor(parent.pk))]
    assert ("Molde kommune", "population.children", "read") in log
    assert ("Molde kommune", "population.person", "read") in log
    assert ("Molde kommune", "case.contents", "change") in log
    assert "Vi fører inn en søknad for deg" in client_of(parent).get("/my/lookups").content.decode()


def test_what_was_said_by_telephone_needs_a_note_and_stands_instead_of_a_signature(office, parent):
    by_phone = arrived(parent, way="telephone", paper="")
    refused = office.post("/office/enter?service=kindergarten-place", by_phone)
    assert refused.status_code == 422 and "Skriv ned hva som ble sagt" in refused.content.decode()
    by_phone |= {"note": "Mor ringte og søkte om plass."}
    case = entered(office, "kindergarten-place", by_phone, kindergarten(people.child_of(parent)))
    work()
    assert "Mor ringte og søkte om plass." in client_of(parent).get(f"/my/cases/{case}").content.decode()
    assert "Mor ringte" in words(letters(parent)[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"paper": ""}, "Legg ved det skannede papiret"),
        ({"paper": pdf("virus.exe", b"MZ")}, "ikke en PDF"),
        ({"way": "pigeon"}, "Velg hvordan den kom"),
        ({"received": "2999-01-01"}, "Velg dagen den kom"),
        ({"received": "1999-01-01"}, "Velg dagen den kom"),
        ({"received": "i går"}, "Velg dagen den kom"),
        ({"number": "12345678901"}, "11 sifrene"),
        ({"number": ""}, "navnet og fødselsdatoen"),
        ({"number": "", "name": "Ingen Slik", "born": "1990-05-17"}, "finner ingen med dette navnet"),
        ({"note": "x" * 4001}, "4000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_begun(office, parent, change, said):
    response = office.post("/office/enter?service=kindergarten-place", arrived(parent) | change)
    assert response.status_code == 422 and said in response.content.decode()
    assert not Draft.objects.exists()


def test_found_by_name_and_birth_date_but_never_one_of_several(office, parent):
    named = arrived(parent, number="", name="kari  GAMMEL", born="1990-05-17")
    draft = Draft.objects.get(pk=enter(office, "kindergarten-place", named))
    assert draft.party == f"person:{parent.pk}"
    people.person(family_name="Gammel")
    response = office.post("/office/enter?service=kindergarten-place", named | {"paper": pdf("a.pdf", PAPER)})
    assert response.status_code == 422 and "Flere har dette navnet" in response.content.decode()


def test_the_draft_is_the_desks_and_nobody_elses(office, molde, parent):
    draft = enter(office, "kindergarten-place", arrived(parent))
    hers = client_of(parent)
    assert draft not in hers.get("/my/cases").content.decode()
    other = people.officer_in(people.municipality("1508"), "Odd")
    elsewhere = client_of(other, as_officer_of=people.municipality("1508").pk)
    for address in (f"/drafts/{draft}", f"/drafts/{draft}/place", f"/drafts/{draft}/review", f"/api/drafts/{draft}"):
        assert hers.get(address).status_code == 404, address
    for address in (f"/office/drafts/{draft}", f"/office/drafts/{draft}/place", f"/office/drafts/{draft}/review"):
        assert elsewhere.get(address).status_code == 404, address
        assert hers.get(address).status_code == 403, address
    assert draft not in elsewhere.get("/office/enter").content.decode()
    colleague = client_of(people.officer_in(molde, "Ole"), as_officer_of=molde.pk)
    assert draft in colleague.get("/office/enter").content.decode()
    before = len(audit.entries_about(Actor(parent.pk)))
    assert colleague.get(f"/office/drafts/{draft}/place").status_code == 200
    assert len(audit.entries_about(Actor(parent.pk))) == before + 1  # a colleague looked, and it is told
    own = cases.start(Actor(parent.pk, level=4), "kindergarten-place")
    assert str(own) != draft and colleague.get(f"/office/drafts/{own}").status_code == 404


def test_nobody_enters_for_herself_or_those_nearest_her(office, nina, molde, parent):
    wife = people.person(given_name="Eva")
    Relation.objects.create(person=nina, other=wife, kind="spouse")
    for one in (nina, wife):
        assert office.post("/office/enter?service=kindergarten-place", arrived(one)).status_code == 403
    draft = enter(office, "kindergarten-place", arrived(parent))
    Relation.objects.create(person=nina, other=parent, kind="spouse")
    assert office.get(f"/office/drafts/{draft}/place").status_code == 403
    assert office.post(f"/office/drafts/{draft}/review").status_code == 403
    assert draft not in office.get("/office/enter").content.decode()


def test_what_another_municipality_decides_is_not_entered_here(office, molde):
    people.municipality("1508")
    away = people.person(municipality="1508", given_name="Borte")
    response = office.post("/office/enter?service=kindergarten-place", arrived(away))
    assert response.status_code == 422 and "Ålesund kommune" in response.content.decode()
    assert office.get("/office/enter?service=child-benefit").status_code == 422  # Nav's to decide


def test_the_others_sign_as_usual_or_their_signatures_are_seen_on_the_paper(office, parent):
    neighbour = people.person(given_name="Nabo")
    pages = {
        "project": {"address": "Gata 1", "what": "garage", "describe": "En garasje."},
        "neighbours": {"neighbours": neighbour.identity_number},
    }
    asked = entered(office, "neighbour-notice", arrived(parent), pages)
    assert Case.objects.get(pk=asked).state == State.SIGNING
    assert client_of(neighbour).post(f"/my/sign/{asked}", {"answer": "yes"}).status_code == 302
    assert Case.objects.get(pk=asked).state != State.SIGNING
    seen = entered(office, "neighbour-notice", arrived(parent), pages, seen="yes")
    assert Signer.objects.get(case=seen).answer == "paper"
    assert Case.objects.get(pk=seen).state != State.SIGNING
    assert "Har skrevet under på papir" in office.get(f"/office/cases/{seen}").content.decode()


def test_an_enterprise_is_found_by_its_number(office, molde):
    _chief, company = people.chief_of()
    form = arrived(people.person(), number=company.organisation_number)
    draft = Draft.objects.get(pk=enter(office, "serving-licence", form))
    assert draft.party == f"organisation:{company.pk}"
    wrong = office.post("/office/enter?service=serving-licence", form | {"number": "123", "paper": pdf("a.pdf", PAPER)})
    assert wrong.status_code == 422


def test_where_two_must_sign_she_who_entered_it_does_not_decide_alone(office, nina, molde, parent, monkeypatch):
    kind = type(catalogue.service("kindergarten-place").service)
    monkeypatch.setattr(kind, "countersigned", property(lambda self: True))
    case = entered(office, "kindergarten-place", arrived(parent), kindergarten(people.child_of(parent)))

    def act(browser, action, **form):
        form["revision"] = Case.objects.get(pk=case).revision
        return browser.post(f"/office/cases/{case}/{action}", form)

    act(office, "decide", outcome="granted", grounds="Ja.")
    assert Case.objects.get(pk=case).state == State.PROPOSED
    assert act(office, "countersign").status_code == 403
    colleague = client_of(people.officer_in(molde, "Ole"), as_officer_of=molde.pk)
    assert act(colleague, "countersign").status_code == 302
    assert Case.objects.get(pk=case).outcome == "granted"


def test_one_whom_nobody_can_tell_gets_her_letters_on_paper(office, parent):
    Contact.objects.filter(party=f"person:{parent.pk}").delete()
    entered(office, "kindergarten-place", arrived(parent), kindergarten(people.child_of(parent)))
    work()
    assert StoredLetter.objects.get(recipient=f"person:{parent.pk}").channel == "paper"


def test_sent_twice_is_one_case(office, parent):
    child = people.child_of(parent)
    draft = enter(office, "kindergarten-place", arrived(parent))
    fill_in(office, draft, kindergarten(child), at="/office/drafts")
    first = office.post(f"/office/drafts/{draft}/review")["Location"]
    assert office.post(f"/office/drafts/{draft}/review")["Location"].split("?")[0] == first.split("?")[0]
    assert Case.objects.count() == 1 and Event.objects.filter(kind="submitted").count() == 1


def test_what_is_begun_can_be_thrown_away_with_its_paper(office, parent):
    draft = enter(office, "kindergarten-place", arrived(parent))
    assert Attachment.objects.count() == 1
    assert office.post(f"/office/drafts/{draft}/delete")["Location"] == "/office/enter"
    assert not Draft.objects.exists() and not Attachment.objects.exists()
