"""Service files: what is wrong is said with file and line and how to mend it; examples run; search finds."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from jsonschema_rs import Draft202012Validator, meta

from allting.common.catalogue import api as catalogue
from allting.common.catalogue.expressions import Expression
from allting.common.catalogue.models import Version

SECTORS = Path(catalogue.__file__).resolve().parents[2] / "sectors"
ORIGINAL = SECTORS / "state" / "services" / "driving-licence-replacement.yaml"


@pytest.fixture
def folder(tmp_path):
    """A municipality's own folder with one service, a copy under another name."""
    there = tmp_path / "services"
    there.mkdir()
    text = ORIGINAL.read_text().replace("service: driving-licence-replacement", "service: our-licence")
    (there / "our-licence.yaml").write_text(text)
    shutil.copy(ORIGINAL.with_name("driving_licence.py"), there)
    return there


def faults(folder, old, new):
    """What ``allting check`` says after a change: (line, text) of each fault."""
    path = folder / "our-licence.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return [(one.line, one.text) for one in catalogue.check([folder])]


def line_of(folder, words):
    lines = (folder / "our-licence.yaml").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_ours_are_right():
    assert catalogue.check(catalogue.folders()) == []


def test_a_folder_of_ones_own_needs_no_python_no_migration_no_template(folder):
    assert catalogue.check([folder]) == []
    said = StringIO()
    call_command("check", str(folder), stdout=said)
    assert "1 service files are right" in said.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("level: substantial", "level: sustantial", "level: sust", "'substantial' or 'high'"),
        ("deadline: 2 weeks", "deadline: two weeks", "deadline: two", "not a period"),
        ("law: førerkortforskriften § 14-1", "lov: førerkortforskriften", "lov:", "not a key we know"),
        ("type: yes_no", "type: yesno", "type: yesno", "unknown type 'yesno'"),
        ('show_if: reason == "stolen"', "show_if: reason ==", "show_if: reason ==", "not an expression"),
        ('show_if: reason == "stolen"', 'show_if: reson == "stolen"', "reson", "uses 'reson'"),
        ("when: age(me, today) < 16", "when: year(me) < 16", "year(me)", "unknown function year"),
        ("from: population.person", "from: population.persn", "from: population.persn", "no data set"),
        ("rule: driving_licence.decide", "rule: driving_licence.decid", "decide", "has no function decid"),
        ("reported: reported}", "reprted: reported}", "decide", "missing a required argument"),
        ("themes: [forerkort-og-sertifikat]", "themes: [kort]", "themes: [kort]", "no theme 'kort'"),
        ("nn: Nytt førarkort ved tap eller skade, ", "", "title:", "missing language nn"),
        ("fee: {kroner: 90,", "fee: {kroner: 0,", "fee:", "greater than 0"),
        ("appeal: {within: 3 weeks", "appeal: {within: 3 wekes", "appeal:", "not a period"),
        ("service: our-licence", "service: their-licence", "service: their", "call the service 'our-licence'"),
        ("    then: refused", "    then: granted", "- name: stolen, not reported", "came out as refused"),
        ("asks:", "asks: [", "", "not YAML"),
    ],
)
def test_a_fault_is_said_with_its_line_and_how_to_mend_it(folder, old, new, at, said):
    found = faults(folder, old, new)
    assert any(said in text for _line, text in found), found
    if at:
        assert any(line == line_of(folder, at) for line, _text in found), (found, line_of(folder, at))


def test_the_command_says_them_all_and_ends_badly(folder):
    path = folder / "our-licence.yaml"
    text = path.read_text().replace("level: substantial", "level: x", 1).replace("deadline: 2 weeks", "deadline: y")
    path.write_text(text)
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("check", str(folder), stderr=said)
    assert said.getvalue().count("our-licence.yaml:") == 2


def test_a_platform_with_a_bad_file_does_not_start(folder, settings):
    settings.SERVICE_FOLDERS = [folder]
    (folder / "our-licence.yaml").write_text("service: our-licence\n")
    with pytest.raises(catalogue.BadFile, match=r"our-licence.yaml:1"):
        catalogue.load(catalogue.folders())


def test_the_schema_describes_the_keys():
    said = StringIO()
    call_command("check", "--schema", stdout=said)
    schema = json.loads(said.getvalue())
    assert "refuse_if" in schema["properties"] and schema["$schema"].endswith("2020-12/schema")
    field = schema["$defs"]["FormField"]["properties"]
    assert field["type"]["enum"] == sorted(catalogue.KINDS)
    assert "population.children" in schema["$defs"]["Known"]["properties"]["from"]["enum"]


def misfits(text):
    """What an editor would mark in a file, by where it stands."""
    plain = json.loads(json.dumps(catalogue.as_data(text), default=str))  # dates are text to an editor
    checker = Draft202012Validator(catalogue.json_schema())
    return sorted("/".join(map(str, one.instance_path)) for one in checker.iter_errors(plain))


