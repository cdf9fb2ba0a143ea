"""Withholding against the Tax Administration's own routine, row by row, on both paths."""

import csv
import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allting.kernel import rules
from allting.kernel.rules import columns, named, subset
from allting.sectors.tax.rules import withholding

DAY = date(2026, 1, 1)
rules.find("allting.sectors")
RULE = named("tax.withholding")
ROUTINE = Path(__file__).resolve().parents[6] / "shared" / "data" / "withholding-2026.csv.gz"
TABLES = sorted(RULE.allowed(RULE.arguments[0], DAY).values())
PERIODS = range(7)


@pytest.fixture(scope="module")
def routine():
    """The rows as columns, and what the routine withheld."""
    assert ROUTINE.exists(), f"the routine's rows are missing: a copy of shared stands beside the checkout ({ROUTINE})"
    with gzip.open(ROUTINE, "rt") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30_000
    given = {}
    for argument in RULE.arguments:
        numbers, wrong = argument.kind.read_all([row[argument.name] for row in rows], RULE.allowed(argument, DAY))
        assert not wrong
        given[argument.name] = np.array(numbers, dtype=argument.kind.column)
    return given, np.array([float(row["withheld"]) for row in rows])


@pytest.mark.parametrize("path", ["plain", "compiled"])
def test_every_row_of_the_routine_to_the_krone(routine, path):
    given, withheld = routine
    assert np.array_equal(columns.over(RULE, RULE.at(DAY), given, path=path), withheld)


def test_all_ninety_six_tables_are_known():
    assert len(TABLES) == 96


def test_a_million_random_people_get_the_same_on_both_paths():
    people, law = subset.sample(RULE, DAY, 1_000_000, seed=6), RULE.at(DAY)
    plain = columns.over(RULE, law, people, path="plain")
    assert np.array_equal(columns.over(RULE, law, people, path="compiled"), plain)


@settings(deadline=None)  # a busy machine is no fault of the law
@given(st.sampled_from(TABLES), st.sampled_from(PERIODS), st.integers(0, 5_000_000), st.integers(0, 100_000))
def test_more_pay_never_means_less_withheld_nor_more_than_the_pay(table, period, gross, more):
    law = RULE.at(DAY)
    first, second = (
        withholding.withholding(law, table, period, gross),
        withholding.withholding(law, table, period, gross + more),
    )
    assert 0 <= first <= second
    assert first <= gross
