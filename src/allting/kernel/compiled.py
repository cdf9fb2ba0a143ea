"""A query whose SQL is made once: Django's ORM spends more time on writing the same SQL than SQLite on answering it.

For the few reads that every page needs. The query is written as any other, with a stand-in where its one
argument goes; what comes back are the model's own rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

Argument = TypeVar("Argument", str, UUID)
Row = TypeVar("Row")
_TEXT, _UUID = "\x00stand-in", UUID(int=1)


class Compiled(Generic[Argument, Row]):
    """``Compiled(str, lambda party: Case.objects.filter(party=party))``; call it with the argument for the rows."""

    def __init__(self, kind: type[Argument], build: Callable[[Any], Any]) -> None:
        self._build = build
        self._stand_in: Any = _TEXT if kind is str else _UUID
        self._made: Callable[[Any], Any] | None = None

    def __call__(self, argument: Argument) -> list[Row]:
        if self._made is None:
            self._made = self._make()
        return list(self._made(argument))

    def _make(self) -> Callable[[Any], Any]:
        rows = self._build(self._stand_in)
        sql, params = rows.query.sql_with_params()
        given: list[Any] = list(params)
        stands = [self._stand_in, self._stand_in.hex] if isinstance(self._stand_in, UUID) else [self._stand_in]
        places = [place for place, one in enumerate(given) if one in stands]
        if len(places) != 1:
            raise ValueError("a compiled query has its argument in one place")
        raw: Any = rows.model._default_manager.raw
        before: list[Any] = given[: places[0]]
        after: list[Any] = given[places[0] + 1 :]
        if isinstance(self._stand_in, UUID) and isinstance(given[places[0]], str):
            return lambda argument: raw(sql, [*before, argument.hex, *after])  # as SQLite keeps it
        return lambda argument: raw(sql, [*before, argument, *after])
