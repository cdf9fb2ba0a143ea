"""A report as it comes, from a program or a file: read whole, with each fault by its row."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from pydantic import ValidationError

from allting.kernel.problems import Invalid

MOST = 2000  # employees in one report; a larger employer sends several, each with its own reference
LARGEST = 5 * 1024 * 1024
HIGHEST = 10**13  # øre: no amount is larger, and sums stay exact
# The employer's kinds of pay, after the a-melding's own list; what is not here is other-pay.
KINDS = {
    "fixed-pay": _("Fixed pay"), "hourly-pay": _("Hourly pay"), "overtime": _("Overtime"), "bonus": _("Bonus"),
    "holiday-pay": _("Holiday pay"), "benefit-in-kind": _("Benefit in kind"), "other-pay": _("Other pay"),
}  # fmt: skip
COLUMNS = ("identity_number", "begins", "ends", "kind", "amount", "withheld")
_AMOUNT = re.compile(r"([0-9]{1,11})(?:[.,]([0-9]{1,2}))?")


class IncomeIn(Schema):
    """``kind``: fixed-pay, hourly-pay, overtime, bonus, holiday-pay, benefit-in-kind or other-pay. ``amount``: øre."""

    kind: str
    amount: int = Field(ge=0, le=HIGHEST)


class EmployeeIn(Schema):
    """One employee's month. ``withheld`` is tax, in øre; ``begins`` and ``ends`` are of the employment."""

    identity_number: str = Field(max_length=20)
    begins: date
    ends: date | None = None
    incomes: list[IncomeIn] = Field(default_factory=list, max_length=len(KINDS))
    withheld: int = Field(default=0, ge=0, le=HIGHEST)


class EmployeesIn(Schema):
    employees: list[EmployeeIn] = Field(min_length=1, max_length=MOST)


@dataclass(slots=True)
class Row:
    """One employee; ``row`` is where she stood (1 is the first), amounts in øre."""

    row: int
    number: str
    begins: date
    ends: date | None = None
    incomes: dict[str, int] = field(default_factory=dict)
    withheld: int = 0

    @property
    def gross(self) -> int:
        return sum(self.incomes.values())


class Faults(dict[int, list[Any]]):
    """What is wrong, by row."""

    def note(self, row: int, text: Any) -> None:
        self.setdefault(row, []).append(text)


def of_program(employees: list[EmployeeIn]) -> tuple[list[Row], Faults]:
    """The rows of a body whose shape is right; the same kind twice is added together."""
    rows, faults = [], Faults()
    for place, one in enumerate(employees, 1):
        row = Row(place, one.identity_number, one.begins, one.ends, {}, one.withheld)
        for income in one.incomes:
            _add(row, income.kind, income.amount, place, faults)
        rows.append(row)
    return rows, faults


def _add(row: Row, kind: str, amount: int, place: int, faults: Faults) -> None:
    if kind not in KINDS:
        faults.note(place, _("The kind of income is unknown; known are %(kinds)s") % {"kinds": ", ".join(KINDS)})
        return
    row.incomes[kind] = row.incomes.get(kind, 0) + amount


def of_file(data: bytes) -> tuple[list[Row], Faults]:
    """The rows of a CSV or JSON file. Raises Invalid at "file" when it cannot be read at all."""
    if len(data) > LARGEST:
        raise Invalid(errors={"file": [_("The file is larger than %(mb)d MB") % {"mb": LARGEST // 1024 // 1024}]})
    try:
        text = data.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        raise Invalid(errors={"file": [_("The file is not text in UTF-8. Save it as CSV UTF-8.")]}) from None
    return _of_json(text) if text.lstrip().startswith("{") else _of_csv(text)


def _of_json(text: str) -> tuple[list[Row], Faults]:
    try:
        return of_program(EmployeesIn.model_validate_json(text).employees)
    except ValidationError as wrong:
        faults = Faults()
        for one in wrong.errors():
            where = [part for part in one["loc"] if part != "employees"]
            if not where or not isinstance(where[0], int):
                raise Invalid(errors={"file": [_("The file must be JSON with a list of employees")]}) from None
            faults.note(where[0] + 1, f"{'.'.join(str(part) for part in where[1:])}: {one['msg']}")
        return [], faults


def _of_csv(text: str) -> tuple[list[Row], Faults]:
    lines = text.splitlines()
    first = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=";" if ";" in first else ",")
    try:
        table = list(reader)
    except csv.Error:
        raise Invalid(errors={"file": [_("The file cannot be read as CSV")]}) from None
    header = [one.strip().lower() for one in table[0]] if table else []
    if missing := [name for name in COLUMNS if name not in header]:
        lacks = _("The first line lacks the columns %(names)s") % {"names": ", ".join(missing)}
        raise Invalid(errors={"file": [lacks]})
    places = {name: header.index(name) for name in COLUMNS}
    return _table([one for one in table[1:] if any(cell.strip() for cell in one)], places)


def _table(table: list[list[str]], places: dict[str, int]) -> tuple[list[Row], Faults]:
    """Lines of the same person and first day are one row: she has a line for each kind of income."""
    if len(table) > MOST * len(KINDS):
        raise Invalid(errors={"file": [_("At most %(most)d employees in one file") % {"most": MOST}]})
    rows: dict[tuple[str, str], Row] = {}
    faults = Faults()
    for place, cells in enumerate(table, 1):
        found = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        begins, ends = _day(found["begins"]), _day(found["ends"]) if found["ends"] else None
        amount, withheld = _ore(found["amount"]), _ore(found["withheld"] or "0")
        if begins is None or (found["ends"] and ends is None):
            faults.note(place, _("Write days as 2026-01-31"))
        elif amount is None or withheld is None:
            faults.note(place, _("Write amounts in kroner, as 52000 or 52000,50"))
        else:
            number = found["identity_number"]
            one = rows.setdefault((number, found["begins"]), Row(place, number, begins))
            one.ends, one.withheld = ends, one.withheld + withheld
            _add(one, found["kind"], amount, place, faults)
    return list(rows.values()), faults


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ore(text: str) -> int | None:
    match = _AMOUNT.fullmatch(re.sub(r"[\s\u00a0]", "", text))
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match and text.isascii() else None
