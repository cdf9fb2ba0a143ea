"""The ID card: what makes a certificate good, who is believed, and a card in SoftHSM2 through PKCS#11."""

import html
import os
import re
import subprocess
import sys
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client

from allting.common.identity.models import SignOn
from allting.common.identity.providers.idcard import certificates, client, signed
from allting.common.identity.providers.idcard.tests import cards
from allting.common.identity.providers.idcard.tests.driver import SECRET, Driver
from allting.common.identity.tests.test_eid_suite import begin
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Level

pytestmark = pytest.mark.django_db
SOFTHSM = next(
    path for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
                      "/usr/local/lib/softhsm/libsofthsm2.so") if Path(path).exists()
)  # fmt: skip
DER = serialization.Encoding.DER


@pytest.fixture
def card(settings, tmp_path, monkeypatch):
    settings.EID_PROVIDERS = ["idcard"]
    return Driver(settings, tmp_path, monkeypatch)


@pytest.fixture
def kari():
    return make.person()


def number_of(certificate):
    return certificates.number_of(certificate.public_bytes(DER))


def why(certificate):
    with pytest.raises(certificates.BadCard) as bad:
        number_of(certificate)
    return bad.value.why


def test_a_good_card_names_its_holder(card, kari):
    assert number_of(card.authority.card(kari.identity_number)[0]) == kari.identity_number


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ends": -0.5}, "expired"), ({"begins": 1}, "expired"),
        ({"use": cards.usage(content_commitment=True)}, "other"),  # the card's other key, for signing documents
        ({"extended": False}, "other"), ({"serial": ""}, "other"), ({"serial": "PNONO-123"}, "other"),
        ({"serial": "IDCNO-17898510093"}, "other"), ({"serial": "PNONO-17898510094"}, "other"),
    ],
)  # fmt: skip
def test_a_card_that_is_not_good_is_refused_with_the_reason(card, kari, change, reason):
    assert why(card.authority.card(kari.identity_number, **change)[0]) == reason


def test_a_card_of_another_authority_with_the_same_name_is_refused(card, kari):
    assert why(cards.Authority(None, "Test").card(kari.identity_number)[0]) in ("unknown", "other")


def test_a_blocked_card_is_refused_from_the_next_login(card, kari):
    mine, _key = card.authority.card(kari.identity_number)
    assert number_of(mine)
    card.authority.revoked.append(mine)
    card.authority.publish()
    assert why(mine) == "revoked"


def test_without_a_list_that_is_in_date_no_card_is_taken(card, kari):
    mine, _key = card.authority.card(kari.identity_number)
    card.authority.publish(next_update=timedelta(days=-1))
    assert why(mine) == "other"
    (card.tmp_path / "idcard.crl").unlink()
    assert why(mine) == "other"


def test_a_policy_can_be_asked_for(card, kari, settings):
    settings.ID_CARD_POLICIES = [cards.POLICY]
    assert number_of(card.authority.card(kari.identity_number)[0])
    assert why(card.authority.card(kari.identity_number, policy="1.2.3.4")[0]) == "other"


def test_an_authority_is_no_person(card):
    assert why(card.authority.issuer) == "other"


@pytest.mark.parametrize("text", ["", "x", ":x:", "-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----", ":AAAA:"])
def test_nonsense_in_the_header_is_explained(card, client, text):
    client.get(url := begin(client, Level.HIGH))
    headers = {"X-Client-Cert": text, "X-Card-Proxy-Secret": SECRET}
    page = client.get(url.replace("/id/eid?", "/id/eid/idcard/read?"), headers=headers)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()


def test_rfc_9440_is_read_too(card, kari):
    mine, _key = card.authority.card(kari.identity_number)
    text = ":" + b64encode(mine.public_bytes(DER)).decode() + ":"
    assert certificates.number_of(certificates.read(text)) == kari.identity_number


@pytest.mark.parametrize("secret", [None, "", "guessed", SECRET[:-1]])
def test_a_certificate_in_a_header_is_believed_from_the_proxy_only(card, kari, client, secret):
    card.enrol(kari, Level.HIGH)
    client.get(url := begin(client, Level.HIGH))
    headers = {"X-Client-Cert": cards.as_nginx_sends(card.cards[kari.pk][0])}
    if secret is not None:
        headers["X-Card-Proxy-Secret"] = secret
    assert client.get(url.replace("/id/eid?", "/id/eid/idcard/read?"), headers=headers).status_code == 403
    assert not SignOn.objects.exists()


