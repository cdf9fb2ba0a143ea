"""What no keyboard sends but a program may: it is cleaned or told, and never stops a case or a letter."""

from __future__ import annotations

import pytest
from django.utils import timezone

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import KINDERGARTEN, begin, client_of, fill_in, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def pages(parent):
    child = people.child_of(parent)
    return KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}


@pytest.fixture
def parent(molde):
    return people.person()


def move(browser, **changed):
    address = {
        "moved_on": timezone.localdate().isoformat(), "street": "Kirkegata 2", "postcode": "6004", "place": "Ålesund",
        "municipality": "1506",
    }  # fmt: skip
    return send(browser, "change-of-address", {"address": address | changed})


@pytest.mark.parametrize(
    ("street", "kept"),
    [("Kirke\x00gata\x1b 2", "Kirkegata 2"), ("Kirkegata\r\n2", "Kirkegata 2"), ("K" * 200, "K" * 200)],
)
def test_an_address_of_any_characters_and_length_that_the_form_takes_is_registered(street, kept):
    people.state("skatteetaten")
    people.state("skattedirektoratet")
    people.municipality()
    person = people.person()
    case = move(client_of(person), street=street, place="P" * 200)
    work()
    assert Case.objects.get(pk=case).state == "decided"
    assert Person.objects.get(pk=person.pk).address.street == kept
    assert StoredLetter.objects.get().delivered is not None


def test_a_required_answer_of_control_characters_only_is_none(parent, pages):
    browser = client_of(parent)
    draft = begin(browser, "parking-permit-disabled")
    typed = {"role": "driver", "places": "home", "why": "\x00\x07", "shown": "role places why"}
    answer = browser.post(f"/drafts/{draft}/need", typed)
    assert answer.status_code == 422 and "Fyll ut dette feltet" in answer.content.decode()


@pytest.mark.parametrize("number", ["²", "١", "1" * 5000, "-1", "x"])
def test_a_number_that_is_none_is_no_fault_of_ours(molde, parent, pages, number):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    assert browser.post(f"/drafts/{draft}/place", {"revision": number}).status_code in (200, 422)
    case = send(browser, "kindergarten-place", pages)
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    form = {"revision": Case.objects.get(pk=case).revision, "why": "Mange søkere.", "weeks": number}
    told = office.post(f"/office/cases/{case}/delay", form)
    assert told.status_code == 422 and "mellom 1 og 52" in told.content.decode()


GROUNDS = ["Det er plass. 😀", "\x00Ja.\ufffe", "Til 王小明 og ไทย.", "👩\u200d👩\u200d👧 🇳🇴 ø\u0338"]


@pytest.mark.parametrize("grounds", GROUNDS)
def test_no_character_in_the_grounds_stops_the_letter(molde, parent, pages, grounds):
    case = send(client_of(parent), "kindergarten-place", pages)
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    form = {"revision": Case.objects.get(pk=case).revision, "outcome": "granted", "grounds": grounds}
    assert office.post(f"/office/cases/{case}/decide", form).status_code == 302
    work()
    assert StoredLetter.objects.get().delivered is not None
    assert not Effect.objects.filter(kind="mailbox.deliver", done=None).exists()


def test_the_receipt_of_an_application_with_any_characters_can_be_downloaded(molde, parent, pages):
    pages["work"] = pages["work"] | {"message": "Hun heter 小明 😀"}
    browser = client_of(parent)
    case = send(browser, "kindergarten-place", pages)
    assert browser.get(f"/my/cases/{case}/receipt").content.startswith(b"%PDF-")
    assert "小明 😀" in browser.get(f"/my/cases/{case}").content.decode()


@pytest.mark.parametrize(
    "body",
    [
        '{"answers": {"message": "\\ud800", "shift_work": false}}', '{"answers": {"start": {"a": 1}}}',
        '{"answers": {"start": 1e400, "hours": ["full"], "child": true}}', '{"answers": {"child": [{"a": 1}]}}',
        '{"answers": null}', "[1]", "{", '{"answers": {"start": ' + "9" * 5000 + "}}", '{"answers": ' + "[" * 100_000,
        '{"answers": {"message": "\\u0000", "shift_work": "no"}, "revision": 99999999999999999999}',
    ],
    ids=range(10),
)  # fmt: skip
def test_the_api_answers_strange_json_with_a_problem(parent, pages, body):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    fill_in(browser, draft, {"place": pages["place"]})
    for page in ("place", "work"):
        answer = browser.put(f"/api/drafts/{draft}/pages/{page}", body, JSON)
        assert answer.status_code in (200, 400, 409, 422)
        assert answer.status_code == 200 or (answer["Content-Type"], bool(answer.json()["title"])) == (
            "application/problem+json", True,
        )  # fmt: skip
