"""A change is told in words, whichever key it is in."""

from __future__ import annotations

import pytest
from django.utils import translation

from allting.common.catalogue import api as catalogue
from allting.common.studio import edits, wording
from allting.common.studio.differences import differences

SINCE = "“What has happened?” › “When did it happen?”"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def text(slug="driving-licence-replacement"):
    return catalogue.service(slug).text


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["fee", "kroner"], 350, "Fee › Kroner: rises from 90 to 350."),
        (["asks", 0, "fields", "since", "required"], False, f"{SINCE} may now be left out."),
        (["title", "en"], "New licence", "Title, English: “Replacement of a driving licence” becomes “New licence”."),
        (["deadline"], "3 weeks", "Time for the answer: “2 weeks” becomes “3 weeks”."),
        (["asks", 0, "fields", "since", "brand_new_key"], "x", f"{SINCE} › Brand new key is new: x"),
        (["keep", "years"], 7, "How long it is kept › Years: “5” becomes “7”."),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(path, value, said):
    assert differences(text(), edits.put(text(), path, value)) == [said]


def test_questions_and_pages_come_and_go():
    before = text("kindergarten-place")
    question = {"type": "text", "label": {"nb": "Hvem?", "nn": "Kven?", "en": "Who?"}}
    after = edits.put(before, ["asks", 0, "fields", "who"], question)
    assert differences(before, after) == ["The question “Who?” is new, and must be answered."]
    assert differences(after, before) == ["The question “Who?” is no longer asked."]
    moved = edits.move(before, ["asks", 0, "fields", "start"], 1)
    assert differences(before, moved) == ["“The place”: the questions come in another order."]
    assert differences(before, before + "# a comment\n") == []
    gone = edits.take(before, ["asks", 0])
    assert differences(before, gone) == ["The page “The place” is taken out."]


def test_every_key_of_a_service_file_has_a_name_for_its_owner():
    found = set()

    def read(node):
        for name, inner in node.items() if isinstance(node, dict) else ():
            if name == "properties" and isinstance(inner, dict):
                found.update(inner)
            read(inner)
        for inner in node if isinstance(node, list) else ():
            read(inner)

    read(catalogue.json_schema())
    assert "asks" in found
    assert found - set(wording.KEYS) - set(wording.LANGUAGES) == set()
