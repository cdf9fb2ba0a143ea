"""Containers of several files (ASiC-E, XAdES B-LT): xmlsec1 agrees, and what was changed, added or forged is told."""

import re
import shutil
import subprocess
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from allting.common.signature import api as signature
from allting.common.signature import authority, containers, opening, revocation, timestamps, verdicts, xades
from allting.common.signature.xades import SPACES, File
from allting.kernel import pki
from allting.kernel.problems import Invalid

pytestmark = pytest.mark.django_db
FILES = [
    File("Søknad om byggetillatelse.pdf", "application/pdf", b"%PDF-1.7 made up"),
    File("bilder/hus & hage.png", "image/png", b"\x89PNG made up"),
]


@pytest.fixture
def made():
    return signature.container(FILES)


def entries(data):
    with zipfile.ZipFile(BytesIO(data)) as packed:
        return {one.filename: packed.read(one) for one in packed.infolist()}


def packed(parts, first="mimetype"):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, data in sorted(parts.items(), key=lambda one: one[0] != first):
            into.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_signature(data, change):
    parts = entries(data)
    root = etree.fromstring(parts[containers.SIGNATURES])
    change(root)
    return packed(parts | {containers.SIGNATURES: etree.tostring(root)})


def fault(data):
    (one,) = signature.verify(data).signatures
    assert not one.valid and one.by == "other" and one.level is None
    return str(one.fault)


def test_it_is_valid_and_tells_who_and_when(made):
    report = signature.verify(made)
    assert report.valid and report.kind == "asic"
    assert report.files == [one.name for one in FILES]
    (one,) = report.signatures
    assert (one.who, one.by, one.stamped, one.lasting) == ("Allting Seal", "platform", True, True)


def test_the_type_can_be_read_without_unpacking(made):
    assert made[30:38] == b"mimetype" and made[38:].startswith(b"application/vnd.etsi.asic-e+zip")


