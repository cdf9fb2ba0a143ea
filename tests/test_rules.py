"""Every rule, found by folder: it runs alike for one case and in columns, and answers what has been published.

A sector's published cases stand in ``tests/cases/*.yaml`` of the sector, each with a source a lawyer can look up.
"""

from datetime import date
from pathlib import Path

import pytest
import yaml

from allting.kernel import rules
from allting.kernel.rules import columns, subset

SECTORS = Path(__file__).resolve().parent.parent / "src" / "allting" / "sectors"
rules.find("allting.sectors")
RULES = [one for one in rules.every() if one.function.__module__.startswith("allting.sectors.")]
PUBLISHED = 300
ASKED = [one for one in RULES if one.asked]


def cases():
    for file in sorted(SECTORS.glob("*/tests/cases/*.yaml")):
        for place, one in enumerate(yaml.safe_load(file.read_text()), 1):
            yield pytest.param(one, id=f"{file.parents[2].name}/{file.stem}-{place}")


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.name)
def test_a_rule_keeps_to_what_runs_on_both_paths(one):
    assert columns.HAS_COMPILER, "install the extra nation: pip install allting[nation]"
    found = [fault for day in one.days() for fault in subset.faults(one, day)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.name)
def test_a_rule_has_words_a_paragraph_and_figures(one):
    assert one.law and one.about, f"{one.name}: say in its docstring what it counts"
    assert one.days() or not one.figures, f"{one.name}: on no day are all of {one.figures} known"


@pytest.mark.parametrize("case", list(cases()))
def test_a_published_case(case):
    one, on, known = rules.named(case["rule"]), case["date"], case.get("known")
    assert case["source"], "say where it is published"
    value = one.function(one.at(on, known), **one.read(case["given"], on, known))
    assert abs(value - case["then"]) <= case.get("within", 0), rules.explain(
        one, one.read(case["given"], on, known), on, known
    )


def test_there_are_at_least_three_hundred_published_cases():
    """Each with its source, and none counted twice."""
    found = {
        (case["rule"], case["date"], case.get("known"), str(case["given"]))
        for (case,) in (parameter.values for parameter in cases())
        if case["source"]
    }
    assert len(found) >= PUBLISHED


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.name)
def test_a_rule_people_ask_has_published_cases(one):
    named = {parameter.values[0]["rule"] for parameter in cases()}
    inner = {deeper.name for deeper in rules.below(one)}
    assert named & inner, f"{one.name}: add a case of it, or of what it is made of, to tests/cases of its sector"


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.name)
def test_an_explanation_ends_in_the_answer(one):
    on = one.days()[-1] if one.days() else date(2026, 1, 1)
    given = {name: column[0] for name, column in subset.made_up(one, on, 1, 3).items()}
    told = rules.explain(one, given, on)
    assert told.lines[-1].rule is one and told.value == one.function(one.at(on), *given.values())


def test_a_figure_of_the_same_name_and_law_is_the_same_in_every_sector():
    """Sectors do not know each other, so the basic amount stands in two: it must not be two amounts."""
    amounts = {one.sector: one.rates.rows("base_amount") for one in RULES if "base_amount" in one.rates.names()}
    assert {"pension", "welfare"} <= set(amounts)
    assert len({tuple((row.start, row.value) for row in rows) for rows in amounts.values()}) == 1
