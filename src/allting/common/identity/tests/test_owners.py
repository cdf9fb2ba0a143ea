"""Client owners: an organisation sees and changes its own clients only, in plain words, on pages and over REST."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from joserfc.jwk import ECKey, RSAKey

from allting.common.audit.models import Entry
from allting.common.identity.models import Client
from allting.common.identity.tests import relying
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level, Party

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Skattemeldingen", "kind": "web", "auth_method": "client_secret_basic",
    "redirect_uris": "https://skatt.example/callback\nhttp://127.0.0.1/callback",
    "post_logout_redirect_uris": "https://skatt.example/", "legal_basis": "skatteforvaltningsloven § 8-2",
}  # fmt: skip


@pytest.fixture
def authority():
    return make.state("skatteetaten")


@pytest.fixture
def officer(authority):
    browser = Browser()
    browser.person = make.officer_in(authority)
    log_in_for_test(browser, browser.person.pk, Level.HIGH, as_officer_of=authority.pk)
    return browser


def representative():
    siri, company = make.chief_of()
    browser = Browser()
    log_in_for_test(browser, siri.pk, Level.HIGH, acting_for=Party("organisation", company.pk))
    return browser, company


def secret_on(page):
    return re.search(r'<pre class="code" tabindex="0">([^<]+)</pre>', page.content.decode())[1]


def test_a_service_is_registered_and_its_secret_shown_once(officer, authority, client):
    page = officer.post("/clients/new", FORM)
    secret, row = secret_on(page), Client.objects.get(owner=authority.pk)
    assert page["Cache-Control"] == "no-store"
    assert row.redirect_uris == ["https://skatt.example/callback", "http://127.0.0.1/callback"]
    shown = officer.get(f"/clients/{row.pk}").content.decode()
    assert secret not in shown and row.secret_hash not in shown
    assert "Skattemeldingen" in officer.get("/clients").content.decode()
    code = relying.logged_in(client, make.person(), client_id=row.pk, redirect_uri="https://skatt.example/callback")[
        "code"
    ]
    form = relying.token_form(code, None, redirect_uri="https://skatt.example/callback")
    assert "id_token" in client.post("/id/token", form, headers=relying.basic(row.pk, secret)).json()
    entry = Entry.objects.get(dataset="identity.client")
    assert (entry.action, entry.subject, entry.person) == ("register", authority.pk, officer.person.pk)


def test_every_page_opens(officer, authority):
    for values in (FORM, FORM | {"auth_method": "private_key_jwt"}, FORM | {"kind": "machine"}):
        officer.post("/clients/new", values)
    for row in Client.objects.filter(owner=authority.pk):
        for path in ("", "/change", "/secret", "/key"):
            assert officer.get(f"/clients/{row.pk}{path}").status_code == 200
    assert officer.get("/clients").status_code == officer.get("/clients/new").status_code == 200
    browser, _company = representative()
    assert browser.get("/clients/new").status_code == 200


def test_a_new_secret_ends_the_old(officer, authority):
    first = secret_on(officer.post("/clients/new", FORM))
    row = Client.objects.get(owner=authority.pk)
    assert "at once" in officer.get(f"/clients/{row.pk}/secret", headers={"Accept-Language": "en"}).content.decode()
    second = secret_on(officer.post(f"/clients/{row.pk}/secret"))

    def error(secret):
        form = relying.token_form("x", None)
        return Browser().post("/id/token", form, headers=relying.basic(row.pk, secret)).json()["error"]

    assert (error(first), error(second)) == ("invalid_client", "invalid_grant")


def test_settings_are_changed_and_the_log_tells_which(officer, authority):
    officer.post("/clients/new", FORM)
    row = Client.objects.get(owner=authority.pk)
    page = officer.get(f"/clients/{row.pk}/change").content.decode()
    assert "https://skatt.example/callback\nhttp://127.0.0.1/callback</textarea>" in page
    change = FORM | {
        "name": "Skatt", "par_required": "yes", "signing_alg": "ES256", "access_seconds": "60", "refresh_seconds": "0",
        "authorization_seconds": "900", "frontchannel_logout_uri": "https://skatt.example/out", "kind": "native",
        "backchannel_logout_uri": "", "on_behalf_of": "molde_kommune=974760673",
    }  # fmt: skip
    assert officer.post(f"/clients/{row.pk}/change", change)["Location"] == f"/clients/{row.pk}"
    row.refresh_from_db()
    assert (row.name, row.par_required, row.dpop_required, row.access_seconds) == ("Skatt", True, False, 60)
    assert row.on_behalf_of == {"molde_kommune": "974760673"}
    assert row.kind == "web"  # what it is from the start
    entry = Entry.objects.filter(dataset="identity.client").latest("pk")
    assert entry.action == "change" and {"name", "par_required"} <= set(entry.fields)
    assert "legal_basis" not in entry.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"), ({"redirect_uris": ""}, "redirect_uris"), ({"kind": "boat"}, "kind"),
        ({"redirect_uris": "http://skatt.example/"}, "redirect_uris"),
        ({"redirect_uris": "https://*.example/"}, "redirect_uris"),
        ({"redirect_uris": "https://skatt.example/#top"}, "redirect_uris"),
        ({"redirect_uris": "https://me@skatt.example/"}, "redirect_uris"),
        ({"redirect_uris": "javascript:alert(1)"}, "redirect_uris"),
        ({"redirect_uris": "https://[x/"}, "redirect_uris"),
        ({"redirect_uris": "https:///callback"}, "redirect_uris"),
        ({"post_logout_redirect_uris": "skatt.example"}, "post_logout_redirect_uris"),
        ({"auth_method": "none"}, "auth_method"), ({"kind": "browser"}, "auth_method"),
        ({"legal_basis": "x" * 301}, "legal_basis"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(officer, authority, changes, field):
    page = officer.post("/clients/new", FORM | changes)
    assert page.status_code == 422
    text = page.content.decode()
    assert f'href="#field-{field}"' in text and f'id="error-{field}"' in text
    assert 'value="Skattemeldingen"' in text or field == "name"
    assert not Client.objects.filter(owner=authority.pk).exists()


def test_an_apps_own_address_is_for_apps_only(officer, authority):
    app = FORM | {"kind": "native", "auth_method": "none", "redirect_uris": "no.skatt.app:/callback"}
    assert officer.post("/clients/new", app).status_code == 302
    assert officer.post("/clients/new", app | {"redirect_uris": "app:/callback"}).status_code == 422
    assert officer.post("/clients/new", FORM | {"redirect_uris": "no.skatt.app:/callback"}).status_code == 422


def test_keys_are_added_made_and_removed(officer, authority):
    officer.post("/clients/new", FORM | {"auth_method": "private_key_jwt"})
    row = Client.objects.get(owner=authority.pk)
    at = f"/clients/{row.pk}/key"
    mine = ECKey.generate_key("P-256", private=True)
    assert officer.post(at, {"key": json.dumps(mine.as_dict(private=False, kid="mine"))}).status_code == 302
    pem = RSAKey.generate_key(2048, private=True).as_pem(private=False).decode()
    assert officer.post(at, {"key": pem}).status_code == 302
    made = json.loads(secret_on(officer.post(at, {"make": "yes"})).replace("&#34;", '"'))
    assert "d" in made and not any("d" in jwk for jwk in row.keys.values_list("jwk", flat=True))
    assert row.keys.count() == 3
    message = relying.assertion(RSAKey.import_key(made), row.pk, header={"kid": made["kid"]})
    form = relying.token_form("x", None) | {"client_assertion_type": relying.ASSERTION, "client_assertion": message}
    assert Browser().post("/id/token", form).json()["error"] == "invalid_grant"
    for text in (
        "", "{}", "[1]", "nonsense", json.dumps(mine.as_dict(private=True)), mine.as_pem(private=True).decode(),
        json.dumps(mine.as_dict(private=False, kid="mine")),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ):  # fmt: skip
        page = officer.post(at, {"key": text})
        assert (page.status_code, 'id="error-key"' in page.content.decode()) == (422, True), text
    officer.post(at, {"make": "yes"}), officer.post(at, {"make": "yes"})
    assert officer.post(at, {"make": "yes"}).status_code == 422  # five at most
    officer.post(f"{at}/remove", {"kid": "mine"})
    assert not row.keys.filter(kid="mine").exists()


def test_a_login_is_tried_with_the_services_settings(officer, authority):
    officer.post("/clients/new", FORM)
    row = Client.objects.get(owner=authority.pk)
    eid = officer.post(f"/clients/{row.pk}/try", {"level": "high"})["Location"]
    person = {"pid": officer.person.identity_number, "level": "high"}
    back = officer.post(eid, person)["Location"]
    assert back.startswith("http://127.0.0.1:8000/clients/tried?")
    page = officer.get(back.removeprefix("http://127.0.0.1:8000"))
    text = page.content.decode()
    assert officer.person.identity_number in text and "idporten-loa-high" in text
    assert officer.get(back.removeprefix("http://127.0.0.1:8000")).status_code == 422  # once
    eid = officer.post(f"/clients/{row.pk}/try", {"level": "substantial"})["Location"]
    cancelled = officer.get(eid.replace("/id/eid", "/id/cancel"))["Location"]
    assert "access_denied" in officer.get(cancelled.removeprefix("http://127.0.0.1:8000")).content.decode()


def test_our_own_page_is_no_address_for_anybody_else(officer, authority):
    officer.post("/clients/new", FORM)
    row = Client.objects.get(owner=authority.pk)
    query = relying.question(row.pk, redirect_uri="http://127.0.0.1:8000/clients/tried")
    assert Browser().get("/id/authorize", query).status_code == 422


def test_a_service_is_shut_off_and_opened_again(officer, authority):
    officer.post("/clients/new", FORM)
    row = Client.objects.get(owner=authority.pk)
    query = relying.question(row.pk, redirect_uri="https://skatt.example/callback")
    officer.post(f"/clients/{row.pk}/state", {"active": "no"})
    assert Browser().get("/id/authorize", query).status_code == 422
    assert officer.post(f"/clients/{row.pk}/try").status_code == 409
    officer.post(f"/clients/{row.pk}/state", {"active": "yes"})
    assert Browser().get("/id/authorize", query).status_code == 302


# --- Whose is it ------------------------------------------------------------------------------------


def test_another_organisations_client_is_not_there(officer, authority):
    officer.post("/clients/new", FORM)
    row = Client.objects.get(owner=authority.pk)
    stranger, _company = representative()
    assert "Skattemeldingen" not in stranger.get("/clients").content.decode()
    for path in ("", "/change", "/secret", "/key"):
        assert stranger.get(f"/clients/{row.pk}{path}").status_code == 404
    for path in ("/change", "/secret", "/key", "/key/remove", "/state", "/try"):
        assert stranger.post(f"/clients/{row.pk}{path}", {"make": "yes"}).status_code == 404
    assert stranger.get(f"/api/clients/{row.pk}").status_code == 404
    assert officer.get("/clients/portal").status_code == 404
    row.refresh_from_db()
    assert row.active and not row.keys.exists()


def test_a_company_registers_but_states_no_legal_basis():
    browser, company = representative()
    assert browser.post("/clients/new", FORM).status_code == 422
    assert browser.post("/clients/new", FORM | {"legal_basis": ""}).status_code == 200
    assert Client.objects.get(owner=company.pk).legal_basis == ""


def test_the_door_is_for_organisations_at_level_high(client, authority):
    assert "/login?" in client.get("/clients")["Location"]
    kari = make.officer_in(authority)
    log_in_for_test(client, kari.pk, Level.HIGH)
    assert client.get("/clients").status_code == 403
    assert client.get("/api/clients").status_code == 403
    log_in_for_test(client, kari.pk, Level.SUBSTANTIAL, as_officer_of=authority.pk)
    assert parse_qs(urlsplit(client.get("/clients")["Location"]).query)["level"] == ["high"]
    assert client.get("/api/clients").status_code == 401


def test_a_client_kept_in_a_file_is_not_changed_on_the_pages(officer, authority):
    row = relying.registered(owner=authority.pk, source="file")
    assert officer.get(f"/clients/{row.pk}").status_code == 200
    assert officer.post(f"/clients/{row.pk}/state", {"active": "no"}).status_code == 409


# --- REST -------------------------------------------------------------------------------------------


def call(browser, method, path, body=None):
    return browser.generic(method, f"/api/clients{path}", json.dumps(body or {}), content_type="application/json")


def test_the_same_over_rest(officer, authority):
    body = {
        "name": "Skattemeldingen", "auth_method": "client_secret_post", "redirect_uris": ["https://skatt.example/callback"],
    }  # fmt: skip
    made = call(officer, "POST", "", body)
    assert made.status_code == 201
    found = made.json()
    at = f"/{found['client_id']}"
    assert found["client_secret"] and call(officer, "GET", at).json()["client_secret"] is None
    assert call(officer, "GET", "").json()[0]["client_id"] == found["client_id"]
    changed = call(officer, "PATCH", at, {"par_required": True}).json()
    assert (changed["par_required"], changed["redirect_uris"]) == (True, ["https://skatt.example/callback"])
    assert call(officer, "POST", at + "/secret").json()["client_secret"] not in (None, found["client_secret"])
    assert call(officer, "PUT", at + "/state", {"active": False}).json()["active"] is False
    wrong = call(officer, "PATCH", at, {"redirect_uris": ["http://skatt.example/"]})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["redirect_uris"])
    assert wrong["Content-Type"] == "application/problem+json"
    assert call(officer, "POST", at + "/keys").status_code == 409


def test_keys_over_rest(officer):
    body = {"name": "S", "redirect_uris": ["https://skatt.example/callback"]}
    at = f"/{call(officer, 'POST', '', body).json()['client_id']}/keys"
    jwk = ECKey.generate_key("P-256", private=True).as_dict(private=False, kid="mine")
    assert call(officer, "POST", at, {"jwk": jwk}).json()["private_jwk"] is None
    assert "d" in call(officer, "POST", at).json()["private_jwk"]
    assert call(officer, "POST", at, {"pem": "x"}).status_code == 422
    assert call(officer, "DELETE", at + "/mine").status_code == 204
    kids = [one["kid"] for one in call(officer, "GET", at.removesuffix("/keys")).json()["keys"]]
    assert len(kids) == 1 and "mine" not in kids
