"""Somebody is invited to fill in her part and sign it: what she answers is hers and the authority's, nobody else's."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone

from allting.common.archive.models import Document, Entry
from allting.common.audit.models import Entry as Look
from allting.common.cases import archiving, part
from allting.common.cases.lifecycle import said
from allting.common.cases.models import Case, Event, Signer
from allting.common.cases.submitting import close_signing
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.registers.models import Relation
from allting.common.registers.tests import factories as people
from allting.common.signature import api as signature
from allting.common.signature.models import Signature
from allting.kernel.actor import Level

pytestmark = pytest.mark.django_db
JSON = "application/json"
SECRET = "Ikke si det til Kari"
HERS = {"answer": "yes", "shown": "responsible reach_me own_words", "responsible": "yes", "own_words": SECRET}


@pytest.fixture
def tax():
    people.municipality()
    people.state("statsforvalteren")
    return people.state("skatteetaten")


@pytest.fixture
def mother(tax):
    return people.person(given_name="Kari")


@pytest.fixture
def father(tax):
    return people.person(given_name="Per", family_name="Hansen")


@pytest.fixture
def case(mother, father):
    child = people.child_of(mother, born=timezone.localdate() - timedelta(days=30))
    Relation.objects.create(person=father, other=child, kind="parent")
    pages = {
        "child": {"child": str(child.pk), "alone": "no", "other": father.identity_number},
        "name": {"first_names": "Ola", "last_name": "Prøve", "from_parent": "yes"},
    }
    return send(client_of(mother), "child-name", pages)


def text(response):
    return response.content.decode()


def office_of(organisation):
    return client_of(people.officer_in(organisation), as_officer_of=organisation.pk)


def in_words(pdf, folder):
    (folder / "part.pdf").write_bytes(pdf)
    return subprocess.run(["pdftotext", folder / "part.pdf", "-"], capture_output=True, text=True, check=True).stdout


def test_he_fills_in_signs_and_reads_it_again_and_the_officer_reads_it(case, tax, mother, father, tmp_path):
    his = client_of(father)
    page = text(his.get(f"/my/sign/{case}"))
    assert "Din del" in page and "Har du foreldreansvar" in page and "Hvem har foreldreansvaret" not in page
    assert "ikke Kari Prøve" in page and "Skatteetaten" in page
    assert his.post(f"/my/sign/{case}", HERS).status_code == 302
    mine = text(his.get(f"/my/sign/{case}"))
    assert SECRET in mine and f"/my/sign/{case}/part" in mine
    assert f"/my/sign/{case}" in text(his.get("/my/sign"))  # to be found again
    pdf = his.get(f"/my/sign/{case}/part").content
    (one,) = signature.verify(pdf).signatures
    assert (one.fault, one.by, one.level) == ("", "person", Level.SUBSTANTIAL) and one.who.startswith("Per")
    words = in_words(pdf, tmp_path)
    assert SECRET in words and "Per Hansen" in words and father.identity_number not in words
    with pikepdf.open(BytesIO(pdf)) as opened, opened.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "A")
    office = office_of(tax)
    seen = text(office.get(f"/office/cases/{case}"))
    assert SECRET in seen and "Per Hansen fylte ut" in seen
    at = f"/office/cases/{case}/parts/{part.reference(Signer.objects.get())}"
    assert at in seen and office.get(at).content == pdf
    assert Case.objects.get().state == "received"


def test_neither_the_applicant_nor_a_stranger_nor_another_authority_sees_it(case, tax, mother, father):
    his, hers, strange = client_of(father), client_of(mother), client_of(people.person())
    his.post(f"/my/sign/{case}", HERS)
    at = f"/office/cases/{case}/parts/{part.reference(Signer.objects.get())}"
    assert SECRET not in text(hers.get(f"/my/cases/{case}"))
    for path in (f"/my/sign/{case}", f"/my/sign/{case}/part"):
        assert hers.get(path).status_code == strange.get(path).status_code == 404, path
    assert hers.get(at).status_code == strange.get(at).status_code == his.get(at).status_code == 403
    assert office_of(people.state("nav")).get(at).status_code == 404
    assert hers.get(f"/api/signatures/{case}").status_code == strange.get(f"/api/signatures/{case}").status_code == 404
    office = office_of(tax)
    assert office.get(f"/my/sign/{case}/part").status_code in (403, 404)
    assert office.get(f"/office/cases/{case}/parts/{case}").status_code == 404
    receipt = hers.get(f"/my/cases/{case}/receipt").content
    assert [one.who.split()[0] for one in signature.verify(receipt).signatures] == ["Kari", "Per"]
    assert SECRET.encode() not in receipt + hers.get(f"/my/cases/{case}/container").content


def test_another_who_signs_does_not_see_it_either(mother, father, tax, molde_notice):
    first, second, case = molde_notice
    fill = {"answer": "yes", "shown": "close_by", "close_by": SECRET}
    assert client_of(first).post(f"/my/sign/{case}", fill).status_code == 302
    other = client_of(second)
    assert SECRET not in text(other.get(f"/my/sign/{case}")) and other.get(f"/my/sign/{case}/part").status_code == 404
    assert other.post(f"/my/sign/{case}", fill | {"close_by": "Mitt eget"}).status_code == 302
    assert signature.verify(other.get(f"/my/sign/{case}/part").content).valid
    assert SECRET not in str(other.get(f"/api/signatures/{case}").json())
    seen = text(office_of(people.municipality()).get(f"/office/cases/{case}"))
    assert SECRET in seen and "Mitt eget" in seen


def asking(monkeypatch, slug, **sign):
    """The service as its file would be with more under ``sign``, under the same digest."""
    from allting.common.catalogue import api as catalogue

    service = catalogue.service(slug).service
    field = {"type": "text", "label": "Hva ligger nær?"}
    page = catalogue.Page.model_validate({"page": "near", "title": "Nær", "fields": {"close_by": field}})
    monkeypatch.setitem(service.__dict__, "sign", service.sign.model_copy(update={"asks": (page,)} | sign))


@pytest.fixture
def molde_notice(tax, mother, monkeypatch):
    asking(monkeypatch, "neighbour-notice")
    first, second = people.person(given_name="Liv"), people.person(given_name="Odd")
    project = {"address": "Storgata 1", "what": "garage", "describe": "En garasje."}
    numbers = f"{first.identity_number}\n{second.identity_number}"
    case = send(client_of(mother), "neighbour-notice", {"project": project, "neighbours": {"neighbours": numbers}})
    return first, second, case


def test_what_is_wrong_is_said_and_what_he_typed_is_kept(case, father):
    his = client_of(father)
    wrong = HERS | {"responsible": "", "reach_me": "tolv"}
    page = his.post(f"/my/sign/{case}", wrong)
    assert page.status_code == 422
    shown = text(page)
    assert 'href="#field-responsible"' in shown and 'href="#field-reach_me"' in shown
    assert SECRET in shown and 'value="tolv"' in shown
    undecided = his.post(f"/my/sign/{case}", HERS | {"answer": ""})
    assert undecided.status_code == 422 and SECRET in text(undecided)
    assert Signer.objects.get().answer == "" and not Signature.objects.exclude(reference=case).exists()


def test_a_question_that_hangs_on_another_comes_without_scripts_and_must_be_answered(case, father):
    his = client_of(father)
    page = his.post(f"/my/sign/{case}", HERS | {"responsible": "no"})
    assert page.status_code == 200 and "Hvem har foreldreansvaret" in text(page) and SECRET in text(page)
    assert 'href="#field-responsible_why"' not in text(page)
    shown = HERS["shown"] + " responsible_why"
    again = his.post(f"/my/sign/{case}", HERS | {"responsible": "no", "shown": shown})
    assert again.status_code == 422 and 'href="#field-responsible_why"' in text(again)
    refreshed = his.post(f"/my/sign/{case}", HERS | {"responsible": "no", "refresh": "1"})
    assert refreshed.status_code == 200 and "responsible_why" in text(refreshed) and Signer.objects.get().answer == ""
    done = his.post(f"/my/sign/{case}", HERS | {"responsible": "no", "shown": shown, "responsible_why": "Moren alene."})
    assert done.status_code == 302


def test_one_who_says_no_need_not_fill_in_and_nothing_of_it_is_kept(case, father):
    answer = HERS | {"answer": "no", "remark": "Jeg vil ikke.", "responsible": ""}
    assert client_of(father).post(f"/my/sign/{case}", answer).status_code == 302
    assert (Signer.objects.get().answer, Signer.objects.get().part) == ("declined", None)
    assert client_of(father).get(f"/my/sign/{case}/part").status_code == 404
    assert Case.objects.get().state == "lapsed"


def test_one_who_is_silent_leaves_nothing(case, tax):
    close_signing(case)
    assert (Signer.objects.get().answer, Signer.objects.get().part) == ("silent", None)
    assert "fylte ut" not in text(office_of(tax).get(f"/office/cases/{case}"))


def test_answering_twice_counts_once(case, father):
    his = client_of(father)
    his.post(f"/my/sign/{case}", HERS)
    his.post(f"/my/sign/{case}", HERS | {"own_words": "Noe annet"})
    assert SECRET in text(his.get(f"/my/sign/{case}")) and Signature.objects.exclude(reference=case).count() == 1


def test_when_the_second_signature_fails_nothing_is_kept(case, father, monkeypatch):
    def fails(*_args, **_named):
        raise RuntimeError("the power went")

    monkeypatch.setattr(part.paper, "of_part", fails)
    his = client_of(father)
    his.raise_request_exception = False
    assert his.post(f"/my/sign/{case}", HERS).status_code == 500
    assert Signer.objects.get().answer == "" and Signature.objects.count() == 1  # hers who applied


def test_it_is_sealed_at_rest_and_no_event_tells_what_he_answered(case, father):
    client_of(father).post(f"/my/sign/{case}", HERS)
    row = Signer.objects.get()
    assert SECRET.encode() not in bytes(row.part)
    assert all(SECRET not in str(said(one)) for one in Event.objects.all())


def test_an_officers_look_stands_in_his_log_and_in_hers(case, tax, mother, father):
    client_of(father).post(f"/my/sign/{case}", HERS)
    Look.objects.all().delete()
    office = office_of(tax)
    office.get(f"/office/cases/{case}")
    assert "Det du fylte ut før du signerte" in text(client_of(father).get("/my/lookups"))
    assert "Det du fylte ut før du signerte" not in text(client_of(mother).get("/my/lookups"))
    before = Look.objects.count()
    office.get(f"/office/cases/{case}/parts/{part.reference(Signer.objects.get())}")
    assert Look.objects.count() == before + 1


def test_it_is_journalled_as_from_him_kept_in_the_archive_and_destroyed_with_the_case(case, father):
    client_of(father).post(f"/my/sign/{case}", HERS)
    work()
    work()  # once more changes nothing
    reference = part.reference(Signer.objects.get())
    (entry,) = Entry.objects.filter(document=reference)
    assert entry.direction == "in" and "offentleglova § 13" in entry.withheld and "Per" not in entry.title
    assert SECRET not in entry.title
    (kept,) = Document.objects.filter(entry=entry)
    assert kept.media_type == "application/pdf"
    archiving.destroyed({"case": str(case)}, "x")
    assert signature.document(reference) is None and not Signature.objects.filter(reference=reference).exists()
    assert not Signer.objects.exists()


def test_over_rest_the_questions_are_told_and_the_answers_taken(case, mother, father):
    his, at = client_of(father), f"/api/signatures/{case}"
    told = his.get(at).json()
    assert [one["name"] for one in told["asks"]] == ["responsible", "responsible_why", "reach_me", "own_words"]
    assert told["asks"][1]["show_if"] == "responsible == false" and told["part"] == {}
    missing = his.post(at, {"agree": True}, JSON)
    assert missing.status_code == 422 and missing["Content-Type"] == "application/problem+json"
    assert list(missing.json()["errors"]) == ["responsible"]
    unknown = his.post(at, {"agree": True, "answers": {"responsible": True, "shoe": 42}}, JSON)
    assert unknown.status_code == 422 and list(unknown.json()["errors"]) == ["shoe"]
    odd = his.post(at, {"agree": True, "answers": {"responsible": {"a": [1]}}}, JSON)
    assert odd.status_code == 422 and Signer.objects.get().answer == ""
    done = his.post(at, {"agree": True, "answers": {"responsible": True, "own_words": SECRET}}, JSON).json()
    assert done["answer"] == "signed" and done["part"]["own_words"] == SECRET
    assert his.get(at).json()["part"]["own_words"] == SECRET


def test_in_order_the_next_is_asked_when_the_one_before_has_filled_in(mother, tax, monkeypatch, molde_notice):
    asking(monkeypatch, "neighbour-notice", in_order=True)
    first, second, case = molde_notice
    fill = {"answer": "yes", "shown": "close_by", "close_by": "Hekken"}
    order = list(Signer.objects.order_by("id").values_list("person", flat=True))
    browsers = {one.pk: client_of(one) for one in (first, second)}
    assert browsers[order[1]].post(f"/my/sign/{case}", fill).status_code == 404
    assert [browsers[one].post(f"/my/sign/{case}", fill).status_code for one in order] == [302, 302]
    assert Signer.objects.exclude(part=None).count() == 2


def test_what_is_typed_when_the_login_is_too_weak_stands_after_it(case, father, monkeypatch):
    from allting.common.catalogue import api as catalogue

    service = catalogue.service("child-name").service
    monkeypatch.setitem(service.sign.__dict__, "level", "high")
    answer = client_of(father).post(f"/my/sign/{case}", HERS)
    assert answer.status_code == 302 and "parked" in answer["Location"]
    assert Signer.objects.get().answer == ""
