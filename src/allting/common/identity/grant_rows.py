"""The rows of grants, with SQL that is made once: every login writes one, changes it once and reads it twice."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F

from allting.common.identity.models import Grant
from allting.common.queries.api import Compiled


def _with_login() -> Any:
    """Grants, with whose login they are of, and when it ended."""
    rows: Any = Grant.objects  # the two names are declared on the model
    return rows.annotate(person=F("sign_on__person"), ended=F("sign_on__ended"))


_PLAIN = (str, int, type(None))
_by_code: Compiled[str, Grant] = Compiled(str, lambda key: _with_login().filter(pk=key))
_by_family: Compiled[str, Grant] = Compiled(str, lambda family: _with_login().filter(family=family))


def by_code(code_hash: str) -> Grant | None:
    """The grant with ``person`` and ``ended`` of its sign-on, for reading."""
    return next(iter(_by_code(code_hash)), None)


def by_family(family: str) -> Grant | None:
    """The same, by the name of its refresh tokens."""
    return next(iter(_by_family(family)), None)


def add(grant: Grant) -> None:
    """Write a new row."""
    names = tuple(field.attname for field in Grant._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(_insert(names), _values(grant, names))


def begin(grant: Grant, names: tuple[str, ...]) -> bool:
    """Write these columns of a grant whose code is used now; False when it was used before."""
    with connection.cursor() as cursor:
        cursor.execute(_update(names), [*_values(grant, names), grant.pk])
        return bool(cursor.rowcount == 1)


def _values(grant: Grant, names: tuple[str, ...]) -> list[Any]:
    found = [(name, getattr(grant, name)) for name in names]
    # Text and numbers go as they are; to ask each field takes as long as the writing.
    return [one if type(one) in _PLAIN else _field(name).get_db_prep_save(one, connection) for name, one in found]


@cache
def _field(name: str) -> Any:
    return next(field for field in Grant._meta.concrete_fields if field.attname == name)


def _quoted(names: tuple[str, ...]) -> list[str]:
    return [connection.ops.quote_name(_field(name).column) for name in names]


@cache
def _insert(names: tuple[str, ...]) -> str:
    table, marks = connection.ops.quote_name(Grant._meta.db_table), ", ".join(["%s"] * len(names))
    return f"INSERT INTO {table} ({', '.join(_quoted(names))}) VALUES ({marks})"  # noqa: S608


@cache
def _update(names: tuple[str, ...]) -> str:
    table, changes = connection.ops.quote_name(Grant._meta.db_table), ", ".join(f"{one} = %s" for one in _quoted(names))
    code, used = _quoted(("code_hash", "used"))
    return f"UPDATE {table} SET {changes} WHERE {code} = %s AND {used} IS NULL"  # noqa: S608
