"""The public journal: what anyone may see and search, and what nobody may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allting.common.archive.tests.test_export import journalled
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def molde():
    return people.municipality()


def words(path, **query):
    response = Client().get(path, query, headers={"accept-language": "en"})
    return response.content.decode(), response.status_code


def test_a_persons_name_is_never_there_and_the_paragraph_is(molde):
    journalled(molde, 1)
    text, status = words(f"/journal/{molde.slug}")
    assert status == 200 and "Kari" not in text
    assert "offentleglova § 13" in text and "2026/1" in text and "Søknad &lt;om&gt; plass" in text
    found = Client().get(f"/api/journal/{molde.slug}").json()
    assert [one["party"] for one in found] == ["", ""] and found[0]["withheld"] == "offentleglova § 13"


def test_an_organisations_name_is_there_and_cannot_be_searched_for(molde):
    journalled(molde, 1, withheld="", name="Fjord Kaffe AS")
    assert "From Fjord Kaffe AS" in words(f"/journal/{molde.slug}")[0]
    assert "No entries fit" in words(f"/journal/{molde.slug}", q="Fjord")[0]


def test_words_numbers_days_and_direction(molde):
    for number in (1, 2):
        journalled(molde, number)
    page = f"/journal/{molde.slug}"
    assert words(page, q="plass")[0].count("Ask for access") == 4
    assert words(page, q="2026/2")[0].count("Ask for access") == 2
    assert words(page, q="2026/2", way="in")[0].count("Ask for access") == 1
    assert words(page, **{"from": "2026-03-03"})[0].count("Ask for access") == 0
    assert words(page, to="2026-03-02")[0].count("Ask for access") == 4


@pytest.mark.parametrize(
    "bad", [{"from": "yesterday"}, {"to": "2026-02-30"}, {"from": "2026-03-02", "to": "2026-03-01"}]
)
def test_days_that_are_none_are_told_and_stay(molde, bad):
    text, status = words(f"/journal/{molde.slug}", **bad)
    assert status == 422 and all(f'value="{one}"' in text for one in bad.values())


def test_strange_input_is_nothing_found_not_a_fault(molde):
    journalled(molde, 1)
    for query in ({"q": "\x00"}, {"after": "x"}, {"after": "9999-999999999"}, {"q": "%' OR 1=1"}, {"way": "up"}):
        assert words(f"/journal/{molde.slug}", **query)[1] == 200
    assert words("/journal/nobody")[1] == 404
    assert Client().get("/api/journal/nobody").status_code == 404
    assert Client().get(f"/api/journal/{molde.slug}?start=never").status_code == 422


def test_it_goes_on_where_it_stopped_at_the_same_cost(molde):
    for number in range(1, 24):
        journalled(molde, number)
    seen, after = [], ""
    while True:
        with CaptureQueriesContext(connection) as made:
            found = Client().get(f"/api/journal/{molde.slug}", {"after": after}).json()
        assert len(made) < 6
        if not found:
            break
        seen += [one["number"] for one in found]
        after = found[-1]["place"]
    assert seen == list(range(46, 0, -1))
    assert "Older entries" in words(f"/journal/{molde.slug}")[0]


def test_others_journals_are_others(molde):
    journalled(people.municipality("1508"), 7)
    assert "2026/7" not in words(f"/journal/{molde.slug}")[0]
    listed = words("/journal")[0]
    assert "/journal/1508-alesund" in listed and f"/journal/{molde.slug}" not in listed
