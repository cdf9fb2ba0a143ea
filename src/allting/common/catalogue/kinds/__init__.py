"""The kinds of questions: how an answer is read, kept and shown. Adding one is adding a function to a file here.

An answer is kept as plain JSON: text, whole numbers (øre for money), ISO dates, true/false, lists, and for
questions of several parts, objects.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol

from django.utils.translation import gettext_lazy as _


class FormField(Protocol):
    """What a kind needs to know of a question."""

    @property
    def type(self) -> str: ...
    @property
    def label(self) -> Any: ...
    @property
    def required(self) -> bool: ...
    @property
    def source(self) -> str: ...
    @property
    def options(self) -> Mapping[str, Any]: ...
    @property
    def columns(self) -> Mapping[str, FormField]: ...
    @property
    def max_rows(self) -> int: ...


# It is given what was typed as ``kernel.text.written`` leaves it.
Read = Callable[[FormField, Sequence[str], Mapping[str, Any]], Any]
Show = Callable[[FormField, Any, Mapping[str, Any]], Any]
FILL_IN: Final = _("Fill in this field")


class Wrong(Exception):
    """An answer that cannot be used; the text says how to mend it."""

    def __init__(self, text: Any) -> None:
        super().__init__("wrong answer")
        self.text = text


def _as_it_is(field: FormField, value: Any, known: Mapping[str, Any]) -> Any:
    return value


def _typed(field: FormField, value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]


@dataclass(frozen=True, slots=True)
class Kind:
    """``read`` makes an answer of what was typed, or raises Wrong; ``show`` writes it for a reader, ``retype`` as it
    would be typed again; ``widget`` is the macro that asks; ``missing`` is said when nothing was typed.

    ``parts``: the names of its inputs when it has several; they arrive in order, blank ones too.
    """

    read: Read
    widget: str
    missing: Any
    show: Show
    retype: Callable[[FormField, Any], list[str]]
    parts: Mapping[str, Any]


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    widget: str,
    missing: Any = FILL_IN,
    *,
    show: Show = _as_it_is,
    retype: Callable[[Any, Any], list[str]] = _typed,
    parts: Mapping[str, Any] | None = None,
) -> Callable[[Read], Read]:
    """Registers the function that reads answers of this kind."""

    def register(read: Read) -> Read:
        KINDS[name] = Kind(read, widget, missing, show, retype, parts or {})
        return read

    return register


def show(field: FormField, value: Any, known: Mapping[str, Any]) -> Any:
    """An answer as its reader sees it; lists become lists of texts."""
    if value is None or value == [] or value == "":
        return str(_("Not answered"))
    shown = KINDS[field.type].show(field, value, known)
    return [str(one) for one in shown] if isinstance(shown, list) else str(shown)


def choices(field: FormField, known: Mapping[str, Any]) -> dict[str, Any]:
    """What can be chosen: key and label; known records by their id and name."""
    if field.source:
        return {str(one["id"]): one["name"] for one in known.get(field.source) or []}
    return dict(field.options)


for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
