"""The card authority, checked by OpenSSL: chain, revocation list, and answers about one certificate."""

import base64
import subprocess
from datetime import timedelta
from io import StringIO
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.management import CommandError, call_command
from django.utils import timezone

from allting.common.outbox.models import Effect
from allting.common.registers.tests import factories as make
from allting.kernel.problems import Conflict, Invalid, Unavailable
from allting.kernel.tests import softhsm
from allting.sectors.idcard import api as idcard
from allting.sectors.idcard import ca, issuing, revocation
from allting.sectors.idcard.bureaus import demo
from allting.sectors.idcard.models import Card, Certificate, RevocationList
from allting.sectors.idcard.tests import factories as cards

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    cards.authority(settings, tmp_path)
    return tmp_path


def opened(card, use="auth"):
    """What lies in the demo card's file."""
    return pkcs12.load_key_and_certificates((demo.folder() / f"{card.number}-{use}.p12").read_bytes(), demo.PIN)


def written(folder, card, use="auth"):
    path = folder / f"{use}.pem"
    path.write_bytes(opened(card, use)[1].public_bytes(Encoding.PEM))
    return path


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def trusted(folder):
    """Root and issuing authority in one file, and both lists as PEM."""
    both = b"".join((folder / "public" / f"idcard-{one}.pem").read_bytes() for one in ("root", "issuing"))
    (folder / "ca.pem").write_bytes(both)
    return folder / "ca.pem"


def lists(folder, client):
    found = b""
    for path in ("/idcard/idcard.crl", "/idcard/root.crl"):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pkix-crl")
        found += x509.load_der_x509_crl(answer.content).public_bytes(Encoding.PEM)
    (folder / "lists.pem").write_bytes(found)
    return folder / "lists.pem"


def verified(folder, client, certificate):
    check = ("-crl_check_all", "-x509_strict", "-CAfile", trusted(folder), "-CRLfile", lists(folder, client))
    return openssl("verify", *check, certificate)


def asked_by_openssl(folder, client, certificate):
    """Ask as OpenSSL asks, and let it judge the answer."""
    issuer = folder / "public" / "idcard-issuing.pem"
    who = ("-issuer", issuer, "-cert", certificate)
    assert openssl("ocsp", *who, "-reqout", folder / "asked.der")[0] == 0
    asked = (folder / "asked.der").read_bytes()
    answer = client.post("/idcard/ocsp", asked, content_type="application/ocsp-request")
    assert answer["Content-Type"] == "application/ocsp-response"
    (folder / "answer.der").write_bytes(answer.content)
    return openssl("ocsp", *who, "-respin", folder / "answer.der", "-no_nonce", "-CAfile", trusted(folder))[1]


@pytest.mark.real_clock
def test_openssl_trusts_a_card_until_it_is_blocked_and_then_at_once(folder, client):
    kari = make.person()
    card = cards.in_use(kari)
    for use in ("auth", "sign"):
        certificate = written(folder, card, use)
        assert verified(folder, client, certificate) == (0, f"{certificate}: OK\n")
        said = asked_by_openssl(folder, client, certificate)
        assert "Response verify OK" in said
        assert f"{certificate}: good" in said
    idcard.block(cards.actor(kari), card.pk, "stolen")
    code, said = verified(folder, client, certificate)
    assert (code, "certificate revoked" in said) == (2, True)
    said = asked_by_openssl(folder, client, certificate)
    assert f"{certificate}: revoked" in said
    assert "keyCompromise" in said


def test_a_card_that_is_not_taken_into_use_is_on_hold(folder, client):
    card = cards.made(make.person())
    said = asked_by_openssl(folder, client, written(folder, card))
    assert "certificateHold" in said
    idcard.hand_over(cards.at_work(cards.officer()), card.pk, card.number)
    assert ": good" in asked_by_openssl(folder, client, written(folder, card))


