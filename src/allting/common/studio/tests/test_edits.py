"""One place is changed, and every other character stays: in each of our service files."""

from __future__ import annotations

import difflib

import pytest

from allting.common.catalogue import api as catalogue
from allting.common.studio import edits
from allting.common.studio.edits import NotHere

FILES = sorted(path for folder in catalogue.folders() for path in folder.glob("*.yaml"))
TEXT = """\
# The file's own words
title: {nb: Én, nn: Ein, en: One}  # kept
law: loven § 1
asks:
  # The first page
  - page: first
    fields:
      a: {type: text, label: {nb: A, nn: A, en: A}}
      # b comes second
      b:
        type: date  # a day
        label: B
      c: {type: text, label: C}

  - page: second
    fields: {d: {type: text, label: D}}
words: [one, two]
# The end
"""


def changed(before, after):
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_text_is_changed_where_it_stands(path):
    text = path.read_text()
    data = catalogue.as_data(text)
    new = dict(data["title"]) | {"nb": "Noe: annet, «nytt»"} if isinstance(data["title"], dict) else "Noe: annet"
    after = edits.put(text, ["title"], new)
    assert len(changed(text, after)) == 2
    for number, page in enumerate(data["asks"]):
        for name in page["fields"]:
            required = edits.put(text, ["asks", number, "fields", name, "required"], False, ["type"])
            assert all("required: false" in line or line[0] == "-" for line in changed(text, required))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_questions_are_added_moved_and_removed(path):
    text = path.read_text()
    fields = ["asks", 0, "fields"]
    label = {"nb": "Hva, og hvorfor?", "nn": "Kva, og kvifor?", "en": "What, and why?"}
    more = edits.put(text, [*fields, "brand_new"], {"type": "text", "label": label})
    assert all(line[0] == "+" for line in changed(text, more))
    up = edits.move(more, [*fields, "brand_new"], -1)
    assert sorted(up.splitlines()) == sorted(more.splitlines())
    assert edits.take(up, [*fields, "brand_new"]) == text
    page = {"page": "extra", "title": label, "fields": {"extra_question": {"type": "yes_no", "label": label}}}
    added = edits.add(text, ["asks"], page)
    assert all(line[0] == "+" for line in changed(text, added))
    assert edits.take(added, ["asks", len(catalogue.as_data(text)["asks"])]) == text


def test_comments_and_order_stay():
    after = edits.put(TEXT, ["title", "nb"], "To")
    assert changed(TEXT, after) == [
        "- title: {nb: Én, nn: Ein, en: One}  # kept", "+ title: {nb: To, nn: Ein, en: One}  # kept"
    ]  # fmt: skip
    assert changed(TEXT, edits.put(TEXT, ["asks", 0, "fields", "b", "max"], "today", ["type"])) == [
        "+         max: today"
    ]
    gone = edits.take(TEXT, ["asks", 0, "fields", "b"])
    assert "# b comes second" in gone and "type: date" not in gone
    assert "words: [one]" in edits.take(TEXT, ["words", 1])
    assert edits.move(TEXT, ["asks", 0, "fields", "c"], 1) == TEXT  # there is nothing below
    assert edits.put(TEXT, ["asks", 1, "fields", "d", "help"], "Her, nå").count('help: "Her, nå"') == 1


def test_what_another_place_stands_for_is_left_alone():
    text = "a: &x {b: 1}\nc: *x\n"
    with pytest.raises(NotHere):
        edits.put(text, ["c", "b"], 2)
    with pytest.raises(NotHere):
        edits.put(text, ["nothing", "here"], 2)
