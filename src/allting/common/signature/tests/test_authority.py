"""The authority, judged by OpenSSL: certificates, lists, answers and time stamps, and a key in a device."""

import shutil
import subprocess
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from django.core.management import CommandError, call_command
from django.test import Client

from allting.common.signature import authority, keystore, revocation, timestamps
from allting.common.signature.models import Certificate
from allting.kernel import pki
from allting.kernel.actor import Level
from allting.kernel.tests import softhsm

pytestmark = pytest.mark.django_db


def openssl(*arguments, stdin=b"", fine=True):
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, check=False)
    text = (done.stdout + done.stderr).decode(errors="replace")
    assert (done.returncode == 0) is fine, text
    return text


@pytest.fixture
def keys(settings, tmp_path):
    settings.KEY_FOLDER = tmp_path / "keys"
    return settings.KEY_FOLDER


@pytest.fixture
def pem(tmp_path, keys):
    """The public parts as files, as OpenSSL wants them."""

    def put(name, contents):
        path = tmp_path / name
        path.write_bytes(contents)
        return path

    found = {"root": authority.root_certificate(), "issuing": authority.issuing().certificate}
    found |= {name: authority.own(name).certificate for name in authority.OWN}
    paths = {name: put(f"{name}.pem", one.public_bytes(pki.PEM)) for name, one in found.items()}
    paths["put"] = put
    return paths


def lists(pem):
    client = Client()
    found = b""
    for name in ("root", "issuing"):
        der = client.get(f"/signature/{name}.crl").content
        found += x509.load_der_x509_crl(der).public_bytes(pki.PEM)
    return pem["put"]("lists.pem", found)


@pytest.mark.real_clock
def test_openssl_follows_the_path_of_each_certificate(pem):
    signer = authority.for_signer(pki.name("Kari Prøve"), Level.HIGH)
    pem["signer"] = pem["put"]("signer.pem", signer.certificate.public_bytes(pki.PEM))
    for name in ("seal", "tsa", "ocsp", "signer"):
        openssl("verify", "-x509_strict", "-crl_check_all", "-CRLfile", lists(pem), "-CAfile", pem["root"],
                "-untrusted", pem["issuing"], pem[name])  # fmt: skip
    text = openssl("crl", "-in", lists(pem), "-noout", "-text")
    assert "X509v3 CRL Number" in text and "No Revoked Certificates" in text


def test_a_revoked_certificate_is_in_the_list_and_in_the_answers(pem):
    signer = authority.for_signer(pki.name("Kari Prøve"), Level.SUBSTANTIAL)
    revocation.issued(signer.certificate, None)
    pem["signer"] = pem["put"]("signer.pem", signer.certificate.public_bytes(pki.PEM))
    assert "signer.pem: good" in asked(pem, "signer")
    call_command("signature", "revoke", f"{signer.certificate.serial_number:x}", why="superseded")
    assert "signer.pem: revoked" in asked(pem, "signer")
    openssl("verify", "-crl_check_all", "-CRLfile", lists(pem), "-CAfile", pem["root"], "-untrusted", pem["issuing"],
            pem["signer"], fine=False)  # fmt: skip
    assert Certificate.objects.get().reason == "superseded"
    assert "tsa.pem: good" in asked(pem, "tsa")


def asked(pem, name):
    """The answer of our OCSP address, read and checked by OpenSSL."""
    question, answer = pem["put"]("question.der", b""), pem["put"]("answer.der", b"")
    openssl("ocsp", "-issuer", pem["issuing"], "-cert", pem[name], "-reqout", question, "-no_nonce")
    sent = Client().post("/signature/ocsp", question.read_bytes(), "application/ocsp-request")
    assert sent["Content-Type"] == "application/ocsp-response"
    answer.write_bytes(sent.content)
    return openssl("ocsp", "-issuer", pem["issuing"], "-cert", pem[name], "-respin", answer, "-CAfile", pem["root"],
                   "-no_nonce", "-VAfile", pem["ocsp"])  # fmt: skip


def test_a_certificate_of_nobody_is_unknown_and_anothers_is_refused(pem):
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.issuing()
    alien = pki.draft(pki.name("x"), issuer.certificate.subject, key.public_key(), timedelta(days=1))
    pem["alien"] = pem["put"]("alien.pem", alien.sign(issuer.key, hashes.SHA256()).public_bytes(pki.PEM))
    assert "alien.pem: unknown" in asked(pem, "alien")
    question = pem["put"]("question.der", b"")
    openssl("ocsp", "-issuer", pem["seal"], "-cert", pem["alien"], "-reqout", question)
    answer = Client().post("/signature/ocsp", question.read_bytes(), "application/ocsp-request").content
    assert ocsp.load_der_ocsp_response(answer).response_status == ocsp.OCSPResponseStatus.UNAUTHORIZED
    for bad in (b"", b"x", b"\x30\x80"):
        answer = Client().post("/signature/ocsp", bad, "application/ocsp-request").content
        assert ocsp.load_der_ocsp_response(answer).response_status.name == "MALFORMED_REQUEST"


# --- Time stamps -----------------------------------------------------------------------------------


def stamped(pem, data, *options):
    file, question, answer = pem["put"]("data", data), pem["put"]("question.tsq", b""), pem["put"]("answer.tsr", b"")
    openssl("ts", "-query", "-data", file, "-sha256", "-out", question, *options)
    sent = Client().post("/signature/tsa", question.read_bytes(), "application/timestamp-query")
    assert sent["Content-Type"] == "application/timestamp-reply"
    answer.write_bytes(sent.content)
    return file, question, answer


