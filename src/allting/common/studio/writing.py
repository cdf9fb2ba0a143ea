"""Values written as our YAML files write them: short things on one line, longer ones a key a line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

import yaml

WIDTH: Final = 120


def scalar(value: Any, like: Any = None, *, in_flow: bool = False) -> str:
    """One value; in double quotes where it needs some, or where ``like`` (what stood there) has them."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return json.dumps(value)
    if "\n" in value or getattr(like, "style", None) == '"':
        return json.dumps(value, ensure_ascii=False)
    shown = yaml.safe_dump([value] if in_flow else value, allow_unicode=True, width=10**9, default_flow_style=in_flow)
    shown = shown.strip()[1:-1] if in_flow else shown.removesuffix("\n").removesuffix("...").strip()
    return json.dumps(value, ensure_ascii=False) if shown[:1] in "'\"" else shown


def flow(value: Any, like: Any = None) -> str:
    """On one line: ``{nb: …, nn: …, en: …}``, ``[a, b]``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value, like, in_flow=True)


def entry(name: str, value: Any, column: int) -> str:
    """A key and its value, where the key begins in ``column``."""
    if not isinstance(value, (dict, list)):
        return f"{name}: {scalar(value)}"
    line = f"{name}: {flow(value)}"
    return line if _short(value) and column + len(line) <= WIDTH else f"{name}:\n{block(value, column + 2)}"


def item(value: Any, column: int) -> str:
    """An item of a list whose dash stands in ``column``."""
    return "- " + block(value, column + 2).lstrip()


def block(value: Any, column: int) -> str:
    """A value over several lines, each beginning in ``column``."""
    space = " " * column
    if isinstance(value, dict) and value:
        return "\n".join(space + entry(name, one, column) for name, one in value.items())
    if isinstance(value, list) and value:
        return "\n".join(space + item(one, column) for one in value)
    return space + (flow(value) if isinstance(value, (dict, list)) else scalar(value))


def _short(value: Any) -> bool:
    """Whether it holds only plain values."""
    return not any(isinstance(one, (dict, list)) for one in (value.values() if isinstance(value, dict) else value))
