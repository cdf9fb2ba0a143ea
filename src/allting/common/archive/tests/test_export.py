"""The extraction is complete in itself, valid by the elements' list, and all there or not at all."""

import re
import shutil
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from lxml import etree

from allting.common.archive import api as archive
from allting.common.archive import doctor
from allting.common.archive.models import Document
from allting.common.archive.tests.noark import faults
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).resolve().parents[6] / "shared" / "data" / "schemas" / "noark5"
FILES = ("arkivstruktur", "endringslogg", "loependeJournal", "offentligJournal")
LAW = "offentleglova § 13"


@pytest.fixture
def molde():
    return people.municipality()


def journalled(authority, number, *, withheld=LAW, name="Kari Prøve", years=5):
    case = uuid4()
    for direction, data in (("in", b"%PDF-in"), ("out", b"%PDF-out")):
        archive.journal(
            authority=authority.pk, case=case, case_number=f"2026/{number}", title="Søknad <om> plass & mer\x0b",
            direction=direction, document=None, party_name=name, journalled_on=date(2026, 3, 2),
            filing=archive.Filing("Barnehageplass", "A10", years, withheld),
        )  # fmt: skip
        archive.keep(case, None, direction, "Søknad fra Kari Prøve", data + str(number).encode(), "application/pdf")
    archive.keep(case, None, "in", "bilde.png", b"\x89PNG", "image/png")
    archive.close(case, "Molde kommune")
    return case


def run(authority, folder, *, start="2026-01-01", end=None):
    out = StringIO()
    end = end or timezone.localdate().isoformat()
    call_command("archive", "export", "--authority", authority.slug, "--from", start, "--to", end, folder, stdout=out)
    return out.getvalue()


def texts(path, name):
    return [one.text for one in ElementTree.parse(path).iter() if one.tag.rpartition("}")[2] == name]


def test_the_extraction_is_complete_and_every_checksum_and_count_holds(molde, tmp_path):
    journalled(molde, 1)
    journalled(molde, 2, withheld="", name="Fjord AS", years=None)
    told = run(molde, tmp_path / "uttrekk")
    folder = tmp_path / "uttrekk"
    assert "2 cases, 4 journal entries and 6 documents" in told
    assert [fault for name in FILES for fault in faults(folder / f"{name}.xml")] == []
    structure = folder / "arkivstruktur.xml"
    for file, digest, size in zip(
        *(texts(structure, name) for name in ("referanseDokumentfil", "sjekksum", "filstoerrelse")), strict=True
    ):
        data = (folder / file).read_bytes()
        assert (sha256(data).hexdigest(), str(len(data))) == (digest, size)
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 6 + len(FILES) + 1
    summary = (folder / "arkivuttrekk.xml").read_text()
    for name in FILES:
        assert sha256((folder / f"{name}.xml").read_bytes()).hexdigest() in summary
    assert texts(folder / "loependeJournal.xml", "antallJournalposter") == ["4"]
    assert re.search(r"<value>registrering</value>.*?<value>4</value>", summary, re.DOTALL)
    assert re.search(r'name="antallDokumentfiler" dataType="integer">\s*<value>6</value>', summary)
    assert texts(structure, "kassasjonsvedtak") == ["Kasseres"]  # the one kept for ever has none


def test_the_public_journal_names_no_private_person(molde, tmp_path):
    journalled(molde, 1)
    journalled(molde, 2, withheld="", name="Fjord AS")
    run(molde, tmp_path / "uttrekk")
    public = tmp_path / "uttrekk" / "offentligJournal.xml"
    assert "Kari" not in public.read_text() and "Kari" in (tmp_path / "uttrekk" / "loependeJournal.xml").read_text()
    assert set(texts(public, "korrespondansepartNavn")) == {"*****", "Fjord AS"}
    assert texts(public, "skjermingshjemmel") == [LAW, LAW]


