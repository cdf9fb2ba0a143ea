"""Read a service file: every fault comes with file, line, what is wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)
LARGEST = 200_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend in a file. ``where``: the keys that lead to it, as far as they are known."""

    path: Path
    line: int
    text: str
    where: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class BadFile(Exception):
    """A file that cannot be used, with all its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(one) for one in faults))
        self.faults = faults


class _Loader(yaml.CSafeLoader):  # libyaml: five times as fast, and read at each start
    """YAML where each key is text and no key stands twice, and only ``true`` and ``false`` are truth values (YAML 1.2
    § 10.3.2): "Yes" in English is a word, as "Ja" is."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(None, None, "a key is a word, not a list or keys", key.start_mark)
            name = key.value
            if name in found:
                raise yaml.MarkedYAMLError(None, None, f"the key {name!r} stands twice", key.start_mark)
            found[name] = self.construct_object(value, deep=True)
        return found

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, TypeError, AttributeError) as error:  # a day that is none, a number too long
            text = f"{str(node.value)[:40]!r} is not what it looks like; put it in quotes if it is text ({error})"
            raise yaml.MarkedYAMLError(None, None, text, node.start_mark) from None


def _mapping(loader: _Loader, node: Any) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


_Loader.yaml_implicit_resolvers = {
    first: [one for one in found if one[0] != "tag:yaml.org,2002:bool"]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_TRUTH = re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$")
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUTH, list("tTfF"))
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _unwritable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"cannot be read: {error.reason}"
    return ""


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def read(path: Path, model: type[Model], text: str | None = None) -> Model:
    """The file as ``model``. Raises BadFile with every fault found."""
    try:
        text = path.read_text(encoding="utf-8") if text is None else text
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile([Fault(path, 1, f"cannot be read: {error}")]) from None
    tree, data = _parsed(path, text)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadFile(sorted(_faults(path, text, tree, error), key=lambda one: one.line)) from None


def _parsed(path: Path, text: str) -> tuple[Any, dict[str, Any]]:
    """The file's nodes, and what they say. Raises BadFile."""
    if fault := _unwritable(text):
        raise BadFile([Fault(path, 1, fault)])
    if len(text) > LARGEST:
        raise BadFile([Fault(path, 1, "larger than 200 kB; a service file is text")])
    try:
        loader = _Loader(text)
        tree = loader.get_single_node()
        data = loader.construct_document(tree) if tree else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadFile([Fault(path, mark.line + 1 if mark else 1, f"not YAML: {error.problem}")]) from None
    except RecursionError:
        raise BadFile([Fault(path, 1, "keys and lists inside each other, too deep")]) from None
    except yaml.YAMLError as error:
        raise BadFile([Fault(path, 1, f"not YAML: {error}")]) from None
    if not isinstance(data, dict):
        raise BadFile([Fault(path, 1, "a service file is keys and values, as `service: kindergarten-place`")])
    return tree, data


def as_data(text: str, path: Path = Path("service.yaml")) -> dict[str, Any]:
    """What a file's text says, whether or not it is a right service file. Raises BadFile when it is not YAML."""
    return _parsed(path, text)[1]


def line_at(text: str, *where: Any) -> int:
    """The line of the key that ``where`` leads to in a file that is YAML; as far as it leads."""
    return _line(text, yaml.compose(text, Loader=_Loader), list(where), "")


def _faults(path: Path, source: str, tree: Any, error: ValidationError) -> Iterator[Fault]:
    for one in error.errors():
        where = [part for part in one["loc"] if not str(part).startswith(("literal", "function", "Rule", "union"))]
        for text in one["msg"].removeprefix("Value error, ").splitlines():
            line = _line(source, tree, list(where), text)
            yield Fault(path, line, f"{_dotted(where)}{_mended(one, text)}", tuple(where))


def _dotted(where: list[Any]) -> str:
    return ".".join(str(part) for part in where) + ": " if where else ""


def _mended(one: Any, text: str) -> str:
    match one["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden":
            return "is not a key we know; see docs/howto/service.md, or take it out"
        case _:
            return text


def _line(source: str, tree: Any, where: list[Any], text: str) -> int:
    """The line of the key that ``where`` leads to; else of the quoted name in the text; else of the parent."""
    node, line = tree, 1
    for part in where:
        found = _child(node, part)
        if found is None:
            break
        line, node = found
    if where:
        return line
    return _quoted(source, text) or 1


def _child(node: Any, part: Any) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None


def _quoted(source: str, text: str) -> int | None:
    """The first line on which a name quoted in the message stands; below the key that the message begins with, when
    it stands there."""
    names = text.split("'")[1::2]
    if not names:
        return None
    lines = list(enumerate(source.splitlines(), 1))
    key = re.split(r"[ .]", text, maxsplit=1)[0] + ":"
    start = next((number for number, line in lines if line.lstrip().startswith(key)), 1)
    there = [number for number, line in lines if any(name in line for name in names)]
    return next((number for number in there if number >= start), there[0] if there else None)
