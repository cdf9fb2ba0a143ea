"""Conditions in service files: CEL (Common Expression Language), compiled once, nothing else than the language.

Dates are text (``2026-11-24``), which compares as dates do; ``today`` is always there. Our own functions:
``age(person or birth date, day)`` in whole years, ``days(from, to)``, ``months_after(day, months)``, ``sum(numbers)``,
``lines(texts)``: one on each line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import cel
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from allting.kernel import calendar


def _age(someone: Any, day: str) -> int:
    born = someone["birth_date"] if isinstance(someone, Mapping) else someone
    return calendar.age(date.fromisoformat(born), date.fromisoformat(day))


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _months_after(day: str, months: int) -> str:
    return calendar.months_after(date.fromisoformat(day), months).isoformat()


def _sum(numbers: Any) -> Any:
    """Of numbers, or of nothing: 0. A row without the number counts as 0."""
    return sum(one for one in numbers or () if one is not None)


def _lines(texts: Any) -> str:
    return "\n".join(texts or ())


FUNCTIONS: Final = {"age": _age, "days": _days, "months_after": _months_after, "sum": _sum, "lines": _lines}
_LANGUAGE: Final = frozenset("size has contains startsWith endsWith matches int uint string double bool type".split())
_LOOP: Final = re.compile(r"\.(?:all|exists|exists_one|map|filter)\(\s*(\w+)\s*,")


class Expression:
    """One compiled expression. Raises ValueError for what is not CEL or names a function we do not have."""

    __slots__ = ("_program", "names", "source")

    def __init__(self, source: str) -> None:
        self.source = source.strip()
        try:
            self._program = cel.compile(self.source)
        except Exception as error:
            raise ValueError(f"not an expression: {self.source!r} ({_first_line(error)})") from None
        called = {name for name in self._program.functions() if name.isidentifier()}
        unknown = called - set(FUNCTIONS) - _LANGUAGE
        if unknown:
            raise ValueError(f"unknown function {', '.join(sorted(unknown))} in {self.source!r}")
        self.names = frozenset(self._program.variables()) - set(_LOOP.findall(self.source))

    def __str__(self) -> str:
        return self.source

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The value. Names without a value are null. Raises ValueError when it cannot be computed from these."""
        context = cel.Context(variables={name: values.get(name) for name in self.names})
        for name, function in FUNCTIONS.items():
            context.add_function(name, function)  # type: ignore[arg-type]
        try:
            return self._program.execute(context)
        except Exception as error:
            raise ValueError(f"{self.source!r}: {_first_line(error)}") from None

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it is true; not, when a name it needs has no value yet."""
        try:
            return bool(self(values))
        except ValueError:
            return False

    def answered(self, values: Mapping[str, Any]) -> bool:
        """Whether each name it needs has a value."""
        return all(values.get(name) is not None for name in self.names)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> Expression:
            if isinstance(value, Expression):
                return value
            if isinstance(value, bool):
                return cls(str(value).lower())
            if isinstance(value, (str, int, float, date)):
                return cls(str(value))
            raise ValueError('write an expression, as "age(child, start) > 5"')

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(lambda one: one.source)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "format": "cel", "description": "A CEL expression"}


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
