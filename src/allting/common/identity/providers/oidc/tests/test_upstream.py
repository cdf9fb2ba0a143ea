"""An upstream OpenID provider that is honest, hostile, broken or slow; and eIDAS from abroad."""

import html
import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from allting.common.identity.eids import switching
from allting.common.identity.models import EidLink, SignOn
from allting.common.identity.providers.oidc import config, upstream
from allting.common.identity.providers.oidc.tests.driver import WHO, Driver
from allting.common.identity.providers.oidc.tests.supplier import SupplierServer, basic
from allting.common.identity.tests.eid_driver import get
from allting.common.identity.tests.factories import log_in_for_test
from allting.common.identity.tests.test_eid_suite import begin
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def bankid(settings, tmp_path, monkeypatch):
    settings.EID_PROVIDERS, settings.EID_STRAIGHT = ["bankid", "testid"], "bankid"
    made = Driver(settings, tmp_path, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def kari():
    return make.person()


def log_in(bankid, client, kari, level=Level.SUBSTANTIAL):
    return bankid.answer(client, begin(client, level), kari, level)


def test_what_is_asked_for(bankid, client):
    away = bankid.leave(client, begin(client, Level.HIGH))
    query = {name: values[0] for name, values in parse_qs(urlsplit(away).query).items()}
    assert query["acr_values"] == "bid:otp"
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].endswith("/id/back/bankid")
    assert query["ui_locales"] == "nb"
    assert query["nonce"] and query["state"]


def test_the_secret_is_sent_as_the_supplier_wants_it(bankid, kari):
    log_in(bankid, Client(), kari)
    assert basic(bankid.supplier.asked["authorization"]) == "allting:s3%20cret"
    assert "client_secret" not in bankid.supplier.asked["form"]
    bankid.write({"bankid": bankid.facts | {"token_auth": "client_secret_post"}})
    log_in(bankid, Client(), kari)
    assert bankid.supplier.asked["form"]["client_secret"] == "s3 cret"


@pytest.mark.parametrize("kind", ["EC", "RSA"])
def test_a_key_instead_of_a_secret(bankid, kari, client, tmp_path, kind):
    key = ECKey.generate_key("P-256") if kind == "EC" else RSAKey.generate_key(2048)
    (tmp_path / "key").write_bytes(key.as_pem(private=True))
    facts = {name: one for name, one in bankid.facts.items() if name != "client_secret_file"}
    bankid.write({"bankid": facts | {"key_file": str(tmp_path / "key")}})
    assert log_in(bankid, client, kari).status_code == 302
    form = bankid.supplier.asked["form"]
    claims = jwt.decode(form["client_assertion"], key, algorithms=["ES256", "RS256"]).claims
    assert claims["sub"] == claims["iss"] == "allting"
    assert claims["aud"] == bankid.supplier.issuer + "/token"


HOSTILE = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "somebody"},
    "for several, not for us": {"aud": ["a", "b"]},
    "for several without azp": {"aud": ["allting", "b"]},
    "azp is another": {"azp": "somebody"},
    "old": {"exp": 1},
    "no expiry": {"exp": None},
    "from the future": {"iat": 9_999_999_999},
    "long ago": {"iat": 1},
    "no subject": {"sub": None},
    "no level": {"acr": None},
    "a level nobody knows": {"acr": "gold"},
    "a list of levels": {"acr": ["bid:otp"]},
}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_token_that_is_not_for_this_login_is_refused(bankid, kari, client, how):
    bankid.supplier.claims = HOSTILE[how]
    answer = log_in(bankid, client, kari)
    assert answer.status_code == 403
    assert not SignOn.objects.exists()


def test_a_level_lower_than_asked_for_is_refused(bankid, kari, client):
    away = bankid.leave(client, begin(client, Level.HIGH))
    low = bankid.supplier.authorize(away, {"pid": kari.identity_number, "acr": "bid:biometric"})
    assert get(client, low).status_code == 403
    assert not SignOn.objects.exists()


@pytest.mark.parametrize("alg", ["none", "HS256", "ES256"])
def test_a_token_signed_in_another_way_is_refused(bankid, kari, client, alg):
    bankid.supplier.header = {"alg": alg}
    assert log_in(bankid, client, kari).status_code == 403
    assert not SignOn.objects.exists()


def test_a_token_signed_with_a_key_that_is_not_published_is_refused(bankid, kari, client):
    bankid.supplier.key = RSAKey.generate_key(2048, {"kid": "one"})
    assert log_in(bankid, client, kari).status_code == 403


