"""docs/security/asvs.md names tests: they are there, and no requirement of the four chapters is left out."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "security" / "asvs.md").read_text()
COUNTS = {"V6": 35, "V7": 18, "V9": 7, "V10": 29}
ROWS = re.findall(r"^\| (V\d+)(\.\d+\.\d+) \| ([12]) \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)


def test_each_requirement_of_level_two_has_a_row():
    """The counts are those of the standard's own table, version 5.0.0."""
    assert Counter(chapter for chapter, *_rest in ROWS) == COUNTS
    assert len({chapter + number for chapter, number, *_rest in ROWS}) == len(ROWS)


def test_each_test_that_is_named_is_there():
    named = re.findall(r"`([\w/.]+\.py)::(\w+)`", TEXT)
    assert len(named) > 50
    gone = [f"{path}::{name}" for path, name in named if f"\ndef {name}(" not in (ROOT / path).read_text()]
    assert not gone


def test_what_names_no_test_says_why():
    assert not [number for _chapter, number, _level, how, shown in ROWS if shown == "–" and len(how) < 8]
