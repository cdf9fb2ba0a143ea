"""What was answered, as its reader reads it: on pages, in the office, and in the document that is signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from allting.common.cases import files
from allting.common.catalogue import api as catalogue
from allting.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer as shown."""

    name: str
    label: Text
    value: Any
    files: Sequence[files.File] = ()


Pages = list[tuple[Text, list[Answer]]]


def answers(service: catalogue.Service, held: dict[str, Any], sent: Sequence[files.File]) -> Pages:
    """Page by page, each question that was called for, with its answer as its reader writes it."""
    today = timezone.localdate()
    scope = catalogue.scope(service, held["answers"], held["known"], today)
    found = []
    for page in service.asks:
        asked = catalogue.shown(service, page, scope)
        if asked:
            given = [_answer(name, one, held, sent) for name, one in asked.items()]
            found.append((page.title, [*given, *_computed(page, scope)]))
    return found


def _computed(page: catalogue.Page, scope: dict[str, Any]) -> list[Answer]:
    """What follows from the answers; it has no name, for there is no question to change."""
    there = [(one, scope[name]) for name, one in page.computes.items() if scope[name] is not None]
    return [Answer("", one.label, catalogue.show(one.field, value, {})) for one, value in there]


def _answer(name: str, one: catalogue.FormField, held: dict[str, Any], sent: Sequence[files.File]) -> Answer:
    if one.type == "file":
        mine = [file for file in sent if file.field == name]
        return Answer(name, one.label, [file.name for file in mine] or catalogue.show(one, None, {}), mine)
    return Answer(name, one.label, catalogue.show(one, held["answers"].get(name), held["known"]))


def flat(value: Any) -> Text | str:
    """An answer on one line of a document; a text keeps its languages."""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return value if isinstance(value, Text) else str(value)


def without_people(service: catalogue.Service, pages: Pages) -> Pages:
    """As those who are asked to sign see it: the others' identity numbers are not theirs to read."""
    hidden = {name for name, one in service.fields.items() if one.type == "people"}
    shown = [(title, [one for one in rows if one.name not in hidden]) for title, rows in pages]
    return [page for page in shown if page[1]]
