"""The walk, service by service, from Start to the letter and the appeal."""

import json
from datetime import date

import pytest
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.audit import api as audit
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import KINDERGARTEN, client_of, pdf, send, work
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox import api as outbox
from allting.common.payment.models import DemoTransfer, Payout
from allting.common.registers.models import Organisation, Person
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import unseal_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(molde):
    return people.person()


def letters(person_or_party):
    party = person_or_party if isinstance(person_or_party, Party) else Party("person", person_or_party.pk)
    rows = StoredLetter.objects.filter(recipient=str(party)).order_by("id")
    return [unseal_json(bytes(row.content), f"letter:{row.pk}") for row in rows]


def words(letter):
    return json.dumps(letter, ensure_ascii=False)


def officer_at(organisation):
    person = people.officer_in(organisation)
    return client_of(person, as_officer_of=organisation.pk), person


def revision(case):
    return Case.objects.get(pk=case).revision


def act(client, case, action, **form):
    response = client.post(f"/office/cases/{case}/{action}", {"revision": revision(case), **form})
    assert response.status_code == 302, response.content.decode()[-5000:]


def test_kindergarten_an_officer_grants_and_the_letter_comes(molde, parent):
    child = people.child_of(parent, given_name="Ola")
    browser = client_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(browser, "kindergarten-place", pages)
    office, _officer = officer_at(molde)
    queue = office.get("/office").content.decode()
    assert "Barnehageplass" in queue and Case.objects.get(pk=case).number in queue
    page = office.get(f"/office/cases/{case}").content.decode()
    assert "Ola Prøve" in page and "17. august 2027" in page
    act(office, case, "decide", outcome="granted", grounds="Det er ledig plass.")
    work()
    letter = letters(parent)[0]
    assert letter["title"] == "Ola Prøve har fått barnehageplass"
    assert "Det er ledig plass." in words(letter) and "Statsforvalteren" in letter["appeal"]
    inbox = browser.get("/my/letters").content.decode()
    assert "Ola Prøve har fått barnehageplass" in inbox
    assert "Innvilget" in browser.get(f"/my/cases/{case}").content.decode()
    directions = [one.direction for one in archive.entries(case)]
    assert directions == ["in", "out"]


def test_who_looked_at_the_case_stands_in_the_log(molde, parent):
    child = people.child_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(client_of(parent), "kindergarten-place", pages)
    office, _officer = officer_at(molde)
    office.get(f"/office/cases/{case}")
    entries = audit.entries_about(Actor(parent.pk))
    seen = [(one.dataset, one.basis, one.who) for one in entries]
    assert ("case.contents", "barnehageloven § 16", "Molde kommune") in seen
    assert ("population.children", "barnehageloven § 16", "") in seen
    assert "barnehageloven § 16" in client_of(parent).get("/my/lookups").content.decode()


def test_child_benefit_a_rule_decides_and_pays_each_month():
    people.state("nav")
    people.state("nav-klageinstans")
    parent = people.person()
    child = people.child_of(parent)
    answers = {"child": {"child": str(child.pk), "alone": "yes", "abroad": "no"}}
    case = send(client_of(parent), "child-benefit", answers)
    work()
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome) == ("decided", "granted")
    letter = words(letters(parent)[0])
    assert "4\xa0584\xa0kr" in letter and "barnetrygdloven § 9" in letter
    assert Payout.objects.count() == 0  # the first is due on the last working day of next month
    assert outbox.waiting() >= 1  # the plan wakes again for it


def test_child_benefit_is_refused_with_grounds_when_the_child_lives_elsewhere():
    people.state("nav")
    people.state("nav-klageinstans")
    parent, other = people.person(), people.person()
    child = people.child_of(other)
    from allting.common.registers.models import Relation

    Relation.objects.create(person=parent, other=child, kind="parent")
    case = send(client_of(parent), "child-benefit", {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}})
    work()
    assert Case.objects.get(pk=case).outcome == "refused"
    assert "bor ikke fast hos deg" in words(letters(parent)[0])