def test_anyone_may_fetch_the_schema(client):
    answer = client.get("/schemas/service.json")
    assert answer["Content-Type"] == "application/schema+json" and answer.json() == catalogue.json_schema()


def test_yes_is_a_word_and_true_is_not():
    assert catalogue.as_data("a: {en: Yes, nb: no}\nb: true") == {"a": {"en": "Yes", "nb": "no"}, "b": True}


def test_an_editor_marks_nothing_in_our_files_and_something_in_a_bad_one():
    meta.validate(catalogue.json_schema())
    for one in catalogue.services():
        assert misfits(one.text) == [], one.slug
    bad = catalogue.service("kindergarten-place").text
    bad = bad.replace("type: choice", "type: chioce", 1).replace("audience:", "audiance:", 1)
    assert misfits(bad) == ["", "asks/0/fields/child/type"]


# --- Kept versions --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_case_follows_the_file_it_was_begun_with(folder):
    published = catalogue.service("driving-licence-replacement")
    digest = catalogue.keep(published)
    catalogue.keep(published)
    assert Version.objects.count() == 1
    assert catalogue.at(published.slug, digest) is published
    Version.objects.create(
        service=published.slug, digest="old", text=published.text.replace("kroner: 90", "kroner: 70"), folder="/gone"
    )
    assert catalogue.at(published.slug, "old").service.fee.kroner == 70


# --- Expressions ------------------------------------------------------------------------------------------


def test_an_expression_is_cel_and_our_three_functions():
    values = {"child": {"birth_date": "2020-02-29"}, "start": "2026-02-28", "kids": [{"age": 3}]}
    assert Expression("age(child, start)")(values) == 5
    assert Expression("days(start, '2026-03-02')")(values) == 2
    assert Expression("months_after(start, 1)")(values) == "2026-03-28"
    several = Expression("kids.exists(k, k.age > 2) && size(kids) == 1")
    assert several(values) is True and several.names == {"kids"}


def test_what_has_no_answer_yet_does_not_hold():
    expression = Expression("age(child, start) > 5")
    assert not expression.holds({"child": None, "start": "2026-01-01"})
    assert not expression.answered({"child": {}, "start": None})


@pytest.mark.parametrize("source", ["__import__('os')", "open('x')", "a +", "().__class__"])
def test_an_expression_is_nothing_else_than_the_language(source):
    try:
        expression = Expression(source)
    except ValueError:
        return
    with pytest.raises(ValueError):
        expression({})


# --- Search -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("barnehage", "kindergarten-place"),
        ("barnehagen", "kindergarten-place"),
        ("kindergarten", "kindergarten-place"),
        ("barnhage", "kindergarten-place"),
        ("HC-kort", "parking-permit-disabled"),
        ("førerkort", "driving-licence-replacement"),
        ("mistet førerkortet", "driving-licence-replacement"),
        ("skuleskyss vidaregåande", "school-transport-upper-secondary"),
        ("skyss til videregående", "school-transport-upper-secondary"),
        ("flytte", "change-of-address"),
        ("restaurant", "serving-licence"),
        ("nabo", "neighbour-notice"),
        ("trygd for barn", "child-benefit"),
    ],
)
def test_the_words_people_use_find_the_service(asked, first):
    hits = [hit.slug for hit in catalogue.find(asked) if hit.kind == "service"]
    assert hits[:1] == [first]


@pytest.mark.parametrize("asked", ["", "   ", "xyzzy", "' DROP TABLE --", "a" * 5000, "☃"])
def test_nothing_is_found_for_nothing(asked):
    assert list(catalogue.find(asked)) == []


@pytest.mark.django_db
def test_search_and_service_pages_say_what_it_takes(client):
    page = client.get("/search", {"q": "barnehage"}).content.decode()
    assert "/services/kindergarten-place" in page
    page = client.get("/services/kindergarten-place", HTTP_ACCEPT_LANGUAGE="nn").content.decode()
    assert "Barnehageplass" in page and "1 månad" in page and "barnehageloven § 16" in page
    assert client.get("/services/nothing").status_code == 404
    assert "Fant" not in page and client.get("/life-events/having-a-child").status_code == 200
    assert "xyzzy" in client.get("/search", {"q": "xyzzy"}).content.decode()
    found = client.get("/api/services", {"q": "barnehage"}).json()
    assert found[0]["service"] == "kindergarten-place"
    assert client.get("/api/services/kindergarten-place").json()["pages"][0]["fields"][0]["name"] == "child"


def test_a_theme_names_a_word_of_los():
    assert all(theme.los.startswith("tema/") for theme in catalogue.themes().values())


def test_a_service_that_others_take_payment_for_is_not_called_free(client, db):
    page = client.get("/services/building-permit", HTTP_ACCEPT_LANGUAGE="nb").content.decode()
    assert "Gebyret står i kommunens gebyrregulativ" in page and "Det er gratis" not in page
    assert "Det er gratis" in client.get("/services/kindergarten-place", HTTP_ACCEPT_LANGUAGE="nb").content.decode()