def xmlsec1(data, folder):
    """Another implementation of XML signatures; it reads the files beside the signature."""
    assert shutil.which("xmlsec1"), "install xmlsec1"
    with zipfile.ZipFile(BytesIO(data)) as all_of_it:
        all_of_it.extractall(folder)
    (folder / "root.pem").write_bytes(authority.root_certificate().public_bytes(pki.PEM))
    (folder / "issuing.pem").write_bytes(authority.issuing().certificate.public_bytes(pki.PEM))
    command = ["xmlsec1", "--verify", "--enabled-key-data", "x509", "--trusted-pem", "root.pem",
               "--untrusted-pem", "issuing.pem", "--id-attr:Id", f"{xades.XADES}:SignedProperties",
               containers.SIGNATURES]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_xmlsec1_agrees(made, tmp_path):
    done = xmlsec1(made, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "SignedInfo References (ok/all): 3/3" in done.stdout + done.stderr


def test_a_changed_byte_is_found_by_us_and_by_xmlsec1(made, tmp_path):
    other = packed(entries(made) | {FILES[0].name: FILES[0].data + b"!"})
    assert fault(other) == str(verdicts.CHANGED)
    assert xmlsec1(other, tmp_path).returncode != 0


def test_a_file_more_and_a_file_less(made):
    parts = entries(made)
    assert fault(packed(parts | {"extra.txt": b"x"})) == str(verdicts.LEFT_OUT)
    del parts[FILES[1].name]
    assert fault(packed(parts)) == str(verdicts.MISSING)


def test_a_forged_value(made):
    def forge(root):
        value = root.find(".//ds:SignatureValue", SPACES)
        value.text = ("A" if value.text[0] != "A" else "B") + value.text[1:]

    assert fault(with_signature(made, forge)) == str(verdicts.FORGED)


def test_another_certificate_in_its_place(made):
    """The same signature, said to be somebody else's."""
    other = authority.for_signer(pki.name("Ola Prøve"), next(iter(authority.LEVEL_POLICY)))

    def change(root):
        root.find(".//ds:X509Certificate", SPACES).text = xades._b64(other.certificate.public_bytes(pki.DER))

    assert fault(with_signature(made, change)) == str(verdicts.FORGED)


def test_signed_properties_that_were_changed(made):
    def change(root):
        root.find(".//xades:SigningTime", SPACES).text = "2001-01-01T00:00:00Z"

    assert fault(with_signature(made, change)) == str(verdicts.CHANGED)


def signed_by(bearer, stamp=timestamps.token, chain=None):
    chain = [authority.issuing().certificate, authority.own("tsa").certificate] if chain is None else chain
    lists = [revocation.recent(), authority.root_list()]
    return containers._packed(FILES, xades.signed(FILES, bearer, chain=chain, lists=lists, stamp=stamp))


def test_a_stranger_is_not_trusted():
    key, name = ec.generate_private_key(ec.SECP256R1()), pki.name("Allting Seal")
    draft = pki.draft(name, name, key.public_key(), timedelta(days=1))
    draft = draft.add_extension(pki.usage(content_commitment=True), True)
    draft = draft.add_extension(pki.policies(authority.SEAL_POLICY), False)
    assert fault(signed_by(pki.Bearer(key, draft.sign(key, hashes.SHA256())))) == str(verdicts.STRANGER)


def test_a_stamp_of_something_else_and_none():
    wrong = signed_by(authority.own("seal"), stamp=lambda digest: timestamps.token(bytes(32)))
    assert fault(wrong) == str(verdicts.BAD_TIME)

    def without(root):
        stamp = root.find(".//xades:SignatureTimeStamp", SPACES)
        stamp.getparent().remove(stamp)

    assert fault(with_signature(signed_by(authority.own("seal")), without)) == str(verdicts.NO_TIME)


def refusal(data):
    with pytest.raises(Invalid) as refused:
        signature.verify(data)
    return refused.value.code


def wrapped(root):
    """The signed properties once more, where a careless reader looks first."""
    found = root.find(".//xades:QualifyingProperties", SPACES)
    copy = etree.fromstring(etree.tostring(found.find("xades:SignedProperties", SPACES)))
    copy.set("Id", "S0-other")
    found.insert(0, copy)


def weakened(root):
    root.find(".//ds:SignatureMethod", SPACES).set("Algorithm", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")


def doubled(root):
    root.find(".//xades:SignatureTimeStamp", SPACES).set("Id", "S0")


def emptied(root):
    root.clear()


@pytest.mark.parametrize("change", [wrapped, weakened, doubled, emptied])
def test_signatures_that_are_not_as_they_should_be(made, change):
    assert refusal(with_signature(made, change)) == "bad-signature"


@pytest.mark.parametrize("xml", [b"no xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a/>", b""])
def test_what_is_no_signature_file(made, xml):
    assert refusal(packed(entries(made) | {containers.SIGNATURES: xml})) == "bad-signature"


def test_file_lists_that_are_not_as_they_should_be(made):
    parts = entries(made)
    for name in ("../up.txt", "a//b.txt", "/etc/passwd", "mimetype/x"):
        assert refusal(packed(parts | {name: b"x"})) == "file-list", name
    assert refusal(packed(parts | {"BILDER/hus & hage.png": b"x"})) == "file-list"


def test_other_containers_are_told_apart(made):
    parts = entries(made)
    assert refusal(packed(parts | {"META-INF/signature001.p7s": b"x"})) == "unknown-kind"
    assert refusal(packed(parts | {"mimetype": b"application/epub+zip"})) == "unknown-kind"
    assert refusal(packed(parts, first="bilder/hus & hage.png")) == "unknown-kind"
    assert refusal(b"just text") == "unknown-kind"
    assert refusal(made[: len(made) // 2]) == "damaged"
    assert not signature.verify(packed({"mimetype": parts["mimetype"], "a.txt": b"x"})).signed


def test_a_bomb_is_not_unpacked(made, monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED", 100_000)
    assert refusal(packed(entries(made) | {"big.txt": b"\0" * 200_000})) == "too-much-inside"


def test_a_locked_entry(made):
    data = bytearray(made)
    for place in [one.start() for one in re.finditer(b"PK\x01\x02", made)]:
        data[place + 8] |= 1
    assert refusal(bytes(data)) == "locked"


@pytest.mark.parametrize(
    "files", [[], [FILES[0], FILES[0]], [File("META-INF/x", "text/plain", b"")], [File("../x", "text/plain", b"")]]
)
def test_files_that_cannot_be_in_one(files):
    with pytest.raises(Invalid):
        signature.container(files)
