"""A native client at the gateway's own doors: login with PKCE, its key to the API, and the end of it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from allting.common.identity import gateway, signing
from allting.common.identity.models import Grant, SignOn
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db
VERIFIER = "v" * 43
APP = "http://127.0.0.1:51234/callback"


def ask(client, **changes):
    query = {
        "response_type": "code", "client_id": "demo-app", "redirect_uri": APP, "scope": "openid api", "state": "s",
        "nonce": "n", "code_challenge": gateway.challenge_of(VERIFIER), "code_challenge_method": "S256",
    }  # fmt: skip
    return client.get("/id/authorize", query | changes)


def tokens_of(client, person, **changes):
    eid = ask(client, **changes)["Location"]
    page = client.get(eid)
    assert "form-action 'self' http://127.0.0.1:51234;" in page["Content-Security-Policy"]
    back = client.post(eid, {"pid": person.identity_number, "level": "substantial"})["Location"]
    assert back.startswith(APP + "?")
    answer = parse_qs(urlsplit(back).query)
    assert answer["state"] == ["s"]
    form = {"grant_type": "authorization_code", "code": answer["code"][0], "client_id": "demo-app"}
    return Client().post("/id/token", form | {"redirect_uri": APP, "code_verifier": VERIFIER}).json()


def call(path, token, client=None):
    return (client or Client()).get(path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def kari():
    return make.person()


def test_a_native_client_reads_the_api_as_the_person_until_she_logs_out(client, kari):
    found = tokens_of(client, kari)
    assert signing.verified(found["access_token"], signing.public_keys(), "at+jwt")["client_id"] == "demo-app"
    assert call("/api/letters", found["access_token"]).status_code == 200
    gateway.end_everywhere(kari.pk)
    refused = call("/api/letters", found["access_token"])
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")


def test_the_key_fits_only_the_api(client, kari):
    found = tokens_of(client, kari)
    assert call("/my/sessions", found["access_token"]).status_code == 302
    assert call("/api/letters", found["id_token"]).status_code == 401
    assert call("/api/letters", found["access_token"][:-4] + "AAAA").status_code == 401


def test_without_the_scope_there_is_no_way_in(client, kari):
    found = tokens_of(client, kari, scope="openid")
    assert call("/api/letters", found["access_token"]).status_code == 401
    assert call("/id/userinfo", found["access_token"]).json() == {"sub": str(kari.pk)}
    found = tokens_of(Client(), kari, scope="openid profile")
    assert call("/id/userinfo", found["access_token"]).json() == {"sub": str(kari.pk), "name": "Kari Prøve"}


def test_a_bad_token_is_not_made_good_by_a_cookie(client, kari):
    log_in_for_test(client, kari.pk)
    assert client.get("/api/letters").status_code == 200
    assert call("/api/letters", "x", client).status_code == 401


def test_a_program_never_gets_a_key_without_the_persons_doing(client, kari):
    tokens_of(client, kari)
    page = client.get(ask(client)["Location"])  # she is logged in, and is asked again
    assert "Demo app" in page.content.decode()
    assert client.get("/login")["Location"]
    assert "code=" in ask(client, scope="openid")["Location"]


def test_a_token_ends_with_its_time(client, kari, settings):
    settings.SESSION_IDLE_MINUTES = 0
    assert call("/api/letters", tokens_of(client, kari)["access_token"]).status_code == 401
    settings.SESSION_IDLE_MINUTES = 30
    token = tokens_of(Client(), kari)["access_token"]
    Grant.objects.update(until=timezone.now())
    assert call("/api/letters", token).status_code == 401


def test_user_info_needs_a_token(client, kari):
    assert client.get("/id/userinfo").status_code == 401
    assert call("/id/userinfo", tokens_of(client, kari)["id_token"]).status_code == 401


@pytest.mark.parametrize(
    "evil",
    [
        "http://127.0.0.1:51234/other", "http://127.0.0.1.evil.example/callback", "https://127.0.0.1:51234/callback",
        "http://127.0.0.1:51234@evil.example/callback", "http://127.0.0.1:99999/callback", "http://localhost/callback",
        "http://127.0.0.1:51234/callback?x=1", "http://[x/callback",
    ],
)  # fmt: skip
def test_an_answer_goes_only_to_a_registered_address(client, evil):
    answer = ask(client, redirect_uri=evil)
    assert answer.status_code == 422
    assert "Location" not in answer


def test_an_error_goes_back_to_the_client_that_asked(client):
    told = ask(client, code_challenge="short")["Location"]
    assert told.startswith(APP + "?error=invalid_request&")
    assert ask(client, nonce="n" * 201)["Location"].startswith(APP + "?error=invalid_request&")


def test_the_demo_client_is_for_demos(client, settings):
    settings.DEMO = False
    assert ask(client).status_code == 422


def test_an_installation_registers_its_own_clients(client, settings, tmp_path):
    settings.CLIENTS_FILE = str(tmp_path / "clients.yaml")
    text = "bank:\n  name: Bank\n  redirects: [{}]\n"
    (tmp_path / "clients.yaml").write_text(text.format("app.bank:/callback"))
    assert "/id/eid" in ask(client, client_id="bank", redirect_uri="app.bank:/callback")["Location"]
    assert ask(client, client_id="bank", redirect_uri="app.bank:/cb", scope="x").status_code == 422
    told = ask(client, client_id="bank", redirect_uri="app.bank:/callback", scope="x")["Location"]
    assert told.startswith("app.bank:/callback?error=invalid_scope")
    assert ask(client).status_code == 302


def test_another_clients_code_is_refused(client, kari):
    found = ask(client)["Location"]
    back = client.post(found, {"pid": kari.identity_number, "level": "substantial"})["Location"]
    form = {"grant_type": "authorization_code", "code": parse_qs(urlsplit(back).query)["code"][0]}
    answer = client.post("/id/token", form | {"client_id": "portal", "redirect_uri": APP, "code_verifier": VERIFIER})
    assert answer.json()["error"] == "invalid_grant"
    assert Grant.objects.get().used is not None  # tried once, never again


def test_a_client_that_knows_the_login_ends_it_everywhere(client, kari):
    found = tokens_of(client, kari)
    portal = client.get("/login")["Location"]
    client.get(client.get(portal)["Location"])  # the same login opens the portal
    assert client.get("/my/sessions").status_code == 200
    query = {"id_token_hint": found["id_token"], "post_logout_redirect_uri": "http://127.0.0.1:51234/", "state": "t"}
    assert Client().get("/id/logout", query)["Location"] == "http://127.0.0.1:51234/?state=t"
    assert client.get("/my/sessions").status_code == 302
    assert call("/api/letters", found["access_token"]).status_code == 401


def test_a_logout_never_leads_elsewhere(client, kari):
    found = tokens_of(client, kari)
    query = {"id_token_hint": found["id_token"], "post_logout_redirect_uri": "https://evil.example/"}
    assert client.post("/id/logout", query)["Location"] == "/"


@pytest.mark.parametrize("hint", ["", "x.y.z", "access"])
def test_without_a_hint_the_person_is_asked(client, kari, hint):
    found = tokens_of(client, kari)
    page = client.get("/id/logout", {"id_token_hint": found["access_token"] if hint == "access" else hint})
    assert page.status_code == 200
    assert 'action="/id/logout/yes"' in page.content.decode()
    assert SignOn.objects.get().ended is None
    client.post("/id/logout/yes")
    assert SignOn.objects.get().ended is not None


def test_discovery_tells_of_every_door(client):
    found = client.get("/id/.well-known/openid-configuration").json()
    for door in ("token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri"):
        assert client.get(urlsplit(found[door]).path).status_code in (200, 401, 405)
