"""What stands around the eIDs: the choice, the switch, my own page, and the history."""

import re
from io import StringIO

import pytest
from django.conf import settings as conf
from django.core.management import CommandError, call_command
from django.test import Client

from allting.common.audit import api as audit
from allting.common.identity import doctor
from allting.common.identity.eids import switching
from allting.common.identity.models import EidBlock, EidSwitch, PortalSession, SignOn
from allting.common.identity.tests.eid_driver import get
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.identity.tests.test_eid_suite import begin
from allting.common.outbox.models import Effect
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Level, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    return make.person()


@pytest.fixture
def two(settings):
    settings.EID_PROVIDERS, settings.EID_STRAIGHT = ["testid", "myid"], ""
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"


def log_in(client, kari, level=Level.SUBSTANTIAL):
    url = begin(client, level).replace("/id/eid?", "/id/eid/testid?")
    return get(client, client.post(url, {"pid": kari.identity_number, "level": level.name.lower()})["Location"])


def choices(page):
    return re.findall(r'href="/id/eid/(\w+)\?', page.content.decode())


# --- The choice -----------------------------------------------------------------------------------------------


def test_several_are_chosen_between_and_the_last_one_comes_first(two, client, kari):
    page = client.get(begin(client, Level.SUBSTANTIAL))
    assert choices(page) == ["testid", "myid"]
    log_in(client, kari)
    client.post("/logout")
    client.cookies["allting_eid_last"] = "myid"
    page = client.get(begin(client, Level.SUBSTANTIAL))
    assert choices(page) == ["myid", "testid"]
    assert "ds-tag" in page.content.decode()
    client.cookies["allting_eid_last"] = "<script>"
    assert choices(client.get(begin(client, Level.SUBSTANTIAL))) == ["testid", "myid"]


def test_the_one_that_was_used_is_remembered(two, client, kari):
    log_in(client, kari)
    cookie = client.cookies["allting_eid_last"]
    assert (cookie.value, cookie["path"], cookie["httponly"]) == ("testid", "/id", True)


def test_only_those_that_reach_the_level_are_offered(two, client):
    page = client.get(begin(client, Level.HIGH))
    assert 'id="field-pid"' in page.content.decode()  # one is left, and is shown
    chosen = begin(client, Level.HIGH).replace("/id/eid?", "/id/eid/myid?")
    assert client.get(chosen).status_code == 403


def test_one_can_be_shown_straight_away_with_the_way_to_the_others(two, client, settings):
    settings.EID_STRAIGHT = "testid"
    page = client.get(begin(client, Level.SUBSTANTIAL)).content.decode()
    assert page.count('type="submit"', page.index("<main"), page.index("</main")) == 1
    other = re.search(r'href="(/id/eid/choose\?[^"]*)"', page)[1].replace("&amp;", "&")
    assert choices(client.get(other)) == ["testid", "myid"]


@pytest.mark.parametrize("path", ["/id/eid/nonesuch?", "/id/eid/oidc?", "/id/eid/testid/step?", "/id/eid/myid/xyz?"])
def test_what_is_not_there_is_not_found(two, client, path):
    assert client.get(begin(client, Level.SUBSTANTIAL).replace("/id/eid?", path)).status_code == 404


def test_an_unknown_client_gets_no_eid(two, client):
    assert client.get("/id/eid/testid?client_id=evil").status_code == 422


def test_without_any_the_page_says_so(client, settings):
    settings.EID_PROVIDERS = []
    assert client.get(begin(client, Level.SUBSTANTIAL)).status_code == 403


# --- The switch --------------------------------------------------------------------------------------------------


def eid(*arguments):
    out = StringIO()
    call_command("eid", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_switches_off_ends_logins_and_switches_on(two, client, kari):
    log_in(client, kari)
    other = Client()
    log_in_for_test(other, make.person().pk)
    SignOn.objects.exclude(person=kari.pk).update(method="Passkey")
    assert "testid is off" in eid("off", "testid", "--reason", "keys stolen")
    assert client.get("/my/sessions").status_code == 200  # who is logged in stays so, until told otherwise
    assert "1 logins ended" in eid("off", "testid", "--reason", "still", "--end-sessions")
    assert client.get("/my/sessions").status_code == 302
    assert other.get("/my/sessions").status_code == 200
    assert not PortalSession.objects.filter(person=kari.pk).exists()
    assert re.search(r"testid +high +off since .*: still", eid())
    assert 'id="field-pid"' in client.get(begin(Client(), Level.SUBSTANTIAL)).content.decode()  # MyID is left
    eid("on", "testid")
    assert re.search(r"testid +high +on", eid())
    assert [row.off for row in EidSwitch.objects.order_by("pk")] == [True, True, False]


def test_the_command_wants_a_reason_and_a_name():
    with pytest.raises(CommandError, match="--reason"):
        eid("off", "testid")
    with pytest.raises(CommandError, match="no eID"):
        eid("off", "nonesuch", "--reason", "x")


def test_the_operator_switches_off_on_a_page(two, client, kari):
    office = make.state("digitaliseringsdirektoratet")
    log_in(Client(), kari)
    nina = make.officer_in(office)
    log_in_for_test(client, nina.pk, as_officer_of=office.pk)
    assert 'href="/office/eids"' in client.get("/office").content.decode()
    page = client.post("/office/eids", {"eid": "testid", "do": "off", "reason": " "})
    assert page.status_code == 422
    assert 'id="field-reason-testid"' in page.content.decode()
    client.post("/office/eids", {"eid": "testid", "reason": "keys stolen", "end": "yes"})
    assert switching.is_off("testid")
    assert EidSwitch.objects.get().by == nina.pk
    assert not SignOn.objects.filter(person=kari.pk, ended=None).exists()
    assert client.get("/office/eids").status_code == 302  # and so was she who did it


def test_others_do_not_switch(client):
    molde = make.municipality()
    make.state("digitaliseringsdirektoratet")
    log_in_for_test(client, make.officer_in(molde).pk, as_officer_of=molde.pk)
    assert client.get("/office/eids").status_code == 403
    assert 'href="/office/eids"' not in client.get("/office").content.decode()
    log_in_for_test(client, make.person().pk)
    assert client.post("/office/eids", {"eid": "testid", "reason": "x"}).status_code == 403
    assert not EidSwitch.objects.exists()


# --- My electronic IDs ---------------------------------------------------------------------------------------------


def test_she_blocks_one_and_allows_it_again_and_is_told(two, client, kari):
    log_in_for_test(client, kari.pk)
    client.post("/my/eids/block", {"eid": "myid", "do": "block"})
    assert EidBlock.objects.get().name == "myid"
    assert {row.payload["message"] for row in Effect.objects.all()} == {"login-changed"}
    assert any(one.dataset == "identity.eid" for one in audit.entries_about(Actor(person=kari.pk)))
    client.post("/my/eids/block", {"eid": "myid", "do": "unblock"})
    assert not EidBlock.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("testid", 409), ("nonesuch", 404), ("", 404)])
