"""Tokens bound to a key (RFC 9449): from the code to the API."""

import pytest
from django.test import Client as Browser
from joserfc.jwk import ECKey

from allting.common.identity import dpop
from allting.common.identity.tests import relying
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db
TOKEN, USERINFO, LETTERS = relying.ISSUER + "/token", relying.ISSUER + "/userinfo", "http://127.0.0.1:8000/api/letters"


@pytest.fixture
def kari():
    return make.person()


@pytest.fixture
def key():
    return ECKey.generate_key("P-256", private=True)


def bound_tokens(client, kari, key, **changes):
    code = relying.logged_in(client, kari, **changes)["code"]
    return Browser().post("/id/token", relying.token_form(code), headers={"DPoP": relying.proof(key, TOKEN)}).json()


def call(url, token, proof, scheme="DPoP"):
    headers = {"Authorization": f"{scheme} {token}"} | ({"DPoP": proof} if proof else {})
    return Browser().get(url.removeprefix("http://127.0.0.1:8000"), headers=headers)


def test_a_bound_token_opens_nothing_without_its_key(client, kari, key):
    relying.registered(scopes=["api"])
    found = bound_tokens(client, kari, key, scope="openid api")
    token = found["access_token"]
    assert found["token_type"] == "DPoP"
    assert relying.claims_of(token, "at+jwt")["cnf"] == {"jkt": key.thumbprint()}
    thief = ECKey.generate_key("P-256", private=True)
    for url in (USERINFO, LETTERS):
        assert call(url, token, relying.proof(key, url, "GET", token)).status_code == 200
        assert call(url, token, "").status_code == 401
        assert call(url, token, relying.proof(key, url, "GET", token), "Bearer").status_code == 401
        assert call(url, token, relying.proof(thief, url, "GET", token)).status_code == 401
        assert call(url, token, relying.proof(key, url, "GET")).status_code == 401  # no ath
        assert call(url, token, relying.proof(key, url, "POST", token)).status_code == 401
        once = relying.proof(key, url, "GET", token)
        assert [call(url, token, once).status_code for _again in range(2)] == [200, 401]


def test_an_unbound_token_is_no_dpop_token(client, kari, key):
    relying.registered()
    token = relying.tokens_for(client, kari)["access_token"]
    assert call(USERINFO, token, relying.proof(key, USERINFO, "GET", token)).status_code == 401


def test_the_refresh_token_of_a_public_client_is_bound_too(client, kari, key):
    relying.registered()
    found = bound_tokens(client, kari, key)
    form = {"grant_type": "refresh_token", "refresh_token": found["refresh_token"], "client_id": "service"}
    thief = relying.proof(ECKey.generate_key("P-256", private=True), TOKEN)
    for headers in ({}, {"DPoP": thief}):
        assert Browser().post("/id/token", form, headers=headers).json()["error"] == "invalid_dpop_proof"
    fresh = Browser().post("/id/token", form, headers={"DPoP": relying.proof(key, TOKEN)}).json()
    assert fresh["token_type"] == "DPoP"


def test_a_code_may_be_bound_before_it_is_given(client, kari, key):
    relying.registered()
    code = relying.logged_in(client, kari, dpop_jkt=key.thumbprint())["code"]
    assert Browser().post("/id/token", relying.token_form(code)).json()["error"] == "invalid_grant"
    code = relying.logged_in(client, kari, dpop_jkt=key.thumbprint())["code"]
    headers = {"DPoP": relying.proof(key, TOKEN)}
    assert "id_token" in Browser().post("/id/token", relying.token_form(code), headers=headers).json()
    other = relying.proof(ECKey.generate_key("P-256", private=True), relying.ISSUER + "/par")
    pushed = relying.question(dpop_jkt=key.thumbprint())
    assert Browser().post("/id/par", pushed, headers={"DPoP": other}).json()["error"] == "invalid_dpop_proof"


def test_a_client_that_must_prove_a_key_gets_nothing_without(client, kari, key):
    relying.registered(dpop_required=True)
    assert relying.tokens_for(client, kari)["error"] == "invalid_dpop_proof"
    assert "id_token" in bound_tokens(client, kari, key)


@pytest.mark.parametrize(
    "changes",
    [
        {"htu": "https://other.example/id/token"}, {"htm": "GET"}, {"shift": -300},
        {"shift": 300}, {"iat": None}, {"jti": ""}, {"header": {"typ": "JWT"}},
        {"header": {"jwk": ECKey.generate_key("P-256", private=True).as_dict(private=False)}},
    ],
)  # fmt: skip
def test_a_proof_with_a_fault_is_refused(key, changes):
    """``shift``: seconds from now, when the proof is made and not when the tests are read."""
    relying.registered()
    claims = {"iat": relying.now() + changes["shift"]} if "shift" in changes else changes
    proof = relying.proof(key, TOKEN, **claims)
    answer = Browser().post("/id/token", relying.token_form("x"), headers={"DPoP": proof})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


def test_a_proof_without_its_key_is_refused(key):
    relying.registered()
    proof = relying.assertion(key, header={"typ": "dpop+jwt"})
    answer = Browser().post("/id/token", relying.token_form("x"), headers={"DPoP": proof})
    assert answer.json()["error"] == "invalid_dpop_proof"


def test_an_address_is_compared_without_query_and_default_port(key):
    relying.registered()
    for url in (TOKEN + "?x=1", TOKEN + "#x"):
        answer = Browser().post("/id/token", relying.token_form("x"), headers={"DPoP": relying.proof(key, url)})
        assert answer.json()["error"] == "invalid_grant"


def test_a_nonce_is_asked_for_where_the_setting_says_so(key, settings):
    settings.DPOP_NONCE = True
    relying.registered()
    answer = Browser().post("/id/token", relying.token_form("x"), headers={"DPoP": relying.proof(key, TOKEN)})
    assert answer.json()["error"] == "use_dpop_nonce"
    proof = relying.proof(key, TOKEN, nonce=answer["DPoP-Nonce"])
    assert answer["DPoP-Nonce"] == dpop.nonce()
    answer = Browser().post("/id/token", relying.token_form("x"), headers={"DPoP": proof})
    assert answer.json()["error"] == "invalid_grant"
