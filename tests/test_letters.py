"""A letter as its reader gets it, looked at from outside: sealed by us, whole, and the file she downloads."""

import shutil
import subprocess
from uuid import uuid4

import pytest
from django.core.management import call_command

from allting.common.identity.tests.factories import log_in_for_test
from allting.common.mailbox import api as mailbox
from allting.common.outbox import api as outbox
from allting.common.registers.tests import factories as make
from allting.common.signature import api as signature
from allting.kernel.actor import Party

pytestmark = pytest.mark.django_db


def deliver(person):
    facts = mailbox.Facts([("Barnehage", "Kvam"), ("Fra", "1. august")])
    letter = mailbox.Letter(Party("person", person.pk), uuid4(), "Molde kommune", "Barnehageplass", [facts])
    mailbox.deliver(letter, str(person.pk))
    outbox.drain()


def pdfsig(file):
    """Debian's pdfsig, of poppler: another reader than the one that sealed it."""
    assert shutil.which("pdfsig"), "install poppler-utils"
    return subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout


def test_a_delivered_letter_bears_a_valid_seal_and_another_reader_agrees(client, tmp_path):
    kari = make.person()
    deliver(kari)
    log_in_for_test(client, kari.pk)
    (letter,) = client.get("/api/letters").json()
    pdf = client.get(f"/my/letters/{letter['id']}.pdf").content
    verdict = signature.verify(pdf)
    assert (verdict.valid, verdict.signatures[0].reason) == (True, "Barnehageplass")
    (tmp_path / "letter.pdf").write_bytes(pdf)
    report = pdfsig(tmp_path / "letter.pdf")
    assert "Signature is Valid" in report
    assert "Total document signed" in report
    changed = pdf.replace(b"/Title", b"/Titel", 1)
    assert changed != pdf
    assert not signature.verify(changed).valid


def test_a_letter_on_paper_is_the_sealed_one(tmp_path):
    deliver(make.person(reserved=True))
    call_command("print", str(tmp_path))
    (file,) = tmp_path.glob("*.pdf")
    assert signature.verify(file.read_bytes()).valid
    assert "Signature is Valid" in pdfsig(file)
