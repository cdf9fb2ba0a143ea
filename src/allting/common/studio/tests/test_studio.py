"""A service owner changes her own services only; what is saved is right, reviewable, and never the running file."""

from __future__ import annotations

import re
import subprocess

import pytest

from allting.common.audit.models import Entry
from allting.common.cases.models import Case, Draft
from allting.common.cases.tests.factories import client_of, send
from allting.common.catalogue import api as catalogue
from allting.common.registers.tests import factories as people
from allting.common.studio.tests.factories import owner_in

pytestmark = pytest.mark.django_db
SLUG = "driving-licence-replacement"
URL = f"/studio/{SLUG}"
SINCE = f"{URL}/part/asks.0.fields.since"
BASE = re.compile(r'name="studio-base" value="([0-9a-f]{64})"')


@pytest.fixture
def oda(folder):
    return owner_in("statens-vegvesen")


def base(client, url=f"{URL}/text"):
    """As the page has it; a page without a draft has no button, and the text's page always has."""
    found = BASE.search(client.get(url).content.decode()) or BASE.search(client.get(f"{URL}/text").content.decode())
    return found[1]


def press(client, url, **form):
    typed = {name.replace("_", "-"): value for name, value in form.items()}
    return client.post(url, {"studio-base": base(client, url)} | typed)


def put(client, place, **inputs):
    """Fill in inputs of one part (``__`` for a dot) and keep them."""
    form = {name.replace("__", "."): value for name, value in inputs.items()}
    return client.post(place, {"studio-base": base(client, place), "studio-save": "1"} | form)


def text():
    return catalogue.service(SLUG).text


def draft(folder):
    return (folder / ".drafts" / f"{SLUG}.yaml").read_text()


def said(answer):
    return answer.content.decode()


# --- One thing at a time ---------------------------------------------------------------------------------


def test_one_rate_is_changed_and_every_other_character_stays(oda, folder):
    assert put(oda, f"{URL}/part/fee", kroner="120").status_code == 302
    assert draft(folder) == text().replace("kroner: 90", "kroner: 120")
    page = said(oda.get(URL))
    assert ("120" in page and "Save for review" in page) or "Lagre til gjennomsyn" in page


def test_a_text_is_changed_in_one_language(oda, folder):
    assert put(oda, SINCE, label__nn="Kva dag skjedde det?", required="yes").status_code == 302
    assert draft(folder) == text().replace('nn: "Når skjedde det?"', 'nn: "Kva dag skjedde det?"')


def test_a_question_may_be_left_out_and_asked_again(oda, folder):
    assert put(oda, SINCE).status_code == 302  # the box is not ticked
    assert "required: false" in draft(folder)
    assert put(oda, SINCE, required="yes").status_code == 302
    assert catalogue.as_data(draft(folder))["asks"][0]["fields"]["since"].get("required", True) is True


def test_what_is_wrong_is_told_beside_its_input(oda, folder):
    place = f"{URL}/part/fee"
    assert put(oda, place, kroner="ninety").status_code == 302
    page = said(oda.get(place))
    assert 'id="error-kroner"' in page and 'value="ninety"' in page
    assert press(oda, URL, studio_save="1").status_code == 422 and not (folder / "services").exists()


def test_a_condition_on_something_unknown_is_told_there(oda):
    assert put(oda, SINCE, show_if="nobody_knows == 1", required="yes").status_code == 302
    assert "nobody_knows" in said(oda.get(SINCE)) and "asks.0.fields.since" in said(oda.get(URL))


def test_preview_keeps_nothing(oda, folder):
    answer = oda.post(SINCE, {"studio-base": base(oda, SINCE), "label.nb": "Hvilken dag?", "required": "yes"})
    assert answer.status_code == 200 and said(answer).count("Hvilken dag?") >= 3  # input, preview, change in words
    assert not list(folder.iterdir()) and not Draft.objects.exists() and not Case.objects.exists()


def test_questions_pages_and_choices_come_move_and_go(oda, folder):
    words = {"new_nb": "Hvorfor?", "new_nn": "Kvifor?", "new_en": "Why?", "studio_add": "1"}
    page = f"{URL}/part/asks.0"
    new = press(oda, page, new="question", new_name="why", new_type="text", **words)
    assert new["Location"] == f"{page}.fields.why?kept=1" and "Hvorfor?" in draft(folder)
    assert press(oda, f"{page}.fields.why", studio_do="up").status_code == 302
    assert list(catalogue.as_data(draft(folder))["asks"][0]["fields"])[-2:] == ["why", "declare"]
    assert press(oda, f"{page}.fields.why", studio_do="out").status_code == 302
    assert draft(folder) == text()
    assert press(oda, f"{page}.fields.reason", new="option", new_name="eaten", **words).status_code == 302
    assert "eaten:" in draft(folder) and "Hvorfor?" in draft(folder)
    assert press(oda, f"{URL}/part", new="page", new_name="more", **words)["Location"].endswith("/part/asks.1?kept=1")
    assert {one.text.split(":")[0][:7] for one in catalogue.proposed(SLUG, draft(folder))[1]} == {"example"}