def test_it_gives_the_same_ids_again_and_leaves_open_cases(molde, tmp_path):
    journalled(molde, 1)
    archive.reopen(journalled(molde, 2), "Parten")
    assert "1 cases are still open" in run(molde, tmp_path / "a")
    run(molde, tmp_path / "b")
    a, b = (texts(tmp_path / one / "arkivstruktur.xml", "systemID") for one in "ab")
    assert a == b and len(set(a)) == len(a)


def test_what_stands_in_the_folder_is_never_touched(molde, tmp_path):
    journalled(molde, 1)
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(CommandError, match="something there"):
        run(molde, tmp_path)
    with pytest.raises(CommandError, match="no authority"):
        call_command("archive", "export", "--authority", "atlantis", "--from", "2026-01-01", "--to", "2026-12-31", "x")
    with pytest.raises(CommandError, match="ends before"):
        run(molde, tmp_path / "new", start="2026-02-01", end="2026-01-01")
    with pytest.raises(CommandError, match="no case was closed"):
        run(molde, tmp_path / "new", start="2001-01-01", end="2001-12-31")
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_a_fault_on_the_way_leaves_nothing(molde, tmp_path, monkeypatch):
    journalled(molde, 1)
    Document.objects.filter(number=2).update(sha256="0" * 64)
    with pytest.raises(CommandError, match="not what was stored"):
        run(molde, tmp_path / "uttrekk")

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    Document.objects.filter(number=2).delete()
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CommandError, match="No space left"):
        run(molde, tmp_path / "uttrekk")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def schemas(tmp_path, settings):
    """The National Archives' XSDs, beside the project as the other reference data; ADDML's by its plain name."""
    kept = shutil.copytree(SCHEMAS, tmp_path / "schemas")
    (kept / "addml-8.3.xsd").rename(kept / "addml.xsd")
    settings.NOARK_SCHEMAS = str(kept)


@pytest.mark.parametrize("name", [*FILES, "arkivuttrekk"])
def test_the_official_schemas_say_so_too(molde, tmp_path, schemas, name):
    journalled(molde, 1)
    run(molde, tmp_path / "uttrekk")
    xsd = "addml" if name == "arkivuttrekk" else name
    schema = etree.XMLSchema(etree.parse(tmp_path / "uttrekk" / f"{xsd}.xsd"))
    tree = etree.parse(tmp_path / "uttrekk" / f"{name}.xml")
    schema.assertValid(tree)
    tree.getroot().remove(tree.getroot()[0])
    assert not schema.validate(tree)


def test_the_doctor_finds_a_document_that_is_changed(molde):
    journalled(molde, 1)
    assert [one.level for one in doctor.documents()] == ["ok"]
    hurt = Document.objects.order_by("id")[0]
    Document.objects.filter(pk=hurt.pk).update(content=bytes(hurt.content)[:-1] + b"?")
    Document.objects.filter(number=2).update(sha256="0" * 64)
    assert [one.level for one in doctor.documents()] == ["error", "error", "ok"]


def test_what_came_before_it_was_journalled_is_received_on_the_day_it_came(molde, tmp_path):
    case = uuid4()
    archive.journal(
        authority=molde.pk, case=case, case_number="2026/9", title="Søknad på papir", direction="in", document=None,
        party_name="Kari Prøve", journalled_on=date(2026, 3, 9), received_on=date(2026, 3, 2),
        filing=archive.Filing("Barnehageplass", "A10", 5, LAW),
    )  # fmt: skip
    archive.keep(case, None, "in", "Søknad", b"%PDF-paper", "application/pdf")
    archive.close(case, "Molde kommune")
    run(molde, tmp_path / "uttrekk")
    structure = next((tmp_path / "uttrekk").rglob("arkivstruktur.xml"))
    assert [one[:10] for one in texts(structure, "mottattDato")] == ["2026-03-02"]
    assert texts(structure, "journaldato") == ["2026-03-09"]
    assert texts(structure, "dokumentetsDato") == ["2026-03-02"]
