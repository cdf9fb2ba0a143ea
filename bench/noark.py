"""``make bench``: Noark 5 extraction of 100 000 journal entries, each with a document: time, and memory at the top.

Each size is taken out by a process of its own, so that its highest resident memory is its own; ten times as many
entries must not take more than a little more. The reference is lxml's streaming writer (xmlfile), which writes as many
elements, a record at a time, and nothing else: it reads no database, opens no seal, copies no document, counts no
checksum.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench import stage

SIZES = tuple(int(one) for one in os.environ.get("BENCH_ENTRIES", "10000,100000").split(","))
PER_CASE = 4
DOCUMENT = b"%PDF-1.7\n" + b"x" * 2000
CHUNK = 4000


def main() -> int:
    if sys.argv[1:]:
        return _child(*sys.argv[1:])
    for size in SIZES:
        folder = Path(stage.FOLDER) / f"noark-{size}"
        made = _run("make", size, folder)
        ours, plain = _run("export", size, folder), _run("plain", size, folder)
        print(f"{size:>9} entries: {ours['seconds']:7.1f} s of CPU, {ours['peak']:5.0f} MiB at the top (started with "
              f"{made['base']:.0f}), {size / ours['seconds']:6.0f} entries/s, {ours['elements']} elements")  # fmt: skip
        print(f"{'lxml alone':>18}: {plain['seconds']:7.1f} s of CPU, {plain['peak']:5.0f} MiB; "
              f"ratio {plain['seconds'] / ours['seconds']:.2f}")  # fmt: skip
    return 0


def _run(what: str, size: int, folder: Path) -> dict[str, Any]:
    env = os.environ | {"ALLTING_DATA": str(folder / "data")}
    command = [sys.executable, "-m", "bench.noark", what, str(size), str(folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def _child(what: str, size: str, folder: str) -> int:
    os.environ["ALLTING_DATA"] = str(Path(folder) / "data")
    found = {"make": _make, "export": _export, "plain": _plain}[what](int(size), Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found | {"peak": peak}))
    return 0


# --- The archive -----------------------------------------------------------------------------------------


def _make(size: int, folder: Path) -> dict[str, Any]:
    stage.settings()
    from django.core.management import call_command

    from allting.common.registers.tests import factories as people

    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    call_command("migrate", verbosity=0)
    authority = people.municipality()
    for first in range(0, size, CHUNK):
        _rows(authority.pk, range(first, min(first + CHUNK, size)))
    return {"base": base}


def _rows(authority: Any, numbers: range) -> None:
    from datetime import date
    from hashlib import sha256

    from django.utils import timezone
    from uuid6 import uuid7

    from allting.common.archive.models import Document, Entry, File
    from allting.kernel.encryption import seal

    now, day, digest = timezone.now(), date(2026, 3, 2), sha256(DOCUMENT).hexdigest()
    files, entries, documents = {}, [], []
    for number in numbers:
        case = number // PER_CASE
        file = files.setdefault(case, File(
            id=uuid7(), authority=authority, case=uuid7(), case_number=f"2026/{case + 1}", title="Barnehageplass",
            klass=f"A{case % 9}", years=10, opened=now, closed=now,
        ))  # fmt: skip
        entry = Entry(
            id=uuid7(), authority=authority, year=2026, number=number + 1, file=file, case=file.case,
            case_number=file.case_number, title="Søknad om barnehageplass", direction=("in", "out")[number % 2],
            journalled_on=day, withheld="offentleglova § 13", once=f"{number}",
        )  # fmt: skip
        entry.party_name = seal(b"Kari Prove", f"journal:{entry.pk}")
        one = Document(
            id=uuid7(), entry=entry, number=1, media_type="application/pdf", size=len(DOCUMENT), sha256=digest
        )
        one.title = seal(b"Soknad", f"archive-title:{one.pk}")
        one.content = seal(DOCUMENT, f"archive:{one.pk}")
        entries.append(entry)
        documents.append(one)
    File.objects.bulk_create(files.values())
    Entry.objects.bulk_create(entries)
    Document.objects.bulk_create(documents)


def _export(size: int, folder: Path) -> dict[str, Any]:
    stage.settings()
    from django.db import connection
    from django.utils import timezone

    from allting.common.archive.export import export
    from allting.common.registers.tests import factories as people

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-2000")  # SQLite's own 32 MB, for pages and for each sort, would hide ours
    today = timezone.localdate()
    began = time.process_time()
    taken = export(people.municipality().slug, today, today, folder / "uttrekk")
    seconds = time.process_time() - began
    assert taken.counts["arkivstruktur"]["registrering"] == taken.documents == size
    return {"seconds": seconds, "elements": _elements(folder)}


def _elements(folder: Path) -> int:
    """How many elements the extraction has, read a piece at a time."""
    found = 0
    for path in (folder / "uttrekk").glob("*.xml"):
        with path.open("rb") as file:
            found += sum(line.count(b"</") for line in file)
    return found


# --- The reference -----------------------------------------------------------------------------------------


def _plain(size: int, folder: Path) -> dict[str, Any]:
    from lxml import etree

    count = _elements(folder)
    began = time.process_time()
    with (folder / "plain.xml").open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml, xml.element("arkiv"):
        for _group in range(count // 20):
            record = etree.Element("registrering")
            for number in range(19):
                etree.SubElement(record, "opprettetDato").text = f"2026-03-02T12:00:00+01:00 {number}"
            xml.write(record)
        file.flush()
        os.fsync(file.fileno())
    return {"seconds": time.process_time() - began}


if __name__ == "__main__":
    sys.exit(main())