def test_new_keys_are_found_without_a_restart(bankid, kari, monkeypatch):
    monkeypatch.setattr(upstream, "KEYS_AGAIN_SECONDS", 0)
    assert log_in(bankid, Client(), kari).status_code == 302
    bankid.supplier.key = RSAKey.generate_key(2048, {"kid": "two"})
    bankid.supplier.published = [bankid.supplier.key]
    assert log_in(bankid, Client(), kari).status_code == 302


@pytest.mark.parametrize("iss", ["https://evil.example", None, ""])
def test_an_answer_that_says_it_is_from_another_is_refused(bankid, kari, client, iss):
    away = bankid.leave(client, begin(client, Level.SUBSTANTIAL))
    back = bankid.supplier.authorize(away, {"pid": kari.identity_number}, iss=iss)
    assert get(client, back).status_code == 403
    assert bankid.supplier.asked is None  # the code went nowhere (RFC 9700 § 4.4)


def test_one_suppliers_answer_is_not_taken_at_anothers_address(bankid, kari, client, settings):
    evil = SupplierServer()
    bankid.write({"bankid": bankid.facts, "evil": bankid.facts | {"issuer": evil.issuer, "amr": "Evil"}})
    settings.EID_PROVIDERS = ["bankid", "evil"]
    away = bankid.leave(client, begin(client, Level.SUBSTANTIAL))
    back = bankid.supplier.authorize(away, {"pid": kari.identity_number})
    answer = get(client, back.replace("/id/back/bankid", "/id/back/evil"))
    assert answer.status_code == 422
    assert evil.asked is None
    evil.close()


def test_an_answer_is_good_once_and_in_its_own_browser(bankid, kari, client):
    away = bankid.leave(client, begin(client, Level.SUBSTANTIAL))
    back = bankid.supplier.authorize(away, {"pid": kari.identity_number})
    assert get(Client(), back).status_code == 422
    assert get(client, back).status_code == 302
    assert get(client, back).status_code == 422
    assert get(client, back.replace("state=", "state=x")).status_code == 422


def test_two_tabs_do_not_mix(bankid, kari, client):
    first, second = (bankid.leave(client, begin(client, Level.SUBSTANTIAL)) for _tab in range(2))
    for away in (second, first):
        done = get(client, bankid.supplier.authorize(away, {"pid": kari.identity_number}))
        assert "code=" in get(client, done["Location"])["Location"]


@pytest.mark.parametrize("error", ["access_denied", "server_error"])
def test_who_stops_at_the_supplier_can_go_on_another_way(bankid, client, error):
    away = bankid.leave(client, begin(client, Level.SUBSTANTIAL))
    page = get(client, bankid.supplier.authorize(away, {}, code=None, error=error))
    assert page.status_code == 403
    assert "/id/eid/choose?" in page.content.decode()


def test_a_supplier_that_does_not_answer_is_said_and_nothing_is_lost(bankid, kari, client):
    url = begin(client, Level.SUBSTANTIAL)
    away = bankid.leave(client, url)
    bankid.supplier.status = 500
    assert get(client, bankid.supplier.authorize(away, {"pid": kari.identity_number})).status_code == 503
    bankid.supplier.status = 200
    assert bankid.answer(client, url, kari, Level.SUBSTANTIAL).status_code == 302
    upstream._remembered.clear()
    bankid.close()
    bankid.supplier.server.socket.close()
    assert client.get(begin(Client(), Level.SUBSTANTIAL)).status_code == 503
    bankid.close = lambda: None


def test_a_supplier_that_calls_itself_something_else_is_not_believed(bankid, client):
    bankid.supplier.metadata = {"issuer": "https://evil.example"}
    assert client.get(begin(client, Level.SUBSTANTIAL)).status_code == 503


def test_switched_off_while_she_is_at_the_supplier(bankid, kari, client):
    away = bankid.leave(client, begin(client, Level.SUBSTANTIAL))
    back = bankid.supplier.authorize(away, {"pid": kari.identity_number})
    switching.switch_off("bankid", "keys stolen")
    page = get(client, get(client, back)["Location"])
    assert page.status_code == 403
    assert bankid.supplier.asked is None
    assert not SignOn.objects.exists()


# --- eIDAS ----------------------------------------------------------------------------------------------------

EIDAS = {
    "title": "eIDAS", "who": WHO, "client_id": "allting", "amr": "eIDAS", "eidas": {},
    "levels": {"substantial": ["http://eidas.europa.eu/LoA/substantial"], "high": ["http://eidas.europa.eu/LoA/high"]},
}  # fmt: skip


@pytest.fixture
def eidas(bankid, settings):
    bankid.write({"eidas": EIDAS | {"issuer": bankid.supplier.issuer}})
    settings.EID_PROVIDERS, settings.EID_STRAIGHT = ["testid", "eidas"], "eidas"
    return bankid


