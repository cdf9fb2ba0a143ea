"""Destroy what need not be kept any longer (arkivlova § 16, arkivforskrifta § 16), with a report of what was destroyed.

The journal stays: that something was there, when, and of which class. The documents, their titles and the party's name
go, and so does the case itself (effect ``archive.destroyed``, when no other authority has it still).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allting.common.archive.models import Change, Document, Entry, File
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.calendar import months_after
from allting.kernel.encryption import seal
from allting.kernel.problems import NotFound

COLUMNS = ("case", "title", "class", "closed", "years", "entries", "documents", "bytes", "destroyed")
AT_ONCE = 200
EFFECT = "archive.destroyed"


@dataclass(slots=True)
class Destroyed:
    """What came of it. ``held``: cases whose years are out that somebody keeps back."""

    cases: int = 0
    documents: int = 0
    held: int = 0


def due(authority: UUID, on: date) -> QuerySet[File]:
    """The closed cases whose years are out on the day ``on``, also those that are held."""
    rows = File.objects.filter(authority=authority, destroyed=None).exclude(closed=None).exclude(years=None)
    found = File.objects.none()
    for years in rows.values_list("years", flat=True).distinct():
        last = timezone.make_aware(datetime.combine(months_after(on, -12 * (years or 0)), time.min))
        found |= rows.filter(years=years, closed__lt=last)
    return found.order_by("closed", "id")


def counted(slug: str, on: date) -> tuple[int, int]:
    """How many cases would be destroyed, and how many more are held. Raises NotFound."""
    rows = due(registers.authority(slug).id, on)
    return rows.filter(hold="").count(), rows.exclude(hold="").count()


def destroy(slug: str, on: date, report: Path) -> Destroyed:
    """Destroy what is due, and write the report (CSV, UTF-8): it is there before the first document is gone.

    Raises NotFound for an unknown authority, ValueError for a day to come, FileExistsError for a report that is there
    already, and OSError.
    """
    body = registers.authority(slug)
    if on > timezone.localdate():
        raise ValueError("the day is not here yet")
    found = Destroyed(held=due(body.id, on).exclude(hold="").count())
    with report.open("x", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(COLUMNS)
        for chunk in _chunks(body.id, on):
            csv.writer(file).writerows(_told(one) for one in chunk)
            file.flush()
            os.fsync(file.fileno())
            found.documents += _gone(chunk, body.name)
            found.cases += len(chunk)
    return found


def hold(slug: str, case_number: str, why: str) -> None:
    """Keep a case back from destruction (empty ``why``: no longer). Raises NotFound, also for a case that is gone."""
    body = registers.authority(slug)
    with transaction.atomic():
        row = (
            File.objects.select_for_update().filter(authority=body.id, case_number=case_number, destroyed=None).first()
        )
        if row is None:
            raise NotFound()
        Change.objects.create(file=row, field="hold", by=body.name[:200], before=row.hold, after=why[:300])
        row.hold = why[:300]
        row.save(update_fields=["hold"])


def _chunks(authority: UUID, on: date) -> Iterator[list[File]]:
    while chunk := list(due(authority, on).filter(hold="")[:AT_ONCE]):
        yield chunk


def _told(one: File) -> list[str | int | None]:
    """The report's line of a case: what it was, never whose."""
    sizes = list(Document.objects.filter(entry__file=one).values_list("size", flat=True))
    assert one.closed is not None
    return [
        one.case_number, one.title, one.klass, timezone.localtime(one.closed).date().isoformat(), one.years,
        one.entries.count(), len(sizes), sum(sizes), timezone.localdate().isoformat(),
    ]  # fmt: skip


@transaction.atomic
def _gone(chunk: list[File], by: str) -> int:
    """How many documents went. Each case's own things go by an effect, in the same transaction."""
    now, keys = timezone.now(), [one.pk for one in chunk]
    for entry in Entry.objects.filter(file__in=keys).values_list("pk", flat=True):
        Entry.objects.filter(pk=entry).update(party_name=seal(b"", f"journal:{entry}"))
    documents = list(Document.objects.filter(entry__file__in=keys).values_list("pk", flat=True))
    for one in documents:
        Document.objects.filter(pk=one).update(content=None, title=seal(b"", f"archive-title:{one}"))
    Change.objects.bulk_create(Change(file=one, field="kassert", at=now, by=by[:200], after=str(now)) for one in chunk)
    File.objects.filter(pk__in=keys).update(destroyed=now)
    for file in chunk:
        if not File.objects.filter(case=file.case, destroyed=None).exists():
            outbox.put(EFFECT, str(file.case), {"case": str(file.case)})
    return len(documents)
