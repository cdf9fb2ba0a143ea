"""Journal what a case sends and receives (offentleglova § 10; arkivforskrifta)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from uuid6 import uuid7

from allting.common.archive.models import Counter, Entry
from allting.kernel.encryption import seal, unseal

__all__ = ["JournalEntry", "entries", "journal"]

Direction = Literal["in", "out", "internal"]
_DIRECTIONS: Final = ("in", "out", "internal")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal; ``number`` runs without gaps per authority and year."""

    id: UUID
    number: int
    year: int
    case_number: str
    title: str
    direction: str
    document: UUID | None
    party_name: str
    journalled_on: date


def journal(
    *,
    authority: UUID,
    case: UUID,
    case_number: str,
    title: str,
    direction: Direction,
    document: UUID | None,
    party_name: str,
    journalled_on: date,
) -> JournalEntry:
    """Enter a document in the journal. The same (case, document, direction) again changes nothing.

    Raises ValueError for an unknown direction.
    """
    if direction not in _DIRECTIONS:
        raise ValueError(f"unknown direction {direction!r}")
    once = f"{case}:{document or '-'}:{direction}"
    with transaction.atomic():
        # The counter is locked before we look, so that two at once cannot both find nothing.
        counter = _locked(authority, journalled_on.year)
        entry = Entry.objects.filter(once=once).first()
        if entry is None:
            entry_id = uuid7()
            entry = Entry.objects.create(
                id=entry_id,
                authority=authority,
                year=journalled_on.year,
                number=_next(counter),
                case=case,
                case_number=case_number,
                title=title[:300],
                direction=direction,
                document=document,
                party_name=seal(party_name.encode(), f"journal:{entry_id}"),
                journalled_on=journalled_on,
                once=once,
            )
    return _read(entry)


def entries(case: UUID) -> list[JournalEntry]:
    """The journal of one case, in order. The caller has decided that the reader may see the case."""
    return [_read(entry) for entry in Entry.objects.filter(case=case).order_by("year", "number")]


def _locked(authority: UUID, year: int) -> Counter:
    Counter.objects.bulk_create([Counter(authority=authority, year=year)], ignore_conflicts=True)
    return Counter.objects.select_for_update().get(authority=authority, year=year)


def _next(counter: Counter) -> int:
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _read(entry: Entry) -> JournalEntry:
    return JournalEntry(
        id=entry.id,
        number=entry.number,
        year=entry.year,
        case_number=entry.case_number,
        title=entry.title,
        direction=entry.direction,
        document=entry.document,
        party_name=unseal(bytes(entry.party_name), f"journal:{entry.id}").decode(),
        journalled_on=entry.journalled_on,
    )
