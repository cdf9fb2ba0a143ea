"""Take out an authority's closed cases as a Noark 5 v5.0 extraction (arkivforskriften; Noark 5 chapter 7)."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from allting.common.archive.models import File
from allting.common.archive.noark import journals, structure, summary
from allting.common.archive.noark.structure import Broken, Extraction
from allting.common.registers import api as registers

__all__ = ["Broken", "Extraction", "Nothing", "export"]
JOURNALS = ("loepende", "offentlig")
SCHEMAS = (*(f"{part}.xsd" for part in summary.PARTS), "metadatakatalog.xsd", "addml.xsd")


class Nothing(Exception):
    """No case was closed in the period: an extraction without entries is not valid."""


def export(slug: str, start: date, end: date, folder: Path) -> Extraction:
    """Write the extraction of the cases that were closed from ``start`` to ``end``. All of it is there, or nothing.

    Raises ValueError for a period that ends before it begins, FileExistsError for a folder with something in it,
    NotFound for an unknown authority, Nothing, Broken for a document that is not what was stored, and OSError.
    """
    if end < start:
        raise ValueError("the period ends before it begins")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(17, "there is something there already", str(folder))
    body = registers.authority(slug)
    taken = Extraction(body.id, body.name, body.number, start, end, timezone.now())
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(taken, work)
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return taken


def left_out(taken: Extraction) -> int:
    """How many of the authority's cases are still open."""
    return File.objects.filter(authority=taken.authority, closed=None).count()


@transaction.atomic
def _write(taken: Extraction, work: Path) -> None:
    if not taken.entries.exists():
        raise Nothing()
    _schemas(work)
    structure.write(taken, work)
    structure.write_changes(taken, work)
    journals.write(taken, work, public=False)
    journals.write(taken, work, public=True)
    entries = {taken.entries.count(), *(taken.counts[f"{one}Journal"]["journalregistrering"] for one in JOURNALS)}
    if entries != {taken.counts["arkivstruktur"]["registrering"]}:
        raise ValueError("cases were closed or opened meanwhile: try again")
    summary.write(taken, work)


def _schemas(work: Path) -> None:
    """The National Archives' schemas, when the installation has them: they go with the extraction."""
    if settings.NOARK_SCHEMAS:
        for name in SCHEMAS:
            if (Path(settings.NOARK_SCHEMAS) / name).exists():
                shutil.copy(Path(settings.NOARK_SCHEMAS) / name, work / name)