def test_the_one_in_use_cannot_be_blocked(two, client, kari, name, status):
    log_in_for_test(client, kari.pk)
    assert client.post("/my/eids/block", {"eid": name}).status_code == status
    assert not EidBlock.objects.exists()


def test_it_is_about_herself_also_when_she_acts_for_another(two, client):
    siri, company = make.chief_of()
    log_in_for_test(client, siri.pk, acting_for=Party("organisation", company.pk))
    client.post("/my/eids/block", {"eid": "myid"})
    assert EidBlock.objects.get().person == siri.pk
    assert client.get("/my/eids/history").status_code == 200


def test_the_history_tells_client_eid_level_and_when_and_what_was_told(two, client, kari):
    log_in(client, kari, Level.HIGH)
    page = re.sub(r"\s+", " ", client.get("/my/eids/history").content.decode())
    assert re.search(r"<strong>Allting</strong><br><span class=\"when\">[^<]*Test ID · \w+ høyt", page)
    assert "eForvaltningsforskriften § 4" in page
    other = Client()
    log_in_for_test(other, make.person().pk)
    assert "<strong>Allting</strong>" not in other.get("/my/eids/history").content.decode()


def test_a_long_history_goes_on(two, client, kari):
    for _login in range(22):
        log_in(client, kari)
        client.post("/logout")
    log_in(client, kari)
    first = client.get("/my/eids/history").content.decode()
    assert first.count("<strong>Allting</strong>") == 40  # and 20 lines of what was told
    older = re.search(r'href="\?before=([^"]*)"', first)[1]
    page = client.get(f"/my/eids/history?before={older}").content.decode()
    assert page.count("<strong>Allting</strong>") == 23
    assert client.get("/my/eids/history?before=nonsense").status_code == 200


def test_who_is_dead_does_not_log_in(two, client, kari):
    url = begin(client, Level.SUBSTANTIAL).replace("/id/eid?", "/id/eid/testid?")
    Person.objects.filter(pk=kari.pk).update(died="2026-01-01")
    assert client.post(url, {"pid": kari.identity_number, "level": "high"}).status_code == 422


@pytest.mark.parametrize(
    "page", ["/my/eids", "/my/eids/history", "/my/eids/myid/new", "/my/eids/passkey/new", "/office/eids"]
)
def test_the_pages_ask_for_a_login(client, page):
    assert client.get(page)["Location"].startswith("/login?next=")


# --- The doctor -------------------------------------------------------------------------------------------------------


def said(check):
    return [(one.level, one.text) for one in check()]


def test_the_doctor_names_what_is_not_there_and_what_lacks_something(settings):
    settings.EID_PROVIDERS, settings.SMS_GATEWAY_URL = ["nonesuch", "myid"], ""
    assert [level for level, _text in said(doctor.providers)] == ["error", "warning"]


def test_the_doctor_reads_the_suppliers_file(settings, tmp_path):
    settings.EID_SUPPLIERS_FILE = str(tmp_path / "suppliers.yaml")
    (tmp_path / "suppliers.yaml").write_text("bankid: {title: BankID}")
    ((level, text),) = said(doctor.of_providers)
    assert level == "error"
    assert "issuer: Field required" in text


def test_the_doctor_sees_that_no_card_can_be_checked(settings, tmp_path):
    settings.ID_CARD_CA_FOLDER = str(tmp_path)
    assert said(doctor.of_providers) == []
    (tmp_path / "idcard.pem").write_text("nonsense")
    assert said(doctor.of_providers)[0][0] == "error"


def test_cookies_are_for_the_gateway_only(two, client, kari):
    log_in(client, kari)
    for name, cookie in client.cookies.items():
        if name.startswith("allting_eid") or name == "allting_device":
            assert cookie["path"] == "/id" and cookie["httponly"] and cookie["samesite"] == "Lax"
            assert bool(cookie["secure"]) is conf.SECURE
