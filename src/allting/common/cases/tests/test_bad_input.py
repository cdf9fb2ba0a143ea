"""What people do wrong, or what goes wrong around them: a clear message, and nothing lost."""

from __future__ import annotations

import errno
import re
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.cases.models import Attachment, Case, Draft, Event
from allting.common.cases.tests.factories import KINDERGARTEN, PDF, begin, client_of, fill_in, pdf, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as people
from allting.common.scanning.tests.factories import EICAR

pytestmark = pytest.mark.django_db
TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


@pytest.fixture
def parent(molde):
    return people.person()


@pytest.fixture
def pages(parent):
    child = people.child_of(parent)
    return KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}


def text(response):
    return response.content.decode()


def errors(response):
    """The error summary's lines."""
    found = re.search(r"data-error-summary>(.*?)</div>", text(response), re.DOTALL)
    return re.findall(r'href="#field-[\w-]+">(.*?)</a>', found[1]) if found else []


# --- What is typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("start", "", "Fyll ut dette feltet"),
        ("start", "2026-02-30", "Skriv en dato, for eksempel 17.05.2026"),
        ("start", "i morgen", "Skriv en dato, for eksempel 17.05.2026"),
        ("start", "2020-01-01", "eller senere"),
        ("start", "9999-01-01", "Kontroller årstallet"),
        ("child", "0190a0b0-0000-7000-8000-000000000001", "Velg en av dem som står der"),
        ("hours", "<script>", "Velg en av dem som står der"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_the_rest_is_kept(parent, pages, field, typed, said):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    answer = browser.post(f"/drafts/{draft}/place", pages["place"] | {field: typed, "shown": "child start hours"})
    assert answer.status_code == 422
    assert len(errors(answer)) == 1 and said in errors(answer)[0]
    page = text(answer)
    assert 'aria-invalid="true"' in page and "<script>" not in page.split("<main")[1]
    if field == "start" and typed:
        assert f'value="{typed}"' in page
    if field != "hours":
        assert 'value="full" checked' in page.replace("\n", "") or 'value="full"' in page
    assert "<title>Feil: " in page


def test_a_birth_date_in_the_future_is_nobodys(molde):
    """Its check digits may be right; nobody has it yet."""
    from allting.kernel.numbers import birth_date_in, is_identity_number, make_identity_number

    number = make_identity_number(timezone.localdate() + timedelta(days=3), 950)
    assert number is not None and is_identity_number(number)
    person = people.person()
    browser = client_of(person)
    draft = begin(browser, "neighbour-notice")
    project = {"address": "Storgata 1", "what": "garage", "describe": "36 m²"}
    fill_in(browser, draft, {"project": project})
    answer = browser.post(f"/drafts/{draft}/neighbours", {"neighbours": number, "shown": "neighbours"})
    assert birth_date_in(number) > timezone.localdate()
    assert answer.status_code == 422 and "ikke et fødselsnummer" in errors(answer)[0]
    assert number in text(answer)


@pytest.mark.parametrize("typed", ["123", "12345678901", "abcdefghijk", "20914695016\n20914695016"])
def test_a_wrong_identity_number_is_told_with_its_line(molde, typed):
    browser = client_of(people.person())
    draft = begin(browser, "neighbour-notice")
    fill_in(browser, draft, {"project": {"address": "Storgata 1", "what": "garage", "describe": "36 m²"}})
    answer = browser.post(f"/drafts/{draft}/neighbours", {"neighbours": typed, "shown": "neighbours"})
    assert answer.status_code == 422 and len(errors(answer)) == 1
    assert typed.splitlines()[0] in text(answer)


def test_a_number_nobody_has_is_told_when_it_is_sent_and_nothing_is_half_stored(molde):
    browser = client_of(people.person())
    draft = begin(browser, "neighbour-notice")
    notice = {
        "project": {"address": "Storgata 1", "what": "garage", "describe": "36 m²"},
        "neighbours": {"neighbours": "20914695016"},
    }
    fill_in(browser, draft, notice)
    answer = browser.post(f"/drafts/{draft}/review")
    assert answer.status_code == 422 and "linje 1" in text(answer)
    assert Case.objects.count() == Event.objects.count() == 0
    assert "20914695016" not in text(browser.get(f"/drafts/{draft}/review"))


# --- Files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("virus.pdf", b"MZ\x90\x00 a program", "ikke en PDF, JPEG eller PNG"),
        ("page.pdf", b"<html><script>", "ikke en PDF, JPEG eller PNG"),
        ("empty.pdf", b"", "Filen er tom"),
        ("large.pdf", PDF + b"0" * (10 * 1024 * 1024), "større enn 10 MB"),
        ("infected.pdf", PDF + EICAR, "virus i filen"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_at_its_field(molde, name, data, said):
    browser = client_of(people.person())
    draft = begin(browser, "parking-permit-disabled")
    fill_in(browser, draft, {"need": {"role": "driver", "places": ["home"], "why": "Krykker."}})
    file = SimpleUploadedFile(name, data, content_type="application/pdf")
    answer = browser.post(f"/drafts/{draft}/doctor", {"statement": file, "valid_from": TOMORROW, "shown": "statement"})
    assert answer.status_code == 422 and said in errors(answer)[0]
    assert TOMORROW in text(answer) and Attachment.objects.count() == 0


def test_a_file_that_nobody_can_look_through_is_not_taken_and_the_rest_is_kept(molde, settings):
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamd", "127.0.0.1:1"
    browser = client_of(people.person())
    draft = begin(browser, "parking-permit-disabled")
    fill_in(browser, draft, {"need": {"role": "driver", "places": ["home"], "why": "Krykker."}})
    typed = {"statement": pdf(), "valid_from": TOMORROW, "upload": "statement"}
    answer = browser.post(f"/drafts/{draft}/doctor", typed)
    assert answer.status_code == 422 and "kan ikke sjekke filer" in errors(answer)[0]
    assert TOMORROW in text(answer) and Attachment.objects.count() == 0


def test_a_files_name_and_contents_are_sealed_and_its_ending_follows_what_it_is(molde):
    browser = client_of(people.person())
    draft = begin(browser, "parking-permit-disabled")
    fill_in(browser, draft, {"need": {"role": "driver", "places": ["home"], "why": "Krykker."}})
    name = "../../etc/legeerklæring.exe"
    answer = browser.post(f"/drafts/{draft}/doctor", {"statement": pdf(name), "upload": "statement"})
    assert "legeerklæring.pdf" in text(answer)
    row = Attachment.objects.get()
    assert b"made up" not in bytes(row.content) and b"lege" not in bytes(row.name)
    removed = browser.post(f"/drafts/{draft}/doctor", {"remove": str(row.pk)})
    assert removed.status_code == 200 and Attachment.objects.count() == 0


# --- Double, back, two tabs ---------------------------------------------------------------------------------


def test_sending_twice_gives_one_case(parent, pages):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    fill_in(browser, draft, pages)
    first = browser.post(f"/drafts/{draft}/review")
    second = browser.post(f"/drafts/{draft}/review")
    assert first["Location"].split("?")[0] == second["Location"].split("?")[0]
    assert Case.objects.count() == 1


def test_the_back_button_after_sending_leads_to_the_case(parent, pages):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    fill_in(browser, draft, pages)
    case = browser.post(f"/drafts/{draft}/review")["Location"].split("?")[0]
    assert browser.get(f"/drafts/{draft}/place")["Location"] == case
    assert browser.post(f"/drafts/{draft}/place", pages["place"])["Location"] == case
    assert browser.get(f"/drafts/{draft}")["Location"] == case
    assert Case.objects.count() == 1


def test_two_tabs_do_not_mix(parent, pages):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    old = re.search(r'name="revision" value="(\d+)"', text(browser.get(f"/drafts/{draft}/place")))[1]
    browser.post(f"/drafts/{draft}/place", pages["place"] | {"revision": old})
    late = browser.post(f"/drafts/{draft}/place", pages["place"] | {"start": "2028-01-10", "revision": old})
    assert late.status_code == 409
    assert "i et annet vindu" in text(late) and 'value="2028-01-10"' in text(late)
    new = re.search(r'name="revision" value="(\d+)"', text(late))[1]
    again = browser.post(f"/drafts/{draft}/place", pages["place"] | {"start": "2028-01-10", "revision": new})
    assert again.status_code == 302
    assert "10. januar 2028" in text(browser.get(f"/drafts/{draft}/review"))


def test_two_applications_in_two_tabs_are_two_drafts(parent, pages):
    browser = client_of(parent)
    first = begin(browser, "kindergarten-place")
    fill_in(browser, first, {"place": pages["place"]})
    begun = browser.post("/services/kindergarten-place/start")
    assert "Du har allerede begynt" in text(begun)
    second = begin(browser, "kindergarten-place")
    assert first != second
    assert "full" not in re.findall(r'value="(\w+)" checked', text(browser.get(f"/drafts/{second}/place")))


def test_a_draft_can_be_deleted_with_its_files(molde):
    browser = client_of(people.person())
    draft = begin(browser, "parking-permit-disabled")
    browser.post(f"/drafts/{draft}/doctor", {"statement": pdf(), "upload": "statement"})
    assert "Vil du slette" in text(browser.get(f"/drafts/{draft}/delete"))
    browser.post(f"/drafts/{draft}/delete")
    assert Draft.objects.count() == Attachment.objects.count() == 0
    assert browser.get(f"/drafts/{draft}").status_code == 404


# --- The login ends -------------------------------------------------------------------------------------------


def test_a_session_that_ends_in_mid_form_loses_nothing_typed(parent, pages, settings):
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    kept = browser.cookies[settings.SESSION_COOKIE_NAME].value
    from importlib import import_module

    SessionStore = import_module(settings.SESSION_ENGINE).SessionStore
    session = SessionStore(kept)
    session["login"]["seen"] -= 3600
    session["login"] = session["login"]
    session.save()
    gone = browser.post(f"/drafts/{draft}/place", pages["place"] | {"start": "2028-03-01"})
    assert gone["Location"].startswith("/login?")
    from urllib.parse import parse_qs, urlsplit

    back = parse_qs(urlsplit(gone["Location"]).query)["next"][0]
    from allting.common.identity.tests.factories import log_in_for_test

    log_in_for_test(browser, parent.pk)
    page = text(browser.get(back))
    assert 'value="2028-03-01"' in page and "Du ble logget ut før dette var lagret" in page
    log_in_for_test(browser, people.person().pk)
    assert browser.get(back).status_code == 404  # another who logs in on the same machine sees nothing


def test_start_pressed_before_the_login_goes_on_after_it(parent, pages):
    from urllib.parse import parse_qs, urlsplit

    from django.test import Client

    from allting.common.identity.tests.factories import log_in_for_test

    browser = Client()
    asked = browser.post("/services/kindergarten-place/start")
    back = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    log_in_for_test(browser, parent.pk)
    assert re.fullmatch(r"/drafts/[\w-]+/place", browser.get(back)["Location"])


# --- Others' ----------------------------------------------------------------------------------------------------


def test_anothers_draft_case_and_file_look_as_if_they_were_not_there(parent, pages):
    browser, stranger = client_of(parent), client_of(people.person())
    draft = begin(browser, "kindergarten-place")
    for path in ("", "/place", "/review", "/stopped", "/delete"):
        assert stranger.get(f"/drafts/{draft}{path}").status_code == 404
    assert stranger.post(f"/drafts/{draft}/review").status_code == 404
    fill_in(browser, draft, pages)
    browser.post(f"/drafts/{draft}/review")
    case = Case.objects.get().pk
    for path in ("", "/receipt", "/appeal", "/withdraw", "/answer"):
        assert stranger.get(f"/my/cases/{case}{path}").status_code == 404
    alesund = people.municipality("1508")
    other = client_of(people.officer_in(alesund), as_officer_of=alesund.pk)
    assert other.get(f"/office/cases/{case}").status_code == 404
    assert other.post(f"/office/cases/{case}/take", {"revision": 0}).status_code == 404


def test_nobody_decides_her_own_case(molde, parent, pages):
    from allting.common.registers.models import Mandate

    case = send(client_of(parent), "kindergarten-place", pages)
    Mandate.objects.create(person=parent, organisation=molde, role="case-officer")
    own = client_of(parent, as_officer_of=molde.pk)
    form = {"revision": Case.objects.get(pk=case).revision, "outcome": "granted", "grounds": "Ja."}
    assert own.post(f"/office/cases/{case}/decide", form).status_code == 403
    assert Case.objects.get(pk=case).state == "received"


# --- At work ------------------------------------------------------------------------------------------------------


def test_the_second_officer_is_told_and_keeps_what_she_wrote(molde, parent, pages):
    case = send(client_of(parent), "kindergarten-place", pages)
    first = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    second = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    revision = Case.objects.get(pk=case).revision
    form = {"revision": revision, "outcome": "granted", "grounds": "Plass."}
    assert first.post(f"/office/cases/{case}/decide", form).status_code == 302
    late = second.post(f"/office/cases/{case}/ask", {"revision": revision, "question": "Når flytter dere? Det haster."})
    assert late.status_code == 409 and "Noen har gjort noe med denne saken" in text(late)
    assert second.post(f"/office/cases/{case}/decide", form | {"outcome": "refused"}).status_code == 409
    work()
    assert StoredLetter.objects.count() == 1 and Case.objects.get(pk=case).outcome == "granted"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"outcome": "refused", "grounds": " "}, "Et avslag må begrunnes"),
        ({"outcome": "", "grounds": "Fordi."}, "Velg et resultat"),
        ({"outcome": "maybe", "grounds": "Fordi."}, "Velg et resultat"),
    ],
)
def test_a_decision_that_is_none_is_told_and_what_was_written_is_kept(molde, parent, pages, form, said):
    case = send(client_of(parent), "kindergarten-place", pages)
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    answer = office.post(f"/office/cases/{case}/decide", {"revision": Case.objects.get(pk=case).revision, **form})
    assert answer.status_code == 422 and said in text(answer)
    assert form["grounds"].strip() in text(answer)
    assert Case.objects.get(pk=case).state == "received"


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_the_same_moment_make_one_decision():
    people.state("statsforvalteren")
    molde = people.municipality()
    parent = people.person()
    child = people.child_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(client_of(parent), "kindergarten-place", pages)
    revision = Case.objects.get(pk=case).revision
    browsers = [client_of(people.officer_in(molde), as_officer_of=molde.pk) for _two in range(2)]
    start, answers = threading.Barrier(2), []

    def decide(browser, outcome):
        start.wait()
        form = {"revision": revision, "outcome": outcome, "grounds": "Fordi."}
        answers.append(browser.post(f"/office/cases/{case}/decide", form).status_code)
        connection.close()

    threads = [
        threading.Thread(target=decide, args=(browser, outcome))
        for browser, outcome in zip(browsers, ("granted", "refused"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    work()
    assert StoredLetter.objects.count() == 1
    assert len([one for one in archive.entries(case) if one.direction == "out"]) == 1


# --- Around us ------------------------------------------------------------------------------------------------------


def test_a_full_disk_stores_nothing_by_half_and_says_that_nothing_is_lost(parent, pages, monkeypatch):
    browser = client_of(parent)
    browser.raise_request_exception = False
    draft = begin(browser, "kindergarten-place")
    fill_in(browser, draft, pages)

    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("allting.common.archive.api.Entry.objects.create", full)
        answer = browser.post(f"/drafts/{draft}/review")
    assert answer.status_code == 503 and "Ingenting du har sendt, er tapt" in text(answer)
    assert Case.objects.count() == 0 and Draft.objects.get().case is None
    assert browser.post(f"/drafts/{draft}/review").status_code == 302


def test_a_mail_server_that_is_down_does_not_stop_the_decision(molde, parent, pages, settings):
    settings.SMTP_PORT = 9
    case = send(client_of(parent), "kindergarten-place", pages)
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    form = {"revision": Case.objects.get(pk=case).revision, "outcome": "granted", "grounds": "Plass."}
    office.post(f"/office/cases/{case}/decide", form)
    work()
    assert StoredLetter.objects.get().delivered is not None
    from allting.common.outbox.models import Effect

    waiting = Effect.objects.get(kind="notification.email", done=None)
    assert waiting.attempts == 1 and waiting.dead is None


def test_someone_without_children_is_told_before_the_work(molde):
    browser = client_of(people.person())
    answer = browser.post("/services/kindergarten-place/start")
    assert answer["Location"].endswith("/stopped")
    page = text(browser.get(answer["Location"]))
    assert "ikke registrert at du har barn" in page and "barnehageloven § 16" in page


def test_an_address_no_authority_serves_is_told(parent, pages):
    Person.objects.filter(pk=parent.pk).update(address=None)
    browser = client_of(parent)
    draft = begin(browser, "kindergarten-place")
    fill_in(browser, draft, pages)
    assert browser.post(f"/drafts/{draft}/review").status_code == 404
    assert Case.objects.count() == 0
