"""The public journal: what an authority has received and sent, for anyone to search (offentleglova § 10, § 3).

A private person's name is never shown nor searched for (offentlegforskrifta § 7): where an entry is withheld, the
paragraph stands in its place. The titles are the services' own, and name nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from allting.common.archive.models import Entry
from allting.kernel.encryption import unseal

PAGE = 20
_CASE: Final = re.compile(r"\d{4}/\d{1,9}")
_PLACE: Final = re.compile(r"(\d{4})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty parts let everything through. ``words``: of titles, or a case number as 2026/12.
    ``start`` and ``end``: days of the journal, both counted."""

    words: str = ""
    start: date | None = None
    end: date | None = None
    direction: str = ""

    @property
    def number(self) -> str:
        return self.words.strip() if _CASE.fullmatch(self.words.strip()) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as anyone may see it. ``party``: an organisation's name, empty where it is withheld by ``withheld``."""

    number: int
    year: int
    case_number: str
    title: str
    direction: str
    party: str
    withheld: str
    journalled_on: date
    destroyed: bool

    @property
    def place(self) -> str:
        """Where it stands in the journal; lists go on from it."""
        return f"{self.year}-{self.number}"


def search(authority: UUID, wanted: Search, after: str = "") -> tuple[list[Line], str]:
    """The newest that fit, twenty at a time, and where to go on (empty: there are no more)."""
    rows = _fitting(Entry.objects.filter(authority=authority).select_related("file"), wanted)
    if found := _PLACE.fullmatch(after):
        year, number = int(found[1]), int(found[2])
        rows = rows.filter(Q(year__lt=year) | Q(year=year, number__lt=number))
    lines = [_line(row) for row in rows.order_by("-year", "-number")[: PAGE + 1]]
    return lines[:PAGE], lines[PAGE - 1].place if len(lines) > PAGE else ""


def _fitting(rows: QuerySet[Entry], wanted: Search) -> QuerySet[Entry]:
    if wanted.number:
        rows = rows.filter(case_number=wanted.number)
    else:
        for word in wanted.words.replace("\x00", "").split()[:8]:
            rows = rows.filter(title__icontains=word)
    if wanted.start:
        rows = rows.filter(journalled_on__gte=wanted.start)
    if wanted.end:
        rows = rows.filter(journalled_on__lte=wanted.end)
    return rows.filter(direction=wanted.direction) if wanted.direction else rows


def _line(row: Entry) -> Line:
    party = "" if row.withheld else unseal(bytes(row.party_name), f"journal:{row.pk}").decode()
    gone = row.file is not None and row.file.destroyed is not None
    return Line(
        row.number, row.year, row.case_number, row.title, row.direction, party, row.withheld, row.journalled_on, gone
    )
