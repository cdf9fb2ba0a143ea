"""What a machine client is refused: RFC 7523 § 3, RFC 8725, and whatever else may be sent."""

import base64
import hmac
import json
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, RSAKey

from allting.common.identity.machine import certificates, demo_ca, issuer
from allting.common.identity.models import ClientKey
from allting.common.identity.tests import enterprises
from allting.common.identity.tests import factories_machine as m
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    """An enterprise with the scope, and a machine client of its own."""
    m.scope()
    _siri, company = make.chief_of("Fagsystem AS")
    m.give(company)
    company.client = m.machine(company)
    return company


def grant_fault(text):
    found = m.refused(m.ask(text))
    assert found.startswith("invalid_grant: Invalid assertion: "), found
    return found


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"aud": "http://127.0.0.1:8000/id"}, "aud"),
        ({"aud": ["http://127.0.0.1:8000/machine", "https://x.example"]}, "aud"),
        ({"aud": ...}, "aud"),
        ({"aud": {}}, "aud"),
        ({"iat": int(time.time()) + 36000, "exp": int(time.time()) + 36010}, "iat"),
        ({"iat": int(time.time()) - 600, "exp": int(time.time()) - 500}, "iat"),
        ({"iat": ...}, "iat"),
        ({"iat": "now"}, "iat"),
        ({"iat": True}, "iat"),
        ({"exp": ...}, "exp"),
        ({"exp": 1e999}, "exp"),
        ({"exp": 2**80}, "exp"),
        ({"nbf": int(time.time()) + 6000}, "nbf"),
        ({"jti": 7}, "jti"),
        ({"jti": "x" * 201}, "jti"),
        ({"iss": "nobody"}, "no such client"),
        ({"iss": ...}, "iss"),
        ({"iss": "a\x00b"}, "iss"),
        ({"iss": ["x"]}, "iss"),
    ],
)
def test_claims_that_are_refused(firm, claims, says):
    assert says in grant_fault(m.assertion(firm.client, **claims))


def test_iat_and_exp_at_their_limits(firm):
    now = int(time.time())
    assert m.token_of(m.assertion(firm.client, iat=now - 9, exp=now + 111))
    assert m.token_of(m.assertion(firm.client, iat=now + 8, exp=now + 100))
    assert "iat" in grant_fault(m.assertion(firm.client, iat=now - 12, exp=now + 60))
    assert "exp" in grant_fault(m.assertion(firm.client, iat=now, exp=now + 121))
    assert "exp" in grant_fault(m.assertion(firm.client, iat=now, exp=now))


def test_an_assertion_is_used_once(firm):
    text = m.assertion(firm.client)
    m.token_of(text)
    assert "used before" in grant_fault(text)
    again = m.assertion(firm.client, jti="same")
    m.token_of(again)
    assert "used before" in grant_fault(m.assertion(firm.client, jti="same", scope="prove:annet"))
    other = m.machine(firm)
    assert m.token_of(m.assertion(other, jti="same"))  # a jti is the client's own


def test_without_a_jti_it_is_still_used_once(firm):
    text = m.assertion(firm.client, jti=...)
    m.token_of(text)
    assert "used before" in grant_fault(text)


def test_another_clients_key(firm):
    held = RSAKey.generate_key(2048, {"kid": "other"}, private=True)
    m.machine(firm, held=held)
    assert "no such key" in grant_fault(m.assertion(firm.client, held))
    assert "signature" in grant_fault(m.assertion(firm.client, held, header={"kid": "k1"}))


def test_a_key_whose_time_is_out(firm):
    ClientKey.objects.update(expires=timezone.now())
    assert "no such key" in grant_fault(m.assertion(firm.client))


@pytest.mark.parametrize(
    ("values", "demo"),
    [({"active": False}, True), ({"kind": "web"}, True), ({"demo": True}, False), ({"owner": None}, True)],
)
def test_a_client_that_may_not(firm, settings, values, demo):
    other = m.machine(firm, name="Et annet", **values)
    settings.DEMO = demo
    assert grant_fault(m.assertion(other))


