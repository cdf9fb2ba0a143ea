"""A query whose SQL is made once: Django's ORM spends more time on writing the same SQL than SQLite on answering it.

For the few reads that every page needs. The query is written as any other, with a stand-in where its one
argument goes; what comes back are the model's own rows, filled without ``Model.__init__`` and its signals, to
which nobody listens (docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connections
from django.db.models.base import ModelState

Argument = TypeVar("Argument", str, UUID)
Row = TypeVar("Row")
REMEMBERED = 2000
_TEXT, _UUID = "\x00stand-in", UUID(int=1)


class Compiled(Generic[Argument, Row]):
    """``Compiled(str, lambda party: Case.objects.filter(party=party))``; call it with the argument for the rows.

    For reading: a row that is to be changed is fetched anew, and held. With ``remember`` a row that is the same in the
    database is the same object as before: the question is asked each time, but the answer is made only once.
    """

    def __init__(self, kind: type[Argument], build: Callable[[Any], Any], *, remember: bool = False) -> None:
        self._build, self._remember = build, remember
        self._stand_in: Any = _TEXT if kind is str else _UUID
        self._made: Callable[[Any], list[Any]] | None = None

    def __call__(self, argument: Argument) -> list[Row]:
        if self._made is None:
            self._made = self._make()
        return self._made(argument)

    def _make(self) -> Callable[[Any], list[Any]]:
        rows = self._build(self._stand_in)
        compiler = rows.query.get_compiler(rows.db)
        sql, given = compiler.as_sql()
        params: list[Any] = list(given)
        place: int
        as_text: bool
        place, as_text = self._place(params)
        columns = [column for column, _sql, _alias in compiler.select]
        names = [column.target.attname for column in columns]
        converters = compiler.get_converters(columns)
        model, database = rows.model, rows.db

        def made(found: tuple[Any, ...]) -> Any:
            return _row(model, database, names, next(compiler.apply_converters([found], converters)))

        make = lru_cache(maxsize=REMEMBERED)(made) if self._remember else made

        def read(argument: Any) -> list[Any]:
            filled = [*params[:place], argument.hex if as_text else argument, *params[place + 1 :]]
            with connections[database].cursor() as cursor:
                cursor.execute(sql, filled)
                found = cursor.fetchall()
            return [make(one) for one in found]

        return read

    def _place(self, params: list[Any]) -> tuple[int, bool]:
        """Where the argument goes, and whether it goes as text: so SQLite keeps a UUID."""
        stands = [self._stand_in, self._stand_in.hex] if isinstance(self._stand_in, UUID) else [self._stand_in]
        places = [place for place, one in enumerate(params) if one in stands]
        if len(places) != 1:
            raise ValueError("a compiled query has its argument in one place")
        return places[0], isinstance(self._stand_in, UUID) and isinstance(params[places[0]], str)


def _row(model: Any, database: str, names: list[str], values: Any) -> Any:
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, database
    row.__dict__.update(zip(names, values, strict=True))
    return row
