import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from allting.common.audit import api as audit
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers import api as registers
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Party, Purpose
from allting.site import templating

PACKAGE = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", ["/", "/privacy", "/accessibility", "/contact"])
def test_open_pages_need_no_login_and_no_database(client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert len(re.findall(r"<h1\b", answer.content.decode())) == 1


def test_the_policy_forbids_inline_scripts_and_styles(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("template", sorted(PACKAGE.glob("*/**/templates/**/*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(template):
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=", text)


def test_the_readers_choice_of_language_holds(client):
    answer = client.post("/language", {"language": "nn", "next": "/privacy"})
    assert answer["Location"] == "/privacy"
    assert '<html lang="nn"' in client.get("/privacy").content.decode()
    assert client.post("/language", {"language": "nn", "next": "//evil.example"})["Location"] == "/"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_missing_page_says_so_in_the_readers_language(client, language):
    with translation.override(None):
        answer = client.get("/no-such-page", HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("nb", "5. mars 2026", "5. mars 2026 kl. 14:07"),
        ("nn", "5. mars 2026", "5. mars 2026 kl. 14:07"),
        ("en", "5 March 2026", "5 March 2026 at 14:07"),
    ],
)
def test_dates_are_written_as_their_readers_write_them(language, day, moment):
    with translation.override(language):
        at = datetime(2026, 3, 5, 13, 7, tzinfo=UTC)
        assert templating.day(at) == day
        assert templating.moment(at) == moment


def test_what_machines_look_for(client):
    assert "Disallow: /my" in client.get("/robots.txt").content.decode()
    assert "Expires:" in client.get("/.well-known/security.txt").content.decode()
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_the_database_answers(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/my", "/my/contact", "/my/lookups", "/my/letters", "/my/sessions", "/act-as"])
def test_personal_pages_ask_for_a_login_and_are_kept_by_nobody(client, page):
    assert client.get(page)["Location"].startswith("/login?next=")
    log_in_for_test(client, make.person().pk)
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_person_sees_who_looked_and_why(client):
    kari = make.person()
    officer = Actor(person=make.person().pk).as_officer(make.municipality().pk, "Molde kommune")
    for number in range(30):
        audit.record(officer, Purpose("barnehageloven § 16", f"søknad {number}"), "population.children", kari.pk)
    log_in_for_test(client, kari.pk)
    first = client.get("/my/lookups").content.decode()
    assert "Molde kommune" in first
    assert "søknad 29 (barnehageloven § 16)" in first
    older = re.search(r'href="(\?before=\d+)"', first)
    assert "søknad 0 " in client.get("/my/lookups" + older[1]).content.decode()


TYPED = {"email": "Kari@example.org ", "mobile": "912 34 567", "language": "nn", "account": "0000 00 00019"}


@pytest.mark.django_db
def test_contact_details_are_saved_as_they_are_used_and_the_log_tells(client):
    kari = make.person()
    log_in_for_test(client, kari.pk)
    assert client.post("/my/contact", TYPED | {"reserved": "yes"})["Location"] == "/my/contact?saved=1"
    me = Actor(person=kari.pk)
    assert registers.contact(me.party) == registers.Contact("Kari@example.org", "+4791234567", "nn", True)
    assert registers.account(me) == "00000000019"
    (entry,) = audit.entries_about(me)
    assert (entry.action, entry.fields) == ("change", ("email", "language", "mobile", "reserved"))
    client.post("/my/contact", TYPED | {"reserved": "yes"})
    assert len(audit.entries_about(me)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", "kari@"), ("email", "a" * 250 + "@example.org"), ("mobile", "22 33 44 55"), ("mobile", "x\x00"),
     ("language", "sv"), ("account", "1234 56 78901")],
)  # fmt: skip
def test_a_wrong_contact_detail_is_explained_and_all_is_kept(client, field, typed):
    kari = make.person()
    log_in_for_test(client, kari.pk)
    before = registers.contact(Actor(person=kari.pk).party)
    answer = client.post("/my/contact", TYPED | {field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="error-{field}"' in page
    for name, text in (TYPED | {field: typed}).items():
        assert name == "language" or f'value="{text}"' in page
    assert registers.contact(Actor(person=kari.pk).party) == before


@pytest.mark.django_db
def test_a_company_has_contact_details_but_no_letters_on_paper(client):
    siri, company = make.chief_of()
    party = Party("organisation", company.pk)
    log_in_for_test(client, siri.pk, acting_for=party)
    assert "reserved" not in client.get("/my/contact").content.decode()
    client.post("/my/contact", TYPED | {"reserved": "yes"})
    assert registers.contact(party) == registers.Contact("Kari@example.org", "+4791234567", "nn", False)
    assert registers.contact(Party("person", siri.pk)).email != "Kari@example.org"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/privacy", "/api/letters", "/no-such-page"])
def test_nothing_with_her_name_on_it_is_kept(client, page):
    log_in_for_test(client, make.person().pk)
    assert client.get(page)["Cache-Control"] == "private, no-store"
