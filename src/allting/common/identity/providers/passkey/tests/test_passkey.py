"""Passkeys with an authenticator in software; a browser's own stands in ``tests/walks/test_eids.py``."""

import json

import pytest
from django.test import Client

from allting.common.audit import api as audit
from allting.common.identity.models import Passkey
from allting.common.identity.providers.passkey import keys
from allting.common.identity.providers.passkey.tests.authenticator import UV, Authenticator
from allting.common.identity.providers.passkey.tests.driver import options_in
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Level

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def named_host(settings):
    settings.BASE_URL, settings.SECURE, settings.ALLOWED_HOSTS = "https://id.example", True, ["*"]
    settings.EID_PROVIDERS = ["testid", "passkey"]


@pytest.fixture
def kari():
    return make.person()


def add(client, person, device, level=Level.HIGH, name="Telefonen"):
    log_in_for_test(client, person.pk, level)
    options = options_in(client.get("/my/eids/passkey/new"))
    return client.post("/my/eids/passkey/new", {"name": name, "credential": device.create(options)})


def ask():
    options, challenge = keys.question()
    return json.loads(options), challenge


def level_with(device):
    options, challenge = ask()
    return keys.answered(device.get(options), challenge)[1]


@pytest.mark.parametrize(
    ("bound_at", "synced", "gives"),
    [
        (Level.HIGH, False, Level.HIGH), (Level.SUBSTANTIAL, False, Level.SUBSTANTIAL),
        (Level.HIGH, True, Level.SUBSTANTIAL),  # a key that can be copied
    ],
)  # fmt: skip
def test_the_level_is_that_of_the_identity_check_and_of_the_key(client, kari, bound_at, synced, gives):
    device = Authenticator(synced=synced)
    assert add(client, kari, device, bound_at)["Location"] == "/my/eids?saved=1"
    assert level_with(device) == gives


def test_the_page_asks_for_a_resident_key_and_user_verification_and_knows_the_device_again(client, kari):
    device = Authenticator()
    add(client, kari, device)
    asked = options_in(client.get("/my/eids/passkey/new"))
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert len(asked["excludeCredentials"]) == 1
    assert str(kari.pk) not in json.dumps(asked)
    assert "allowCredentials" not in ask()[0] or not ask()[0]["allowCredentials"]  # the page tells nobody who has one


def broken(device, how):
    if how == "origin":
        device.origin = "https://id.example.evil"
    elif how == "rp id":
        device.rp_id = "evil.example"
    elif how == "user verification":
        device.flags &= ~UV
    elif how == "counter":
        device.count = 0
    elif how == "user handle":
        device.handle = "AAAA"
    elif how == "signature":
        device.key = Authenticator().key


@pytest.mark.parametrize("how", ["origin", "rp id", "user verification", "counter", "user handle", "signature"])
def test_an_answer_that_is_not_right_in_each_part_is_refused(client, kari, how):
    device = Authenticator()
    add(client, kari, device)
    assert level_with(device) == Level.HIGH
    broken(device, how)
    with pytest.raises(keys.NotThisKey):
        level_with(device)


@pytest.mark.parametrize("how", ["origin", "rp id", "user verification"])
def test_a_key_is_not_taken_from_elsewhere_or_without_its_user(client, kari, how):
    device = Authenticator()
    broken(device, how)
    assert add(client, kari, device).status_code == 422
    assert not Passkey.objects.exists()


def test_an_answer_to_another_question_is_refused(client, kari):
    device = Authenticator()
    add(client, kari, device)
    options, _challenge = ask()
    with pytest.raises(keys.NotThisKey):
        keys.answered(device.get(options), ask()[1])


@pytest.mark.parametrize("nonsense", ["", "{", "[]", '{"id": 1}', '{"id": "x", "response": {}}', "null"])
def test_nonsense_is_refused_and_breaks_nothing(nonsense):
    with pytest.raises(keys.NotThisKey):
        keys.answered(nonsense, ask()[1])


def test_several_keys_with_names_that_can_be_changed_and_removed(client, kari):
    first, second = Authenticator(), Authenticator()
    add(client, kari, first, name="Telefonen")
    add(client, kari, second, name="Nøkkelen")
    page = client.get("/my/eids").content.decode()
    assert "Telefonen" in page and "Nøkkelen" in page
    row = Passkey.objects.get(name="Telefonen")
    client.post(f"/my/eids/passkey/{row.pk}", {"name": "Gammel telefon"})
    assert Passkey.objects.get(pk=row.pk).name == "Gammel telefon"
    assert client.post(f"/my/eids/passkey/{row.pk}", {"name": " "}).status_code == 422
    client.post(f"/my/eids/passkey/{row.pk}", {"do": "remove"})
    with pytest.raises(keys.NotThisKey):
        level_with(first)
    assert level_with(second) == Level.HIGH


def test_another_persons_key_is_not_there(client, kari):
    add(client, kari, Authenticator())
    other = Client()
    log_in_for_test(other, make.person().pk)
    row = Passkey.objects.get()
    assert other.get(f"/my/eids/passkey/{row.pk}").status_code == 404
    assert other.post(f"/my/eids/passkey/{row.pk}", {"do": "remove"}).status_code == 404
    assert Passkey.objects.exists()


def test_the_question_of_one_session_is_not_answered_in_another(client, kari):
    device, other = Authenticator(), Client()
    log_in_for_test(client, kari.pk, Level.HIGH)
    options = options_in(client.get("/my/eids/passkey/new"))
    log_in_for_test(other, make.person().pk, Level.HIGH)
    other.get("/my/eids/passkey/new")
    sent = {"name": "x", "credential": device.create(options)}
    assert other.post("/my/eids/passkey/new", sent).status_code == 422
    assert client.post("/my/eids/passkey/new", sent).status_code == 302


def test_she_is_told_and_her_log_says_so(client, kari):
    add(client, kari, Authenticator())
    assert {row.payload["message"] for row in Effect.objects.filter(kind__startswith="notification")} == {
        "login-changed"
    }
    assert any(one.dataset == "identity.eid" for one in audit.entries_about(Actor(person=kari.pk)))


@pytest.mark.parametrize(
    ("base_url", "offered"),
    [("https://id.example", True), ("http://localhost:8000", True), ("http://127.0.0.1:8000", False),
     ("https://10.0.0.1", False), ("http://id.example", False)],
)  # fmt: skip
def test_passkeys_are_offered_where_browsers_have_them(settings, base_url, offered):
    settings.BASE_URL, settings.SECURE = base_url, base_url.startswith("https")
    assert keys.ready() is offered