def test_an_appeal_the_authority_grants_with_a_corrected_fact_and_the_rule_counts():
    nav = people.state("nav")
    people.state("nav-klageinstans")
    parent, other = people.person(), people.person()
    child = people.child_of(other)
    from allting.common.registers.models import Relation

    Relation.objects.create(person=parent, other=child, kind="parent")
    browser = client_of(parent)
    case = send(browser, "child-benefit", {"child": {"child": str(child.pk), "alone": "no", "abroad": "no"}})
    work()
    assert browser.post(f"/my/cases/{case}/appeal", {"why": "Hun bor hos meg."}).status_code == 302
    office, _officer = officer_at(nav)
    refused = office.post(
        f"/office/cases/{case}/reverse", {"revision": revision(case), "reverse_grounds": "Riktig.", "fact-alone": "no"}
    )
    assert refused.status_code == 422 and "regelen" in refused.content.decode().lower()
    act(office, case, "reverse", reverse_grounds="Barnet bor hos søkeren.", **{"fact-lives_with_me": "yes"})
    work()
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome) == ("decided", "granted")
    assert "Barnet bor hos søkeren." in words(letters(parent)[-1]) and "2\xa0012" in words(letters(parent)[-1])


def test_parking_permit_takes_a_file_and_the_officer_reads_it(molde):
    person = people.person(born=date(1949, 2, 20))
    browser = client_of(person)
    pages = {
        "need": {"role": "driver", "places": ["home", "care"], "why": "Krykker."},
        "doctor": {"statement": pdf("erklæring.pdf"), "valid_from": ""},
    }
    case = send(browser, "parking-permit-disabled", pages)
    office, _officer = officer_at(molde)
    page = office.get(f"/office/cases/{case}").content.decode()
    link = page.split(f"/office/cases/{case}/files/")[1].split('"')[0]
    answer = office.get(f"/office/cases/{case}/files/{link}")
    assert answer.content.startswith(b"%PDF-") and "attachment" in answer["Content-Disposition"]
    assert "case.document" in [one.dataset for one in audit.entries_about(Actor(person.pk))]
    stranger = client_of(people.person())
    assert stranger.get(f"/my/cases/{case}/files/{link}").status_code == 404
    act(office, case, "decide", outcome="refused", grounds="Du kan gå langt nok.")
    work()
    assert letters(person)[0]["title"] == "Avslag på søknad om parkeringstillatelse"


def test_change_of_address_changes_the_register_for_all_who_move():
    people.state("skatteetaten")
    people.state("skattedirektoratet")
    people.municipality("1508")
    parent = people.person()
    child = people.child_of(parent)
    pages = {
        "address": {
            "moved_on": timezone.localdate().isoformat(), "street": "Kirkegata 2", "postcode": "6004",
            "place": "Ålesund", "municipality": "1508",
        },
        "family": {"also": [str(child.pk)], "agreed": "yes"},
    }  # fmt: skip
    send(client_of(parent), "change-of-address", pages)
    work()
    for one in (parent, child):
        assert Person.objects.get(pk=one.pk).address.street == "Kirkegata 2"
    assert "Kirkegata 2" in words(letters(parent)[0])


@pytest.mark.parametrize(("distance", "outcome"), [(9, "granted"), (6, "refused")])
def test_school_transport_goes_to_the_county_and_a_rule_decides(distance, outcome):
    county = people.county()
    people.state("statsforvalteren")
    parent = people.person()
    pupil = people.child_of(parent, born=date(2010, 5, 21))
    pages = {
        "pupil": {"pupil": str(pupil.pk), "school": "Molde vgs", "start": "2027-08-17"},
        "way": {"distance_km": str(distance), "cannot_walk": "no"},
    }
    case = send(client_of(parent), "school-transport-upper-secondary", pages)
    work()
    row = Case.objects.get(pk=case)
    assert (row.authority, row.outcome) == (county.pk, outcome)


def notice_pages(*neighbours):
    return {
        "project": {"address": "Storgata 1", "what": "garage", "describe": "36 m²"},
        "neighbours": {"neighbours": "\n".join(one.identity_number for one in neighbours)},
    }


def test_neighbours_answer_and_the_case_goes_on_when_the_last_has(molde):
    builder, first, second = people.person(), people.person(given_name="Amir"), people.person(given_name="Berit")
    case = send(client_of(builder), "neighbour-notice", notice_pages(first, second))
    assert Case.objects.get(pk=case).state == "signing"
    browser = client_of(first)
    assert "Nabovarsel" in browser.get("/my/sign").content.decode()
    page = browser.get(f"/my/sign/{case}").content.decode()
    assert "36 m²" in page and second.identity_number[:6] not in page
    assert browser.post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 302
    assert browser.post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 200  # answered: nothing happens twice
    assert Case.objects.get(pk=case).state == "signing"
    client_of(second).post(f"/my/sign/{case}", {"answer": "no", "remark": "For høyt."})
    assert Case.objects.get(pk=case).state == "received"
    office, _officer = officer_at(molde)
    assert "For høyt." in office.get(f"/office/cases/{case}").content.decode()
    assert client_of(people.person()).get(f"/my/sign/{case}").status_code == 404