def test_the_profile_of_the_certificates():
    """ETSI EN 319 412-2: subject, issuer, key usage; RFC 5280: where to ask."""
    kari = make.person(family_name="Prøve")
    card = cards.in_use(kari)
    auth, sign = opened(card)[1], opened(card, "sign")[1]

    def of(name, kind):
        return name.get_attributes_for_oid(kind)[0].value

    subject = {NameOID.COUNTRY_NAME: "NO", NameOID.SERIAL_NUMBER: f"PNONO-{kari.identity_number}",
               NameOID.SURNAME: "Prøve", NameOID.GIVEN_NAME: "Kari", NameOID.COMMON_NAME: "Kari Prøve"}  # fmt: skip
    assert {kind: of(auth.subject, kind) for kind in subject} == subject
    assert of(auth.issuer, NameOID.ORGANIZATION_IDENTIFIER) == f"NTRNO-{cards.POLICE_NUMBER}"
    usage = [one.extensions.get_extension_for_class(x509.KeyUsage) for one in (auth, sign)]
    assert [(one.critical, one.value.digital_signature, one.value.content_commitment) for one in usage] == [
        (True, True, False), (True, False, True),
    ]  # fmt: skip
    extended = auth.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(extended) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    points = auth.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value.endswith("/idcard/idcard.crl")
    access = auth.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [one.access_location.value.rsplit("/", 1)[1] for one in access] == ["ocsp", "issuing.cer"]
    assert auth.public_key() != sign.public_key()
    assert auth.not_valid_after_utc.date() == card.valid_until + timedelta(days=1)


def test_openssl_finds_the_authority_where_the_certificate_says(folder, client):
    for name in ("root", "issuing"):
        answer = client.get(f"/idcard/{name}.cer")
        assert answer["Content-Type"] == "application/pkix-cert"
        read = x509.load_der_x509_certificate(answer.content)
        assert read.public_bytes(Encoding.PEM) == (folder / "public" / f"idcard-{name}.pem").read_bytes()


# --- Answers ---------------------------------------------------------------------------------------


def question(certificate, issuer=None, nonce=None):
    issuer = issuer or ca.issuing().certificate
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    if nonce:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(Encoding.DER)


def test_the_question_may_stand_in_the_address_and_its_nonce_comes_back(client):
    certificate = opened(cards.in_use(make.person()))[1]
    asked = question(certificate, nonce=b"0123456789abcdef")
    answer = client.get("/idcard/ocsp/" + quote(base64.b64encode(asked).decode(), safe=""))
    read = ocsp.load_der_ocsp_response(answer.content)
    assert read.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert read.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"0123456789abcdef"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\x30\x03\x02\x01\x01", b"\x00" * 10_000])
def test_what_cannot_be_read_is_malformed_and_never_an_error_of_ours(client, body):
    answer = client.post("/idcard/ocsp", body, content_type="application/ocsp-request")
    assert answer.status_code == 200
    status = ocsp.load_der_ocsp_response(answer.content).response_status
    assert status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
    assert client.get("/idcard/ocsp/%3D%3D!").status_code == 200


def test_a_certificate_we_never_made_is_unknown_and_anothers_is_not_answered():
    key = ec.generate_private_key(ec.SECP256R1())
    subject = ca.Subject("A", "B", "1" * 11)
    until = timezone.now() + timedelta(days=1)
    stray = ca.certificate_for(subject, "auth", demo.request(key), until)
    read = ocsp.load_der_ocsp_response(revocation.answer(question(stray)))
    assert read.certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    read = ocsp.load_der_ocsp_response(revocation.answer(question(stray, issuer=ca.root_certificate())))
    assert read.response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED


def test_without_an_authority_nothing_breaks(client, settings, tmp_path):
    asked = question(opened(cards.in_use(make.person()))[1])
    settings.KEY_FOLDER = settings.ID_CARD_CA_FOLDER = tmp_path / "empty"
    read = ocsp.load_der_ocsp_response(revocation.answer(asked))
    assert read.response_status is ocsp.OCSPResponseStatus.TRY_LATER
    for path, status in (("idcard.crl", 503), ("issuing.cer", 503), ("root.cer", 503), ("root.crl", 404)):
        assert client.get(f"/idcard/{path}").status_code == status, path
    revocation.refresh()