def encoded(header, claims, signature=b""):
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)


def test_alg_none(firm):
    for alg in ("none", "None", "", None, 7, ["RS256"], ...):
        header = {"kid": "k1"} if alg is ... else {"alg": alg, "kid": "k1"}
        assert grant_fault(encoded(header, m.claims(firm.client.pk)))


def test_a_public_key_as_a_shared_secret(firm):
    for pem in (m.key().as_pem(private=False), json.dumps(ClientKey.objects.get().jwk).encode()):
        text = encoded({"alg": "HS256", "kid": "k1"}, m.claims(firm.client.pk))
        mac = hmac.digest(pem, text.rpartition(".")[0].encode(), "sha256")
        text += base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
        assert "the algorithm is not taken" in grant_fault(text)


def test_a_registered_key_that_is_not_fit(firm):
    secret = OctKey.generate_key(256).as_dict(private=True)
    small = RSAKey.import_key(rsa.generate_private_key(65537, 1024))
    for jwk in (
        secret,
        small.as_dict(private=False),
        {},
        {"kty": "RSA"},
        {"kty": "EC", "crv": "P-256", "x": "A", "y": "A"},
    ):
        ClientKey.objects.update(jwk=jwk)
        assert "key" in grant_fault(m.assertion(firm.client))


def test_an_algorithm_of_another_kind_of_key(firm):
    held = ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
    other = m.machine(firm, held=held)
    text = m.signed({"alg": "RS256", "kid": "ec"}, m.claims(other.pk), m.key())
    assert "needs an RSA key" in grant_fault(text)


@pytest.mark.parametrize(
    "extra",
    [{"jwk": {}}, {"jku": "https://x.example"}, {"x5u": "https://x.example"}, {"crit": ["exp"]},
     {"crit": ["b64"], "b64": False}, {"x5c": ["MIIB"]}, {"kid": ...}, {"kid": 7}, {"kid": "x\x00"},
     {"kid": "x" * 101}],
)  # fmt: skip
def test_headers_that_are_refused(firm, extra):
    if extra.get("jwk") == {}:  # the sender's own key, inside
        extra = {"jwk": m.key("evil").as_dict(private=False)}
        text = m.signed({"alg": "RS256", "kid": "k1"} | extra, m.claims(firm.client.pk), m.key("evil"))
    else:
        header = {"alg": "RS256", "kid": "k1"} | extra
        text = encoded(
            {name: value for name, value in header.items() if value is not ...}, m.claims(firm.client.pk), b"x"
        )
    assert grant_fault(text)


def test_a_certificate_that_did_not_sign(firm):
    bearer = m.certificate_of(firm)
    text = m.signed({"alg": "RS256", "x5c": enterprises.x5c(bearer)}, m.claims(firm.organisation_number), m.key())
    assert "signature" in grant_fault(text)


def test_certificates_that_are_refused(firm, settings, tmp_path):
    other = make.chief_of("Annet AS")[1]
    assert "another organisation" in grant_fault(m.with_certificate(m.certificate_of(other), firm.client.pk))
    assert "iss is neither" in grant_fault(m.with_certificate(m.certificate_of(other), firm.organisation_number))
    stranger = demo_ca.issue("974760673", "Utenfor", key=m._certificate_key())
    assert "entity register" in grant_fault(m.with_certificate(stranger, "974760673"))
    revoked = m.certificate_of(firm)
    demo_ca.revoke(revoked.certificate.serial_number)
    certificates.forget()
    assert "revoked" in grant_fault(m.with_certificate(revoked, firm.organisation_number))
    root = enterprises.certificate(ca=0, name=enterprises.named("Prøverot"))
    settings.ENTERPRISE_CA_FOLDER = str(tmp_path)
    enterprises.trust(tmp_path, root, root=enterprises.crl(root))
    name = demo_ca.subject(firm.organisation_number, "X")
    old = enterprises.certificate(root, name=name, start=-9, days=-1)
    assert "not valid" in grant_fault(m.with_certificate(old, firm.organisation_number, alg="ES256"))
    nameless = enterprises.certificate(root, name=enterprises.named())
    assert "organisation number" in grant_fault(m.with_certificate(nameless, firm.organisation_number, alg="ES256"))
    assert "authority we trust" in grant_fault(m.with_certificate(m.certificate_of(firm), firm.organisation_number))


