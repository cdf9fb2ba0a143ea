"""The JSON Schema of service files, for editors and for the studio (JSON Schema 2020-12).

It comes from the definition's classes. What they accept besides the plain form (a paragraph written as a number, one
text where several may stand, ``fee: none``) is let in here too, so that an editor does not mark a right file; and what
only the running platform knows (kinds of questions, data sets, themes) is listed, so that an editor can offer it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from allting.common.catalogue import shelf
from allting.common.catalogue.definition import Service
from allting.common.catalogue.kinds import KINDS
from allting.common.catalogue.kinds.composed import CELLS
from allting.common.catalogue.members import Part
from allting.common.exchange import api as exchange
from allting.kernel.text import LANGUAGES

ADDRESS = "https://json-schema.org/draft/2020-12/schema"
TEXT = {
    "type": "object",
    "properties": {code: {"type": "string"} for code in LANGUAGES},
    "required": list(LANGUAGES),
    "additionalProperties": False,
}
EXPRESSION = "cel"


def json_schema() -> dict[str, Any]:
    """The schema, with what this platform knows filled in."""
    schema = Service.model_json_schema(by_alias=True)
    for owner, name, one in _properties(schema):
        _widen(one)
        for listed in (_lists().get((owner, name)), _lists().get(("", name))):
            if listed:
                _offer(one, listed)
    _lead(schema)
    schema["properties"]["fee"]["anyOf"].append({"const": "none"})
    return {"$schema": ADDRESS, **schema, "title": "A public service of Allting"}


def is_text(schema: dict[str, Any]) -> bool:
    """Whether the value is a text in the languages of the house, not any text."""
    return any(set(one.get("properties", ())) == set(LANGUAGES) for one in schema.get("anyOf", ()))


def _lists() -> dict[tuple[str, str], list[str]]:
    """What can stand under a key, as far as it is a list: by class and key."""
    return {
        ("FormField", "type"): sorted(KINDS),
        ("Known", "from"): sorted(exchange.datasets()),
        ("Effect", "do"): sorted(shelf.EFFECTS),
        ("Service", "themes"): sorted(shelf.themes()),
    }


def _offer(schema: dict[str, Any], words: list[str]) -> None:
    target = schema["items"] if schema.get("type") == "array" else schema
    target["enum"] = words


def _properties(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Class, key and schema of each key of the file."""
    for owner, part in [("Service", schema), *schema.get("$defs", {}).items()]:
        for name, one in part.get("properties", {}).items():
            yield owner, name, one


def _widen(schema: dict[str, Any]) -> None:
    """Let in what the readers let in before the types are looked at."""
    for one in (schema, *schema.get("anyOf", ()), *schema.get("patternProperties", {}).values()):
        if one.get("format") == EXPRESSION:
            one["type"] = ["string", "number", "boolean"]
    if (schema.get("type") == "string" and schema.get("minLength")) or schema.get("title") == "Class":
        schema["type"] = ["string", "number"]  # § 16 and A10 are text, 16 is read as one
    if schema.get("type") == "array" and is_text(schema.get("items", {})):
        single = dict(schema["items"])
        lists = {name: schema.pop(name) for name in ("type", "items") if name in schema}
        schema["anyOf"] = [*single["anyOf"], lists]


def _lead(schema: dict[str, Any]) -> None:
    """What each part is, in its class's own words; and what a column may be."""
    words = {one.__name__: one.__doc__ for one in _parts(Part)}
    for name, part in schema["$defs"].items():
        part.pop("description", None)  # may be the words of the class they all come from
        if words.get(name):
            part["description"] = str(words[name])
    columns = schema["$defs"]["FormField"]["properties"]["columns"]
    columns["description"] = f"{columns.get('description', '')}; each of type {', '.join(sorted(CELLS))}"


def _parts(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for one in root.__subclasses__():
        yield one
        yield from _parts(one)
