"""A client that signs with its owner's enterprise certificate (``x5c``) in place of a registered key."""

import pytest
from joserfc.jwk import ECKey

from allting.common.identity.machine import certificates, demo_ca
from allting.common.identity.tests import factories_machine as machines
from allting.common.identity.tests import relying
from allting.common.identity.tests.enterprises import certificate, crl, trust, x5c
from allting.common.identity.tests.test_token_endpoint import post
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return make.chief_of("Prøvehuset AS")[1]


@pytest.fixture
def root(settings, tmp_path):
    """An authority that the installation trusts."""
    found = certificate(ca=2, name=demo_ca.subject("310000000", "Prøverot"))
    settings.ENTERPRISE_CA_FOLDER = str(tmp_path)
    trust(tmp_path, found, root=crl(found))
    certificates.forget()
    return found


def of(organisation, above, **values):
    name = demo_ca.subject(organisation.organisation_number, organisation.name)
    return certificate(above, name=name, **values)


def signed(bearer, **header):
    text = relying.assertion(ECKey.import_key(bearer.key), header={"kid": None, "x5c": x5c(bearer)} | header)
    return {"client_assertion_type": relying.ASSERTION, "client_assertion": text}


def told(bearer, **header):
    answer = post("introspect", {"token": "x"} | signed(bearer, **header))
    assert answer.status_code in (200, 401), answer.content
    return answer.json().get("error_description", "taken")


def test_the_owners_certificate_logs_a_person_in(client, firm, root):
    kari = make.person()
    relying.registered(auth_method="private_key_jwt", owner=firm.pk)
    code = relying.logged_in(client, kari)["code"]
    answer = post("token", relying.token_form(code, None) | signed(of(firm, root)))
    assert relying.claims_of(answer.json()["id_token"])["pid"] == kari.identity_number


def test_another_organisations_certificate_is_refused(firm, root):
    relying.registered(auth_method="private_key_jwt", owner=firm.pk)
    other = make.chief_of("Nabohuset AS")[1]
    assert "another organisation" in told(of(other, root))
    assert told(of(firm, root)) == "taken"


def test_a_client_of_the_platform_has_no_certificate(firm, root):
    relying.registered(auth_method="private_key_jwt", owner=None)
    assert "another organisation" in told(of(firm, root))


def test_a_revoked_one_is_refused(firm, root, tmp_path):
    relying.registered(auth_method="private_key_jwt", owner=firm.pk)
    bearer = of(firm, root)
    trust(tmp_path, root, root=crl(root, bearer.certificate.serial_number))
    assert "revoked" in told(bearer)


@pytest.mark.parametrize("days", [{"start": -10, "days": -1}, {"start": 1, "days": 2}])
def test_one_that_is_not_valid_today_is_refused(firm, root, days):
    relying.registered(auth_method="private_key_jwt", owner=firm.pk)
    assert "not valid" in told(of(firm, root, **days))


def test_an_authority_we_do_not_trust_is_refused(firm, root):
    relying.registered(auth_method="private_key_jwt", owner=firm.pk)
    assert "authority we trust" in told(of(firm, certificate(ca=2, name=demo_ca.subject("310000000", "Annen rot"))))


def test_the_certificate_must_be_that_of_the_signing_key(firm, root):
    relying.registered(auth_method="private_key_jwt", owner=firm.pk)
    assert "signature does not fit" in told(of(firm, root), x5c=x5c(of(firm, root)))


def test_a_client_with_a_secret_may_not_use_it(firm, root):
    relying.with_secret(owner=firm.pk)
    assert "another way of authentication" in told(of(firm, root))


def test_a_signed_request_may_bring_it_too(client, firm, root):
    relying.registered(owner=firm.pk)
    bearer = of(firm, root)
    key = ECKey.import_key(bearer.key)
    asked = machines.signed(
        {"alg": "ES256", "x5c": x5c(bearer)},
        relying.question() | {"iss": "service", "aud": relying.ISSUER, "exp": relying.now() + 60},
        key,
    )
    answer = client.get("/id/authorize", relying.question(request=asked))
    assert answer["Location"].startswith("/id/eid"), answer["Location"]