@pytest.mark.parametrize(
    ("resource"),
    [
        "",
        [],
        7,
        {},
        ["x", 1],
        ["/relative"],
        ["https://x.example/#part"],
        ["https://[x"],
        "a b",
        ["urn:"],
        ["x:y"] * 11,
    ],
)
def test_a_resource_must_be_an_address(firm, resource):
    assert m.refused(m.ask(m.assertion(firm.client, resource=resource))).startswith("invalid_target")


@pytest.mark.parametrize("pid", ["", "12345678901", 7, None, "\x00"])
def test_a_pid_must_be_an_identity_number(firm, pid):
    assert m.refused(m.ask(m.assertion(firm.client, pid=pid))).startswith("invalid_request")


@pytest.mark.parametrize(
    ("form", "error"),
    [({}, "unsupported_grant_type"), ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
     ({"grant_type": issuer.JWT_BEARER}, "invalid_request"),
     ({"grant_type": issuer.JWT_BEARER, "assertion": ["a", "b"]}, "invalid_request"),
     ({"grant_type": issuer.JWT_BEARER, "assertion": "x" * 40_000}, "invalid_grant"),
     ({"grant_type": issuer.JWT_BEARER, "assertion": "æ.ø.å"}, "invalid_grant"),
     ({"grant_type": issuer.JWT_BEARER, "assertion": "a.b.c.d.e"}, "invalid_grant")],
)  # fmt: skip
def test_forms_that_are_refused(client, form, error):
    assert m.refused(client.post("/machine/token", form)).startswith(error)
    assert client.get("/machine/token").status_code == 405


def test_deep_json_is_refused(firm):
    deep = base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("=")
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"k1"}').decode().rstrip("=")
    assert grant_fault(f"{header}.{deep}.AA")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(
    ["aud", "iss", "iat", "exp", "jti", "scope", "resource", "pid", "consumer_org", "iss_onbehalfof", "nbf"]
)


@hypothesis(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(names, values, max_size=4))
def test_whatever_a_client_claims_it_is_told_and_nothing_breaks(firm, odd):
    answer = m.ask(m.assertion(firm.client, **odd))
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or m.refused(answer)


@hypothesis(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "x5c", "typ", "crit", "jwk"]), values, max_size=4),
    st.binary(max_size=20),
)
def test_whatever_the_header_it_is_told_and_nothing_breaks(firm, odd, signature):
    assert m.refused(m.ask(encoded({"alg": "RS256", "kid": "k1"} | odd, m.claims(firm.client.pk), signature)))


@hypothesis(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_whatever_is_sent_it_is_told_and_nothing_breaks(firm, text):
    assert m.refused(m.ask(text))


@pytest.mark.django_db(transaction=True)
def test_sent_by_many_at_once_only_one_gets_a_token():
    if connection.vendor != "postgresql":
        many = 3  # SQLite lets one write at a time: the same answer, with less to race about
    else:
        many = 12
    m.scope(accessible_for_all=True)
    _siri, company = make.chief_of()
    text = m.assertion(m.machine(company))
    answers, start = [], threading.Barrier(many)

    def send():
        start.wait()
        try:
            answers.append(m.ask(text, Client()).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _one in range(many)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [200] + [400] * (many - 1)
