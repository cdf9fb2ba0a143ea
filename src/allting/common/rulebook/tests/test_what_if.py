"""What if the rates were others: the file, the count, the command and the page."""

import csv
import io
import tracemalloc
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import translation

from allting.common.rulebook import api as rulebook
from allting.common.rulebook import comparing
from allting.common.rulebook.bars import groupings
from allting.common.rulebook.comparing import family
from allting.common.rulebook.nation import nation
from allting.kernel import rules as law
from allting.kernel.problems import Invalid
from allting.kernel.rules.households import Adult, Household, effects

DAY = date(2026, 7, 1)
LOWER = "proposal: More in child benefit\nrates:\n  ordinary: 2112\n  under_six: 2112\n"


def simulated(text, people=600, seed=7):
    return rulebook.simulate(text, people, seed, DAY)


def faults(text):
    with pytest.raises(Invalid) as error, translation.override("en"):
        simulated(text)
    return [str(one) for one in error.value.errors["proposal"]]


# --- The count -----------------------------------------------------------------------------------------


def test_a_hundred_kroner_more_for_each_child_costs_just_that():
    houses = list(nation(600, 7))
    children = sum(len(one.children) for one in houses)
    found = simulated(LOWER)
    assert children > 50
    assert found.total.change == children * 100 * 12 and found.state == -found.total.change
    assert found.total.winners == sum(bool(one.children) for one in houses) and not found.total.losers
    assert found.by_rule["welfare.child_benefit"] == found.total.change
    assert found.families["alone"].change == 0 and found.families["parents"].winners


def test_tax_goes_the_other_way_and_follows_the_rule_that_decides():
    house = Household((Adult(40, wages=600_000),), (), "5603")
    one = next(each for each in effects() if each.rule.name == "tax.wage_earner")
    (case,) = one.cases(house)
    assert case["zone"] == "finnmark" and one.sign == -1
    found = simulated("rates: {local_rate: 0}")
    assert found.total.losers == 0 and found.state < 0
    assert found.by_rule["welfare.child_benefit"] == 0


def test_every_grouping_has_every_household():
    found = simulated(LOWER)
    for sums in (found.deciles, found.families.values(), found.municipalities.values()):
        assert sum(one.households for one in sums) == found.total.households
        assert sum(one.change for one in sums) == found.total.change
    assert max(one.households for one in found.deciles) < found.total.households / 10 * 1.6
    assert {group.slug for group in groupings(found)} == {"income", "family", "municipality"}


def test_the_same_seed_gives_the_same_answer_and_another_gives_another():
    assert simulated(LOWER).total == simulated(LOWER).total != simulated(LOWER, seed=8).total


def test_a_family_is_known_by_who_lives_there():
    assert family(Household((Adult(70), Adult(60)), (), "0301")) == "old_couple"
    assert family(Household((Adult(30),), (3,), "0301")) == "parent_alone"
    assert Household((Adult(30), Adult(30)), (14, 13), "0301").units == pytest.approx(2.3)


def test_memory_does_not_grow_with_the_nation(monkeypatch):
    monkeypatch.setattr(comparing, "CHUNK", 1000)
    peaks = []
    for people in (11_000, 33_000):
        tracemalloc.start()
        simulated(LOWER, people, 3)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5  # a chunk of households, whatever their number


@pytest.mark.parametrize("people", [0, -1, 7_000_000])
def test_a_number_of_people_that_cannot_be_counted_is_said(people):
    with pytest.raises(Invalid) as error:
        simulated(LOWER, people)
    assert "people" in error.value.errors


def test_every_effect_gives_its_rule_what_it_takes():
    houses = list(nation(300, 1))
    for one in effects():
        cases = [case for house in houses for case in one.cases(house)]
        assert cases, one.rule.name
        for case in cases:
            assert set(case) <= {argument.name for argument in one.rule.arguments}


# --- The file ------------------------------------------------------------------------------------------


def test_one_key_is_changed_and_the_others_stay():
    found = simulated("rates:\n  tax.common_rate: {finnmark: 12}\n")
    (change,) = found.proposal.changes
    assert (change.key, str(change.after)) == ("finnmark", "12")
    north = {number for number in found.municipalities if found.municipalities[number].losers}
    assert north and all(number[:2] in ("55", "56") for number in north)


def test_rows_as_the_law_writes_them_hold_from_their_day():
    later = "rates: {ordinary: {values: [{from: 2026-08-01, value: 9999}]}}"
    now = "rates: {ordinary: {values: [{from: 2026-05-01, value: 9999}]}}"
    assert simulated(later).total.change == 0
    assert simulated(now).total.change > 0


