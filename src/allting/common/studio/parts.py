"""What can be changed one thing at a time: for each place of a service file its inputs, and the places below it.

It follows the JSON Schema of service files, so that a key that is new there has an input here by itself. What has no
plain form (the examples' made-up people, what is given to a rule) is changed in the whole text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.utils.translation import gettext as _

from allting.common.catalogue import api as catalogue
from allting.common.studio.wording import LANGUAGES, in_short, named, titled
from allting.kernel.problems import NotFound

Place = tuple[str | int, ...]
FIXED: Final = frozenset({("service",), ("offered_by",), ("sent_to",), ("examples",)})
DEEPEST: Final = 12
OPEN: Final = frozenset({"fields", "columns", "options"})  # where things are added, moved and taken out
_LONG: Final = frozenset({"text", "about", "summary", "because", "reason"})


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to type. ``kind``: line, area, tick, choice or words; ``language`` is set for a text."""

    where: Place
    kind: str
    label: str
    value: Any
    language: str = ""
    options: Sequence[tuple[str, str]] = ()

    @property
    def name(self) -> str:
        """As the form calls it, below the part's place."""
        return dotted((*self.where, self.language) if self.language else self.where)


@dataclass(frozen=True, slots=True)
class Below:
    """A place that has a page of its own. ``group`` is the list it stands in."""

    at: str
    title: str
    group: str
    key: str


@dataclass(frozen=True, slots=True)
class Part:
    """One place: what can be typed there, and what lies below. ``order``: its keys, as the file writes them."""

    where: Place
    title: str
    inputs: Sequence[Input]
    below: Sequence[Below]
    order: Sequence[str]

    @property
    def at(self) -> str:
        return dotted(self.where)


def dotted(where: Sequence[str | int]) -> str:
    return ".".join(map(str, where))


def place(data: Any, at: str) -> Place:
    """``asks.0.fields.child`` as a way into the data. Raises NotFound when it leads nowhere."""
    where: list[str | int] = []
    for word in at.split(".")[: DEEPEST + 1] if at else ():
        number = int(word) if isinstance(data, list) and word.isascii() and word.isdigit() and len(word) < 5 else None
        step: str | int = word if number is None else number
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            raise NotFound(code="no-such-part") from None
        where.append(step)
    return tuple(where)


def part(data: Mapping[str, Any], where: Place) -> Part:
    """What can be changed at a place. Raises NotFound for one that has nothing plain."""
    value: Any = data
    schema: Any = _schema()
    for step in where:
        value, schema = value[step], _below(schema, step)
    keys = _keys(schema, value)
    if not keys or (where and where[:1] in FIXED):
        raise NotFound(code="no-such-part")
    free = {name: key for name, key in keys.items() if where or (name,) not in FIXED}
    inputs = [one for name, key in free.items() for one in _inputs(value, name, key)]
    below = [one for name, key in free.items() for one in _parts(value, where, name, key)]
    return Part(where, titled(value).strip("“”") or (named(str(where[-1])) if where else ""), inputs, below, list(keys))


@cache
def _schema() -> Mapping[str, Any]:
    return catalogue.json_schema()


def _shapes(schema: Any) -> Iterator[Mapping[str, Any]]:
    """What a value may be, one form at a time."""
    if "$ref" in schema:
        yield from _shapes(_schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _shapes(one)
    else:
        yield schema


def _below(schema: Any, step: str | int) -> Any:
    for one in _shapes(schema):
        if isinstance(step, int) and "items" in one:
            return one["items"]
        if isinstance(step, str) and step in one.get("properties", ()):
            return one["properties"][step]
        if isinstance(step, str) and (others := _others(one)):
            return others
    raise NotFound(code="no-such-part")


def _others(schema: Mapping[str, Any]) -> Any:
    """What stands under a key that the file names itself."""
    found = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
    return found if isinstance(found, dict) else None


def _keys(schema: Any, value: Any) -> Mapping[str, Any]:
    """The keys of a part and what may stand under them; of several forms the one that the value has."""
    forms = [one["properties"] for one in _shapes(schema) if "properties" in one and not _is_words(one)]
    there = set(value) if isinstance(value, dict) else set()
    return next((one for one in forms if there <= set(one)), {}) if forms else {}


def _is_words(schema: Mapping[str, Any]) -> bool:
    return set(schema.get("properties", ())) == set(LANGUAGES)


def _inputs(value: Any, name: str, schema: Any) -> Iterator[Input]:
    now = value.get(name) if isinstance(value, dict) else None
    if catalogue.is_text(schema):
        yield from _texts(name, now)
        return
    if name == "options":
        for key, one in (now or {}).items():
            yield from _languages((name, key), f"“{in_short(one)}”", one, long=False)
        return
    form = next((one for one in _shapes(schema) if one.get("type") not in (None, "null", "object")), None)
    if form is None or (isinstance(now, (dict, list)) and form["type"] != "array"):
        return
    yield from _plain(name, schema, form, now)


def _plain(name: str, schema: Any, form: Mapping[str, Any], now: Any) -> Iterator[Input]:
    label = named(name)
    if form["type"] == "boolean":
        yield Input((name,), "tick", label, schema.get("default", False) if now is None else now)
    elif "enum" in form:
        yield Input((name,), "choice", label, now, options=[(one, str(one)) for one in form["enum"]])
    elif form["type"] != "array":
        if "const" not in form:
            yield Input((name,), "line", label, now)
    elif form["items"].get("type") == "string":
        yield Input((name,), "words", label, ", ".join(map(str, now or ())))


def _texts(name: str, now: Any) -> Iterator[Input]:
    """A text, or several that stand one after another."""
    if isinstance(now, list):
        for number, one in enumerate(now):
            label = _("%(what)s, paragraph %(number)d") % {"what": named(name), "number": number + 1}
            yield from _languages((name, number), label, one, long=True)
    else:
        yield from _languages((name,), named(name), now, long=name in _LONG)


def _languages(where: Place, label: str, now: Any, *, long: bool) -> Iterator[Input]:
    for code, language in LANGUAGES.items():
        value = now.get(code, "") if isinstance(now, dict) else now
        yield Input(where, "area" if long else "line", f"{label} – {language}", value, code)


def _parts(value: Any, where: Place, name: str, schema: Any) -> Iterator[Below]:
    """The places below a key: the part itself, or each of a list or of named parts."""
    now = value.get(name) if isinstance(value, dict) else None
    if catalogue.is_text(schema) or name == "options" or not now or not isinstance(now, (dict, list)):
        return
    if isinstance(now, dict) and _keys(schema, now):
        yield Below(dotted((*where, name)), named(name), "", name)
        return
    for step, one in enumerate(now) if isinstance(now, list) else now.items():
        if isinstance(one, dict) and _keys(_below(schema, step), one):
            title = titled(one).strip("“”") or _said(one) or str(step)
            yield Below(dotted((*where, name, step)), title, name, str(step))


def _said(one: Mapping[str, Any]) -> str:
    """What stands for a part without a title: what is told when it counts."""
    words = next((one[key] for key in ("because", "say", "reason") if key in one), "")
    return in_short(words)
