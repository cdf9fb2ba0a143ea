"""A client asks for whom she acts; she chooses among those the registers let her act for, and the tokens say both."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.identity import clients
from allting.common.identity.models import Grant
from allting.common.identity.tests import factories_machine as machines
from allting.common.identity.tests import relying
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.identity.tests.test_token_endpoint import post
from allting.common.registers.models import Mandate, Power
from allting.common.registers.tests import factories as make

pytestmark = pytest.mark.django_db
TYPE = "allting:representation"
KINDERGARTEN = "kindergarten-place"


def details(**more):
    return json.dumps([{"type": TYPE, **more}])


def at_the_choice(browser, person, level="substantial", **changes):
    """Log in until the page where she chooses; its address."""
    changes = {"authorization_details": details()} | changes
    response = browser.get("/id/authorize", relying.question(**changes))
    if response["Location"].startswith("/id/eid"):
        response = browser.post(response["Location"], {"pid": person.identity_number, "level": level})
    return response["Location"]


def chosen(browser, person, party, **changes):
    """What the client is told when she has chosen ``party``."""
    address = at_the_choice(browser, person, **changes)
    assert address.startswith("/id/for?"), address
    return relying.answer_of(browser.post(address, {"party": party}))


def tokens(browser, person, party, **changes):
    answer = chosen(browser, person, party, **changes)
    told = Browser().post("/id/token", relying.token_form(answer["code"]))
    assert told.status_code == 200, told.content
    return told.json()


def org(one):
    return f"organisation:{one.pk}"


def per(one):
    return f"person:{one.pk}"


@pytest.fixture
def service():
    return relying.registered(scopes=["api"])


@pytest.fixture
def firm():
    """Siri, and the enterprise she leads."""
    return make.chief_of("Fjordkroa AS")


# --- What is told --------------------------------------------------------------------------------------


def test_all_tokens_say_who_and_for_whom(client, firm):
    secret = relying.with_secret()[1]
    siri, company = firm
    answer = chosen(client, siri, org(company))
    told = post("token", relying.token_form(answer["code"], None), relying.basic("service", secret)).json()
    for_whom = [{
        "type": TYPE, "name": "Fjordkroa AS",
        "orgno": {"authority": "iso6523-actorid-upis", "ID": f"0192:{company.organisation_number}"},
    }]  # fmt: skip
    identity = relying.claims_of(told["id_token"])
    assert identity["pid"] == siri.identity_number
    access = relying.claims_of(told["access_token"], "at+jwt")
    about = client.get("/id/userinfo", headers={"Authorization": f"Bearer {told['access_token']}"}).json()
    asked = [post("introspect", {"token": told[name]}, relying.basic("service", secret)).json()
             for name in ("access_token", "refresh_token")]  # fmt: skip
    refreshed = post(
        "token", {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]},
        relying.basic("service", secret),
    ).json()  # fmt: skip
    again = relying.claims_of(refreshed["id_token"])
    for one in (told, identity, access, about, *asked, refreshed, again):
        assert one["authorization_details"] == for_whom
        assert one is told or one is refreshed or one["sub"] == identity["sub"]


def test_a_child_has_her_own_name_and_number_where_the_law_gives_it(client, service):
    kari = make.person()
    ella = make.child_of(kari)
    told = tokens(client, kari, per(ella))
    for_whom = relying.claims_of(told["id_token"])["authorization_details"][0]
    assert for_whom == {"type": TYPE, "sub": clients.subject(service, ella.pk), "pid": ella.identity_number}
    in_token = relying.claims_of(told["access_token"], "at+jwt")["authorization_details"][0]
    assert in_token == {"type": TYPE, "sub": clients.subject(service, ella.pk)}
    assert Entry.objects.filter(subject=ella.pk, fields=["identity_number"], authority_name="Service").exists()


def test_without_a_law_no_number_is_told(client):
    service = relying.registered(legal_basis="")
    kari = make.person()
    ella = make.child_of(kari)
    told = relying.claims_of(tokens(client, kari, per(ella))["id_token"])
    assert told["authorization_details"] == [{"type": TYPE, "sub": clients.subject(service, ella.pk)}]


def test_both_stand_in_the_log_and_on_her_page(client, firm, service):
    siri, company = firm
    tokens(client, siri, org(company))
    line = Entry.objects.get(subject=company.pk)
    assert (line.person, line.on_behalf_of, line.dataset) == (siri.pk, org(company), "identity.login")
    assert "Service" in line.reason
    log_in_for_test(client, siri.pk)
    assert "på vegne av Fjordkroa AS" in client.get("/my/eids/history").content.decode()


def test_as_herself_nothing_more_is_told(client, firm, service):
    told = tokens(client, firm[0], "")
    assert "authorization_details" not in told
    assert "authorization_details" not in relying.claims_of(told["id_token"])


# --- Among whom ----------------------------------------------------------------------------------------


def test_she_sees_only_those_she_may_act_for(client, firm, service):
    siri, _company = firm
    make.child_of(siri, given_name="Ella")
    make.chief_of("Andres AS")
    page = client.get(at_the_choice(client, siri)).content.decode()
    assert all(name in page for name in ("Ella", "Fjordkroa AS", "Meg selv"))
    assert "Andres" not in page


def test_a_party_she_may_not_act_for_is_refused(client, firm, service):
    address = at_the_choice(client, firm[0])
    for other in (org(make.chief_of("Andres AS")[1]), per(make.person()), per(firm[0])):
        assert client.post(address, {"party": other}).status_code == 403
    assert client.post(address, {"party": "nonsense"}).status_code == 422
    assert not Grant.objects.exists()


def test_an_officer_does_not_bring_the_authoritys_powers(client, service):
    molde = make.municipality()
    nina = make.officer_in(molde)
    make.child_of(nina)
    address = at_the_choice(client, nina)
    assert "Molde" not in client.get(address).content.decode()
    assert client.post(address, {"party": org(molde)}).status_code == 403


def test_a_power_for_some_services_reaches_only_those(client, service):
    siri, amir = make.person(), make.person()
    make.power(siri, amir, reach={"services": [KINDERGARTEN]})
    make.child_of(amir)
    assert client.post(at_the_choice(client, amir), {"party": per(siri)}).status_code == 403
    other = details(service="change-of-address")
    assert (
        client.post(at_the_choice(client, amir, authorization_details=other), {"party": per(siri)}).status_code == 403
    )
    told = tokens(client, amir, per(siri), authorization_details=details(service=KINDERGARTEN))
    assert told["authorization_details"][0]["service"] == KINDERGARTEN


def test_a_power_for_an_authority_reaches_that_authoritys_clients(client):
    nav = make.state("nav")
    relying.registered("navs", owner=nav.pk)
    relying.registered("others", owner=make.state("skatteetaten").pk)
    siri, amir = make.person(), make.person()
    make.power(siri, amir, reach={"authorities": [str(nav.pk)]})
    make.child_of(amir)
    assert "code" in chosen(client, amir, per(siri), client_id="navs")
    assert client.post(at_the_choice(client, amir, client_id="others"), {"party": per(siri)}).status_code == 403


def test_who_signs_with_another_gets_no_further_than_our_api(client, firm, service):
    siri, company = firm
    Mandate.objects.filter(person=siri).update(role="joint-signatory")
    make.child_of(siri)
    assert client.post(at_the_choice(client, siri), {"party": org(company)}).status_code == 403
    assert "code" in chosen(client, siri, org(company), scope="openid api")


def test_the_client_says_which_kinds(client, firm, service):
    siri, company = firm
    ella = make.child_of(siri, given_name="Ella")
    asked = details(parties=["organisation"], representation_is_required=True)
    address = at_the_choice(client, siri, authorization_details=asked)
    page = client.get(address).content.decode()
    assert "Fjordkroa AS" in page
    assert "Ella" not in page
    assert "Meg selv" not in page
    assert client.post(address, {"party": per(ella)}).status_code == 403
    again = client.post(address, {"party": ""})
    assert again.status_code == 422
    assert "Fjordkroa AS" in again.content.decode()
    assert "code" in relying.answer_of(client.post(address, {"party": org(company)}))


def test_who_has_nobody_is_not_asked(client, service):
    kari = make.person()
    assert relying.answer_of(client.get(at_the_choice(client, kari)))["code"]
    address = at_the_choice(client, kari, authorization_details=details(representation_is_required=True))
    page = client.get(address).content.decode()
    way = page.split('href="/id/cancel?')[1].split('"')[0].replace("&amp;", "&")
    assert relying.answer_of(client.get(f"/id/cancel?{way}"))["error"] == "access_denied"


def test_many_enterprises_are_found_by_name(client, service):
    accountant = make.person()
    companies = make.client_companies(accountant, 120)
    Mandate.objects.filter(person=accountant).update(role="signatory")
    address = at_the_choice(client, accountant)
    page = client.get(address).content.decode()
    assert "Klient 049 AS" in page
    assert "Klient 050 AS" not in page
    found = client.post(address, {"find": "1", "q": "klient 119"}).content.decode()
    assert "Klient 119 AS" in found
    assert "Klient 000" not in found
    nobody = client.post(address, {"find": "1", "q": "zzz"}).content.decode()
    assert "Klient" not in nobody
    assert "code" in relying.answer_of(client.post(address, {"party": org(companies[119])}))


# --- Misuse --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [
    "[]", "{}", "x", "null", '[{"type":"other"}]', f'[{{"type":"{TYPE}"}},{{"type":"{TYPE}"}}]', "[" * 900,
    details(party="person:1"), details(service="no-such"), details(service=3), details(service=["x"]),
    details(parties=[]), details(parties=["authority"]), details(parties="person"),
    details(representation_is_required="maybe"), details(representation_is_required=1),
    details(service="x" * 1000), '[{"type":["x"]}]',
])  # fmt: skip
def test_what_we_do_not_understand_is_refused(client, service, said):
    answer = relying.answer_of(client.get("/id/authorize", relying.question(authorization_details=said)))
    assert answer["error"] == "invalid_authorization_details"


def test_the_page_is_of_one_login_only(client, firm, service):
    siri, company = firm
    address = at_the_choice(client, siri)
    assert Browser().get(address).status_code == 422  # another browser
    other = Browser()
    at_the_choice(other, make.person())
    assert other.post(address, {"party": org(company)}).status_code == 422  # somebody else's login
    at_the_choice(client, siri, prompt="login")
    assert client.post(address, {"party": org(company)}).status_code == 422  # her own, but an earlier one
    assert not Grant.objects.exists()


def test_the_way_around_the_login_is_shut(client, firm, service):
    """A request that wants a new login must not come to the page on an old one, by changing the address."""
    siri, _company = firm
    at_the_choice(client, siri)
    fresh = client.get("/id/authorize", relying.question(authorization_details=details(), prompt="login"))
    word = parse_qs(urlsplit(fresh["Location"]).query)["request"][0]
    assert client.get("/id/for", {"request": word}).status_code == 422
    assert client.get("/id/for", {"request": "x"}).status_code == 422
    assert client.get("/id/for").status_code == 422


def test_a_client_that_wants_no_page_is_told(client, firm, service):
    asked = {"authorization_details": details(), "prompt": "none"}
    assert relying.answer_of(client.get("/id/authorize", relying.question(**asked)))["error"] == "login_required"
    at_the_choice(client, firm[0])
    assert relying.answer_of(client.get("/id/authorize", relying.question(**asked)))["error"] == "interaction_required"


def test_the_token_endpoint_takes_no_other_party(client, firm, service):
    answer = chosen(client, firm[0], org(firm[1]))
    form = relying.token_form(answer["code"], authorization_details=details())
    assert Browser().post("/id/token", form).json()["error"] == "invalid_authorization_details"


def test_a_pushed_and_a_signed_request_may_ask_too(client, firm):
    _service, key = relying.with_key()
    siri, company = firm
    claims = relying.question() | {"iss": "service", "aud": relying.ISSUER, "exp": relying.now() + 60}
    claims["authorization_details"] = json.loads(details(representation_is_required="true"))
    signed = machines.signed({"alg": "ES256", "kid": "k1"}, claims, key)
    assert "code" in chosen(client, siri, org(company), request=signed)
    form = relying.question(authorization_details="[]")
    form |= {"client_assertion_type": relying.ASSERTION, "client_assertion": relying.assertion(key)}
    assert post("par", form).json()["error"] == "invalid_authorization_details"


# --- It ends -------------------------------------------------------------------------------------------


def call(path, token):
    return Browser().get(path, headers={"Authorization": f"Bearer {token}"})


def test_the_api_sees_for_whom_and_only_as_far_as_it_reaches(client, service):
    siri, amir = make.person(given_name="Siri"), make.person()
    make.power(siri, amir, reach={"services": [KINDERGARTEN]})
    told = tokens(client, amir, per(siri), scope="openid api", authorization_details=details(service=KINDERGARTEN))
    assert call("/api/cases", told["access_token"]).status_code == 200
    assert call("/api/jobs/employer", told["access_token"]).status_code == 403


def test_a_withdrawal_holds_at_once_everywhere(client):
    secret = relying.with_secret(scopes=["api"])[1]
    basic = relying.basic("service", secret)
    siri, amir = make.person(), make.person()
    make.power(siri, amir)
    answer = chosen(client, amir, per(siri), scope="openid api")
    told = post("token", relying.token_form(answer["code"], None), basic).json()
    late = chosen(client, amir, per(siri), scope="openid api")
    assert call("/api/cases", told["access_token"]).status_code == 200
    Power.objects.update(withdrawn=timezone.now())
    assert call("/api/cases", told["access_token"]).status_code == 401
    assert call("/id/userinfo", told["access_token"]).status_code == 401
    for name in ("access_token", "refresh_token"):
        assert post("introspect", {"token": told[name]}, basic).json() == {"active": False}
    turned = post("token", {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}, basic)
    assert turned.json()["error"] == "invalid_grant"
    assert post("token", relying.token_form(late["code"], None), basic).json()["error"] == "invalid_grant"


def test_a_role_that_ends_between_page_and_choice(client, firm, service):
    siri, company = firm
    address = at_the_choice(client, siri)
    assert "Fjordkroa AS" in client.get(address).content.decode()
    Mandate.objects.filter(person=siri).update(ended=timezone.localdate())
    assert client.post(address, {"party": org(company)}).status_code == 403
