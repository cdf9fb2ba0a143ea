"""Seals over batches of entries: a changed, added or removed entry no longer fits.

Entries are written freely, so that writers never wait for each other; the worker seals what has come since
the last time. Each seal's digest covers the seal before it and every entry of its batch (docs/adr/0002).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from allting.common.audit.models import Entry, Seal

_FIRST = "0" * 64
_WHO = ("person", "on_behalf_of", "capacity", "authority", "authority_name")
_COLUMNS = ("id", "at", "subject", *_WHO, "action", "dataset", "fields", "basis", "reason", "case")


@dataclass(frozen=True, slots=True)
class Report:
    """What ``verify`` saw. ``broken`` is the first seal that does not fit its entries, or None."""

    seals: int
    entries: int
    unsealed: int
    broken: int | None

    @property
    def whole(self) -> bool:
        return self.broken is None


def _digest(previous: str, rows: Iterable[tuple[object, ...]]) -> tuple[str, int]:
    running, count = sha256(previous.encode()), 0
    for row in rows:
        running.update(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n")
        count += 1
    return running.hexdigest(), count


def _rows(seal: Seal) -> Iterable[tuple[object, ...]]:
    return Entry.objects.filter(seal=seal).order_by("id").values_list(*_COLUMNS).iterator(2000)


def seal_pending(limit: int = 10_000) -> int:
    """Seal the oldest unsealed entries; returns how many. One sealer at a time: the last seal is locked."""
    with transaction.atomic():
        last = Seal.objects.select_for_update().order_by("-id").first()
        ids = list(Entry.objects.filter(seal=None).order_by("id").values_list("id", flat=True)[:limit])
        if not ids:
            return 0
        seal = Seal.objects.create(previous=last.digest if last else _FIRST, digest="", count=len(ids))
        Entry.objects.filter(seal=None, id__gte=ids[0], id__lte=ids[-1]).update(seal=seal)
        seal.digest, seal.count = _digest(seal.previous, _rows(seal))
        seal.save(update_fields=["digest", "count"])
        return seal.count


def verify() -> Report:
    """Recompute every seal from the first on."""
    previous, entries, seals = _FIRST, 0, 0
    broken: int | None = None
    for seal in Seal.objects.order_by("id").iterator():
        digest, count = _digest(previous, _rows(seal))
        if broken is None and (seal.previous, seal.digest, seal.count) != (previous, digest, count):
            broken = seal.pk
        previous, seals, entries = seal.digest, seals + 1, entries + count
    return Report(seals, entries, Entry.objects.filter(seal=None).count(), broken)
