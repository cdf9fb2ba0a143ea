"""A service owner begins a service in the browser: a draft that is right, hers alone, and saved for review."""

from __future__ import annotations

import subprocess

import pytest

from allting.common.catalogue import api as catalogue
from allting.common.studio.tests.factories import owner_in
from allting.common.studio.tests.test_studio import base, said

pytestmark = pytest.mark.django_db
SAYS = {
    "title.nb": "Fritak fra båndtvang", "title.nn": "Fritak frå bandtvang", "title.en": "Exemption from leash",
    "service": "dog-leash", "law": "hundeloven § 6", "theme": "barnehage", "audience": "citizen",
    "archive_class": "211",
}  # fmt: skip
URL = "/studio/dog-leash"


@pytest.fixture
def oda(folder):
    return owner_in("statens-vegvesen")


def begun(client, **other):
    return client.post("/studio/new", SAYS | {name.replace("__", "."): value for name, value in other.items()})


def test_from_nothing_to_a_file_for_review(oda, folder):
    assert begun(oda)["Location"] == f"{URL}?begun=1"
    draft = (folder / ".drafts" / "dog-leash.yaml").read_text()
    data = catalogue.as_data(draft)
    assert (data["offered_by"], data["keep"]["class"]) == ("statens-vegvesen", "211")
    assert data["appeal"]["to"] == "superior"  # the ministry stands among the bodies above
    assert "Fritak fra båndtvang" in said(oda.get("/studio"))
    page = said(oda.get(URL))
    assert "Denne tjenesten er ny." in page and "<svg" in page and f'href="{URL}/cases"' not in page
    assert oda.get(f"{URL}/try").status_code == 200 and oda.get(f"{URL}/cases").status_code == 200
    place = f"{URL}/part/asks.0.fields.what"
    typed = {"studio-base": base(oda, f"{URL}/text"), "studio-save": "1", "label.nb": "Hvorfor?", "required": "yes"}
    assert oda.post(place, typed).status_code == 302
    assert oda.post(URL, {"studio-base": base(oda, f"{URL}/text"), "studio-save": "1"})["Location"] == f"{URL}?saved=1"
    saved = folder / "services" / "dog-leash.yaml"
    assert "Hvorfor?" in saved.read_text() and catalogue.check([folder / "services"]) == []
    assert not (folder / ".drafts" / "dog-leash.yaml").exists()
    assert "Venter på gjennomsyn" in said(oda.get("/studio"))


def test_the_patch_makes_the_file(oda, folder, tmp_path):
    begun(oda)
    patch = oda.get(f"{URL}/patch").content
    subprocess.run(["/usr/bin/git", "apply"], input=patch, cwd=tmp_path, check=True)
    assert (tmp_path / "services" / "dog-leash.yaml").read_text() == (folder / ".drafts" / "dog-leash.yaml").read_text()


def test_a_draft_that_never_was_saved_is_gone_when_discarded(oda, folder):
    begun(oda)
    assert oda.post(URL, {"studio-discard": "1"})["Location"] == "/studio?discarded=1"
    assert oda.get(URL).status_code == 404 and "Fritak" not in said(oda.get("/studio"))


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"service": "Dog leash"}, "service"),
        ({"service": "rates"}, "service"),
        ({"service": "kindergarten-place"}, "service"),
        ({"title__nn": ""}, "title.nn"),
        ({"law": ""}, "law"),
        ({"theme": ""}, "theme"),
        ({"theme": "hund"}, "theme"),
        ({"archive_class": " "}, "archive_class"),
        ({"offered_by": "nav"}, "offered_by"),
        ({"offered_by": "every municipality"}, "offered_by"),
        ({"title__nb": "x" * 201}, "title.nb"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(oda, folder, typed, wrong):
    answer = begun(oda, **typed)
    assert answer.status_code == 422 and f'href="#field-{wrong}"' in said(answer)
    assert "Exemption from leash" in said(answer) and not list(folder.iterdir())


def test_a_name_is_taken_once(oda, folder):
    begun(oda)
    answer = begun(owner_in("nav"), title__nb="Annet")
    assert answer.status_code == 422 and "Annet" in said(answer)
    assert "Fritak" in (folder / ".drafts" / "dog-leash.yaml").read_text()


def test_it_is_hers_alone(oda, folder):
    begun(oda)
    nav = owner_in("nav")
    assert nav.get(URL).status_code == 404 and nav.get(f"{URL}/text").status_code == 404
    assert "Fritak" not in said(nav.get("/studio"))
    assert nav.post(URL, {"studio-discard": "1"}).status_code == 404
    given = (folder / ".drafts" / "dog-leash.yaml").read_text().replace("statens-vegvesen", "nav")
    form = {"studio-base": base(oda, f"{URL}/text"), "studio-text": given, "studio-save": "1"}
    assert oda.post(f"{URL}/text", form).status_code == 422


def test_the_operator_begins_what_every_municipality_offers(folder):
    operator = owner_in("digitaliseringsdirektoratet")
    begun(operator, offered_by="every municipality")
    data = catalogue.as_data((folder / ".drafts" / "dog-leash.yaml").read_text())
    assert (data["offered_by"], data["appeal"]["to"]) == ("every municipality", "statsforvalteren")


def test_without_a_folder_it_is_said_before_the_work(oda, settings):
    settings.STUDIO_FOLDER = ""
    assert "STUDIO_FOLDER" in said(oda.get("/studio/new"))
    assert begun(oda).status_code == 503
