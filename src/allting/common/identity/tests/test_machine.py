"""Machine to machine as in Maskinporten: who gets a token, and what stands in it."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from allting.common.identity.machine import demo_ca, grant, issuer
from allting.common.identity.models import ScopeAccess, ScopeUse
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


# --- What a token says ---------------------------------------------------------------------------------


def test_metadata_and_keys_verify_a_token(client, firm):
    found = client.get("/machine/.well-known/oauth-authorization-server").json()
    assert found == client.get("/.well-known/oauth-authorization-server/machine").json()
    assert found["issuer"] == "http://127.0.0.1:8000/machine"
    answer = client.post(
        found["token_endpoint"],
        {"grant_type": found["grant_types_supported"][0], "assertion": m.assertion(firm.client)},
    )
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, m.SCOPE)
    keys = KeySet.import_key_set(client.get(found["jwks_uri"]).json())
    read = jwt.decode(body["access_token"], keys, algorithms=["RS256"])
    assert read.header["kid"] in {key.kid for key in keys.keys}
    assert {name: read.claims[name] for name in read.claims if name not in ("iat", "exp", "jti")} == {
        "iss": found["issuer"],
        "client_id": firm.client.pk,
        "client_amr": "private_key_jwt",
        "client_orgno": firm.organisation_number,
        "scope": m.SCOPE,
        "token_type": "Bearer",
        "consumer": {"authority": "iso6523-actorid-upis", "ID": f"0192:{firm.organisation_number}"},
    }
    assert read.claims["exp"] - read.claims["iat"] == 600
    assert len(read.claims["jti"]) > 20


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "PS256"])
def test_the_algorithms_of_an_rsa_key(firm, alg):
    assert m.token_of(m.assertion(firm.client, alg=alg))["scope"] == m.SCOPE


def test_an_elliptic_curve_key(firm):
    held = ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
    other = m.machine(firm, held=held)
    assert m.token_of(m.assertion(other, held, alg="ES256"))["client_id"] == other.pk


def test_an_organisation_comes_with_its_certificate_alone(firm):
    found = m.token_of(m.with_certificate(m.certificate_of(firm), firm.organisation_number))
    assert (found["client_amr"], found["client_id"]) == ("virksomhetssertifikat", firm.organisation_number)
    assert m.token_of(m.with_certificate(m.certificate_of(firm), f"0192:{firm.organisation_number}"))


def test_a_client_may_use_its_owners_certificate(firm):
    bearer = demo_ca.issue(firm.organisation_number, "X", key=ec.generate_private_key(ec.SECP256R1()))
    found = m.token_of(m.with_certificate(bearer, firm.client.pk, alg="ES256"))
    assert (found["client_amr"], found["client_id"]) == ("virksomhetssertifikat", firm.client.pk)


@pytest.mark.parametrize("audience", ["{}", "{}/", ["{}"]])
def test_the_issuer_with_or_without_a_slash(firm, audience):
    name = issuer.issuer()
    given = [name] if isinstance(audience, list) else audience.format(name)
    assert m.token_of(m.assertion(firm.client, aud=given))


def test_a_token_is_bound_to_what_it_is_for(firm):
    wanted = ["https://api.example/v1", "urn:x:y"]
    number = make.person().identity_number
    found = m.token_of(m.assertion(firm.client, resource=wanted, pid=number))
    assert (found["aud"], found["pid"]) == (wanted, number)
    assert m.token_of(m.assertion(firm.client, resource=wanted[0]))["aud"] == wanted[0]


def test_a_token_lasts_as_its_shortest_scope(firm):
    m.scope("prove:kort", at_max_age=30, accessible_for_all=True)
    firm.client.scopes += ["prove:kort"]
    firm.client.save()
    found = m.token_of(m.assertion(firm.client, scope=f"{m.SCOPE} prove:kort {m.SCOPE}"))
    assert (found["exp"] - found["iat"], found["scope"]) == (30, f"{m.SCOPE} prove:kort")


# --- Scopes and delegation -------------------------------------------------------------------------------


def test_only_who_has_the_scope(firm):
    access = ScopeAccess.objects.get()
    access.withdrawn = timezone.now()
    access.save()
    assert m.refused(m.ask(m.assertion(firm.client))) == f"invalid_scope: {m.SCOPE}: the consumer does not have it."


@pytest.mark.parametrize(
    ("scope", "says"),
    [(..., "must name"), ("", "must name"), (7, "must name"), ("les", "prefix:subscope"),
     ("a:b\x00", "prefix:subscope"), ("prove:annet", "not registered on the client"),
     (" ".join(f"a:{n}" for n in range(31)), "must name")],
)  # fmt: skip
def test_scopes_that_cannot_be_had(firm, scope, says):
    found = m.refused(m.ask(m.assertion(firm.client, scope=scope)))
    assert found.startswith("invalid_scope: ") and says in found


def test_a_scope_that_is_not_there_switched_off_or_for_logins(firm):
    bearer, me = m.certificate_of(firm), firm.organisation_number
    m.scope("prove:av", active=False, accessible_for_all=True)
    m.scope("prove:login", allowed_integration_types=["idporten"], accessible_for_all=True)
    for name, says in (("prove:borte", "no such"), ("prove:av", "no such"), ("prove:login", "machine-to-machine")):
        assert says in m.refused(m.ask(m.with_certificate(bearer, me, scope=name)))


def test_an_open_scope_and_one_with_terms(firm):
    bearer, me = m.certificate_of(firm), firm.organisation_number
    m.scope("prove:apen", accessible_for_all=True)
    m.scope("prove:vilkar", accessible_for_all=True, terms="Bruk det pent.")
    assert m.token_of(m.with_certificate(bearer, me, scope="prove:apen"))
    assert "terms" in m.refused(m.ask(m.with_certificate(bearer, me, scope="prove:vilkar")))
    m.give(firm, "prove:vilkar")
    assert m.token_of(m.with_certificate(bearer, me, scope="prove:vilkar"))


def test_the_owner_has_its_own_scopes(firm):
    owner = make.state("skatteetaten")
    assert m.token_of(m.with_certificate(m.certificate_of(owner), owner.organisation_number))


@pytest.fixture
def supplier():
    """A supplier with a client, and the consumer it works for: a municipality that has a delegable scope."""
    m.scope(delegable=True)
    molde = make.municipality()
    m.give(molde)
    _siri, company = make.chief_of("Leverandør AS")
    company.client, company.consumer = m.machine(company), molde
    return company


def test_a_supplier_gets_a_token_that_says_for_whom(supplier):
    molde = supplier.consumer
    m.delegate(molde, supplier)
    found = m.token_of(m.assertion(supplier.client, consumer_org=molde.organisation_number))
    assert found["consumer"]["ID"] == f"0192:{molde.organisation_number}"
    assert found["supplier"] == {"authority": "iso6523-actorid-upis", "ID": f"0192:{supplier.organisation_number}"}
    assert found["client_orgno"] == supplier.organisation_number
    assert found["delegation_source"] == "http://127.0.0.1:8000"
    use = ScopeUse.objects.get()
    assert (use.consumer, use.asker, use.last) == (molde.pk, supplier.pk, timezone.localdate())
    assert m.token_of(m.assertion(supplier.client, consumer_org=f"0192:{molde.organisation_number}"))


def test_iss_onbehalfof_names_a_consumer_but_never_stands_in_for_its_delegation(supplier):
    supplier.client.on_behalf_of = {"molde": supplier.consumer.organisation_number}
    supplier.client.save()
    assert "not delegated" in m.refused(m.ask(m.assertion(supplier.client, iss_onbehalfof="molde")))
    m.delegate(supplier.consumer, supplier)
    assert "supplier" in m.token_of(m.assertion(supplier.client, iss_onbehalfof="molde"))
    for name in ("other", 7, ["molde"], {}):
        assert "not registered" in m.refused(m.ask(m.assertion(supplier.client, iss_onbehalfof=name)))
    both = m.assertion(supplier.client, iss_onbehalfof="molde", consumer_org=supplier.consumer.organisation_number)
    assert m.refused(m.ask(both)).startswith("invalid_request")


def test_the_day_of_use_is_kept_once_a_day(firm, monkeypatch):
    m.token_of(m.assertion(firm.client))
    ScopeUse.objects.update(last=timezone.localdate() - timedelta(days=3))
    m.token_of(m.assertion(firm.client))
    assert ScopeUse.objects.get().last < timezone.localdate()  # this process has written it today
    monkeypatch.setattr(grant, "_noted", grant._Noted())
    m.token_of(m.assertion(firm.client))
    assert ScopeUse.objects.get().last == timezone.localdate()


@pytest.mark.parametrize(
    "when",
    [{"starts": timedelta(days=1)}, {"starts": timedelta(days=-9), "ends": timedelta(days=-1)}, {"withdrawn": 1}, None],
)
def test_a_delegation_that_does_not_hold_today(supplier, when):
    if when is not None:
        today = timezone.localdate()
        values = {name: timezone.now() if name == "withdrawn" else today + by for name, by in when.items()}
        m.delegate(supplier.consumer, supplier, **values)
    asked = m.assertion(supplier.client, consumer_org=supplier.consumer.organisation_number)
    assert "has not delegated it to you" in m.refused(m.ask(asked))


def test_the_last_day_of_a_delegation_is_in_it(supplier):
    today = timezone.localdate()
    m.delegate(supplier.consumer, supplier, starts=today - timedelta(days=3), ends=today)
    assert m.token_of(m.assertion(supplier.client, consumer_org=supplier.consumer.organisation_number))


def test_a_delegation_reaches_no_further_than_the_consumer(supplier):
    m.delegate(supplier.consumer, supplier)
    ScopeAccess.objects.update(withdrawn=timezone.now())
    asked = m.assertion(supplier.client, consumer_org=supplier.consumer.organisation_number)
    assert "consumer does not have it" in m.refused(m.ask(asked))


def test_a_scope_that_is_no_longer_delegable(supplier):
    row = m.delegate(supplier.consumer, supplier)
    row.scope.delegable = False
    row.scope.save()
    asked = m.assertion(supplier.client, consumer_org=supplier.consumer.organisation_number)
    assert "has not delegated it" in m.refused(m.ask(asked))


def test_a_supplier_has_nothing_for_itself(supplier):
    m.delegate(supplier.consumer, supplier)
    assert "does not have it" in m.refused(m.ask(m.assertion(supplier.client)))


@pytest.mark.parametrize("number", ["999999999", "", None, 12, ["x"], "0192:", "\x00"])
def test_a_consumer_that_is_not_in_the_register(supplier, number):
    assert m.refused(m.ask(m.assertion(supplier.client, consumer_org=number))).startswith("invalid_request")
