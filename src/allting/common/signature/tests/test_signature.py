import shutil
import subprocess
from uuid import uuid4

import pytest
import typst

from allting.common.signature import api as signature
from allting.common.signature.models import Signature
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Conflict, LoginNeeded


@pytest.fixture(scope="module")
def sealed():
    return signature.seal(typst.compile(b"#set document(title: [Vedtak])\n= Vedtak"), "Vedtak fra Molde kommune")


def test_a_sealed_document_verifies(sealed):
    verdict = signature.verify(sealed)
    assert (verdict.valid, verdict.intact, verdict.trusted) == (True, True, True)
    assert verdict.reason == "Vedtak fra Molde kommune"
    assert verdict.at is not None


def test_another_reader_agrees(sealed, tmp_path):
    """Debian's pdfsig: a second implementation, with its own reading of the standard."""
    assert shutil.which("pdfsig"), "install poppler-utils"
    file = tmp_path / "letter.pdf"
    file.write_bytes(sealed)
    report = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in report
    assert "ETSI.CAdES.detached" in report
    assert "Total document signed" in report


def test_a_changed_byte_is_found(sealed):
    changed = bytearray(sealed)
    changed[200] ^= 1
    assert not signature.verify(bytes(changed)).valid


def test_no_seal_is_not_a_valid_seal():
    verdict = signature.verify(typst.compile(b"= Vedtak"))
    assert (verdict.valid, verdict.sealed) == (False, False)


@pytest.mark.django_db
def test_signing_twice_counts_once():
    actor, reference = Actor(person=uuid4(), level=Level.SUBSTANTIAL), uuid4()
    first = signature.sign(actor, reference=reference, document=b"one", text="Jeg signerer")
    again = signature.sign(actor, reference=reference, document=b"one", text="Jeg signerer")
    with pytest.raises(Conflict):
        signature.sign(actor, reference=reference, document=b"two", text="Jeg signerer")
    assert first.pk == again.pk
    assert again.sha256 == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    other = Actor(person=uuid4(), level=Level.HIGH)
    signature.sign(other, reference=reference, document=b"one", text="Jeg signerer")
    assert [row.person for row in signature.signatures(reference)] == [actor.person, other.person]


@pytest.mark.django_db
def test_a_low_login_cannot_sign_at_high():
    with pytest.raises(LoginNeeded):
        signature.sign(
            Actor(person=uuid4(), level=Level.SUBSTANTIAL),
            reference=uuid4(),
            document=b"",
            text="x",
            level=Level.HIGH,
        )
    assert not Signature.objects.exists()