def test_openssl_verifies_our_time_stamps(pem):
    file, question, answer = stamped(pem, b"what was there", "-cert")
    text = openssl("ts", "-reply", "-in", answer, "-text")
    assert "Status: Granted" in text and "Accuracy: 0x01 seconds" in text
    assert f"Policy OID: {authority.TIME_POLICY.dotted_string}" in text and "Nonce: 0x" in text
    trust = ("-CAfile", pem["root"], "-untrusted", pem["issuing"])
    assert "Verification: OK" in openssl("ts", "-verify", "-queryfile", question, "-in", answer, *trust)
    assert "Verification: OK" in openssl("ts", "-verify", "-data", file, "-in", answer, *trust)
    file.write_bytes(b"what was not there")
    openssl("ts", "-verify", "-data", file, "-in", answer, *trust, fine=False)
    forged = bytearray(answer.read_bytes())
    forged[-10] ^= 1
    answer.write_bytes(bytes(forged))
    file.write_bytes(b"what was there")
    openssl("ts", "-verify", "-data", file, "-in", answer, *trust, fine=False)


def test_without_the_certificate_when_it_is_not_asked_for(pem):
    file, _question, answer = stamped(pem, b"x", "-no_nonce")
    chain = pem["put"]("chain.pem", pem["issuing"].read_bytes() + pem["tsa"].read_bytes())
    trust = ("-CAfile", pem["root"], "-untrusted", chain)
    assert "Verification: OK" in openssl("ts", "-verify", "-data", file, "-in", answer, *trust)
    assert authority.own("tsa").certificate.public_bytes(pki.DER) not in answer.read_bytes()


@pytest.mark.parametrize(
    ("options", "why"), [(("-sha1",), "unrecognized or unsupported algorithm"),
                         (("-tspolicy", "1.2.3.4"), "not supported by the TSA")],
)  # fmt: skip
def test_what_is_not_done_is_refused_with_the_reason(pem, options, why):
    _file, _question, answer = stamped(pem, b"x", *options)
    text = openssl("ts", "-reply", "-in", answer, "-text")
    assert "Status: Rejected" in text and why in text


def test_what_is_no_question_is_refused():
    for bad in (b"", b"x" * 5000, b"\x30\x03\x02\x01\x01"):
        answer = Client().post("/signature/tsa", bad, "application/timestamp-query").content
        assert b"this is not a time stamp request" in answer


def test_no_two_stamps_have_the_same_number(keys):
    numbers = {timestamps._serial() for _one in range(1000)}
    assert len(numbers) == 1000
    assert timestamps.token(sha256(b"").digest()) != timestamps.token(sha256(b"").digest())


# --- The ceremony ----------------------------------------------------------------------------------


def test_the_root_can_be_taken_away(keys, tmp_path, capsys):
    away = tmp_path / "usb"
    call_command("signature", "init", root=away)
    assert "Take" in capsys.readouterr().out
    assert not (keys / "signature-root.pem").exists()
    shutil.rmtree(away)
    signer = authority.for_signer(pki.name("x"), Level.HIGH).certificate
    signer.verify_directly_issued_by(authority.issuing().certificate)
    assert authority.root_list()
    with pytest.raises(CommandError, match="root's key is not there"):
        call_command("signature", "revoke-issuing", root=away)


def test_a_lost_issuing_authority_is_revoked_and_another_made(keys, tmp_path):
    away = tmp_path / "usb"
    authority.init(away)
    lost = authority.issuing().certificate
    call_command("signature", "revoke-issuing", root=away)
    assert x509.load_der_x509_crl(authority.root_list()).get_revoked_certificate_by_serial_number(lost.serial_number)
    assert authority.issuing().certificate != lost
    authority.own("seal").certificate.verify_directly_issued_by(authority.issuing().certificate)


def test_what_soon_runs_out_is_made_anew(keys, monkeypatch):
    monkeypatch.setitem(authority.OWN, "ocsp", timedelta(days=29))
    first = keystore.held("ocsp", lambda key: authority._own("ocsp", key)).certificate
    monkeypatch.undo()
    assert authority.own("ocsp").certificate != first


def test_the_keys_may_live_in_a_device(settings, keys):
    """SoftHSM2: the issuing authority's, the seal's and the time stamps' keys are made there, and never leave it."""
    settings.KEY_DEVICE = softhsm.device()
    authority.init()
    for name in ("issuing", "seal", "tsa"):
        assert b"PRIVATE KEY" not in (keys / f"signature-{name}.pem").read_bytes()
    keystore._load.cache_clear()  # as another process finds it
    signer = authority.for_signer(pki.name("x"), Level.HIGH).certificate
    signer.verify_directly_issued_by(authority.issuing().certificate)
    revocation.current()
    assert timestamps.token(sha256(b"x").digest())


def test_a_key_in_a_device_that_runs_out_is_followed_by_another_there(settings, keys, monkeypatch):
    settings.KEY_DEVICE = softhsm.device()
    monkeypatch.setitem(authority.OWN, "seal", timedelta(days=29))
    first = keystore.held("seal", lambda key: authority._own("seal", key))
    monkeypatch.undo()
    second = authority.own("seal")
    assert second.certificate != first.certificate
    signature = second.key.sign(b"x", ec.ECDSA(hashes.SHA256()))
    second.certificate.public_key().verify(signature, b"x", ec.ECDSA(hashes.SHA256()))
