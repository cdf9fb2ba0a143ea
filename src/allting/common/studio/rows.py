"""One row of a figure, from what was typed: a day, a value or one for each key, the paragraph and the source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from allting.kernel.problems import Invalid
from allting.kernel.text import written

Form = Mapping[str, str]
Row = dict[str, Any]
LONGEST: Final = 400  # letters of a paragraph or a source
_NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,8})?")
_PRODUCT: Final = re.compile(r"\d{1,6}(\.\d{1,6})?([*/]\d{1,6}(\.\d{1,6})?){1,3}")


def row_of(form: Form, common: Mapping[str, Any], like: Mapping[str, Any], keys: Sequence[str], *, new: bool) -> Row:
    """The row to write. What the figure says for all its rows is not said again; the order of keys is ``like``'s.

    Raises Invalid with a reason for each input.
    """
    errors: dict[str, list[str]] = {}
    row: Row = {} if new else dict(like)
    row |= _days(form, errors)
    row["value"] = _values(form, keys, errors) if keys else _value(form.get("value", ""), "value", errors)
    for name in ("law", "source"):
        said = written(form.get(name, ""))[:LONGEST]
        if not said and not common.get(name):
            errors[name] = [_("Fill in this field")]
        row[name] = None if said == common.get(name) else said
    if new and "unit" in like:
        row["unit"] = like["unit"]
    if errors:
        raise Invalid(errors=errors)
    return _ordered({name: one for name, one in row.items() if one not in (None, "")}, like)


def _days(form: Form, errors: dict[str, list[str]]) -> Row:
    days: Row = {}
    for name in ("from", "to", "adopted"):
        said = form.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(said) if said else None
        except ValueError:
            errors[name] = [_("Write the date as 31.01.2026.")]
    if not form.get("from", "").strip():
        errors["from"] = [_("Fill in this field")]
    return days


def _values(form: Form, keys: Sequence[str], errors: dict[str, list[str]]) -> dict[str, Any]:
    """A value for each key; a key may be left out, but not all."""
    said = {key: form.get(f"value.{key}", "").strip() for key in keys}
    if not any(said.values()):
        errors[f"value.{keys[0]}"] = [_("Fill in this field")]
    return {key: _value(one, f"value.{key}", errors) for key, one in said.items() if one}


def _value(said: str, name: str, errors: dict[str, list[str]]) -> Any:
    """A number as people write it, or a product as the law does: ``60*46/52``."""
    plain = re.sub(r"[\s\u00a0]", "", said).replace(",", ".").replace("\u2212", "-")
    if not plain:
        errors.setdefault(name, [_("Fill in this field")])
    elif _PRODUCT.fullmatch(plain):
        return plain
    elif not _NUMBER.fullmatch(plain):
        errors[name] = [_("“%(given)s” is not a number") % {"given": said[:40]}]
    elif "." not in plain:
        return int(plain)
    else:
        return float(plain)
    return None


def _ordered(row: Row, like: Mapping[str, Any]) -> Row:
    """As the row above has its keys, and what that one does not have, last."""
    return {name: row[name] for name in dict.fromkeys((*like, *row)) if name in row}