@pytest.mark.parametrize(
    "form",
    [
        {"new": "question", "new_name": "../etc", "new_type": "text"},
        {"new": "question", "new_name": "since", "new_type": "text"},
        {"new": "question", "new_name": "fine", "new_type": "no_such"},
        {"new": "option", "new_name": "fine"},
        {"new": "question", "new_name": "fine", "new_type": "text", "new_nn": ""},
    ],
)
def test_what_cannot_be_added_is_said_and_kept(oda, folder, form):
    words = {"new_nb": "Hvorfor?", "new_nn": "Kvifor?", "new_en": "Why?", "studio_add": "1"} | form
    answer = press(oda, f"{URL}/part/asks.0", **words)
    assert answer.status_code == 422 and "Hvorfor?" in said(answer) and not list(folder.iterdir())


@pytest.mark.parametrize("at", ["nothing", "asks.9", "asks.0.fields.nobody", "asks.-1", "examples.0", "a" * 300])
def test_a_place_that_is_not_there(oda, at):
    assert oda.get(f"{URL}/part/{at}").status_code == 404


# --- The draft and the file for review -------------------------------------------------------------------


def test_a_right_draft_is_saved_and_the_running_file_is_not_touched(oda, folder):
    put(oda, f"{URL}/part/fee", kroner="120")
    assert press(oda, URL, studio_save="1").status_code == 302
    new = text().replace("kroner: 90", "kroner: 120")
    assert (folder / "services" / f"{SLUG}.yaml").read_text() == new
    assert not (folder / ".drafts" / f"{SLUG}.yaml").exists()
    assert "kroner: 90" in (catalogue.service(SLUG).folder / f"{SLUG}.yaml").read_text()
    entry = Entry.objects.get(dataset="studio.service", action="change")
    assert entry.fields == [SLUG] and entry.person and entry.at


def test_in_a_repository_the_save_is_a_commit_of_hers(oda, folder):
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    put(oda, f"{URL}/part/fee", kroner="120")
    assert press(oda, URL, studio_save="1").status_code == 302
    log = subprocess.run(["git", "log", "--format=%an <%ae>%n%B"], cwd=folder, capture_output=True, text=True).stdout
    assert "Oda Eier <studio@statens-vegvesen.invalid>" in log and "120" in log
    assert subprocess.run(["git", "status", "--short"], cwd=folder, capture_output=True).stdout == b""


def test_the_patch_applies_to_the_published_file(oda, folder, tmp_path):
    put(oda, f"{URL}/part/fee", kroner="120")
    patch = oda.get(f"{URL}/patch")
    assert patch["Content-Type"].startswith("text/x-diff")
    repo = tmp_path / "repo"
    (repo / "services").mkdir(parents=True)
    (repo / "services" / f"{SLUG}.yaml").write_text(text())
    subprocess.run(["git", "apply", "-"], cwd=repo, input=patch.content, check=True)
    assert (repo / "services" / f"{SLUG}.yaml").read_text() == draft(folder)


def test_a_draft_is_discarded(oda, folder):
    put(oda, f"{URL}/part/fee", kroner="120")
    assert press(oda, URL, studio_discard="1").status_code == 302
    assert "120" not in said(oda.get(URL)) and not list((folder / ".drafts").glob("*.yaml"))


def test_two_who_change_do_not_undo_each_other(oda, folder):
    other = owner_in("statens-vegvesen")
    mine, place = base(oda), f"{URL}/part/fee"
    assert put(other, place, kroner="120").status_code == 302
    late = oda.post(place, {"studio-base": mine, "kroner": "95", "studio-save": "1"})
    assert late.status_code == 409 and 'value="95"' in said(late)
    assert "kroner: 120" in draft(folder)
    late = oda.post(f"{URL}/text", {"studio-text": "mine: 1", "studio-base": mine, "studio-save": "1"})
    assert late.status_code in (409, 422) and "mine: 1" in said(late)
    assert oda.post(URL, {"studio-base": mine, "studio-save": "1"}).status_code == 409


