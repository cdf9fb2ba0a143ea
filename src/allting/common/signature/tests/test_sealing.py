"""Seals and signatures in PDF: PAdES B-LT, judged by Poppler, qpdf and pyHanko; what was changed is found."""

import shutil
import subprocess
import zlib
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from allting.common.signature import api as signature
from allting.common.signature import authority, pdfs, revocation, sealing, verdicts
from allting.common.signature.models import Certificate
from allting.kernel import pki
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid

pytestmark = pytest.mark.django_db
PDF = typst.compile(b"#set document(title: [Vedtak])\n= Vedtak")


@pytest.fixture
def sealed():
    return signature.seal(PDF, "Vedtak fra Molde kommune")


def signed(pdf, name="Kari Prøve", level=Level.HIGH, field="Signer-1"):
    bearer = authority.for_signer(pki.name(name), level)
    return bearer, sealing.sign(pdf, bearer, field=field, reason="Jeg signerer", name=name)


def pdfsig(pdf, tmp_path):
    """Debian's pdfsig: a second implementation, with its own reading of the standard."""
    assert shutil.which("pdfsig"), "install poppler-utils"
    (tmp_path / "letter.pdf").write_bytes(pdf)
    command = ["pdfsig", "-nocert", "letter.pdf"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout


def test_a_sealed_document_verifies(sealed):
    report = signature.verify(sealed)
    assert report.valid
    (one,) = report.signatures
    assert (one.who, one.by, one.stamped, one.lasting) == ("Allting Seal", "platform", True, True)
    assert one.reason == "Vedtak fra Molde kommune"


def test_other_readers_agree(sealed, tmp_path):
    text = pdfsig(sealed, tmp_path)
    assert "Signature is Valid" in text and "ETSI.CAdES.detached" in text and "Total document signed" in text
    assert shutil.which("qpdf"), "install qpdf"
    check = subprocess.run(["qpdf", "--check", "letter.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert check.returncode == 0 and "No syntax or stream encoding errors" in check.stdout


def test_what_is_needed_to_check_it_later_is_inside(sealed):
    """B-LT: the certificates and both lists, in the revision that the seal covers."""
    reader = PdfFileReader(BytesIO(sealed))
    store = DocumentSecurityStore.read_dss(reader)
    assert {one.subject.native["common_name"] for one in store.load_certs()} == {
        "Allting Seal", "Allting Time Stamps", "Allting Signature CA", "Allting Signature Root CA",
    }  # fmt: skip
    assert len(store.crls) == 2
    assert reader.xrefs.total_revisions == 2


def test_a_changed_byte_is_found_by_us_and_by_poppler(sealed, tmp_path):
    for place in (200, len(PDF) // 2, len(PDF) + 300):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert "Signature is Valid" not in pdfsig(bytes(changed), tmp_path)
        try:
            assert not signature.verify(bytes(changed)).valid
        except Invalid as refused:
            assert refused.code == "damaged"


def test_several_sign_the_same_and_each_is_told(tmp_path):
    _kari, once = signed(PDF)
    _ola, twice = signed(once, "Ola Prøve", Level.SUBSTANTIAL, "Signer-2")
    report = signature.verify(sealing.seal(twice, "Mottatt"))
    assert report.valid
    assert [(one.who, one.by, one.level) for one in report.signatures] == [
        ("Kari Prøve", "person", Level.HIGH), ("Ola Prøve", "person", Level.SUBSTANTIAL),
        ("Allting Seal", "platform", None),
    ]  # fmt: skip
    assert pdfsig(twice, tmp_path).count("Signature is Valid") == 2


def test_what_is_added_afterwards_is_found(sealed):
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(180)
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    (one,) = signature.verify(out.getvalue()).signatures
    assert str(one.fault) == str(verdicts.ADDED)


def test_a_signature_by_a_stranger_is_not_trusted():
    key = ec.generate_private_key(ec.SECP256R1())
    subject = pki.name("Kari Prøve")
    draft = pki.draft(subject, subject, key.public_key(), timedelta(days=1))
    draft = draft.add_extension(pki.usage(content_commitment=True), True)
    draft = draft.add_extension(pki.policies(authority.LEVEL_POLICY[Level.HIGH]), False)
    forged = pki.Bearer(key, draft.sign(key, hashes.SHA256()))
    (one,) = signature.verify(sealing.sign(PDF, forged, field="x", reason="", name="")).signatures
    assert str(one.fault) == str(verdicts.STRANGER)
    assert (one.by, one.level) == ("other", None)


def test_a_certificate_revoked_before_it_signed_is_told():
    bearer = authority.for_signer(pki.name("Kari Prøve"), Level.HIGH)
    revocation.issued(bearer.certificate, None)
    after = sealing.sign(PDF, bearer, field="x", reason="", name="")
    revocation.revoke(bearer.certificate.serial_number)
    Certificate.objects.update(revoked=timezone.now() + timedelta(seconds=5))
    assert signature.verify(after).valid  # it held when it was used
    Certificate.objects.update(revoked=timezone.now() - timedelta(seconds=5))
    (one,) = signature.verify(after).signatures  # its own list is from before
    assert str(one.fault) == str(verdicts.REVOKED)


def test_a_stamp_of_something_else_is_found(monkeypatch):
    real = sealing.timestamps.token
    monkeypatch.setattr(sealing.timestamps, "token", lambda digest: real(bytes(32)))
    (one,) = signature.verify(sealing.seal(PDF, "x")).signatures
    assert str(one.fault) == str(verdicts.BAD_TIME)


def test_no_seal_is_not_a_valid_seal():
    report = signature.verify(PDF)
    assert (report.valid, report.signed) == (False, False)


def with_script(how):
    with pikepdf.open(BytesIO(PDF)) as pdf:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        if how == "open":
            pdf.Root.OpenAction = action
        else:
            pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", pdf.make_indirect(action)]))
        out = BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


@pytest.mark.parametrize("how", ["open", "names"])
def test_a_script_is_refused(how):
    with pytest.raises(Invalid) as refused:
        signature.verify(sealing.seal(with_script(how), "x"))
    assert refused.value.code == "script"


@pytest.mark.parametrize("bad", [b"%PDF-1.7\n", PDF[:-600], b"%PDF-1.7\n" + b"\0" * 1000])
def test_what_is_damaged_is_refused(bad):
    with pytest.raises(Invalid) as refused:
        signature.verify(bad)
    assert refused.value.code == "damaged"


def test_a_locked_file_is_refused():
    with pikepdf.open(BytesIO(PDF)) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Invalid) as refused:
        signature.verify(out.getvalue())
    assert refused.value.code == "locked"


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(pdfs, "MOST_UNPACKED", 1024 * 1024)
    bomb = b"%PDF-1.7\nstream\n" + zlib.compress(b"\0" * (2 * 1024 * 1024)) + b"\nendstream"
    with pytest.raises(Invalid) as refused:
        signature.verify(bomb)
    assert refused.value.code == "too-much-inside"


def test_older_seals_are_still_known(settings, tmp_path):
    """Sealed before there was an issuing authority: the old authority's file in the key folder is trusted."""
    settings.KEY_FOLDER = tmp_path
    tmp_path.chmod(0o700)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = pki.name("Old CA")
    ca = pki.draft(name, name, ca_key.public_key(), timedelta(days=1))
    ca = ca.add_extension(x509.BasicConstraints(True, 0), True).add_extension(pki.usage(authority=True), True)
    ca = ca.sign(ca_key, hashes.SHA256())
    one = pki.draft(pki.name("Old seal"), name, key.public_key(), timedelta(days=1))
    one = one.add_extension(pki.usage(digital_signature=True, content_commitment=True), True)
    one = one.add_extension(pki.issued_by(ca), False).sign(ca_key, hashes.SHA256())
    (tmp_path / "seal-ca.pem").write_bytes(pki.written(pki.Bearer(ca_key, ca)))
    (tmp_path / "seal-ca.pem").chmod(0o600)
    old = old_seal(PDF, key, one)
    (found,) = signature.verify(old).signatures
    assert (found.fault, found.stamped, found.who) == ("", False, "Old seal")


def old_seal(pdf, key, certificate):
    from asn1crypto import keys
    from asn1crypto import x509 as asn1
    from cryptography.hazmat.primitives import serialization
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = key.private_bytes(pki.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(certificate.public_bytes(pki.DER)),
        signing_key=keys.PrivateKeyInfo.load(private), cert_registry=SimpleCertificateStore(),
    )  # fmt: skip
    metadata = signers.PdfSignatureMetadata(field_name="Seal", subfilter=fields.SigSeedSubFilter.PADES)
    return signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer).getvalue()
