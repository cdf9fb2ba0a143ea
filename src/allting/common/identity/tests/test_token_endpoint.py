"""Between programs: how a client shows that it is the one, and what becomes of the tokens it has."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from joserfc.jwk import RSAKey

from allting.common.identity import clients
from allting.common.identity.models import Client, ClientKey, Grant, SignOn, UsedOnce
from allting.common.identity.tests import relying
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def kari():
    return make.person()


def post(path, form, headers=None):
    return Browser(enforce_csrf_checks=True).post(f"/id/{path}", form, headers=headers)


def code_for(client, kari, **changes):
    return relying.logged_in(client, kari, **changes)["code"]


def asserted(key, **changes):
    return {"client_assertion_type": relying.ASSERTION, "client_assertion": relying.assertion(key, **changes)}


# --- Client authentication --------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_secret_in_the_registered_way_only(client, kari, method):
    _row, secret = relying.with_secret(method=method)
    in_header = {"headers": relying.basic("service", secret)}
    in_form = relying.token_form("x", client_secret=secret)
    right, wrong = (in_header, in_form) if method.endswith("basic") else (in_form, in_header)

    def ask(way, code):
        return post("token", way if "headers" not in way else relying.token_form(code), way.get("headers"))

    assert ask(wrong, "x").json()["error"] == "invalid_client"
    code = code_for(client, kari)
    form = relying.token_form(code) | ({"client_secret": secret} if right is in_form else {})
    assert "id_token" in post("token", form, right.get("headers")).json()


def test_a_wrong_secret_says_how_to_authenticate():
    relying.with_secret()
    answer = post("token", relying.token_form("x"), relying.basic("service", "wrong"))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert answer["Cache-Control"] == "no-store"
    assert post("token", {}, {"Authorization": "Basic !!!"}).status_code == 401


def test_a_secret_grows_old():
    row, secret = relying.with_secret(secret_expires=timezone.now() - timedelta(seconds=1))
    assert post("token", relying.token_form("x"), relying.basic("service", secret)).json()["error"] == "invalid_client"
    Client.objects.filter(pk=row.pk).update(secret_expires=timezone.now() + timedelta(days=1))
    assert post("token", relying.token_form("x"), relying.basic("service", secret)).json()["error"] == "invalid_grant"


def test_two_ways_at_once_are_refused():
    _row, secret = relying.with_secret()
    form = relying.token_form("x", client_secret=secret)
    assert post("token", form, relying.basic("service", secret)).json()["error"] == "invalid_request"


def test_a_client_with_a_secret_is_not_let_in_without_it():
    relying.with_secret()
    assert post("token", relying.token_form("x")).json()["error"] == "invalid_client"


@pytest.mark.parametrize("key", [None, RSAKey.generate_key(2048, private=True)], ids=["EC", "RSA"])
def test_a_key_is_shown_by_a_signed_message_used_once(client, kari, key):
    _row, key = relying.with_key(key=key)
    message = asserted(key)
    code = code_for(client, kari)
    assert "id_token" in post("token", relying.token_form(code, None) | message).json()
    again = post("token", relying.token_form("x", None) | message)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "audience",
    [relying.ISSUER, f"{relying.ISSUER}/token", [relying.ISSUER], [relying.ISSUER, f"{relying.ISSUER}/token"]],
)
def test_the_message_is_made_out_to_us(audience):
    _row, key = relying.with_key()
    assert post("token", relying.token_form("x") | asserted(key, aud=audience)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"}, {"aud": [relying.ISSUER, "https://other.example"]}, {"aud": []},
        {"aud": None}, {"iss": "portal"}, {"sub": "portal"}, {"sub": None}, {"jti": None}, {"jti": ""},
        {"exp": None}, {"exp": 1},
        {"exp": relying.now() + 3600}, {"exp": "soon"}, {"exp": True}, {"iat": relying.now() + 60_000},
        {"nbf": relying.now() + 60_000}, {"header": {"kid": "k2"}}, {"header": {"typ": "at+jwt"}},
    ],
)  # fmt: skip
def test_a_message_with_a_fault_shows_nothing(changes):
    _row, key = relying.with_key()
    assert post("token", relying.token_form("x") | asserted(key, **changes)).json()["error"] == "invalid_client"


def test_an_old_key_and_another_clients_key_show_nothing():
    row, key = relying.with_key()
    _other, theirs = relying.with_key("other")
    assert post("token", relying.token_form("x") | asserted(theirs)).json()["error"] == "invalid_client"
    ClientKey.objects.filter(client=row).update(expires=timezone.now())
    assert post("token", relying.token_form("x") | asserted(key)).json()["error"] == "invalid_client"


def test_nobody_takes_another_clients_code(client, kari):
    relying.registered()
    relying.registered("other")
    answer = post("token", relying.token_form(code_for(client, kari), "other"))
    assert answer.json()["error"] == "invalid_grant"


def test_a_machine_gets_no_logins():
    relying.registered(kind="machine")
    assert post("token", relying.token_form("x")).json()["error"] == "unauthorized_client"


@pytest.mark.parametrize("kind", ["password", "client_credentials", "implicit", ""])
def test_other_grants_are_not_there(kind):
    relying.registered()
    form = {"client_id": "service", "grant_type": kind}
    assert post("token", form).json()["error"] == "unsupported_grant_type"


def test_an_app_in_a_browser_may_ask_from_its_own_origin(client):
    for path in ("token", "userinfo", "revoke", "par"):
        answer = client.options(f"/id/{path}", headers={"Origin": "https://app.example"})
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer


# --- Refresh ----------------------------------------------------------------------------------------


def refresh(token, client_id="service", **more):
    return post("token", {"grant_type": "refresh_token", "refresh_token": token, "client_id": client_id} | more)


def test_a_refresh_token_turns_and_an_old_one_ends_them_all(client, kari):
    relying.registered()
    first = relying.tokens_for(client, kari)
    second = refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    before, after = (relying.claims_of(one["id_token"]) for one in (first, second))
    assert [before[name] for name in ("sub", "acr", "auth_time", "sid")] == [
        after[name] for name in ("sub", "acr", "auth_time", "sid")
    ]
    assert "nonce" not in after
    assert refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    headers = {"Authorization": f"Bearer {second['access_token']}"}
    assert client.get("/id/userinfo", headers=headers).status_code == 401


def test_a_refresh_token_ends_with_idleness_the_authorization_and_the_login(client, kari):
    relying.registered(refresh_seconds=600, authorization_seconds=900)
    found = relying.tokens_for(client, kari)
    assert found["refresh_expires_in"] in (599, 600)
    Grant.objects.update(until=timezone.now() + timedelta(seconds=30))
    found = refresh(found["refresh_token"]).json()
    assert found["refresh_expires_in"] <= 30 and found["expires_in"] <= 30
    Grant.objects.update(refresh_until=timezone.now())
    assert refresh(found["refresh_token"]).json()["error"] == "invalid_grant"
    found = relying.tokens_for(client, kari)
    SignOn.objects.update(ended=timezone.now())
    assert refresh(found["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_may_ask_for_less_but_not_for_more(client, kari):
    relying.registered()
    found = relying.tokens_for(client, kari, scope="openid profile")
    less = refresh(found["refresh_token"], scope="openid").json()
    assert less["scope"] == "openid"
    assert refresh(less["refresh_token"], scope="openid api").json()["error"] == "invalid_scope"
    assert refresh(less["refresh_token"]).json()["scope"] == "openid profile"


def test_a_refresh_token_is_the_clients_own(client, kari):
    relying.registered()
    relying.registered("other")
    found = relying.tokens_for(client, kari)
    assert refresh(found["refresh_token"], "other").json()["error"] == "invalid_grant"
    assert "access_token" in refresh(found["refresh_token"]).json()


def test_a_client_may_do_without_refresh_tokens(client, kari):
    relying.registered(refresh_seconds=0)
    assert "refresh_token" not in relying.tokens_for(client, kari)


# --- Introspection and revocation -------------------------------------------------------------------


def test_a_client_looks_into_its_own_tokens_only(client, kari):
    _row, secret = relying.with_secret()
    _other, others = relying.with_secret("other")
    mine, theirs = relying.basic("service", secret), relying.basic("other", others)
    found = relying.tokens_for(client, kari, headers=mine)
    told = post("introspect", {"token": found["access_token"]}, mine).json()
    assert (told["active"], told["client_id"], told["token_type"]) == (True, "service", "Bearer")
    assert told["sub"] == clients.subject(Client.objects.get(pk="service"), kari.pk)
    assert post("introspect", {"token": found["refresh_token"]}, mine).json()["active"] is True
    for token in (found["access_token"], found["refresh_token"]):
        assert post("introspect", {"token": token}, theirs).json() == {"active": False}
    for token in (found["id_token"], "nonsense", "a.b"):
        assert post("introspect", {"token": token}, mine).json() == {"active": False}
    assert post("introspect", {"token": "x"}).status_code == 401
    assert post("introspect", {}, mine).json()["error"] == "invalid_request"
    SignOn.objects.update(ended=timezone.now())
    assert post("introspect", {"token": found["access_token"]}, mine).json() == {"active": False}
    assert post("introspect", {"token": found["refresh_token"]}, mine).json() == {"active": False}


def test_a_public_client_may_not_introspect():
    relying.registered()
    assert post("introspect", {"token": "x", "client_id": "service"}).json()["error"] == "unauthorized_client"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_revoked_token_takes_its_family_along(client, kari, which):
    relying.registered()
    relying.registered("other")
    found = relying.tokens_for(client, kari)
    form = {"token": found[which], "client_id": "service"}
    assert post("revoke", form | {"client_id": "other"}).json()["error"] == "unauthorized_client"
    assert post("revoke", form).status_code == 200
    assert post("revoke", form | {"token": "unknown"}).status_code == 200
    headers = {"Authorization": f"Bearer {found['access_token']}"}
    assert client.get("/id/userinfo", headers=headers).status_code == 401
    assert refresh(found["refresh_token"]).json()["error"] == "invalid_grant"
    assert SignOn.objects.get().ended is None


# --- What is no longer needed -----------------------------------------------------------------------


def test_tables_do_not_grow_without_end(client, kari):
    from allting.common.identity.cleaning import LOOKED_BACK_ON, clean

    _row, key = relying.with_key()
    post("par", relying.question() | asserted(key))
    code_for(client, kari)
    clean()
    assert [model.objects.count() for model in (Grant, SignOn, UsedOnce)] == [1, 1, 1]
    UsedOnce.objects.update(expires=timezone.now() - timedelta(seconds=1))
    long_ago = timezone.now() - LOOKED_BACK_ON - timedelta(days=1)
    SignOn.objects.update(at=long_ago)
    Grant.objects.update(created=long_ago)
    clean()
    assert [model.objects.count() for model in (Grant, SignOn, UsedOnce)] == [0, 0, 0]
