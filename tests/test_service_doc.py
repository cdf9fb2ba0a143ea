"""docs/howto/service.md describes each key and each kind of question; its examples are right."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from allting.common.catalogue import definition, shelf
from allting.common.catalogue.kinds import KINDS

DOC = (Path(__file__).resolve().parent.parent / "docs" / "howto" / "service.md").read_text()
PARTS = [one for one in vars(definition).values() if isinstance(one, type) and issubclass(one, definition.Part)]


def keys(part: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in part.model_fields.items()]


@pytest.mark.parametrize("part", [one for one in PARTS if one is not definition.Part], ids=lambda one: one.__name__)
def test_each_key_is_described(part):
    missing = [key for key in keys(part) if f"`{key}`" not in DOC and f"{key}:" not in DOC]
    assert not missing, f"describe in docs/howto/service.md: {missing}"


def test_each_kind_of_question_is_described():
    assert [kind for kind in KINDS if f"`{kind}`" not in DOC] == []


def test_each_effect_and_key_of_a_life_event_is_described():
    assert [name for name in shelf.EFFECTS if name not in DOC] == []
    assert [key for part in (shelf.LifeEvent, shelf.Advice) for key in keys(part) if f"`{key}`" not in DOC] == []