# --- The list --------------------------------------------------------------------------------------


def serials(der):
    return {one.serial_number for one in x509.load_der_x509_crl(der)}


def test_the_list_is_made_anew_only_when_something_changed_or_a_day_has_gone():
    card = cards.in_use(make.person())
    first = revocation.current()
    assert revocation.current() == first
    assert serials(first) == set()
    idcard.block(cards.at_work(cards.officer()), card.pk)
    second = revocation.current()
    assert len(serials(second)) == 2
    assert revocation.current() == second
    RevocationList.objects.update(this_update=timezone.now() - timedelta(hours=25))
    third = x509.load_der_x509_crl(revocation.current())
    numbers = [x509.load_der_x509_crl(one).extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
               for one in (first, second, revocation.current())]  # fmt: skip
    assert numbers == sorted(set(numbers))
    assert third.next_update_utc > timezone.now() + timedelta(hours=47)


def test_the_file_beside_the_authority_is_new_as_soon_as_a_block_is_committed(
    folder, django_capture_on_commit_callbacks
):
    card = cards.in_use(make.person())
    with django_capture_on_commit_callbacks(execute=True) as _done:
        idcard.block(cards.at_work(cards.officer()), card.pk)
    revocation.current()
    with django_capture_on_commit_callbacks(execute=True):
        RevocationList.objects.all().delete()
        revocation.current()
    assert len(serials((folder / "public" / "idcard.crl").read_bytes())) == 2


def test_each_list_asks_for_the_next_and_the_worker_makes_it(settings):
    revocation.current()
    newest = RevocationList.objects.latest("number")
    effect = Effect.objects.get(kind="idcard.list", key=f"list:{newest.number}")
    assert effect.due == newest.this_update + revocation.RENEWED_AFTER
    RevocationList.objects.update(this_update=timezone.now() - timedelta(hours=25))
    Effect.objects.filter(pk=effect.pk).update(due=timezone.now())
    cards.work()
    assert RevocationList.objects.latest("number").number > newest.number


