"""Who looked at what, and why: written with every look-up, sealed, and readable by the one it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from allting.common.audit.models import Entry as _Row
from allting.common.audit.sealing import Report, seal_pending, verify
from allting.kernel.actor import Actor, Capacity, Purpose

__all__ = ["Entry", "Report", "entries_about", "record", "record_all", "seal_pending", "verify"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log, as the person it is about may read it.

    ``who`` is the authority; empty when it was a person: herself (``by_me``), someone who acts for her (``for_me``),
    or another who had a reason, as one who names her as a neighbour.
    """

    id: int
    at: datetime
    who: str
    by_me: bool
    for_me: bool
    capacity: Capacity
    dataset: str
    fields: tuple[str, ...]
    action: str
    basis: str
    reason: str
    case: UUID | None

    @property
    def day(self) -> date:
        """The day in Oslo, to list by."""
        return timezone.localdate(self.at)


def record(
    actor: Actor,
    purpose: Purpose,
    dataset: str,
    subject: UUID,
    *,
    action: str = "read",
    fields: Sequence[str] = (),
) -> None:
    """Write one entry in the caller's transaction: ``actor`` did ``action`` with ``subject``'s ``dataset``."""
    _row(actor, purpose, dataset, subject, action, fields).save(force_insert=True)


def record_all(
    actor: Actor, purpose: Purpose, dataset: str, subjects: Sequence[UUID], *, action: str = "read",
    fields: Sequence[str] = (),
) -> None:  # fmt: skip
    """The same for many at once: an entry about each of ``subjects``."""
    rows = [_row(actor, purpose, dataset, one, action, fields) for one in subjects]
    _Row.objects.bulk_create(rows, batch_size=500)


def _row(actor: Actor, purpose: Purpose, dataset: str, subject: UUID, action: str, fields: Sequence[str]) -> _Row:
    return _Row(
        subject=subject,
        person=actor.person,
        on_behalf_of=str(actor.on_behalf_of or ""),
        capacity=actor.capacity,
        authority=actor.authority,
        authority_name=actor.authority_name,
        action=action,
        dataset=dataset,
        fields=list(fields),
        basis=purpose.basis,
        reason=purpose.reason,
        case=purpose.case,
    )


def entries_about(
    actor: Actor, *, before: int | None = None, limit: int = 50, datasets: Sequence[str] = ()
) -> list[Entry]:
    """The log about the one ``actor`` acts for, newest first; ``before`` is the last id already shown; only
    ``datasets`` when some are named."""
    rows = _Row.objects.filter(subject=actor.party.id)
    if datasets:
        rows = rows.filter(dataset__in=datasets)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_entry(row, actor) for row in rows.order_by("-id")[:limit]]


def _entry(row: _Row, actor: Actor) -> Entry:
    by_me = row.person is not None and row.person == actor.person and row.authority is None
    return Entry(
        id=row.pk,
        at=row.at,
        who=row.authority_name,
        by_me=by_me,
        for_me=row.on_behalf_of == str(actor.party),
        capacity=Capacity(row.capacity),
        dataset=row.dataset,
        fields=tuple(row.fields),
        action=row.action,
        basis=row.basis,
        reason=row.reason,
        case=row.case,
    )
