"""What happens while somebody writes: the login ends, the role is another, a colleague was first. Nothing is lost."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.models import Case, Signer
from allting.common.cases.tests.factories import KINDERGARTEN, begin, client_of, fill_in, pdf, send
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent(molde):
    return people.person()


@pytest.fixture
def case(parent):
    child = people.child_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    return send(client_of(parent), "kindergarten-place", pages)


def text(response):
    return response.content.decode()


def revision(case):
    return Case.objects.get(pk=case).revision


def log_out(browser):
    """The session is over, and the browser does not know."""
    from allting.common.identity.models import PortalSession

    PortalSession.objects.all().delete()
    return browser


def back_after_login(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def take_on(browser, page, party):
    """Go where the page says one changes role, and choose."""
    way = re.search(r'href="(/act-as\?[^"]+)"', text(page))[1].replace("&amp;", "&")
    form = browser.get(way)
    after = re.findall(r'name="next" value="([^"]*)"', text(form).split("<main")[1])[0].replace("&amp;", "&")
    return browser.get(browser.post("/act-as", {"party": str(party), "next": after})["Location"], follow=True)


@pytest.mark.parametrize(("action", "field"), [("decide", "grounds"), ("ask", "question"), ("delay", "why")])
def test_an_officer_whose_login_ended_finds_her_words_again(molde, case, action, field):
    """After the login she is herself: she is told to change role, and comes back to the case and what she wrote."""
    officer = people.officer_in(molde)
    browser = log_out(client_of(officer, as_officer_of=molde.pk))
    words = "To sider om hvorfor, skrevet på en time."
    form = {"revision": revision(case), field: words, "outcome": "granted"}
    gone = browser.post(f"/office/cases/{case}/{action}", form)
    log_in_for_test(browser, officer.pk)
    page = browser.get(back_after_login(gone))
    assert page.status_code == 403 and words not in text(page)
    page = take_on(browser, page, Party("organisation", molde.pk))
    assert page.status_code == 200 and words in text(page)
    assert action not in ("ask", "delay") or re.search(r"<details[^>]* open", text(page))
    assert Case.objects.get(pk=case).state == "received"
    log_in_for_test(browser, people.person().pk)
    assert words not in text(browser.get(back_after_login(gone)))


def test_a_role_changed_in_another_window_loses_no_words(molde, case):
    officer = people.officer_in(molde)
    browser = client_of(officer, as_officer_of=molde.pk)
    browser.post("/act-as", {"party": ""})
    words = "Skrevet i det andre vinduet."
    page = browser.post(f"/office/cases/{case}/ask", {"revision": revision(case), "question": words})
    assert page.status_code == 403 and Case.objects.get(pk=case).state == "received"
    assert words in text(take_on(browser, page, Party("organisation", molde.pk)))


def test_a_guardian_whose_login_ended_finds_her_words_again(molde, parent):
    child = people.child_of(parent)
    party = Party("person", child.pk)
    browser = client_of(parent, acting_for=party)
    draft = begin(browser, "parking-permit-disabled")
    gone = log_out(browser).post(f"/drafts/{draft}/need", {"role": "driver", "places": "home", "why": "Krykker."})
    log_in_for_test(browser, parent.pk)
    page = browser.get(back_after_login(gone))
    assert page.status_code == 403 and "Krykker." not in text(page)
    assert "Krykker." in text(take_on(browser, page, party))


def test_who_may_not_act_for_the_party_is_told_nothing(molde, parent):
    child = people.child_of(parent)
    draft = begin(client_of(parent, acting_for=Party("person", child.pk)), "parking-permit-disabled")
    assert client_of(people.person()).get(f"/drafts/{draft}/need").status_code == 404


# --- Somebody was first --------------------------------------------------------------------------------------


def test_an_answer_written_while_the_authority_did_something_is_kept(molde, parent, case):
    officer = Actor(people.officer_in(molde).pk, name="Nina").as_officer(molde.pk, "Molde kommune")
    cases.ask(officer, case, revision(case), "Når flytter dere?")
    browser = client_of(parent)
    old = re.search(r'name="revision" value="(\d+)"', text(browser.get(f"/my/cases/{case}/answer")))[1]
    cases.delay(officer, case, revision(case), "Mange søkere.", 6)
    late = browser.post(f"/my/cases/{case}/answer", {"text": "I mars, tror vi.", "revision": old})
    assert late.status_code == 409 and "I mars, tror vi." in text(late) and "skjedd noe i saken" in text(late)
    new = re.search(r'name="revision" value="(\d+)"', text(late))[1]
    assert browser.post(f"/my/cases/{case}/answer", {"text": "I mars.", "revision": new}).status_code == 302


def test_an_answer_to_a_case_that_is_decided_meanwhile_is_told(molde, parent, case):
    officer = Actor(people.officer_in(molde).pk, name="Nina").as_officer(molde.pk, "Molde kommune")
    cases.ask(officer, case, revision(case), "Når flytter dere?")
    old = revision(case)
    cases.decide(officer, case, revision(case), "granted", "Plass.")
    late = client_of(parent).post(f"/my/cases/{case}/answer", {"text": "I mars.", "revision": old})
    assert late.status_code == 302 and late["Location"] == f"/my/cases/{case}"


# --- Asked to sign ---------------------------------------------------------------------------------------------


def notice(builder, *neighbours):
    pages = {
        "project": {"address": "Storgata 1", "what": "garage", "describe": "36 m²", "drawing": pdf()},
        "neighbours": {"neighbours": "\n".join(one.identity_number for one in neighbours)},
    }
    return send(client_of(builder), "neighbour-notice", pages)


def test_a_notice_that_was_taken_back_is_no_longer_the_neighbours_to_read(molde, parent):
    neighbour = people.person()
    case = notice(parent, neighbour)
    browser = client_of(neighbour)
    assert browser.get(f"/my/sign/{case}").status_code == 200
    client_of(parent).post(f"/my/cases/{case}/withdraw")
    assert browser.get(f"/my/sign/{case}").status_code == 404
    assert browser.post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 404
    assert Signer.objects.get().answer == ""


@pytest.mark.parametrize(("remark", "said"), [(" \x00", "Skriv det du vil si"), ("x" * 4001, "høyst 4000 tegn")])
def test_a_remark_that_is_none_or_too_long_is_told_and_kept(molde, parent, remark, said):
    neighbour = people.person()
    case = notice(parent, neighbour)
    answer = client_of(neighbour).post(f"/my/sign/{case}", {"answer": "no", "remark": remark})
    assert answer.status_code == 422 and said in text(answer) and Signer.objects.get().answer == ""
    assert remark.strip("\x00 ") in text(answer)


def test_the_builder_sees_that_her_neighbour_read_the_notice_and_its_drawing(molde, parent):
    neighbour = people.person()
    case = notice(parent, neighbour)
    browser = client_of(neighbour)
    page = text(browser.get(f"/my/sign/{case}"))
    link = re.search(rf"/my/cases/{case}/files/[\w-]+", page)[0]
    assert browser.get(link).status_code == 200
    seen = {(one.dataset, one.by_me, one.for_me) for one in audit.entries_about(Actor(parent.pk)) if one.case == case}
    assert seen == {("case.contents", False, False), ("case.document", False, False)}
    lookups = text(client_of(parent).get("/my/lookups"))
    assert "En annen person" in lookups and "Ble bedt om å signere eller svare" in lookups
    assert "En annen person" in text(client_of(neighbour).get("/my/lookups"))  # who named her


def test_a_signature_is_ones_own(molde, parent):
    """One who was asked signs as herself, not while she acts for her child or her company."""
    neighbour = people.person()
    child = people.child_of(neighbour)
    case = notice(parent, neighbour)
    for_child = client_of(neighbour, acting_for=Party("person", child.pk))
    assert for_child.get(f"/my/sign/{case}").status_code == 404
    assert for_child.post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 404
    assert Client().get(f"/my/sign/{case}").status_code == 302


# --- Too many files -------------------------------------------------------------------------------------------


def test_one_file_too_many_is_told_in_the_readers_language(molde, parent):
    browser = client_of(parent)
    draft = begin(browser, "parking-permit-disabled")
    fill_in(browser, draft, {"need": {"role": "driver", "places": ["home"], "why": "Krykker."}})
    for _file in range(10):
        assert browser.post(f"/drafts/{draft}/doctor", {"statement": pdf(), "upload": "statement"}).status_code == 200
    answer = browser.post(f"/drafts/{draft}/doctor", {"statement": pdf(), "upload": "statement"})
    assert answer.status_code == 422 and "høyst 10 filer" in text(answer)
