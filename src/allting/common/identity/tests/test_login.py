"""The whole code flow, with the gateway's own discovery, keys and tokens."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from allting.common.identity import gateway, portal, signing
from allting.common.identity.models import Grant, ParkedForm, PortalSession, SignOn
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db


def follow(client, url):
    """One step, on our own host."""
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def to_eid(client, next_path="/my/sessions", level="substantial"):
    authorize = client.get("/login", {"next": next_path, "level": level})["Location"]
    return follow(client, authorize)["Location"]


def log_in(client, person, next_path="/my/sessions", level="substantial"):
    eid = to_eid(client, next_path, level)
    callback = client.post(eid, {"pid": person.identity_number, "level": level})["Location"]
    return follow(client, callback)


def test_from_login_to_the_page_asked_for(client):
    kari = make.person()
    answer = log_in(client, kari)
    assert (answer.status_code, answer["Location"]) == (302, "/my/sessions")
    page = client.get("/my/sessions")
    assert page.status_code == 200
    assert "Kari Prøve" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_a_second_login_in_the_same_browser_asks_for_nothing(client):
    kari = make.person()
    log_in(client, kari)
    again = client.get("/login")["Location"]
    assert follow(client, again)["Location"].startswith(gateway.portal_redirect())


def test_a_higher_level_authenticates_again(client):
    kari = make.person()
    log_in(client, kari)
    assert "/id/eid" in to_eid(client, level="high")
    log_in(client, kari, level="high")
    assert client.session["login"]["level"] == 4


@pytest.mark.parametrize("pid", ["", "123", "20914695017", "20914695016"])
def test_a_wrong_number_is_explained_and_kept(client, pid):
    answer = client.post(to_eid(client), {"pid": pid, "level": "substantial"})
    assert answer.status_code == 422
    assert f'value="{pid}"' in answer.content.decode()
    assert 'id="field-pid"' in answer.content.decode()
    assert not SignOn.objects.exists()


def test_a_level_lower_than_asked_for_is_not_enough(client):
    kari = make.person()
    answer = client.post(to_eid(client, level="high"), {"pid": kari.identity_number, "level": "substantial"})
    assert answer.status_code == 422


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_a_login_never_leads_elsewhere(client, evil):
    assert log_in(client, make.person(), next_path=evil)["Location"] == "/my"


def test_an_unknown_redirect_address_gets_a_page_and_no_redirect(client):
    asked = client.get("/login")["Location"]
    answer = follow(client, asked.replace("%2Flogin%2Fcallback", "%2Fevil"))
    assert answer.status_code == 422
    assert "Location" not in answer


@pytest.mark.parametrize("change", [("code_challenge", "short"), ("code_challenge_method", "plain")])
def test_without_pkce_the_client_hears_why(client, change):
    asked = client.get("/login")["Location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    answer = client.get("/id/authorize", query | dict([change]))
    told = parse_qs(urlsplit(answer["Location"]).query)
    assert told["error"] == ["invalid_request"]
    assert told["state"] == [query["state"]]


def _code(client, kari):
    callback = client.post(to_eid(client), {"pid": kari.identity_number, "level": "substantial"})["Location"]
    query = parse_qs(urlsplit(callback).query)
    return query["code"][0], query["state"][0], callback


def redeem(client, code, verifier):
    form = {"grant_type": "authorization_code", "code": code, "client_id": "portal", "code_verifier": verifier}
    return client.post("/id/token", form | {"redirect_uri": gateway.portal_redirect()})


def test_a_code_works_once_and_a_second_use_ends_the_login(client):
    kari = make.person()
    code, state, _callback = _code(client, kari)
    verifier = client.session["logins"][state]["verifier"]
    first = redeem(Client(), code, verifier)
    assert first.status_code == 200
    claims = signing.verified(first.json()["id_token"], signing.public_keys())
    assert (claims["sub"], claims["acr"]) == (str(kari.pk), "idporten-loa-substantial")
    assert redeem(Client(), code, verifier).json()["error"] == "invalid_grant"
    assert SignOn.objects.get().ended is not None


def test_a_wrong_verifier_or_an_old_code_is_refused(client):
    code, state, _callback = _code(client, make.person())
    assert redeem(Client(), code, "x" * 43).json()["error"] == "invalid_grant"
    client = Client()
    code, state, _callback = _code(client, make.person())
    for row in Grant.objects.all():
        Grant.objects.filter(pk=row.pk).update(created=row.created - timedelta(seconds=61))
    assert redeem(Client(), code, client.session["logins"][state]["verifier"]).json()["error"] == "invalid_grant"


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(client):
    _unused, _state, callback = _code(client, make.person())
    assert follow(Client(), callback).status_code == 422
    wrong_issuer = callback.replace("iss=", "iss=x")
    assert follow(client, wrong_issuer).status_code == 422


def test_a_token_with_another_nonce_is_refused(client):
    _unused, state, callback = _code(client, make.person())
    session = client.session
    session["logins"][state]["nonce"] = "another"
    session.save()
    assert follow(client, callback).status_code == 422
    assert "login" not in client.session


def test_metadata_of_another_issuer_is_refused(client, monkeypatch):
    _unused, _state, callback = _code(client, make.person())
    told = {"issuer": "https://evil.example", "token_endpoint": "https://evil.example/", "jwks_uri": "https://x/"}
    answers = httpx.MockTransport(lambda request: httpx.Response(200, json=told))
    monkeypatch.setattr(portal, "_http", lambda: httpx.Client(transport=answers))
    assert follow(client, callback).status_code == 503
    assert "login" not in client.session


def test_a_token_for_another_client_is_refused(client, monkeypatch):
    _unused, _state, callback = _code(client, make.person())
    real = signing.sign
    theirs = {"aud": "demo-app"}
    monkeypatch.setattr(signing, "sign", lambda claims, *more, **named: real(claims | theirs, *more, **named))
    assert follow(client, callback).status_code == 422
    assert "login" not in client.session


def test_the_session_key_from_before_the_login_is_worth_nothing(client):
    client.get("/login")
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    log_in(client, make.person())
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get("/my/sessions").status_code == 302


def test_log_out_ends_the_session_and_the_sign_on(client):
    log_in(client, make.person())
    client.post("/logout")
    assert client.get("/my/sessions").status_code == 302
    assert "/id/eid" in follow(client, client.get("/login")["Location"])["Location"]


def test_log_out_everywhere_reaches_the_other_browser(client):
    kari, other = make.person(), Client()
    log_in(client, kari)
    log_in(other, kari)
    assert other.get("/my/sessions").status_code == 200
    client.post("/logout", {"everywhere": "1"})
    assert other.get("/my/sessions").status_code == 302
    assert not PortalSession.objects.filter(person=kari.pk).exists()


def test_a_session_ends_by_itself(client, settings):
    session = log_in_for_test(client, make.person().pk)
    assert client.get("/my/sessions").status_code == 200
    session["login"]["seen"] -= settings.SESSION_IDLE_MINUTES * 60 + 1
    session.save()
    assert client.get("/my/sessions").status_code == 302


def test_staying_is_told_to_a_script_and_leads_a_reader_back(client, settings):
    session = log_in_for_test(client, make.person().pk)
    session["login"]["seen"] -= 50  # not yet old enough to be written again by a page
    session.save()
    said = client.post("/stay", headers={"Accept": "application/json"})
    ends = datetime.fromisoformat(said.json()["ends"])
    assert ends.timestamp() - timezone.now().timestamp() > settings.SESSION_IDLE_MINUTES * 60 - 10
    assert said.json()["clock"] == ends.astimezone(ZoneInfo("Europe/Oslo")).strftime("%H:%M")
    assert client.session["login"]["seen"] > session["login"]["seen"] + 49
    for accept in ("text/html,*/*;q=0.8", "*/*"):
        answer = client.post("/stay", {"next": "/my/sessions"}, headers={"Accept": accept})
        assert (answer.status_code, answer["Location"]) == (302, "/my/sessions")


def test_a_script_hears_that_the_session_is_over(client):
    answer = client.post("/stay", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert not ParkedForm.objects.exists()
