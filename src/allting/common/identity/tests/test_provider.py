"""The OpenID provider as its clients meet it: what they may ask, what they get, and what they are refused."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.test import Client as Browser
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.identity import clients, signing
from allting.common.identity.models import Client, Grant, PushedRequest, SignOn
from allting.common.identity.tests import relying
from allting.common.registers.tests import factories as make
from allting.kernel.tests import softhsm

pytestmark = pytest.mark.django_db
DIGDIR = UUID("018f0000-0000-7000-8000-000000000001")


@pytest.fixture
def kari():
    return make.person()


def refused(response):
    return relying.answer_of(response).get("error")


# --- What a client gets -----------------------------------------------------------------------------


def test_an_id_token_has_what_id_porten_gives(client, kari):
    relying.registered(on_behalf_of={"molde_kommune": "974760673"})
    found = relying.tokens_for(client, kari, onbehalfof="molde_kommune", ui_locales="se nn-NO en")
    claims = relying.claims_of(found["id_token"])
    assert relying.header_of(found["id_token"])["alg"] == "RS256"
    assert claims["pid"] == kari.identity_number
    assert (claims["acr"], claims["amr"], claims["locale"]) == ("idporten-loa-substantial", ["TestID"], "nn")
    assert claims["client_onbehalfof"] == claims["aud_onbehalfof"] == "molde_kommune"
    assert claims["at_hash"] == signing.half_hash(found["access_token"])
    assert claims["sid"] == SignOn.objects.get().sid
    assert set(claims) >= {"iss", "aud", "sub", "auth_time", "iat", "exp", "jti", "nonce"}
    assert relying.claims_of(found["access_token"], "at+jwt")["client_id"] == "service"
    assert (found["token_type"], found["expires_in"]) == ("Bearer", 120)


def test_who_got_the_identity_number_stands_in_her_log(client, kari):
    relying.registered(owner=DIGDIR, name="Skattemeldingen", legal_basis="skatteforvaltningsloven § 8-2")
    relying.tokens_for(client, kari)
    entry = Entry.objects.get(subject=kari.pk, authority=DIGDIR)
    assert (entry.authority_name, entry.fields) == ("Skattemeldingen", ["identity_number"])
    assert (entry.basis, entry.reason) == ("skatteforvaltningsloven § 8-2", "Innlogging hos Skattemeldingen")


def test_without_a_legal_basis_neither_number_nor_name(client, kari):
    relying.registered(legal_basis="")
    found = relying.tokens_for(client, kari, scope="openid profile")
    assert "pid" not in relying.claims_of(found["id_token"])
    told = client.get("/id/userinfo", headers={"Authorization": f"Bearer {found['access_token']}"}).json()
    assert set(told) == {"sub"}


def test_two_owners_cannot_put_together_what_they_know(client, kari):
    other = UUID(int=DIGDIR.int + 1)
    for name, owner in (("a", DIGDIR), ("b", DIGDIR), ("c", other)):
        relying.registered(name, owner=owner)
    subjects = [relying.claims_of(relying.tokens_for(client, kari, name)["id_token"])["sub"] for name in "abc"]
    assert subjects[0] == subjects[1] != subjects[2]
    assert str(kari.pk) not in subjects


def test_a_client_chooses_how_its_tokens_are_signed(client, kari):
    relying.registered(signing_alg="ES256")
    assert relying.header_of(relying.tokens_for(client, kari)["id_token"])["alg"] == "ES256"


def test_one_login_opens_all_clients_without_asking(client, kari):
    relying.registered("one")
    relying.registered("two")
    first = relying.claims_of(relying.tokens_for(client, kari, "one")["id_token"])
    response = client.get("/id/authorize", relying.question("two"))
    assert response["Location"].startswith(relying.BACK)
    code = relying.answer_of(response)["code"]
    second = relying.claims_of(client.post("/id/token", relying.token_form(code, "two")).json()["id_token"])
    assert first["sid"] == second["sid"]
    assert first["auth_time"] == second["auth_time"]


def test_the_answer_says_who_it_is_from(client, kari):
    relying.registered()
    answer = relying.logged_in(client, kari)
    assert answer["iss"] == relying.ISSUER
    assert answer["state"] == "s"


def test_the_answer_may_come_as_a_form(client, kari):
    relying.registered()
    page = client.get("/id/authorize", relying.question(response_mode="form_post", prompt="none"))
    assert page.status_code == 200
    assert "form-action 'self' https://service.example;" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert f'action="{relying.BACK}"' in text
    assert 'name="error" value="login_required"' in text and 'name="iss"' in text
    assert page["Cache-Control"] == "no-store"


# --- Levels and how fresh the login is --------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", ["idporten-loa-high", "high", "eidas-loa-high", "Level4", "idporten-loa-substantial idporten-loa-high"]
)
def test_a_higher_level_authenticates_again_and_raises_the_session(client, kari, asked):
    relying.registered()
    first = relying.claims_of(relying.tokens_for(client, kari)["id_token"])
    before = client.cookies["allting_id"].value
    response = client.get("/id/authorize", relying.question(acr_values=asked))
    assert response["Location"].startswith("/id/eid")
    code = relying.logged_in(client, kari, "high", acr_values=asked)["code"]
    second = relying.claims_of(client.post("/id/token", relying.token_form(code)).json()["id_token"])
    assert (first["acr"], second["acr"]) == ("idporten-loa-substantial", "idporten-loa-high")
    assert first["sid"] == second["sid"]
    assert client.cookies["allting_id"].value != before
    assert "code=" in client.get("/id/authorize", relying.question(acr_values=asked))["Location"]


def test_tokens_asked_for_before_are_not_raised(client, kari):
    relying.registered()
    found = relying.tokens_for(client, kari)
    relying.logged_in(client, kari, "high", acr_values="high")
    form = {"grant_type": "refresh_token", "refresh_token": found["refresh_token"], "client_id": "service"}
    fresh = client.post("/id/token", form).json()
    assert relying.claims_of(fresh["id_token"])["acr"] == "idporten-loa-substantial"


def test_another_person_in_the_same_browser_begins_a_login_of_her_own(client, kari):
    relying.registered()
    first = relying.claims_of(relying.tokens_for(client, kari)["id_token"])
    second = relying.claims_of(relying.tokens_for(client, make.person(), prompt="login")["id_token"])
    assert first["sid"] != second["sid"]
    assert SignOn.objects.get(sid=first["sid"]).ended is not None


@pytest.mark.parametrize("again", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account"}])
def test_she_is_asked_again_when_the_client_wants_it(client, kari, again):
    relying.registered()
    relying.tokens_for(client, kari)
    assert client.get("/id/authorize", relying.question(**again))["Location"].startswith("/id/eid")


def test_a_login_that_is_young_enough_is_used(client, kari):
    relying.registered()
    relying.tokens_for(client, kari)
    assert "code=" in client.get("/id/authorize", relying.question(max_age="600"))["Location"]
    SignOn.objects.update(at=timezone.now() - timedelta(seconds=601))
    assert "/id/eid" in client.get("/id/authorize", relying.question(max_age="600"))["Location"]


def test_without_a_page_the_client_hears_what_is_missing(client, kari):
    relying.registered(scopes=["api"])
    silent = relying.question(prompt="none")
    assert refused(client.get("/id/authorize", silent)) == "login_required"
    hint = relying.tokens_for(client, kari)["id_token"]
    assert "code" in relying.answer_of(client.get("/id/authorize", silent | {"id_token_hint": hint}))
    assert refused(client.get("/id/authorize", silent | {"acr_values": "high"})) == "login_required"
    assert refused(client.get("/id/authorize", silent | {"scope": "openid api"})) == "interaction_required"
    relying.tokens_for(client, make.person(), prompt="login")
    assert refused(client.get("/id/authorize", silent | {"id_token_hint": hint})) == "login_required"


def test_a_session_has_an_idle_and_an_absolute_end(client, kari, settings):
    relying.registered()
    relying.tokens_for(client, kari)
    fresh = timezone.now()
    SignOn.objects.update(last_seen=fresh - timedelta(minutes=settings.SESSION_IDLE_MINUTES, seconds=1))
    assert "/id/eid" in client.get("/id/authorize", relying.question())["Location"]
    SignOn.objects.update(last_seen=fresh, at=fresh - timedelta(minutes=settings.SESSION_MAX_MINUTES, seconds=1))
    assert "/id/eid" in client.get("/id/authorize", relying.question())["Location"]
    SignOn.objects.update(at=fresh)
    assert "code=" in client.get("/id/authorize", relying.question())["Location"]


# --- The login pages --------------------------------------------------------------------------------


def test_the_clients_language_wins_over_the_browsers_but_not_over_hers(client):
    relying.registered()
    english = {"headers": {"Accept-Language": "en"}}
    eid = client.get("/id/authorize", relying.question(ui_locales="nn"), **english)["Location"]
    assert 'lang="nn"' in client.get(eid, **english).content.decode()
    client.cookies["allting_language"] = "nb"
    assert 'lang="nb"' in client.get(eid, **english).content.decode()


def test_she_may_change_her_mind(client):
    relying.registered()
    eid = client.get("/id/authorize", relying.question())["Location"]
    page = client.get(eid).content.decode()
    leave = eid.replace("/id/eid", "/id/cancel")
    assert leave.replace("&", "&amp;") in page
    assert refused(client.get(leave)) == "access_denied"


def test_nothing_personal_is_in_the_address_of_the_login(client, kari):
    relying.registered()
    eid = client.get("/id/authorize", relying.question(login_hint=kari.identity_number))["Location"]
    assert kari.identity_number not in eid
    assert f'value="{kari.identity_number}"' in client.get(eid).content.decode()


@pytest.mark.parametrize("word", ["", "x", "AAAA"])
def test_a_login_page_that_nobody_asked_for_is_not_shown(client, word):
    assert client.get("/id/eid", {"request": word}).status_code == 422


# --- Asking wrongly ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "dance"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"acr_values": "platinum"}, "invalid_request"),
        ({"onbehalfof": "someone"}, "invalid_request"),
        ({"id_token_hint": "x.y.z"}, "invalid_request"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"request_uri": "https://service.example/request.jwt"}, "request_uri_not_supported"),
        ({"request": "x.y.z"}, "invalid_request_object"),
    ],
)
def test_a_wrong_question_is_answered_at_the_clients_address(client, changes, code):
    relying.registered()
    response = client.get("/id/authorize", relying.question(**changes))
    assert response["Location"].startswith(relying.BACK + "?")
    told = relying.answer_of(response)
    assert (told["error"], told["state"], told["iss"]) == (code, "s", relying.ISSUER)
    assert "code" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None}, {"client_id": "nobody"}, {"redirect_uri": None}, {"redirect_uri": "https://evil.example"},
        {"redirect_uri": relying.BACK + "/"}, {"redirect_uri": relying.BACK + "?x=1"}, {"client_id": "a\x00b"},
        {"redirect_uri": relying.BACK.upper()}, {"request_uri": "urn:allting:request:x"},
    ],
)  # fmt: skip
def test_nothing_is_sent_to_an_address_that_is_not_known(client, changes):
    relying.registered()
    response = client.get("/id/authorize", relying.question(**changes))
    assert response.status_code == 422
    assert "Location" not in response


def test_a_parameter_twice_is_refused(client):
    relying.registered()
    query = "&".join(f"{name}={value}" for name, value in relying.question().items())
    response = client.get(f"/id/authorize?{query}&redirect_uri=https://evil.example")
    assert (response.status_code, "Location" in response) == (422, False)
    body = "grant_type=refresh_token&client_id=service&client_id=portal"
    told = client.post("/id/token", body, content_type="application/x-www-form-urlencoded").json()
    assert told["error"] == "invalid_request"


def test_a_client_that_is_shut_off_is_shut_off_at_once(client, kari):
    relying.registered()
    found = relying.tokens_for(client, kari)
    Client.objects.filter(pk="service").update(active=False)
    assert client.get("/id/authorize", relying.question()).status_code == 422
    assert client.get("/id/userinfo", headers={"Authorization": f"Bearer {found['access_token']}"}).status_code == 401
    form = {"grant_type": "refresh_token", "refresh_token": found["refresh_token"], "client_id": "service"}
    assert client.post("/id/token", form).status_code == 401


def test_the_question_may_be_posted(client):
    relying.registered()
    assert Browser(enforce_csrf_checks=True).post("/id/authorize", relying.question())["Location"].startswith("/id/eid")


# --- Pushed and signed questions --------------------------------------------------------------------


def push(form, headers=None, client_id="service"):
    return Browser().post("/id/par", form, headers=headers)


def test_a_pushed_question_is_used_once(client, kari):
    relying.registered(par_required=True)
    assert refused(client.get("/id/authorize", relying.question())) == "invalid_request"
    pushed = push(relying.question(login_hint=kari.identity_number))
    assert pushed.status_code == 201
    assert pushed.json()["expires_in"] == 120
    assert kari.identity_number.encode() not in bytes(PushedRequest.objects.get().sealed)
    query = {
        "client_id": "service",
        "request_uri": pushed.json()["request_uri"],
        "redirect_uri": "https://evil.example",
    }
    response = client.get("/id/authorize", query)
    back = client.post(response["Location"], {"pid": kari.identity_number, "level": "substantial"})
    assert back["Location"].startswith(relying.BACK + "?")
    assert client.get("/id/authorize", query).status_code == 422


def test_a_pushed_question_is_the_clients_own_and_grows_old(client):
    relying.registered()
    relying.registered("other")
    uri = push(relying.question()).json()["request_uri"]
    assert client.get("/id/authorize", {"client_id": "other", "request_uri": uri}).status_code == 422
    assert PushedRequest.objects.exists()  # another's try does not use it up
    PushedRequest.objects.update(expires=timezone.now())
    assert client.get("/id/authorize", {"client_id": "service", "request_uri": uri}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"redirect_uri": "https://evil.example"}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"request_uri": "urn:allting:request:x"}, "invalid_request"),
        ({"client_id": "nobody"}, "invalid_client"),
    ],
)
def test_a_wrong_question_cannot_be_pushed(changes, code):
    relying.registered()
    response = push(relying.question(**changes))
    assert response.status_code in (400, 401)
    assert response.json()["error"] == code


def test_pushing_needs_the_clients_own_authentication():
    _client, secret = relying.with_secret()
    assert push(relying.question()).status_code == 401
    assert push(relying.question(), relying.basic("service", "wrong")).json()["error"] == "invalid_client"
    assert push(relying.question(), relying.basic("service", secret)).status_code == 201


def signed(key, header=None, **changes):
    claims = relying.question() | {"iss": "service", "aud": relying.ISSUER, "exp": relying.now() + 60, "sub": None}
    return relying.assertion(key, header={"typ": "oauth-authz-req+jwt"} | (header or {}), **(claims | changes))


def test_a_signed_question_is_all_that_counts(client):
    _client, key = relying.with_key()
    query = {"client_id": "service", "request": signed(key, acr_values="high"), "scope": "openid"}
    assert client.get("/id/authorize", query | {"redirect_uri": "https://evil.example"})["Location"].startswith(
        "/id/eid"
    )
    pushed = {"client_id": "service", "request": signed(key), "client_assertion_type": relying.ASSERTION}
    assert push(pushed | {"client_assertion": relying.assertion(key)}).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"}, {"client_id": "portal"}, {"iss": "portal"}, {"exp": 1}, {"exp": None},
        {"exp": relying.now() + 5000}, {"sub": "service"}, {"request_uri": "urn:allting:request:x"},
        {"header": {"typ": "at+jwt"}}, {"header": {"kid": "k2"}},
    ],
)  # fmt: skip
def test_a_signed_question_with_a_fault_is_refused(client, changes):
    _client, key = relying.with_key()
    query = relying.question() | {"request": signed(key, **changes)}
    assert refused(client.get("/id/authorize", query)) == "invalid_request_object"
    assert client.get("/id/authorize", query | {"redirect_uri": "https://evil.example"}).status_code == 422


def test_a_signed_question_is_used_once(client):
    _client, key = relying.with_key()
    query = relying.question() | {"request": signed(key, prompt="none")}
    assert refused(client.get("/id/authorize", query)) == "login_required"
    assert refused(client.get("/id/authorize", query)) == "invalid_request_object"


# --- Keys of ours -----------------------------------------------------------------------------------


def test_keys_turn_without_a_restart_and_no_kid_comes_again(client, kari, settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    relying.registered()
    old = relying.tokens_for(client, kari)["id_token"]
    seen = {key["kid"] for key in client.get("/id/jwks").json()["keys"]}
    signing.add_keys()
    new = relying.tokens_for(client, kari)["id_token"]
    assert relying.header_of(new)["kid"] not in seen
    assert relying.claims_of(old) and relying.claims_of(new)


def test_a_key_may_be_published_before_it_signs(client, kari, settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    relying.registered()
    fresh = signing.add_keys(timedelta(hours=24))
    published = {key["kid"] for key in client.get("/id/jwks").json()["keys"]}
    assert set(fresh) <= published
    assert relying.header_of(relying.tokens_for(client, kari)["id_token"])["kid"] not in fresh


@pytest.mark.parametrize("algorithm", signing.ALGORITHMS)
def test_the_keys_may_live_in_a_device(client, kari, settings, tmp_path, algorithm):
    """SoftHSM2. What it signs is checked with the published key, after a turn and in another process too."""
    settings.KEY_FOLDER, settings.KEY_DEVICE = tmp_path / "keys", softhsm.device()
    relying.registered(signing_alg=algorithm)
    old = relying.tokens_for(client, kari)["id_token"]
    assert not any(b"PRIVATE KEY" in path.read_bytes() for path in (tmp_path / "keys").glob("*oidc*.pem"))
    signing.add_keys()
    signing._load.cache_clear()
    new = relying.tokens_for(client, kari)["id_token"]
    assert relying.header_of(old)["kid"] != relying.header_of(new)["kid"]
    assert relying.header_of(new)["alg"] == algorithm
    assert relying.claims_of(old) and relying.claims_of(new)
    assert signing.own(new)["sid"]


def test_an_old_key_is_published_until_its_tokens_have_expired(settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    first = signing.key_ring()[0]
    fresh = signing.add_keys()
    now = timezone.now()
    old = next(one for one in signing.key_ring() if one.kid == first.kid)
    assert old.published(now + signing.LONGEST_TOKEN - timedelta(minutes=1))
    assert not old.published(now + signing.LONGEST_TOKEN + timedelta(minutes=1))
    assert all(one.published(now + timedelta(days=400)) for one in signing.key_ring() if one.kid in fresh)


def test_discovery_is_complete_and_true(client):
    found = client.get("/id/.well-known/openid-configuration").json()
    assert found == client.get("/.well-known/oauth-authorization-server/id").json()
    doors = [value for name, value in found.items() if name.endswith("_endpoint") or name == "jwks_uri"]
    assert len(doors) == 8
    for door in doors:
        assert client.get(urlsplit(door).path).status_code in (200, 401, 405, 422)
    assert found["response_types_supported"] == ["code"]
    assert found["subject_types_supported"] == ["pairwise", "public"]
    assert set(found["id_token_signing_alg_values_supported"]) == {"RS256", "ES256"}
    assert {"idporten-loa-high", "eidas-loa-high", "Level4", "high"} <= set(found["acr_values_supported"])


def test_what_is_kept_of_secrets_is_a_hash(client, kari):
    _client, secret = relying.with_secret()
    answer = relying.logged_in(client, kari)
    form = relying.token_form(answer["code"])
    found = client.post("/id/token", form, headers=relying.basic("service", secret)).json()
    kept = str(list(Client.objects.values())) + str(list(Grant.objects.values())) + str(list(SignOn.objects.values()))
    for one in (secret, answer["code"], found["refresh_token"].split(".")[1], client.cookies["allting_id"].value):
        assert one not in kept
    assert clients.secret_hash(secret) == Client.objects.get(pk="service").secret_hash