def test_the_whole_text_is_kept_and_what_is_not_yaml_refused(oda, folder):
    bad = text().replace("deadline: 2 weeks", "deadline: two weeks  # mine")
    assert press(oda, f"{URL}/text", studio_text=bad.replace("\n", "\r\n"), studio_save="1").status_code == 302
    assert draft(folder) == bad
    line = next(number for number, one in enumerate(bad.splitlines(), 1) if one.startswith("deadline"))
    assert f"{SLUG}.yaml:{line}:" in said(oda.get(f"{URL}/text"))
    answer = press(oda, f"{URL}/text", studio_text="a: [b", studio_save="1")
    assert answer.status_code == 422 and "a: [b" in said(answer) and draft(folder) == bad
    evil = press(oda, f"{URL}/text", studio_text="a: !!python/object/apply:os.system [ls]", studio_save="1")
    assert evil.status_code == 422
    assert press(oda, f"{URL}/text", studio_text="a: " + "x" * 200_001, studio_save="1").status_code == 422


def test_the_file_can_be_taken_home(oda):
    answer = press(oda, f"{URL}/text", studio_text="what: ever\n", studio_download="1")
    assert answer.content == b"what: ever\n" and SLUG in answer["Content-Disposition"]


def test_without_a_folder_nothing_is_kept_and_that_is_said(oda, settings):
    settings.STUDIO_FOLDER = ""
    assert "STUDIO_FOLDER" in said(oda.get(URL))
    assert put(oda, f"{URL}/part/fee", kroner="120").status_code == 503


# --- Who -------------------------------------------------------------------------------------------------


def test_nobody_else_gets_in(folder):
    assert owner_in("nav").get(URL).status_code == 404
    vegvesen = people.state("statens-vegvesen")
    officer = client_of(people.officer_in(vegvesen), as_officer_of=vegvesen.pk)
    assert officer.get(URL).status_code == 403 and officer.get("/studio").status_code == 403
    assert client_of(people.person()).get("/studio").status_code == 403


def test_a_service_is_not_given_away(oda, folder):
    given = text().replace("offered_by: statens-vegvesen", "offered_by: nav")
    assert press(oda, f"{URL}/text", studio_text=given, studio_save="1").status_code == 422
    assert not list(folder.iterdir())


def test_an_owner_of_services_is_not_let_into_cases(oda):
    assert oda.get("/office").status_code == 403
    assert 'href="/office"' not in said(oda.get("/studio"))


def test_shared_services_are_the_operators(folder):
    assert owner_in("digitaliseringsdirektoratet").get("/studio/kindergarten-place").status_code == 200
    assert owner_in("nav").get("/studio/kindergarten-place").status_code == 404


# --- Test run, drawing, open cases -----------------------------------------------------------------------


def run(client, **form):
    return client.post(f"{URL}/try", {"studio-example": "0", "studio-run": "1", "studio-day": "2026-03-02"} | form)


def test_a_test_run_ends_in_the_letter_and_stores_nothing(oda):
    answers = {"reason": "lost", "since": "2026-02-20", "declare": "yes"}
    page = said(run(oda, **answers))
    assert "Nytt førerkort er på vei" in page and "90" in page
    refused = said(run(oda, **answers | {"reason": "stolen", "reported": "no"}))
    assert "Du får ikke nytt førerkort nå" in refused
    assert "Førerkort gis tidligst fra 16 år" in said(run(oda, **answers | {"studio-example": "3"}))
    wrong = run(oda, **answers | {"since": "2026-03-20"})
    assert wrong.status_code == 422 and 'id="error-since"' in said(wrong)
    assert not Case.objects.exists() and not Draft.objects.exists()


def test_a_test_run_follows_the_draft(oda):
    put(oda, f"{URL}/part/letters.granted", title__nb="Kortet kommer")
    page = said(run(oda, reason="lost", since="2026-02-20", declare="yes"))
    assert "Kortet kommer" in page


@pytest.mark.parametrize("slug", [SLUG, "kindergarten-place", "neighbour-notice", "trade-examination"])
def test_each_service_is_shown_drawn_and_tried(folder, slug, settings):
    offered = catalogue.service(slug).service.offered_by
    client = owner_in(settings.OPERATOR_AUTHORITY if offered.startswith("every") else offered)
    page = said(client.get(f"/studio/{slug}"))
    assert "<svg" in page and "flow-words" in page
    for place in dict.fromkeys(re.findall(rf'href="(/studio/{slug}/part[^"]*)"', page)):
        assert "data-result" in said(client.get(place)), place
    for number, _example in enumerate(catalogue.service(slug).service.examples):
        assert client.get(f"/studio/{slug}/try?studio-example={number}").status_code == 200


def test_open_cases_stay_and_are_counted(oda):
    citizen = client_of(people.person())
    people.state("statens-vegvesen")
    send(citizen, SLUG, {"lost": {"reason": "lost", "since": "2026-02-20", "declare": "yes"}})
    Case.objects.update(state="in-hand")
    put(oda, f"{URL}/part/fee", kroner="120")
    page = said(oda.get(f"{URL}/cases"))
    assert "120" in page and re.search(r": 1\b", page)
    assert Case.objects.get().digest == catalogue.service(SLUG).digest
