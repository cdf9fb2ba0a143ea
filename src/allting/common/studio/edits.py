"""Changes of one place in a YAML file, that leave every other line, comment and order as they were.

A change is a replacement of the characters of that place (PyYAML knows where each value begins and ends), so that
the diff a reviewer reads is the change and nothing else. After each the file is read again: if it says anything else
than it should (an alias that stands for another place, say), the change is refused, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from allting.common.catalogue import api as catalogue
from allting.common.studio.writing import block, entry, flow, item, scalar

Path = Sequence[str | int]


class NotHere(Exception):
    """This place cannot be changed by itself; the file's text can."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its container, its place there, its key, and whether it is inside ``{…}`` or ``[…]``."""

    parent: Any
    index: int
    key: Any
    value: Any
    in_flow: bool


def put(text: str, path: Path, value: Any, before: Sequence[str] = ()) -> str:
    """The text with ``value`` at ``path``; a new key comes after the last of ``before`` that is there."""
    wanted = _with(catalogue.as_data(text), path, value, before)
    return _held(_put(text, path, value, before), wanted)


def take(text: str, path: Path) -> str:
    """The text without what stands at ``path``."""
    wanted = _copy(catalogue.as_data(text))
    parent = _at(wanted, path[:-1])
    del parent[path[-1]]
    return _held(_take(text, path, wanted), wanted)


def add(text: str, path: Path, value: Any) -> str:
    """The text with ``value`` last in the list at ``path``."""
    wanted = _copy(catalogue.as_data(text))
    _at(wanted, path).append(value)
    node = _find(text, path).value
    if not node.value:
        return _held(_put(text, path, [value]), wanted)
    if node.flow_style:
        at = node.value[-1].end_mark.index
        return _held(f"{text[:at]}, {flow(value)}{text[at:]}", wanted)
    at, column = _line_end(text, _content_end(node, text)), node.start_mark.column
    alike = getattr(node.value[-1], "flow_style", False)  # as its neighbour stands
    shown = f"- {flow(value)}" if alike else item(value, column)
    return _held(f"{text[:at]}\n{' ' * column}{shown}{text[at:]}", wanted)


def move(text: str, path: Path, steps: int) -> str:
    """The text with what stands at ``path`` one place up (-1) or down (1) among its neighbours."""
    data = catalogue.as_data(text)
    place = _find(text, path)
    first = place.index + min(steps, 0)
    if first < 0 or first + 1 >= len(place.parent.value):
        return text
    wanted = _swapped(data, path[:-1], first)
    one, other = (_span(place.parent, number, text) for number in (first, first + 1))
    changed = text[: one[0]] + text[slice(*other)] + text[one[1] : other[0]] + text[slice(*one)] + text[other[1] :]
    return _held(changed, wanted)


def _held(text: str, wanted: Any) -> str:
    try:
        came = catalogue.as_data(text)
    except catalogue.BadFile:
        raise NotHere from None
    if json.dumps(came, default=str) != json.dumps(wanted, default=str):
        raise NotHere
    return text


# --- The same change in the data -------------------------------------------------------------------------


def _copy(data: Any) -> Any:
    """Each place by itself, also where an alias makes two of them one."""
    if isinstance(data, dict):
        return {name: _copy(one) for name, one in data.items()}
    return [_copy(one) for one in data] if isinstance(data, list) else data


def _at(data: Any, path: Path) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            raise NotHere from None
    return data


def _with(data: Any, path: Path, value: Any, before: Sequence[str]) -> Any:
    data = _copy(data)
    parent = _at(data, path[:-1])
    if isinstance(parent, dict) and path[-1] not in parent:
        names = list(parent)
        after = max((names.index(one) + 1 for one in before if one in names), default=0 if before else len(names))
        items = list(parent.items())
        items.insert(after, (str(path[-1]), value))
        parent.clear()
        parent.update(items)
    elif isinstance(parent, (dict, list)):
        parent[path[-1]] = value  # type: ignore[index]
    else:
        raise NotHere
    return data


def _swapped(data: Any, path: Path, first: int) -> Any:
    data = _copy(data)
    parent = _at(data, path)
    if isinstance(parent, list):
        parent[first], parent[first + 1] = parent[first + 1], parent[first]
        return data
    items = list(parent.items())
    items[first], items[first + 1] = items[first + 1], items[first]
    parent.clear()
    parent.update(items)
    return data


# --- In the text -----------------------------------------------------------------------------------------


