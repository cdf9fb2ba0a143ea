"""The authority that keeps a law's figures writes them in the studio: one line of the file, checked and tried."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.cases.tests.factories import client_of
from allting.common.registers.tests import factories as people
from allting.common.studio.tests.factories import owner_in
from allting.common.studio.tests.test_studio import BASE, said
from allting.kernel.rules import figures

pytestmark = pytest.mark.django_db
KEY = "welfare.barnetrygdloven"
URL = f"/studio/rates/{KEY}"
ORDINARY = f"{URL}/figures/ordinary"
FILE = Path(figures.__file__).parents[2] / "sectors/welfare/rates/barnetrygdloven.yaml"
LAST = "      - {from: 2026-02-01, value: 2012}\n"


@pytest.fixture
def nav(folder):
    return owner_in("nav")


def base(client, url=f"{URL}/text"):
    return BASE.search(said(client.get(url)))[1]


def put(client, url=ORDINARY, **form):
    typed = {"from": "2027-02-01", "value": "2 100", "law": "barnetrygdloven § 10", "source": "Prop. 1 S (2026–2027)"}
    return client.post(url, typed | {"studio-base": base(client)} | form)


def draft(folder):
    return (folder / ".drafts" / f"{KEY}.yaml").read_text()


# --- One row ---------------------------------------------------------------------------------------------


def test_a_new_value_is_one_line_and_every_other_character_stays(nav, folder):
    today = timezone.localdate().isoformat()
    assert put(nav).status_code == 302
    line = LAST + "      - {from: 2027-02-01, value: 2100, source: Prop. 1 S (2026–2027)}\n"
    before = FILE.read_text().replace('version: "2026-02-01"', f'version: "{today}"')
    assert draft(folder) == before.replace(LAST, line, 1)
    page = said(nav.get(URL))
    assert "2\u00a0100" in page and "1. februar 2027" in page and "samme utfall" in page


def test_a_value_by_key_is_written_by_key(folder):
    owner = owner_in("skatteetaten")
    url = "/studio/rates/tax.income_tax"
    form = {"from": "2026-12-01", "value.ordinary": "22,5", "value.finnmark": "18,5", "law": "x § 1", "source": "y"}
    answer = owner.post(f"{url}/figures/common_rate", form | {"studio-base": base(owner, f"{url}/text")})
    assert answer.status_code == 302
    text = (folder / ".drafts" / "tax.income_tax.yaml").read_text()
    assert "{from: 2026-12-01, value: {ordinary: 22.5, finnmark: 18.5}" in text


def test_a_row_is_corrected_and_taken_out(nav, folder):
    rows = figures.read(FILE).rows("ordinary")
    last = len(rows) - 1
    assert 'value="2012"' in said(nav.get(f"{ORDINARY}?row={last}"))
    form = {"row": str(last), "from": "2026-02-01", "value": "2013", "source": rows[-1].source}
    assert put(nav, **form).status_code == 302
    assert LAST.replace("2012", "2013") in draft(folder)
    assert put(nav, row=str(last), **{"studio-out": "1"}).status_code == 302
    assert LAST not in draft(folder).split("extended:")[0]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"value": "much"}, "value"),
        ({"value": ""}, "value"),
        ({"from": ""}, "from"),
        ({"from": "2027-02-31"}, "from"),
        ({"source": "", "law": ""}, None),  # the figure says both for all its rows
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_kept(nav, folder, form, field):
    answer = put(nav, **form)
    if field is None:
        assert answer.status_code == 302
        return
    page = said(answer)
    assert answer.status_code == 422 and f'id="error-{field}"' in page and "Prop. 1 S" in page
    assert not (folder / ".drafts").exists()


def test_what_the_law_cannot_have_is_found_and_not_saved(nav, folder):
    assert put(nav, **{"from": "2026-02-01"}).status_code == 302  # two from one day, and nobody says which was later
    page = said(nav.get(URL))
    assert "to verdier begynner" in page and f"{ORDINARY}" in page
    assert nav.post(URL, {"studio-base": base(nav), "studio-save": "1"}).status_code == 422
    assert not list(folder.glob("**/rates/*.yaml"))


def test_examples_that_come_out_otherwise_are_named(nav):
    assert put(nav, f"{URL}/figures/under_six", **{"from": "2026-03-01"}).status_code == 302
    page = said(nav.get(URL))
    assert "a child of two" in page and "2100" in page
    beside = FILE.parent.parent / "services" / "child_benefit.py"  # outside the trial nothing is other than before
    assert "2100" not in str(figures.rates(str(beside), "barnetrygdloven").rows("under_six"))


# --- The file --------------------------------------------------------------------------------------------


def test_saved_for_review_it_is_a_commit_and_the_running_file_is_not_touched(nav, folder):
    before = FILE.read_text()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    put(nav)
    assert nav.post(URL, {"studio-base": base(nav), "studio-save": "1"}).status_code == 302
    assert "value: 2100" in (folder / "welfare/rates/barnetrygdloven.yaml").read_text()
    log = subprocess.run(["git", "log", "--format=%an%n%B"], cwd=folder, capture_output=True, text=True).stdout
    assert "Oda Eier" in log and "Ordinær barnetrygd" in log
    assert FILE.read_text() == before
    assert Entry.objects.get(dataset="studio.rates", action="change").fields == [KEY]


def test_the_patch_applies(nav, folder, tmp_path):
    put(nav)
    patch = nav.get(f"{URL}/patch")
    place = tmp_path / "repo/welfare/rates"
    place.mkdir(parents=True)
    (place / "barnetrygdloven.yaml").write_text(FILE.read_text())
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "repo", input=patch.content, check=True)
    assert (place / "barnetrygdloven.yaml").read_text() == draft(folder)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("value: 2012", "value: [1, 2]"), "rules"),
        (("value: 2012", "value: high"), "high"),
        (("  ordinary:\n", "  ordinal:\n"), "ordinary"),
        (("from: 2026-02-01", "from: soon"), "soon"),
        (("unit: kr\n", "unti: kr\n"), "unti"),
        (("    law: barnetrygdloven § 10\n", ""), "law"),
    ],
)
def test_a_faulty_text_is_kept_and_each_fault_told_with_its_line(nav, folder, change, says):
    text = FILE.read_text().replace(*change, 1)
    form = {"studio-text": text, "studio-base": base(nav), "studio-save": "1"}
    assert nav.post(f"{URL}/text", form, HTTP_ACCEPT_LANGUAGE="en").status_code == 302
    assert draft(folder) == text
    page = said(nav.get(URL, HTTP_ACCEPT_LANGUAGE="en"))
    assert says in page and "To mend" in page
    assert nav.post(URL, {"studio-base": base(nav), "studio-save": "1"}).status_code == 422


def test_what_is_not_yaml_and_another_keeper_are_refused(nav, folder):
    for text in ("a: [b", FILE.read_text().replace("kept_by: nav", "kept_by: skatteetaten")):
        answer = nav.post(f"{URL}/text", {"studio-text": text, "studio-base": base(nav), "studio-save": "1"})
        assert answer.status_code == 422 and not (folder / ".drafts").exists()


def test_two_who_change_do_not_undo_each_other(nav, folder):
    mine = base(nav)
    assert put(owner_in("nav")).status_code == 302
    late = put(nav, value="2200", **{"studio-base": mine})
    assert late.status_code == 409 and 'value="2200"' in said(late) and "2200" not in draft(folder)


def test_who_keeps_them_and_nobody_else(folder):
    assert owner_in("skatteetaten").get(URL).status_code == 404
    operator = owner_in("digitaliseringsdirektoratet")
    assert operator.get("/studio/rates/local.opplaeringslova").status_code == 200
    assert operator.get(URL).status_code == 404 and operator.get("/studio/rates/no.such").status_code == 404
    assert operator.get("/studio/rates/..%2F..%2Fetc.passwd").status_code == 404
    assert client_of(people.person()).get(URL).status_code == 403


def test_every_file_of_figures_is_shown_figure_by_figure(folder):
    for slug in ("nav", "skatteetaten", "digitaliseringsdirektoratet", "politiet"):
        owner = owner_in(slug)
        for one in set(owner_files(owner)):
            page = owner.get(one)
            assert page.status_code == 200 and "To mend" not in said(page)
            for place in links(said(page), f"{one}/figures/")[:4]:
                assert owner.get(place).status_code == 200, place


def owner_files(owner):
    return links(said(owner.get("/studio")), "/studio/rates/")


def links(page, start):
    return [one.split('"')[0] for one in page.split('href="') if one.startswith(start)]