def test_what_runs_out_leaves_the_list_and_the_worker_marks_it():
    card = cards.in_use(make.person())
    idcard.block(cards.at_work(cards.officer()), card.pk)
    Certificate.objects.update(not_after=timezone.now() - timedelta(days=1))
    assert serials(revocation.current()) == set()
    other = cards.in_use(make.person())
    Card.objects.filter(pk=other.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    revocation.renew({}, "")
    other.refresh_from_db()
    assert other.state == "expired"


# --- Keys that come back ---------------------------------------------------------------------------


def waiting(settings):
    settings.ID_CARD_BUREAU = ""
    return cards.made(make.person())


def bad(kind):
    good = ec.generate_private_key(ec.SECP256R1())
    if kind == "one key for two":
        return {use: demo.request(good) for use in issuing.USES}
    if kind == "one missing":
        return {"auth": demo.request(good)}
    weak = rsa.generate_private_key(65537, 2048) if kind == "short" else ec.generate_private_key(ec.SECP224R1())
    return {"auth": demo.request(weak), "sign": demo.request(good)}


@pytest.mark.parametrize("kind", ["one key for two", "one missing", "short", "odd curve"])
def test_bad_requests_are_refused_and_nothing_is_half_done(settings, kind):
    card = waiting(settings)
    issuing.produce(card.pk)
    with pytest.raises(Invalid):
        issuing.certify(card.pk, bad(kind))
    card.refresh_from_db()
    assert (card.state, Certificate.objects.count()) == ("in-production", 0)


def test_a_request_that_its_key_did_not_sign_is_refused(settings):
    card = waiting(settings)
    issuing.produce(card.pk)
    requests = {use: demo.request(ec.generate_private_key(ec.SECP256R1())) for use in issuing.USES}
    der = bytearray(requests["auth"].public_bytes(Encoding.DER))
    der[-1] ^= 1
    requests["auth"] = x509.load_der_x509_csr(bytes(der))
    with pytest.raises(Invalid):
        issuing.certify(card.pk, requests)


def test_files_to_the_bureau_and_back(settings, folder):
    card = waiting(settings)
    assert card.state == "ordered"
    out = StringIO()
    call_command("cards", "export", str(folder), stdout=out)
    call_command("cards", "export", str(folder), stdout=out)  # again gives the same
    path = folder / f"{card.number}.json"
    assert path.stat().st_mode & 0o077 == 0
    assert '"mrz"' in path.read_text()
    call_command("cards", "certify", str(folder), stdout=out)
    assert not Certificate.objects.exists()
    for use in issuing.USES:
        request = demo.request(ec.generate_private_key(ec.SECP256R1()))
        (folder / f"{card.number}-{use}.csr").write_bytes(request.public_bytes(Encoding.PEM))
    call_command("cards", "certify", str(folder), stdout=out)
    card.refresh_from_db()
    assert card.state == "sent"
    assert (folder / f"{card.number}-auth.cer").exists()
    with pytest.raises(CommandError):
        call_command("cards", "certify", str(folder), stdout=out, stderr=out)
    with pytest.raises(Conflict):
        issuing.certify(card.pk, bad("odd curve") | {"auth": demo.request(ec.generate_private_key(ec.SECP256R1()))})


def test_the_ceremony_makes_what_is_missing_once(settings, tmp_path):
    settings.KEY_FOLDER, settings.ID_CARD_CA_FOLDER = tmp_path / "new", tmp_path / "open"
    with pytest.raises(Unavailable):
        ca.issuing()
    out = StringIO()
    call_command("cards", "init-ca", stdout=out)
    assert out.getvalue().count("made") == 3
    before = {path: path.read_bytes() for path in settings.KEY_FOLDER.iterdir()}
    call_command("cards", "init-ca", stdout=StringIO())
    assert before == {path: path.read_bytes() for path in settings.KEY_FOLDER.iterdir()}
    assert all(path.stat().st_mode & 0o077 == 0 for path in before)
    assert sorted(path.name for path in settings.ID_CARD_CA_FOLDER.iterdir()) == [
        "idcard-issuing.pem", "idcard-root.crl", "idcard-root.pem",
    ]  # fmt: skip


def test_the_responder_gets_a_new_certificate_before_the_old_one_runs_out(monkeypatch):
    old = ca.responder().certificate
    assert not ca.renew_responder()
    monkeypatch.setattr(ca, "RESPONDER_DAYS", 20)
    (ca.Path(ca.settings.KEY_FOLDER) / "idcard-ocsp.pem").unlink()
    assert ca.renew_responder()
    monkeypatch.undo()
    assert ca.renew_responder()
    assert ca.responder().certificate.serial_number != old.serial_number


def test_the_issuing_key_may_live_in_a_device(settings, tmp_path):
    """SoftHSM2 signs the responder's certificate and the list; root and responder are files."""
    settings.KEY_FOLDER, settings.ID_CARD_CA_FOLDER = tmp_path / "device-keys", tmp_path / "device-public"
    settings.KEY_DEVICE = softhsm.device()
    ca.init("Politiet", cards.POLICE_NUMBER)
    held = {path.name: b"PRIVATE KEY" in path.read_bytes() for path in settings.KEY_FOLDER.glob("*.pem")}
    assert held == {"idcard-root.pem": True, "idcard-issuing.pem": False, "idcard-ocsp.pem": True}
    ca._load.cache_clear()
    issuing, root = ca.issuing(), ca.root_certificate()
    issuing.certificate.verify_directly_issued_by(root)
    ca.responder().certificate.verify_directly_issued_by(issuing.certificate)
    listed = x509.load_der_x509_crl(revocation.current())
    assert listed.is_signature_valid(issuing.certificate.public_key())