def test_without_a_proxy_the_header_is_nothing(card, kari, client, settings):
    settings.ID_CARD_PROXY_SECRET = ""
    card.enrol(kari, Level.HIGH)
    assert card.answer(client, begin(client, Level.HIGH), kari, Level.HIGH).status_code == 404


def test_reading_the_card_begins_at_the_page(card, kari, client):
    """Nobody is logged in by a link that another has made."""
    card.enrol(kari, Level.HIGH)
    card.last = begin(client, Level.HIGH).replace("/id/eid?", "/id/eid/idcard/read?")
    answer = card._read(Client(), card.cards[kari.pk][0])
    assert "/id/eid/idcard?" in answer["Location"]


# --- PKCS#11 -------------------------------------------------------------------------------------------------


@pytest.fixture
def softhsm(tmp_path, monkeypatch):
    """A card reader with one card in it: SoftHSM2."""
    folder = tmp_path / "softhsm"
    folder.mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    run("softhsm2-util", "--init-token", "--free", "--label", "card", "--pin", "1234", "--so-pin", "123456")
    return tmp_path


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ.copy(), **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write_card(folder, certificate, key, ident="01"):
    """Put key and certificate on the card with opensc's pkcs11-tool, as a card's maker would."""
    pkcs8 = serialization.PrivateFormat.PKCS8
    (folder / "key.der").write_bytes(key.private_bytes(DER, pkcs8, serialization.NoEncryption()))
    (folder / "cert.der").write_bytes(certificate.public_bytes(DER))
    tool = ("pkcs11-tool", "--module", SOFTHSM, "--token-label", "card", "--login", "--pin", "1234", "--id", ident)
    run(*tool, "--write-object", str(folder / "key.der"), "--type", "privkey", "--usage-sign", "--label", "login")
    run(*tool, "--write-object", str(folder / "cert.der"), "--type", "cert", "--label", "login")


def question_on(page):
    return html.unescape(re.search(r'<code class="long">(.*?)</code>', page.content.decode())[1])


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_program_with_the_card_answers_the_question(card, kari, client, softhsm, kind):
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    signing, signing_key = card.authority.card(kari.identity_number, use=cards.usage(content_commitment=True))
    write_card(softhsm, signing, signing_key, "02")
    mine, _key = card.authority.card(kari.identity_number, key)
    write_card(softhsm, mine, key)
    sign = begin(client, Level.HIGH).replace("/id/eid?", "/id/eid/idcard/sign?")
    asked = question_on(client.get(sign))
    program = Path(signed.__file__).with_name("client.py")
    told = run(sys.executable, str(program), "--module", SOFTHSM, "--token", "card", input=f"{asked}\n1234\n")
    answer = told.strip()
    assert "code=" in client.post(sign, {"answer": answer})["Location"]
    row = SignOn.objects.get()
    assert (row.person, row.level, row.method, row.methods) == (kari.pk, Level.HIGH, "IDCard", "sc pin mfa")
    assert client.post(sign, {"answer": answer}).status_code == 422  # once


def test_a_wrong_pin_and_no_card_are_said(card, softhsm):
    program, asked = Path(signed.__file__).with_name("client.py"), signed.question()
    command = [sys.executable, str(program), "--module", SOFTHSM, "--token"]
    for token, pin, said in (("card", "9999", "PinIncorrect"), ("another", "1234", "no card")):
        done = subprocess.run([*command, token], input=f"{asked}\n{pin}\n", capture_output=True, text=True)
        assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def signed_by(key, certificate, question):
    from cryptography.hazmat.primitives import hashes

    return client._written(certificate.public_bytes(DER), key.sign(question.encode(), ec.ECDSA(hashes.SHA256())))


def test_an_answer_fits_its_question_only(card, kari):
    mine, key = card.authority.card(kari.identity_number)
    asked = signed.question()
    assert signed.certificate_in(signed_by(key, mine, asked), asked) == mine.public_bytes(DER)
    for answer, question in (
        (signed_by(key, mine, signed.question()), asked),
        (signed_by(ec.generate_private_key(ec.SECP256R1()), mine, asked), asked),
        (signed_by(key, mine, ""), ""), ("nonsense", asked), ("", asked), ("e30=", asked),
    ):  # fmt: skip
        with pytest.raises(certificates.BadCard):
            signed.certificate_in(answer, question)


def test_the_program_says_who_asks():
    assert client.who_asks(signed.question()).endswith("/id")
    with pytest.raises(ValueError, match="not a question"):
        client.who_asks("something else to sign")


def test_pkcs11_is_the_libraries_own():
    assert pkcs11.lib(SOFTHSM).manufacturer_id.startswith("SoftHSM")
