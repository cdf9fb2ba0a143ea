"""Service files that are not: each is right, or refused with file and line; nothing else ever happens.

``FUZZ=5000`` tries as many, by chance; without it they are few, and the same each time.
"""

import os
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.catalogue import api as catalogue
from allting.common.catalogue.definition import Service
from allting.common.catalogue.reading import BadFile, read

EXAMPLES = int(os.environ.get("FUZZ", "0"))
OURS = settings(
    max_examples=EXAMPLES or 60, derandomize=not EXAMPLES, database=None, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
SECTORS = Path(__file__).resolve().parents[3] / "sectors"
FILES = [path.read_text(encoding="utf-8") for path in sorted(SECTORS.glob("*/services/*.yaml"))]
PATH = Path("fuzzed.yaml")

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.dates(), st.text(max_size=20),
    st.sampled_from(["today", "me.id", "1 +", "a.b.c", "x[", "true", "{nb: a}", "\x00", "§ 1", "true ? 1 : 2"]),
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def judged(text):
    """Raises what nobody should see."""
    try:
        return read(PATH, Service, text)
    except BadFile as bad:
        assert bad.faults and all(one.path == PATH and one.line >= 1 and one.text for one in bad.faults)
        assert all("Traceback" not in one.text for one in bad.faults)
    return None


def places(tree, path=()):
    """Every place in a tree."""
    yield path
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from places(value, (*path, key))
    elif isinstance(tree, list):
        for at, value in enumerate(tree):
            yield from places(value, (*path, at))


def put(tree, path, value, how):
    for part in path[:-1]:
        tree = tree[part]
    if how == "gone":
        del tree[path[-1]]
    elif how == "renamed" and isinstance(tree, dict):
        tree[f"{path[-1]}x"] = tree.pop(path[-1])
    else:
        tree[path[-1]] = value


@OURS
@given(data=st.data())
def test_a_file_with_something_else_in_one_place(data):
    tree = yaml.safe_load(data.draw(st.sampled_from(FILES)))
    where = data.draw(st.sampled_from([one for one in places(tree) if one]))
    put(tree, where, data.draw(anything), data.draw(st.sampled_from(["put", "put", "gone", "renamed"])))
    judged(yaml.safe_dump(tree, allow_unicode=True))


@OURS
@given(data=st.data())
def test_a_file_that_is_cut_or_scribbled_in(data):
    text = data.draw(st.sampled_from(FILES))
    at = data.draw(st.integers(0, len(text)))
    scribble = data.draw(
        st.text(max_size=6)
        | st.sampled_from(["\n", "  ", ": ", "- ", "{", "[", "&a", "*a", "!!python/x", "? ", "<<: *me"])
    )
    judged(text[:at] + scribble + data.draw(st.sampled_from([text[at:], ""])))


@pytest.mark.parametrize(
    "text",
    [
        "keep: 2026-13-45", "a: 0001-99-99T99:99:99", "? [a, b]\n: c", "? {a: b}\n: c", "[" * 5000, "{a: " * 2000,
        "a: &a [*a]", "a: &a {b: *a}", "a: !!int x", "a: !!timestamp x", "a: !!binary ÿ", "a: 0x", "a: 190:99:99",
        "a: .inf", "service: \x85", "\ud800", "a: 1e999", "a: !!set {b}", "a: !!omap [b: c]", "<<: 1", "--- a\n--- b",
        "a: " + "9" * 5000,
    ],
)  # fmt: skip
def test_what_yaml_itself_stumbles_over(text):
    assert judged(text) is None


@OURS
@given(data=st.data())
def test_answers_of_any_kind_to_any_question(data):
    """A form takes what is right and says what is wrong, whatever is sent to it."""
    service = yaml_service(data.draw(st.sampled_from(FILES)))
    page = data.draw(st.sampled_from(service.asks))
    typed = data.draw(st.dictionaries(st.sampled_from(sorted(page.fields)), st.lists(texts, max_size=4)))
    reading = catalogue.read(service, page, typed, {}, dict.fromkeys(service.knows), date(2026, 3, 2))
    assert set(reading.errors) <= set(service.fields)
    assert set(reading.answers) <= set(page.fields)


texts = st.one_of(
    st.text(max_size=30), st.integers(-(10**30), 10**30).map(str), st.dates().map(str),
    st.sampled_from(["yes", "no", "", " ", "\x00", "NaN", "1e400", "٣", "-0", "0001-01-01", "9999-12-31",
                     "1506", "99999999999"]),
)  # fmt: skip


def yaml_service(text):
    return read(PATH, Service, text)
