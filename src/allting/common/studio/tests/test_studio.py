"""A service owner changes her own services only; what is saved is right, reviewable, and never the running file."""

from __future__ import annotations

import subprocess

import pytest

from allting.common.audit.models import Entry
from allting.common.cases.models import Case, Draft
from allting.common.cases.tests.factories import client_of
from allting.common.catalogue import api as catalogue
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
SLUG = "driving-licence-replacement"
URL = f"/studio/{SLUG}"


def owner_in(slug):
    person, office = people.person(given_name="Oda", family_name="Eier"), people.state(slug)
    Mandate.objects.create(person=person, organisation=office, role="service-owner")
    return client_of(person, as_officer_of=office.pk)


@pytest.fixture
def folder(settings, tmp_path):
    settings.STUDIO_FOLDER = str(tmp_path / "work")
    settings.DATA_FOLDER = tmp_path
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def oda(folder):
    return owner_in("statens-vegvesen")


def send(client, text, **button):
    base = client.get(URL).context["base"]
    return client.post(URL, {"studio-text": text.replace("\n", "\r\n"), "base": base} | (button or {"save": "1"}))


def text():
    return catalogue.service(SLUG).text


def test_a_right_text_is_saved_and_the_running_file_is_not_touched(oda, folder):
    new = text().replace("kroner: 90", "kroner: 120")
    assert send(oda, new).status_code == 302
    assert (folder / "services" / f"{SLUG}.yaml").read_text() == new
    assert "kroner: 90" in (catalogue.service(SLUG).folder / f"{SLUG}.yaml").read_text()
    assert Entry.objects.filter(dataset="studio.service", action="change").count() == 1


def test_in_a_repository_the_save_is_a_commit_of_hers(oda, folder):
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    assert send(oda, text().replace("kroner: 90", "kroner: 120")).status_code == 302
    said = subprocess.run(["git", "log", "--format=%an <%ae>%n%B"], cwd=folder, capture_output=True, text=True).stdout
    assert "Oda Eier <studio@statens-vegvesen.invalid>" in said
    assert subprocess.run(["git", "status", "--short"], cwd=folder, capture_output=True).stdout == b""


def test_a_bad_text_is_refused_with_line_and_kept(oda, folder):
    bad = text().replace("deadline: 2 weeks", "deadline: two weeks  # mine")
    answer = send(oda, bad)
    line = next(number for number, one in enumerate(bad.splitlines(), 1) if one.startswith("deadline"))
    assert answer.status_code == 422 and f"{SLUG}.yaml:{line}:" in answer.content.decode()
    assert "two weeks  # mine" in answer.content.decode() and not list(folder.iterdir())


def test_preview_shows_an_unsaved_question_tells_it_and_makes_no_case(oda, folder):
    question = "      brand_new:\n        type: text\n        required: false\n        label: Helt nytt\n      since:"
    answer = send(oda, text().replace("      since:", question, 1), preview="1").content.decode()
    assert 'id="field-brand_new"' in answer and answer.count("Helt nytt") >= 3
    assert not Draft.objects.exists() and not Case.objects.exists() and not list(folder.iterdir())


def test_two_who_save_do_not_undo_each_other(oda, folder):
    other = owner_in("statens-vegvesen")
    base = oda.get(URL).context["base"]
    assert send(other, text().replace("kroner: 90", "kroner: 120")).status_code == 302
    mine = text().replace("kroner: 90", "kroner: 95")
    late = oda.post(URL, {"studio-text": mine, "base": base, "save": "1"})
    assert late.status_code == 409 and "kroner: 95" in late.content.decode()
    assert "kroner: 120" in (folder / "services" / f"{SLUG}.yaml").read_text()


def test_nobody_else_gets_in(folder):
    assert owner_in("nav").get(URL).status_code == 404
    vegvesen = people.state("statens-vegvesen")
    officer = client_of(people.officer_in(vegvesen), as_officer_of=vegvesen.pk)
    assert officer.get(URL).status_code == 403 and officer.get("/studio").status_code == 403
    assert client_of(people.person()).get("/studio").status_code == 403


def test_a_service_is_not_given_away(oda, folder):
    assert send(oda, text().replace("offered_by: statens-vegvesen", "offered_by: nav")).status_code == 422


def test_an_owner_of_services_is_not_let_into_cases(oda):
    assert oda.get("/office").status_code == 403
    assert "/office" not in oda.get("/studio").content.decode().replace("/office/", "")
    assert oda.get("/studio").status_code == 200


def test_shared_services_are_the_operators(folder):
    assert owner_in("digitaliseringsdirektoratet").get("/studio/kindergarten-place").status_code == 200
    assert owner_in("nav").get("/studio/kindergarten-place").status_code == 404


def test_the_file_can_be_taken_home(oda):
    answer = send(oda, "what: ever\n", download="1")
    assert answer.content == b"what: ever\n" and SLUG in answer["Content-Disposition"]