def test_silent_neighbours_do_not_stop_the_case(molde):
    from allting.common.cases import api  # noqa: F401 - the room's handlers are registered
    from allting.common.cases.submitting import close_signing

    builder, neighbour = people.person(), people.person()
    case = send(client_of(builder), "neighbour-notice", notice_pages(neighbour))
    close_signing(case)
    assert Case.objects.get(pk=case).state == "received"
    assert client_of(neighbour).post(f"/my/sign/{case}", {"answer": "yes"}).status_code in (302, 404)
    assert Case.objects.get(pk=case).state == "received"


def test_driving_licence_waits_for_the_fee_and_a_rule_decides_when_it_is_paid():
    people.state("statens-vegvesen")
    people.state("vegdirektoratet")
    person = people.person()
    browser = client_of(person)
    answers = {"lost": {"reason": "lost", "since": "2026-11-01", "declare": "yes"}}
    case = send(browser, "driving-licence-replacement", answers)
    work()
    assert Case.objects.get(pk=case).state == "paying"
    bill = browser.get("/my/payments").content.decode().split("/my/payments/")[1].split('"')[0]
    assert "90" in browser.get(f"/my/payments/{bill}").content.decode()
    bank = browser.post(f"/my/payments/{bill}")["Location"]
    token = bank.rsplit("/", 1)[1]
    browser.post(f"/demo/pay/{token}", {"do": "decline"})
    assert browser.get(f"/payments/return/{token}")["Location"].endswith("?failed=1")
    token = browser.post(f"/my/payments/{bill}")["Location"].rsplit("/", 1)[1]
    browser.post(f"/demo/pay/{token}", {"do": "pay"})
    for _twice in range(2):
        assert browser.get(f"/payments/return/{token}")["Location"] == f"/my/cases/{case}"
    work()
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome) == ("decided", "granted")
    assert len(letters(person)) == 1
    assert browser.post(f"/my/payments/{bill}").status_code == 200  # paid: nothing more to pay


def test_an_enterprise_applies_through_its_chief_executive(molde):
    chief, company = people.chief_of()
    alone = client_of(chief)
    assert alone.post("/services/serving-licence/start").status_code == 403
    party = Party("organisation", company.pk)
    browser = client_of(chief, acting_for=party)
    pages = {
        "place": {"place_name": "Fjordkroa", "address": "Storgata 5", "opening": "2027-05-01", "seats": "40"},
        "manager": {
            "manager_name": "Siri Prøve", "test_passed": "2025-11-03", "certificate": pdf(), "good_conduct": "yes",
        },
    }  # fmt: skip
    case = send(browser, "serving-licence", pages)
    office, _officer = officer_at(molde)
    act(office, case, "decide", outcome="granted", grounds="")
    work()
    assert "Fjordkroa AS" in words(letters(party)[0])
    told = alone.get(f"/my/cases/{case}")  # the company's: as herself she does not see it, and is told to act for it
    assert told.status_code == 403 and "/act-as" in told.content.decode() and "Fjord" not in told.content.decode()
    assert browser.get(f"/my/cases/{case}").status_code == 200


def test_an_appeal_is_sent_on_and_decided_by_the_appeals_body(molde, parent):
    body = people.state("statsforvalteren")
    child = people.child_of(parent)
    browser = client_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(browser, "kindergarten-place", pages)
    office, _officer = officer_at(molde)
    act(office, case, "decide", outcome="refused", grounds="Ingen ledig plass.")
    work()
    page = browser.get(f"/my/cases/{case}").content.decode()
    assert f"/my/cases/{case}/appeal" in page
    empty = browser.post(f"/my/cases/{case}/appeal", {"why": " "})
    assert empty.status_code == 422
    browser.post(f"/my/cases/{case}/appeal", {"why": "Vi har rett til plass."})
    assert "Vi har rett til plass." in office.get(f"/office/cases/{case}").content.decode()
    act(office, case, "forward", note="Vi står ved avslaget.")
    above, _judge = officer_at(body)
    assert Case.objects.get(pk=case).number in above.get("/office/queue?show=appeals").content.decode()
    act(above, case, "decide-appeal", outcome="overturned", grounds="Barnet har rett til plass.")
    work()
    row = Case.objects.get(pk=case)
    assert (row.state, row.outcome) == ("closed", "granted")
    last = letters(parent)[-1]
    assert last["sender_name"] == "Statsforvalteren" and last["appeal"] == ""
    assert f"/my/cases/{case}/appeal" not in browser.get(f"/my/cases/{case}").content.decode()