def foreign(kari, **changes):
    told = {"person_identifier": "SE/NO/1234", "given_name": "Kari", "family_name": "Prøve", "sub": "x"}
    return told | {"birthdate": kari.birth_date.isoformat()} | changes


def back_from_abroad(eidas, client, told):
    away = eidas.leave(client, begin(client, Level.SUBSTANTIAL))
    return get(client, eidas.supplier.authorize(away, told))


def test_from_abroad_with_a_norwegian_number_is_known(eidas, kari, client):
    done = back_from_abroad(eidas, client, foreign(kari, pid=kari.identity_number))
    assert "code=" in get(client, done["Location"])["Location"]
    assert SignOn.objects.get().method == "eIDAS"


def test_from_abroad_and_unknown_is_told_what_to_do(eidas, kari, client):
    page = back_from_abroad(eidas, client, foreign(kari))
    assert page.status_code == 403
    assert "/id/eid/choose?" in page.content.decode()
    assert not SignOn.objects.exists()


def connect(eidas, client, told):
    assert client.get("/my/eids/connect/eidas").status_code == 200
    page = client.post("/my/eids/connect/eidas").content.decode()
    away = html.unescape(re.search(r'content="0; url=([^"]*)"', page)[1])
    return get(client, eidas.supplier.authorize(away, told))


def test_connected_once_it_is_known_from_then_on_until_she_removes_it(eidas, kari, client):
    log_in_for_test(client, kari.pk)
    assert connect(eidas, client, foreign(kari))["Location"] == "/my/eids?saved=1"
    page = client.get("/my/eids").content.decode()
    row = EidLink.objects.get()
    assert f"/my/eids/connected/{row.pk}" in page
    assert "SE/NO/1234" not in str(list(EidLink.objects.values_list()))
    other = Client()
    done = back_from_abroad(eidas, other, foreign(kari))
    assert "code=" in get(other, done["Location"])["Location"]
    assert SignOn.objects.get(method="eIDAS").person == kari.pk
    stranger = Client()
    log_in_for_test(stranger, make.person().pk)
    assert stranger.post(f"/my/eids/connected/{row.pk}").status_code == 404
    client.post(f"/my/eids/connected/{row.pk}")
    assert back_from_abroad(eidas, Client(), foreign(kari)).status_code == 403


def test_another_birth_date_or_anothers_identity_is_not_connected(eidas, kari, client):
    log_in_for_test(client, kari.pk)
    assert connect(eidas, client, foreign(kari, birthdate="1970-01-01")).status_code == 403
    assert connect(eidas, client, foreign(kari, person_identifier=None)).status_code == 403
    connect(eidas, client, foreign(kari))
    other = Client()
    log_in_for_test(other, make.person().pk)  # born the same day
    assert connect(eidas, other, foreign(kari)).status_code == 403
    assert EidLink.objects.get().person == kari.pk


def test_a_connection_ends_in_the_login_it_began_in(eidas, kari, client):
    log_in_for_test(client, kari.pk)
    page = client.post("/my/eids/connect/eidas").content.decode()
    away = html.unescape(re.search(r'content="0; url=([^"]*)"', page)[1])
    log_in_for_test(client, make.person().pk)
    assert get(client, eidas.supplier.authorize(away, foreign(kari))).status_code == 422
    assert not EidLink.objects.exists()


# --- The file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": "http://bank.example"}, "issuer"), ({"levels": {}}, "levels"),
        ({"levels": {"gold": ["x"]}}, "levels"),
        ({"levels": {"high": ["x"], "low": ["x"]}}, "levels"), ({"title": {"nb": "Bare bokmål"}}, "title"),
        ({"amr": "x" * 31}, "amr"), ({"colour": "red"}, "colour"), ({"client_id": None}, "client_id"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_the_place(bankid, tmp_path, change, said, settings):
    bankid.write({"bankid": bankid.facts | change})
    with pytest.raises(ValueError, match=f"bankid: {said}"):
        config.read(Path(settings.EID_SUPPLIERS_FILE))
    assert config.suppliers() == {}


@pytest.mark.parametrize("text", ["]", "Bank ID: {}", "- a", "42"])
def test_what_is_no_file_of_suppliers_is_refused(tmp_path, text):
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(ValueError, match=r"s\.yaml"):
        config.read(tmp_path / "s.yaml")


def test_a_change_of_the_file_holds_without_a_restart(bankid, settings):
    file = Path(settings.EID_SUPPLIERS_FILE)
    assert set(config.suppliers()) == {"bankid"}
    file.write_text("")
    os.utime(file, ns=(1, 1))
    assert config.suppliers() == {}
