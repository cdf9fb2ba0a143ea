"""A rule's arguments as an officer sees and corrects them, when what the rule was given turns out wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NewType, get_args, get_origin, get_type_hints

from django.utils.translation import gettext_lazy as _

from allting.common.catalogue import api as catalogue
from allting.kernel.problems import Invalid
from allting.kernel.rules import Outcome
from allting.kernel.text import Text

Named = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One argument: its name, what kind of answer it takes, what the rule was given, and what people call it.

    ``options``: what a choice is among, each with its words.
    """

    name: str
    kind: str
    value: str
    label: Text
    options: Sequence[tuple[str, Text]] = ()

    def worded(self, value: str) -> Text | str:
        """A value as people read it: the words of a choice."""
        return dict(self.options).get(value, value)


def facts(
    published: catalogue.Published, held: Mapping[str, Any], today: date, before: Mapping[str, str] | None = None
) -> list[Fact]:
    """What the rule was given; empty when an officer decides without a rule. ``before``: as corrected last time."""
    if not isinstance(published.service.decide, catalogue.Rule):
        return []
    given, hints = _given(published, held, today)
    was = {name: _typed(value) for name, value in given.items()} | dict(before or {})
    called = catalogue.called(published)
    return [_fact(name, hints.get(name), was[name], called) for name in given if name != "today"]


def _fact(name: str, hint: Any, value: str, called: Mapping[str, Text]) -> Fact:
    keys = get_args(hint) if get_origin(hint) is Literal else ()
    options = [(key, called.get(f"{name}.{key}") or Text.same(key)) for key in keys]
    return Fact(name, _kind(hint), value, called.get(name) or Text.same(name), options)


def as_given(found: list[Fact]) -> dict[str, str]:
    """Facts to keep with the decision they led to, as ``facts`` takes them back."""
    return {one.name: one.value for one in found}


def corrected(
    published: catalogue.Published, held: Mapping[str, Any], typed: Mapping[str, Any], today: date
) -> Outcome:
    """What the rule answers with the facts as they are ``typed``. Raises Invalid for a fact that cannot be read."""
    given, hints = _given(published, held, today)
    given |= _changed(given, hints, typed)
    function = catalogue.rule(published)
    try:
        return function(**given)
    except (TypeError, ValueError, LookupError):
        raise Invalid(errors={"facts": [_("The rule cannot be computed with these facts.")]}) from None


def carried_out(
    published: catalogue.Published, held: Mapping[str, Any], typed: Mapping[str, Any], today: date
) -> Named:
    """The effect's arguments that an officer corrected: those that the rule was given from the same expression. What
    was decided on is what is carried out."""
    service = published.service
    if service.effect is None or not service.given:
        return {}
    changed = _changed(*_given(published, held, today), typed)
    by_source = {service.given[name].source: value for name, value in changed.items()}
    given = {name: one.source for name, one in service.effect.given.items()}
    return {name: _plain(by_source[source]) for name, source in given.items() if source in by_source}


def _changed(given: Named, hints: Named, typed: Mapping[str, Any]) -> Named:
    """Those of ``typed`` that are other than what was given. Raises Invalid for one that cannot be read."""
    return {
        name: _read(name, str(text), hints.get(name))
        for name, text in typed.items()
        if name in given and name != "today" and text not in (None, "", _typed(given[name]))
    }


def _plain(value: Any) -> Any:
    """As answers are kept: a day is text."""
    return value.isoformat() if isinstance(value, date) else value


def _given(published: catalogue.Published, held: Mapping[str, Any], today: date) -> tuple[Named, Named]:
    """The arguments, and what kinds they are."""
    assert isinstance(published.service.decide, catalogue.Rule)
    function = catalogue.rule(published)
    scope = catalogue.scope(published.service, held["answers"], held["known"], today)
    return catalogue.arguments(function, published.service.decide.given, scope), get_type_hints(function)


def _kind(hint: Any) -> str:
    if hint in (bool, bool | None):
        return "yes_no"
    if hint in (date, date | None):
        return "date"
    if get_origin(hint) is Literal:
        return "choice"
    if isinstance(hint, NewType) and hint.__supertype__ is str:
        return "lines"
    return "number" if hint in (int, int | None) else "text"


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _read(name: str, text: str, hint: Any) -> Any:
    try:
        match _kind(hint):
            case "yes_no":
                return {"yes": True, "no": False}[text]
            case "date":
                return date.fromisoformat(text)
            case "number":
                return int(text)
            case "choice":
                return {key: key for key in get_args(hint)}[text]
    except (KeyError, ValueError):
        raise Invalid(errors={f"fact-{name}": [_("This cannot be read")]}) from None
    return text
