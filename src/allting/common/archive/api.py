"""Journal what a case sends and receives (offentleglova § 10; arkivforskrifta)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from uuid6 import uuid7

from allting.common.archive.models import Change, Counter, Document, Entry, File
from allting.kernel.encryption import seal, unseal

__all__ = ["Filing", "JournalEntry", "close", "entries", "journal", "keep", "reopen"]

Direction = Literal["in", "out", "internal"]
_DIRECTIONS: Final = ("in", "out", "internal")


UNDER_WAY, CLOSED = "Under behandling", "Avsluttet"  # saksstatus (Noark 5, M052)


@dataclass(frozen=True, slots=True)
class Filing:
    """How the case is filed: title in the open, the archive's class, and years it is kept after it closes (None: for
    ever). ``withheld``: the paragraph that keeps the party's name and the document from the public."""

    title: str
    klass: str
    years: int | None
    withheld: str = ""


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
    filing: Filing | None = None,
    received_on: date | None = None,
) -> JournalEntry:
    """Enter a document in the journal. The same (case, document, direction) again changes nothing.

    Without ``filing`` it is unclassified, and kept for ever. ``received_on``: the day it came, when that was before
    today (Noark 5: M104 mottattDato).

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
            filing = filing or Filing(title, "Uklassifisert", None)
            entry = Entry.objects.create(
                id=entry_id,
                file=_file(authority, case, case_number, filing),
                withheld=filing.withheld,
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
                received_on=received_on,
                once=once,
            )
    return _read(entry)


def entries(case: UUID) -> list[JournalEntry]:
    """The journal of one case, in order. The caller has decided that the reader may see the case."""
    return [_read(entry) for entry in Entry.objects.filter(case=case).order_by("year", "number")]


def _file(authority: UUID, case: UUID, case_number: str, filing: Filing) -> File:
    filed = {
        "case_number": case_number, "title": filing.title[:300], "klass": filing.klass, "years": filing.years,
    }  # fmt: skip
    return File.objects.get_or_create(authority=authority, case=case, defaults=filed)[0]


def keep(case: UUID, document: UUID | None, direction: Direction, title: str, data: bytes, media_type: str) -> bool:
    """Add a document to its journal entry, the main document first; the same bytes again change nothing.

    False when nothing is journalled under (case, document, direction).
    """
    with transaction.atomic():
        once = f"{case}:{document or '-'}:{direction}"
        entry = Entry.objects.select_for_update().filter(once=once).first()
        if entry is None:
            return False
        digest = sha256(data).hexdigest()
        there = Document.objects.filter(entry=entry)
        if not there.filter(sha256=digest).exists():
            document_id = uuid7()
            Document.objects.create(
                id=document_id, entry=entry, number=there.count() + 1, media_type=media_type, size=len(data),
                sha256=digest, title=seal(title.encode(), f"archive-title:{document_id}"),
                content=seal(data, f"archive:{document_id}"),
            )  # fmt: skip
    return True


def close(case: UUID, by: str, at: datetime | None = None) -> None:
    """The case is over: what every authority has of it is closed, and retention runs from here."""
    at = at or timezone.now()
    rows = list(File.objects.select_for_update().filter(case=case, closed=None))
    _changed(rows, by, UNDER_WAY, CLOSED, at)
    File.objects.filter(pk__in=[one.pk for one in rows]).update(closed=at)


def reopen(case: UUID, by: str) -> None:
    """An appeal came: it is not over after all. What is destroyed stays closed."""
    rows = list(File.objects.select_for_update().filter(case=case, destroyed=None).exclude(closed=None))
    _changed(rows, by, CLOSED, UNDER_WAY, timezone.now())
    File.objects.filter(pk__in=[one.pk for one in rows]).update(closed=None)


def _changed(files: list[File], by: str, before: str, after: str, at: datetime) -> None:
    Change.objects.bulk_create(
        Change(file=one, field="saksstatus", at=at, by=by[:200], before=before, after=after) for one in files
    )


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
