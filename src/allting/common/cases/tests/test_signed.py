"""What she saw is what she signed: the application as PDF/A with each signer's own signature, for its readers only."""

import subprocess
import zipfile
from io import BytesIO

import pikepdf
import pytest

from allting.common.cases.models import Signer
from allting.common.cases.tests.factories import KINDERGARTEN, PDF, client_of, pdf, send
from allting.common.registers.tests import factories as people
from allting.common.signature import api as signature
from allting.common.signature.models import Certificate
from allting.kernel.actor import Level

pytestmark = pytest.mark.django_db
NOTICE = {"address": "Storgata 1", "what": "garage", "describe": "En garasje."}


def noticed(*neighbours):
    kari = people.person(given_name="Kari")
    numbers = {"neighbours": "\n".join(one.identity_number for one in neighbours)}
    browser = client_of(kari)
    return browser, send(browser, "neighbour-notice", {"project": NOTICE, "neighbours": numbers})


def test_the_applicant_signs_a_pdf_a_with_a_certificate_of_her_own(molde, tmp_path):
    parent = people.person(given_name="Kari", family_name="Prøve")
    child = people.child_of(parent)
    browser = client_of(parent)
    pages = KINDERGARTEN | {"place": KINDERGARTEN["place"] | {"child": str(child.pk)}}
    case = send(browser, "kindergarten-place", pages)
    answer = browser.get(f"/my/cases/{case}/receipt")
    (one,) = signature.verify(answer.content).signatures
    assert (one.fault, one.by, one.level, one.stamped) == ("", "person", Level.SUBSTANTIAL, True)
    assert one.who.startswith("Kari")
    with pikepdf.open(BytesIO(answer.content)) as pdf, pdf.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"], facts["pdfuaid:part"]) == ("2", "A", "1")
    (tmp_path / "a.pdf").write_bytes(answer.content)
    told = subprocess.run(["pdfsig", "-nocert", "a.pdf"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature is Valid" in told.stdout
    assert subprocess.run(["qpdf", "--check", tmp_path / "a.pdf"], capture_output=True, check=False).returncode == 0
    assert Certificate.objects.get().person == parent.pk
    officer = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    assert officer.get(f"/office/cases/{case}/signed").content == answer.content
    assert client_of(people.person()).get(f"/my/cases/{case}/receipt").status_code == 404


def test_the_application_and_its_files_go_out_in_one_container(molde):
    neighbour = people.person()
    browser = client_of(people.person(given_name="Kari", family_name="Prøve"))
    pages = {"project": NOTICE | {"drawing": pdf()}, "neighbours": {"neighbours": neighbour.identity_number}}
    case = send(browser, "neighbour-notice", pages)
    assert f"/my/cases/{case}/container" in browser.get(f"/my/cases/{case}").content.decode()
    answer = browser.get(f"/my/cases/{case}/container")
    assert answer["Content-Type"] == signature.CONTAINER and answer["Content-Disposition"].endswith(".asice")
    report = signature.verify(answer.content)
    assert report.valid and report.kind == "asic"
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        (paper, sent) = (packed.read(name) for name in report.files)
    assert signature.verify(paper).valid and sent == PDF
    assert client_of(people.person()).get(f"/my/cases/{case}/container").status_code == 404


def test_others_sign_the_same_document_and_do_not_see_each_others_numbers(molde, tmp_path):
    first, second = people.person(given_name="Per"), people.person(given_name="Liv")
    browser, case = noticed(first, second)
    before = client_of(first).get(f"/my/sign/{case}/document").content
    assert len(signature.verify(before).signatures) == 1
    (tmp_path / "a.pdf").write_bytes(before)
    text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "garasje" in text and second.identity_number not in text
    client_of(first).post(f"/my/sign/{case}", {"answer": "yes"})
    client_of(second).post(f"/my/sign/{case}", {"answer": "no", "remark": "For nær."})
    report = signature.verify(browser.get(f"/my/cases/{case}/receipt").content)
    assert report.valid
    assert [one.who.split()[0] for one in report.signatures] == ["Kari", "Per"]


def test_in_order_means_one_after_another(molde, monkeypatch):
    first, second = people.person(), people.person()
    _browser, case = noticed(first, second)
    from allting.common.catalogue import api as catalogue

    service = catalogue.service("neighbour-notice").service
    monkeypatch.setitem(service.sign.__dict__, "in_order", True)
    ids = list(Signer.objects.filter(case=case).order_by("id").values_list("person", flat=True))
    mine = {first.pk: client_of(first), second.pk: client_of(second)}
    assert mine[ids[1]].get(f"/my/sign/{case}").status_code == 404
    assert mine[ids[1]].post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 404
    assert mine[ids[0]].post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 302
    assert mine[ids[1]].post(f"/my/sign/{case}", {"answer": "yes"}).status_code == 302
    assert set(Signer.objects.filter(case=case).values_list("answer", flat=True)) == {"signed"}