def test_a_figure_no_household_meets_is_said():
    found = simulated("rates: {paid_days_a_year: 200}")
    assert found.uncounted == ("paid_days_a_year",) and found.total.change == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rates: [", "Line"),
        ("", "name, a colon"),
        ("- a", "name, a colon"),
        ("proposal: x", "no figures"),
        ("figures: {}", "figures"),
        ("rates:\n  personal_allowanc: 1", "personal_allowance"),
        ("rates:\n  personal_allowance: many", "Line 2"),
        ("rates:\n  personal_allowance: -5", "-5"),
        ("rates:\n  personal_allowance: 120.000", "two ways"),
        ("rates:\n  personal_allowance: .nan", ".nan"),
        ("rates:\n  personal_allowance: 1/0", "1/0"),
        ("rates:\n  personal_allowance: {a: {}}", "Line 2"),
        ("rates:\n  common_rate: 4", "finnmark"),
        ("rates:\n  common_rate: {svalbard: 4}", "svalbard"),
        ("rates:\n  tables: 4", "list"),
        ("rates:\n  ordinary: {from: 2026-13-01, value: 4}", "2026-13-01"),
        ("rates:\n  ordinary: 1\n  ordinary: 2", "twice"),
        ("rates: &a {ordinary: {values: [*a]}}", "Line"),
        ("rates:\n  ? [a]\n  : 1", "Line 2"),
    ],
)
def test_a_bad_file_is_said_by_line(text, said):
    assert any(said in one for one in faults(text)), faults(text)


def test_all_faults_are_said_at_once_in_the_order_of_the_lines():
    found = faults("a: 1\nrates:\n  ordinary: x\n  nothing_such: 2\n")
    assert [one.split(":")[0] for one in found] == ["Line 1", "Line 3", "Line 4"]


# --- The command ---------------------------------------------------------------------------------------


def told(path, *more):
    out = io.StringIO()
    call_command("simulate", "--rates", str(path), "--date", "2026-07-01", *more, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_tells_and_writes(tmp_path):
    proposal = tmp_path / "proposal.yaml"
    proposal.write_text(LOWER)
    said = told(proposal, "--people", "600", "--seed", "7", "--output", str(tmp_path / "out.csv"))
    assert "More in child benefit" in said and "welfare.ordinary: 2012 → 2112" in said
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert {row["by"] for row in rows} == {"income", "family", "municipality"}
    told(proposal, "--people", "600", "--output", str(tmp_path / "out.html"), "--language", "nn")
    page = (tmp_path / "out.html").read_text()
    assert '<html lang="nn">' in page and "<svg" in page and "More in child benefit" in page


def test_the_command_refuses_with_reasons(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("rates: {nothing_such: 1}")
    for path, more, words in (
        (bad, (), "nothing_such"),
        (tmp_path / "none.yaml", (), "none.yaml"),
        (bad, ("--output", "a.pdf"), ".csv"),
    ):
        with pytest.raises(CommandError, match=words):
            told(path, *more)


# --- The page ------------------------------------------------------------------------------------------

PAGE = "/rules/what-if"


def posted(client, **typed):
    return client.post(PAGE, {"date": "2026-07-01", **typed}, headers={"accept-language": "en"})


@pytest.mark.django_db
def test_anyone_can_propose_and_sees_who_wins(client):
    assert client.get(PAGE).status_code == 200
    answer = posted(client, figure_1="welfare.ordinary", value_1="2 112")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert (
        "2\u00a0012\u00a0kr becomes 2\u00a0112\u00a0kr" in page and "<svg" in page and "One adult with children" in page
    )
    assert "welfare.ordinary: 2112" in page  # the same as a file


@pytest.mark.django_db
def test_a_key_and_a_decimal_comma_are_read(client):
    page = posted(client, figure_1="tax.common_rate:finnmark", value_1="4,5").content.decode()
    assert "4.75\u00a0% becomes 4.5\u00a0%" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "field-figure_1"),
        ({"figure_1": "welfare.ordinary"}, "field-value_1"),
        ({"value_2": "5"}, "field-figure_2"),
        ({"figure_1": "welfare.ordinary", "value_1": "<b>"}, "field-value_1"),
        ({"figure_1": "tax.personal_allowance", "value_1": "120.000"}, "field-value_1"),
        ({"figure_1": "nothing.such", "value_1": "4"}, "field-figure_1"),
        ({"figure_1": "a\n  b: {", "value_1": "4"}, "field-figure_1"),
        ({"figure_1": "welfare.ordinary", "value_1": "1", "date": "1999-01-01"}, "field-figure_1"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, typed, field):
    answer = posted(client, **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()


@pytest.mark.django_db
def test_a_file_counts_instead(client):
    page = posted(client, file=SimpleUploadedFile("p.yaml", LOWER.encode())).content.decode()
    assert "More in child benefit" in page
    answer = posted(client, file=SimpleUploadedFile("p.yaml", b"\xff\xfe"))
    assert answer.status_code == 422
    answer = posted(client, file=SimpleUploadedFile("p.yaml", b"rates: {ordinry: 1}"))
    assert answer.status_code == 422 and "ordinary" in answer.content.decode()


def test_households_of_the_law_are_found():
    law.find("allting.sectors")
    assert {"tax.wage_earner", "tax.pensioner", "welfare.child_benefit"} <= {one.rule.name for one in effects()}
