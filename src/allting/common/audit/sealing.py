"""Seals over batches of entries: a changed, added or removed entry no longer fits.

Entries are written freely, so that writers never wait for each other; the worker seals what has come since
the last time. Each seal's digest covers the seal before it and every entry of its batch, and is made with a key
that is not in the database: who can only write there cannot seal anew (docs/adr/0002).
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from allting.common.audit.models import Entry, Seal
from allting.kernel.keys import file_key

_log = logging.getLogger("allting.audit")
_FIRST = "0" * 64
_WHO = ("person", "on_behalf_of", "capacity", "authority", "authority_name")
_COLUMNS = ("id", "at", "subject", *_WHO, "action", "dataset", "fields", "basis", "reason", "case")


@dataclass(frozen=True, slots=True)
class Report:
    """What ``verify`` saw. ``broken`` is the first seal that does not fit its entries, or None; ``head`` the digest
    of the last seal; ``cut`` whether a digest written down before is no longer there.
    """

    seals: int
    entries: int
    unsealed: int
    broken: int | None
    head: str
    cut: bool = False

    @property
    def whole(self) -> bool:
        return self.broken is None and not self.cut


def _key() -> bytes:
    return file_key(Path(settings.KEY_FOLDER) / "log.key", lambda: secrets.token_bytes(32))


def _digest(key: bytes, previous: str, rows: Iterable[tuple[object, ...]]) -> tuple[str, int]:
    """HMAC-SHA-256 (RFC 2104) over the seal before and the rows, one JSON array a line; and how many they were."""
    running, count = hmac.new(key, previous.encode(), "sha256"), 0
    for row in rows:
        running.update(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n")
        count += 1
    return running.hexdigest(), count


def _rows(seal: Seal) -> Iterable[tuple[object, ...]]:
    return Entry.objects.filter(seal=seal).order_by("id").values_list(*_COLUMNS).iterator(2000)


def seal_pending(limit: int = 10_000) -> int:
    """Seal the oldest unsealed entries; returns how many. The digest is logged too: the log is the witness of a
    chain that somebody cuts short.
    """
    with transaction.atomic():
        _one_at_a_time()
        ids = list(Entry.objects.filter(seal=None).order_by("id").values_list("id", flat=True)[:limit])
        if not ids:
            return 0
        last = Seal.objects.order_by("-id").first()
        seal = Seal.objects.create(previous=last.digest if last else _FIRST, digest="", count=len(ids))
        Entry.objects.filter(seal=None, id__gte=ids[0], id__lte=ids[-1]).update(seal=seal)
        seal.digest, seal.count = _digest(_key(), seal.previous, _rows(seal))
        seal.save(update_fields=["digest", "count"])
    _log.info("sealed", extra={"seal": seal.pk, "entries": seal.count, "digest": seal.digest})
    return seal.count


def _one_at_a_time() -> None:
    """Two sealers must not build on the same seal. Locking the last row is not enough: who waited for it would
    build on it although another has been added since. SQLite has one writer anyhow.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(Seal._meta.db_table)} IN EXCLUSIVE MODE")


def verify(holds: str = "") -> Report:
    """Recompute every seal from the first on. ``holds``: a digest written down before, which must still be there."""
    key, previous, entries, seals = _key(), _FIRST, 0, 0
    broken: int | None = None
    missing = bool(holds)
    for seal in Seal.objects.order_by("id").iterator():
        digest, count = _digest(key, previous, _rows(seal))
        if broken is None and (seal.previous, seal.digest, seal.count) != (previous, digest, count):
            broken = seal.pk
        missing = missing and seal.digest != holds
        previous, seals, entries = seal.digest, seals + 1, entries + count
    return Report(seals, entries, Entry.objects.filter(seal=None).count(), broken, previous, missing)
