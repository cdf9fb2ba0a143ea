"""Pension earnings from a file (CSV): read whole, each fault with its row, and kept only when there is none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Purpose
from allting.kernel.numbers import BadNumber, identity_number
from allting.sectors.pension import register
from allting.sectors.pension.balance import Figure, known_balance, known_year

COLUMNS: Final = ("identity_number", "kind", "year", "amount", "source")
LARGEST: Final = 50 * 1024 * 1024  # bytes: read whole, so that a fault in the last row stops the first
HIGHEST: Final = 10**9  # kroner
_AT_A_TIME: Final = 500


@dataclass(slots=True)
class Read:
    """The figures by identity number, and what is wrong by row; row 1 is the line of column names."""

    figures: dict[str, list[Figure]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


class Unreadable(ValueError):
    """The file is no table of earnings at all; says why."""


def take(path: Path) -> tuple[register.Taken, list[tuple[int, str]]]:
    """Keep what the file says, all or nothing: with faults nothing is kept. Each person found stands in the log.

    Raises Unreadable, OSError, and NotFound where Nav is not in the register of authorities.
    """
    nav = registers.authority("nav")
    read = _read(path)
    if read.faults:
        return register.Taken(), read.faults
    system = Actor.system(nav.id, nav.name)
    with transaction.atomic():
        people = _people(system, read)
        if read.faults:
            transaction.set_rollback(True)
            return register.Taken(), sorted(read.faults)
        return register.store({people[number]: one for number, one in read.figures.items()}), []


def _people(system: Actor, read: Read) -> dict[str, UUID]:
    purpose = Purpose(register.BASIS, "Inntekt som gir pensjonsopptjening")
    numbers, found = list(read.figures), dict[str, UUID]()
    for at in range(0, len(numbers), _AT_A_TIME):
        found |= registers.find_people(system, purpose, numbers[at : at + _AT_A_TIME])
    missing = [one for one in numbers if one not in found]
    read.faults += [(read.rows[one], "the population register has no such living person") for one in missing]
    return found


def _read(path: Path) -> Read:
    read, seen = Read(), set()
    for row, cells in _cells(path):
        wrong = list(_faults(cells))
        number = cells["identity_number"].replace(" ", "")
        if not wrong and (key := (number, cells["kind"], cells["year"])) in seen:
            wrong.append("the same person, kind and year stand above")
        elif not wrong:
            seen.add(key)
            figure = Figure(cells["kind"], int(cells["year"]), int(cells["amount"]), cells["source"])
            read.figures.setdefault(number, []).append(figure)
            read.rows.setdefault(number, row)
        read.faults += [(row, one) for one in wrong]
    return read


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST // 1024 // 1024} MB; divide it")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        table = list(csv.reader(lines, delimiter=";" if lines and ";" in lines[0] else ","))
    except UnicodeDecodeError:
        raise Unreadable("the file is not text in UTF-8") from None
    except csv.Error as fault:
        raise Unreadable(f"the file is no CSV: {fault}") from None
    header = [one.strip().lower() for one in table[0]] if table else []
    if missing := [name for name in COLUMNS if name not in header]:
        raise Unreadable(f"the first line lacks the columns {', '.join(missing)}")
    for row, cells in enumerate(table[1:], 2):
        if any(one.strip() for one in cells):
            yield row, {name: _cell(cells, header.index(name)) for name in COLUMNS}


def _cell(cells: list[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _faults(cells: dict[str, str]) -> Iterator[str]:
    try:
        identity_number(cells["identity_number"])
    except BadNumber:
        yield "this is not an identity number"
    if cells["kind"] not in ("income", "balance"):
        yield "kind is income or balance"
    if not _whole(cells["year"], timezone.localdate().year):
        yield "year is a year to and with this one"
    elif not (known_balance if cells["kind"] == "balance" else known_year)(int(cells["year"])):
        yield "the figures of that year are not known here: give a balance of a later 1 January"
    if not _whole(cells["amount"], HIGHEST):
        yield "amount is whole kroner, not below nothing"
    if not 0 < len(cells["source"]) <= 100:
        yield "source says in 1 to 100 characters who tells"


def _whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most
