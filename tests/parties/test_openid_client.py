"""npm's openid-client as a service: discovery, PAR, PKCE, JAR, private_key_jwt, step-up, DPoP, refresh, logout."""

import json
import subprocess
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from allting.common.identity.tests import relying
from tests.parties import npm

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
SCRIPT = str(Path(__file__).with_name("openid_client.mjs"))


@pytest.fixture(scope="module")
def program(packages):
    """The node program, started once: a line in, a line out."""
    command = [npm.NODE, SCRIPT, str(packages)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait(20)


class Service:
    """The node program, with what it knows of itself."""

    def __init__(self, program, issuer, **known):
        self.program, self.known = program, {"issuer": issuer, "redirect": relying.BACK} | known

    def __call__(self, step, **more):
        print(json.dumps(self.known | {"step": step} | more), file=self.program.stdin, flush=True)
        return json.loads(self.program.stdout.readline())

    def login(self, reader, person, level="substantial", **more):
        kept = self("begin", **more)
        return self("finish", kept=kept, back=reader.log_in(kept["url"], person, level), **more)


@pytest.fixture
def with_key(program, gateway):
    key = RSAKey.generate_key(2048, private=True)
    relying.with_key(key=key, par_required=True, frontchannel_logout_uri="https://service.example/out")
    jwk = key.as_dict(private=True, kid="k1")
    return Service(program, gateway, client="service", method="private_key_jwt", jwk=jwk, how="pushed")


def test_pushed_with_a_key_then_raised_refreshed_looked_into_and_left(with_key, reader, kari):
    first = with_key.login(reader, kari, extra={"acr_values": "idporten-loa-substantial", "ui_locales": "nn"})
    claims = first["claims"]
    assert (claims["acr"], claims["pid"], claims["locale"]) == ("idporten-loa-substantial", kari.identity_number, "nn")
    told = with_key("userinfo", token=first["access_token"], subject=claims["sub"])
    assert (told["name"], told["pid"]) == ("Kari Prøve", kari.identity_number)

    raised = with_key.login(reader, kari, "high", extra={"acr_values": "idporten-loa-high"}, maxAge=60)["claims"]
    assert (raised["acr"], raised["sid"]) == ("idporten-loa-high", claims["sid"])

    fresh = with_key("refresh", token=first["refresh_token"])
    assert fresh["claims"]["acr"] == "idporten-loa-substantial"
    assert with_key("introspect", token=fresh["access_token"])["active"] is True
    assert with_key("refresh", token=first["refresh_token"])["error"] == "invalid_grant"
    assert with_key("introspect", token=fresh["access_token"])["active"] is False

    leave = {"id_token_hint": first["id_token"], "post_logout_redirect_uri": "https://service.example/", "state": "bye"}
    page = reader.go(with_key("leave", parameters=leave)["url"])
    assert "https://service.example/out?iss=" in page.text and f"sid={claims['sid']}" in page.text
    assert "https://service.example/?state=bye" in page.text
    assert reader.go(with_key("begin")["url"]).status_code == 200  # the eID's page: nobody is logged in now


def test_a_client_that_must_push_may_not_do_otherwise(with_key, reader):
    back = reader.go(with_key("begin", how="plain")["url"]).headers["Location"]
    assert "error=invalid_request" in back


def test_a_signed_question(program, gateway, reader, kari):
    key = ECKey.generate_key("P-256", private=True)
    relying.with_key(key=key, signing_alg="ES256")
    jwk = key.as_dict(private=True, kid="k1")
    metadata = {"id_token_signed_response_alg": "ES256"}
    service = Service(program, gateway, client="service", method="private_key_jwt", jwk=jwk, metadata=metadata)
    assert service.login(reader, kari, how="signed")["claims"]["pid"] == kari.identity_number


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_secret(program, gateway, reader, kari, method):
    _row, secret = relying.with_secret(method=method)
    service = Service(program, gateway, client="service", method=method, secret=secret)
    found = service.login(reader, kari)
    assert service("revoke", token=found["refresh_token"]) == {"done": True}
    assert service("introspect", token=found["access_token"])["active"] is False
    wrong = Service(program, gateway, client="service", method=method, secret="wrong")
    assert "fault" in wrong("refresh", token=found["refresh_token"])


def test_a_public_client_with_bound_tokens(program, gateway, reader, kari):
    relying.registered(dpop_required=True)
    key = ECKey.generate_key("P-256", private=True)
    pair = {"private": key.as_dict(private=True), "public": key.as_dict(private=False)}
    service = Service(program, gateway, client="service", method="none", dpop=True, pair=pair)
    found = service.login(reader, kari)
    assert found["token_type"] == "dpop"
    assert service("userinfo", token=found["access_token"], subject=found["claims"]["sub"])["name"] == "Kari Prøve"
    assert service("refresh", token=found["refresh_token"])["token_type"] == "dpop"
    assert "fault" in service("userinfo", token=found["access_token"], subject=found["claims"]["sub"], dpop=False)


def test_an_answer_from_another_issuer_is_refused_by_the_client(program, gateway, reader, kari):
    relying.registered()
    service = Service(program, gateway, client="service", method="none")
    kept = service("begin")
    back = reader.log_in(kept["url"], kari)
    assert "iss=" in back
    mixed = back.replace("iss=", "iss=http%3A%2F%2Fevil.example%2F&was=")
    assert "fault" in service("finish", kept=kept, back=mixed)
