"""Questions of several parts: a period, an address, and rows of a table. Their inputs share one name, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from allting.common.catalogue.kinds import KINDS, FormField, Wrong, kind, show
from allting.common.catalogue.kinds.single import day, postcode, show_day
from allting.common.registers import api as registers

CELLS: Final = frozenset({  # what fits in a cell
    "text", "number", "decimal", "money", "date", "time", "choice", "yes_no", "email", "phone", "postcode",
    "bank_account", "person", "organisation", "municipality",
})  # fmt: skip


def _show_period(field: FormField, value: Mapping[str, str], known: Mapping[str, Any]) -> str:
    return f"{show_day(field, value['start'], known)} – {show_day(field, value['end'], known)}"


@kind(
    "period", "period", _("Write both days"), show=_show_period, parts={"start": _("From"), "end": _("To")},
    retype=lambda field, value: [value["start"], value["end"]],
)  # fmt: skip
def _period(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> dict[str, str]:
    """Two days; both count."""
    if len(typed) != 2 or not all(text.strip() for text in typed):
        raise Wrong(_("Write both days"))
    start, end = day(typed[0]), day(typed[1])
    if end < start:
        raise Wrong(_("The last day is before the first"))
    return {"start": start, "end": end}


@kind(
    "address", "address", show=lambda field, value, known: value["text"],
    parts={"street": _("Street and number"), "postcode": _("Postcode"), "place": _("Place")},
    retype=lambda field, value: [value["street"], value["postcode"], value["place"]],
)  # fmt: skip
def _address(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> dict[str, str]:
    """A Norwegian address. The place may be left out where the address register knows the postcode."""
    street, code, place = ([text.strip() for text in typed] + ["", "", ""])[:3]
    if not street or len(street) > 120:
        raise Wrong(_("Write the street and the number, for example Storgata 1"))
    code = postcode(code)
    place = place or registers.place_of(code)
    if not place or len(place) > 60:
        raise Wrong(_("Write the place as well; we do not know this postcode"))
    return {"street": street, "postcode": code, "place": place, "text": f"{street}, {code} {place}"}


def rows_of(field: FormField, typed: Sequence[str]) -> list[list[str]]:
    """The typed cells row by row; rows with nothing in them left out."""
    width = len(field.columns)
    cut = [list(typed[place : place + width]) for place in range(0, len(typed), width)]
    return [row + [""] * (width - len(row)) for row in cut if any(cell.strip() for cell in row)]


def _show_row(field: FormField, row: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    told = [(one.label, show(one, row[name], known)) for name, one in field.columns.items() if name in row]
    return "; ".join(f"{label} {value}" if str(label).endswith("?") else f"{label}: {value}" for label, value in told)


def _cells(field: FormField, value: Sequence[Mapping[str, Any]]) -> list[str]:
    """Raises TypeError for what is not rows, as a machine may send."""
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise TypeError("a table is a list of rows")
    return [
        cell
        for row in value
        for name, one in field.columns.items()
        for cell in (KINDS[one.type].retype(one, row[name]) if name in row else [""])
    ]


@kind(
    "table", "table", _("Fill in at least one row"), retype=_cells,
    show=lambda field, value, known: [_show_row(field, row, known) for row in value],
)  # fmt: skip
def _table(field: FormField, typed: Sequence[str], known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As many rows as are needed, each with the same parts; what is wrong is told with its row."""
    rows = rows_of(field, typed)
    if len(rows) > field.max_rows:
        raise Wrong(_("Write at most %(rows)d rows") % {"rows": field.max_rows})
    return [_row(field, place, row, known) for place, row in enumerate(rows, 1)]


def _row(field: FormField, place: int, cells: Sequence[str], known: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for (name, one), cell in zip(field.columns.items(), cells, strict=True):
        try:
            if cell.strip():
                found[name] = KINDS[one.type].read(one, [cell], known)
            elif one.required:
                raise Wrong(KINDS[one.type].missing)
        except Wrong as wrong:
            where = {"row": place, "column": one.label, "said": wrong.text}
            raise Wrong(_("Row %(row)d, %(column)s: %(said)s") % where) from None
    return found
