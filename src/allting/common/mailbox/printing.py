"""Letters on paper, for those who are reserved (eForvaltningsforskriften § 9): files for whoever prints and posts.

Letters are first put on a list (a batch, committed), then its files are written, then it is marked as printed. A
crash in between leaves the batch as it was: the next run writes the same files with the same names again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext
from uuid6 import uuid7

from allting.common.mailbox.models import PAPER, POST, StoredLetter
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.encryption import unseal, unseal_json
from allting.kernel.files import put_whole
from allting.kernel.problems import NotFound

BATCH = 200
COLUMNS = ("file", "name", "street", "postcode", "place", "enclosure")


@dataclass(frozen=True, slots=True)
class Printed:
    """How many letters have a file now, and how many wait because the register has no address."""

    letters: int
    without_address: int


def print_waiting(folder: Path) -> Printed:
    """Write ``<letter>.pdf``, ``<letter>-1.pdf`` for what goes with it, and ``list-<batch>.csv`` for the letters that
    wait, once each.

    Addresses are asked for in the sender's name, and every look-up stands in the log.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    letters = without_address = 0
    for batch in _batches():
        done, missing = _print(batch, folder)
        letters, without_address = letters + done, without_address + missing
    return Printed(letters, without_address)


def _batches() -> Iterator[UUID]:
    """Those that a run before this did not finish, then new ones."""
    begun = _waiting().exclude(print_batch=None).order_by("print_batch")
    yield from [batch for batch in begun.values_list("print_batch", flat=True).distinct() if batch is not None]
    last: UUID | None = None
    while True:
        fresh, last = _claim(last)
        if last is None:
            return
        yield fresh


def _waiting() -> QuerySet[StoredLetter]:
    return StoredLetter.objects.filter(channel__in=(PAPER, POST), printed=None).exclude(delivered=None)


@transaction.atomic
def _claim(after: UUID | None) -> tuple[UUID, UUID | None]:
    """Put the next letters on a new batch; returns it and its last letter (None: there was none)."""
    rows = _waiting().filter(print_batch=None).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    keys = list(rows.values_list("pk", flat=True)[:BATCH])
    batch = uuid7()
    StoredLetter.objects.filter(pk__in=keys).update(print_batch=batch)
    return batch, keys[-1] if keys else None


def _print(batch: UUID, folder: Path) -> tuple[int, int]:
    """Write a batch's files and mark its letters; those without an address are taken off it and wait."""
    lines, done, missing = [], [], []
    for row in _waiting().filter(print_batch=batch).order_by("pk").iterator(50):
        line = _line(row)
        if line is None:
            missing.append(row.pk)
            continue
        put_whole(folder / line["file"], unseal(bytes(row.pdf or b""), f"letter-pdf:{row.pk}"))
        if row.enclosure is not None:
            put_whole(folder / line["enclosure"], unseal(bytes(row.enclosure), f"letter-enclosure:{row.pk}"))
        lines.append(line)
        done.append(row.pk)
    if lines:
        put_whole(folder / f"list-{batch}.csv", _table(lines))
    with transaction.atomic():
        StoredLetter.objects.filter(pk__in=missing).update(print_batch=None)
        StoredLetter.objects.filter(pk__in=done).update(printed=timezone.now())
    return len(done), len(missing)


def _line(row: StoredLetter) -> dict[str, str] | None:
    content = unseal_json(bytes(row.content), f"letter:{row.pk}")
    with translation.override(content["language"]):
        purpose = Purpose("eForvaltningsforskriften § 9", gettext("To send you a letter on paper"), row.case)
    sender = Actor.system(row.sender, content["sender_name"])
    try:
        found: dict[str, Any] = registers.look_up(sender, purpose, "population.address", Party.parse(row.recipient).id)
    except NotFound:
        return None
    address = {name: found[name] for name in ("street", "postcode", "place")}
    enclosed = f"{row.pk}-1.pdf" if row.enclosure is not None else ""
    return {"file": f"{row.pk}.pdf", "name": content["recipient_name"], **address, "enclosure": enclosed}


def _table(lines: list[dict[str, str]]) -> bytes:
    """Semicolons and a byte order mark: as office programs in Norway read it."""
    text = StringIO()
    table = csv.DictWriter(text, COLUMNS, delimiter=";")
    table.writeheader()
    table.writerows(lines)
    return text.getvalue().encode("utf-8-sig")