def test_an_officer_asks_and_the_party_answers(molde, parent):
    child = people.child_of(parent)
    browser = client_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(browser, "kindergarten-place", pages)
    office, _officer = officer_at(molde)
    act(office, case, "ask", question="Når flytter dere?")
    assert "Når flytter dere?" in browser.get(f"/my/cases/{case}").content.decode()
    assert browser.post(f"/my/cases/{case}/answer", {"text": "I mars."}).status_code == 302
    assert "I mars." in office.get(f"/office/cases/{case}").content.decode()
    act(office, case, "delay", why="Mange søkere.", weeks="6")
    work()
    assert "6 uker" in words(letters(parent)[-1])


def test_withdrawing_after_paying_gives_the_money_back():
    people.state("statens-vegvesen")
    people.state("vegdirektoratet")
    browser = client_of(people.person())
    answers = {"lost": {"reason": "lost", "since": "2026-11-01", "declare": "yes"}}
    case = send(browser, "driving-licence-replacement", answers)
    bill = browser.get("/my/payments").content.decode().split("/my/payments/")[1].split('"')[0]
    token = browser.post(f"/my/payments/{bill}")["Location"].rsplit("/", 1)[1]
    browser.post(f"/demo/pay/{token}", {"do": "pay"})
    browser.get(f"/payments/return/{token}")
    assert browser.post(f"/my/cases/{case}/withdraw").status_code == 302
    work()
    from allting.common.payment.models import Bill, DemoAttempt

    assert Bill.objects.get(pk=bill).status == "refunded" and DemoAttempt.objects.get(pk=token).refunded
    assert letters_none(case)


def letters_none(case):
    return not StoredLetter.objects.filter(case=case).exists()


def test_money_waits_for_an_account_and_goes_out_when_there_is_one():
    from uuid import uuid4

    from django.db import transaction

    from allting.common.payment import api as payment
    from allting.kernel.rules import Pay
    from allting.kernel.text import Text

    nav = people.state("nav")
    person = people.person(account="")
    party = Party("person", person.pk)
    with transaction.atomic():
        payment.pay(
            party, debtor=nav.pk, debtor_name="Nav", case=uuid4(), case_number="2026/1",
            pays=Pay(500_00, Text.same("Støtte")), key="one",
        )  # fmt: skip
    work()
    browser = client_of(person)
    assert "kontonummer" in browser.get("/my/payments").content.decode()
    assert DemoTransfer.objects.count() == 0
    form = {"email": "a@example.org", "mobile": "", "language": "nb", "account": "00000000019"}
    browser.post("/my/contact", form)
    work()
    assert DemoTransfer.objects.get().amount == 500_00
    assert log_in_for_test  # the page above was hers


@pytest.mark.parametrize(
    ("body", "decides", "above"),
    [
        ("1508", "1508-alesund", "statsforvalteren"),
        ("15", "15-more-og-romsdal", "statsforvalteren"),
        ("skatteetaten", "skatteetaten", "finansdepartementet"),
        ("helfo", "helfo", "helsedirektoratet"),
    ],
)
def test_a_request_for_access_goes_to_who_has_the_documents_and_an_appeal_to_the_body_above(body, decides, above):
    people.authorities()
    browser = client_of(people.person())
    answers = {"body": body, "what": "Byggesak", "case_number": "", "party": "no", "way": "here"}
    case = send(browser, "document-access", {"request": answers})
    office, superior = (Organisation.objects.get(slug=slug) for slug in (decides, above))
    assert Case.objects.get(pk=case).authority == office.pk
    officer, _person = officer_at(office)
    act(officer, case, "decide", outcome="refused", grounds="Unntatt.")
    work()
    content = unseal_json(bytes((letter := StoredLetter.objects.latest("id")).content), f"letter:{letter.pk}")
    assert superior.name in words(content)
    sent = browser.post(f"/my/cases/{case}/appeal", {"revision": revision(case), "why": "Jeg vil se."})
    assert sent.status_code == 302
    act(officer, case, "forward", note="Vi står på det.")
    assert Case.objects.get(pk=case).desk == superior.pk
    over, _person = officer_at(superior)
    assert over.get(f"/office/cases/{case}").status_code == 200


def test_nobody_is_asked_for_documents_who_has_no_body_above():
    people.authorities()
    browser = client_of(people.person())
    answers = {"body": "trygderetten", "what": "Sak", "party": "no", "way": "here", "shown": "body"}
    draft = browser.post("/services/document-access/start")["Location"]
    assert browser.post(draft, answers).status_code == 422