def _find(text: str, path: Path) -> Place:
    """Raises NotHere when there is nothing there."""
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    place = Place(None, 0, None, tree, False)
    for part in path:
        node, inside = place.value, place.in_flow or bool(getattr(place.value, "flow_style", False))
        found: Place | None = None
        if isinstance(node, yaml.MappingNode):
            pairs = enumerate(node.value)
            found = next((Place(node, at, key, one, inside) for at, (key, one) in pairs if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = Place(node, part, None, node.value[part], inside)
        if found is None:
            raise NotHere
        place = found
    return place


def _put(text: str, path: Path, value: Any, before: Sequence[str] = ()) -> str:
    try:
        place = _find(text, path)
    except NotHere:
        return _insert(text, path, value, before)
    now = _at(catalogue.as_data(text), path)
    if isinstance(now, dict) and isinstance(value, dict) and list(now) == list(value) and now:
        for name, one in value.items():
            if now[name] != one:
                text = _put(text, [*path, name], one)
        return text
    if isinstance(now, list) and isinstance(value, list) and len(now) == len(value) and now:
        for number, one in enumerate(value):
            if now[number] != one:
                text = _put(text, [*path, number], one)
        return text
    return _replace(text, place, value)


def _replace(text: str, place: Place, value: Any) -> str:
    node = place.value
    end = _content_end(node, text)
    if place.in_flow:
        return text[: node.start_mark.index] + flow(value, node) + text[end:]
    plain = isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">") and node.value
    if plain and not isinstance(value, (dict, list)):
        return text[: node.start_mark.index] + scalar(value, node) + text[end:]
    if place.key is not None:
        start, column = place.key.start_mark.index, place.key.start_mark.column
        return text[:start] + entry(place.key.value, value, column) + text[max(end, place.key.end_mark.index + 1) :]
    if place.parent is None:
        raise NotHere
    start, column = node.start_mark.index, node.start_mark.column
    return text[:start] + block(value, column).lstrip() + text[end:]


def _insert(text: str, path: Path, value: Any, before: Sequence[str]) -> str:
    """A new key in a mapping that is there."""
    place = _find(text, path[:-1])
    node, name = place.value, str(path[-1])
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return _replace(text, place, {name: value})
    names = [key.value for key, _one in node.value]
    after = max((names.index(one) + 1 for one in before if one in names), default=0 if before else len(names))
    if place.in_flow or node.flow_style:
        if after == 0:
            at = node.value[0][0].start_mark.index
            return f"{text[:at]}{name}: {flow(value)}, {text[at:]}"
        at = _content_end(node.value[after - 1][1], text)
        return f"{text[:at]}, {name}: {flow(value)}{text[at:]}"
    column = node.start_mark.column
    if after == 0:
        at = node.value[0][0].start_mark.index
        return f"{text[:at]}{entry(name, value, column)}\n{' ' * column}{text[at:]}"
    key, one = node.value[after - 1]
    at = _line_end(text, max(_content_end(one, text), key.end_mark.index))
    return f"{text[:at]}\n{' ' * column}{entry(name, value, column)}{text[at:]}"


def _take(text: str, path: Path, wanted: Any) -> str:
    place = _find(text, path)
    if len(place.parent.value) == 1:
        return _put(text, path[:-1], _at(wanted, path[:-1]))
    if place.in_flow or place.parent.flow_style:
        starts = [_start(place.parent, number) for number in range(len(place.parent.value))]
        if place.index + 1 < len(starts):
            return text[: starts[place.index]] + text[starts[place.index + 1] :]
        last = place.parent.value[place.index - 1]
        end = _content_end(last[1] if isinstance(last, tuple) else last, text)
        return text[:end] + text[_content_end(place.value, text) :]
    start, end = _span(place.parent, place.index, text)
    if text[text.rfind("\n", 0, start) + 1 : start].strip():  # the first key of a list's item, after its dash
        return text[:start] + text[_start(place.parent, place.index + 1) :]
    line = text.rfind("\n", 0, start) + 1
    return text[:line] + text[end + 1 :]


def _start(node: Any, number: int) -> int:
    one = node.value[number]
    return int((one[0] if isinstance(one, tuple) else one).start_mark.index)


def _span(node: Any, number: int, text: str) -> tuple[int, int]:
    """The characters of one item of a container: from its key or dash to the end of its last line."""
    one = node.value[number]
    start, value = _start(node, number), one[1] if isinstance(one, tuple) else one
    end = _content_end(value, text)
    if node.flow_style:
        return start, end
    if not isinstance(one, tuple):
        start = text.rfind("\n", 0, start) + 1 + node.start_mark.column
    else:
        end = max(end, one[0].end_mark.index + 1)
    return start, _line_end(text, end)


def _content_end(node: Any, text: str) -> int:
    """Where a value's last character is; a block's own end mark lies beyond the comments that follow it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        end = int(node.end_mark.index)
        block_scalar = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        return len(text[:end].rstrip()) if block_scalar else end
    last = node.value[-1]
    if isinstance(last, tuple):
        return max(_content_end(last[1], text), int(last[0].end_mark.index) + 1)
    return _content_end(last, text)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
