"""Effects that outlive a crash: put in the caller's transaction, carried out by the worker.

An effect is delivered at least once. A handler that only writes to our database takes hold exactly
once, because its writes and the mark "done" commit together. A handler that speaks to the outside
(``outside=True``) runs with no transaction open, so that a slow receiver holds no lock of ours; it
hands its ``key`` on (Message-ID, Idempotency-Key), so that the receiver can tell a repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from allting.common.outbox.models import Effect

__all__ = ["GiveUp", "PutOff", "dead", "drain", "figures", "handles", "put", "retry", "waiting"]

MAX_ATTEMPTS = 12
PATIENCE = MAX_ATTEMPTS + 3 * 24  # three days of hourly attempts, for what is not the effect's own fault
LEASE = timedelta(minutes=2)  # a worker that dies on the outside is followed by another after this time
_log = logging.getLogger("allting.outbox")
Handler = Callable[[Mapping[str, Any], str], None]
_handlers: dict[str, Handler] = {}
_outside: set[str] = set()


class PutOff(Exception):
    """Raised by a handler that cannot do it now and knows why: tried again later, no stack trace."""


class GiveUp(Exception):
    """Raised by a handler for what no retry can mend: dead at once, with the exception's text as the reason.

    The text is kept and logged: a code, never anything personal.
    """


class NoHandler(Exception):
    """No room carries out this kind of effect."""


_AROUND_US = (PutOff, OSError, OperationalError, InterfaceError)  # a server is away, the disk is full


@dataclass(frozen=True, slots=True)
class Dead:
    """An effect given up on, for the page where a person tries it again."""

    id: int
    kind: str
    created: datetime
    attempts: int
    error: str


def handles(kind: str, handler: Handler, *, outside: bool = False) -> None:
    """Let ``handler(payload, key)`` carry out effects of ``kind``; called from a room's ``apps.py``.

    ``outside``: it speaks to another system and may be slow; it must bear being called twice with a key.
    """
    _handlers[kind] = handler
    if outside:
        _outside.add(kind)


def put(kind: str, key: str, payload: Mapping[str, Any] | None = None, *, due: datetime | None = None) -> None:
    """Write an effect in the caller's transaction. The same ``kind`` and ``key`` again changes nothing.

    Raises RuntimeError outside a transaction: an effect without its cause is a bug.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an effect is put in the transaction of the change that causes it")
    Effect.objects.bulk_create(
        [Effect(kind=kind, key=key, payload=dict(payload or {}), due=due or timezone.now())],
        ignore_conflicts=True,
    )


def drain(limit: int = 100) -> int:
    """Carry out effects that are due, oldest first; returns how many took hold.

    Each runs in a transaction of its own (one for the outside in none). Several workers share the rows
    without waiting for each other.
    """
    took_hold = 0
    for _turn in range(limit):
        outcome = _one()
        if outcome is None:
            break
        took_hold += outcome
    return took_hold


def waiting() -> int:
    """How many effects wait, whether due or not."""
    return Effect.objects.filter(done=None, dead=None).count()


def figures() -> dict[str, float]:
    """For whoever watches: how many wait, how many are dead, and how long the oldest that is due has waited (s)."""
    now = timezone.now()
    due = Effect.objects.filter(done=None, dead=None, due__lte=now).order_by("due").values_list("due", flat=True)
    oldest = due.first()
    return {
        "waiting": waiting(),
        "dead": _dead().count(),
        "oldest_due_seconds": (now - oldest).total_seconds() if oldest else 0.0,
    }


def dead(limit: int = 100) -> list[Dead]:
    """The effects given up on, newest first."""
    rows = _dead().order_by("-dead")[:limit]
    return [Dead(row.pk, row.kind, row.created, row.attempts, row.error) for row in rows]


def _dead() -> QuerySet[Effect]:
    return Effect.objects.filter(done__isnull=True, dead__isnull=False)


def retry(effect_id: int) -> None:
    """Let a dead effect be tried again from the start."""
    Effect.objects.filter(pk=effect_id, done=None).update(dead=None, attempts=0, due=timezone.now())


def _one() -> bool | None:
    """Carry out one effect. None: nothing is due. False: it failed and was put off."""
    effect: Effect | None = None
    try:
        with transaction.atomic():
            effect = _claim()
            if effect is None:
                return None
            if effect.kind in _outside:
                effect.due = timezone.now() + LEASE  # nobody else takes it while we speak
                effect.save(update_fields=["due"])
            else:
                _carry_out(effect)
                return True
        _carry_out(effect)
        return True
    except Exception as error:
        if effect is None:
            raise
        _put_off(effect, error)
        return False


def _carry_out(effect: Effect) -> None:
    _handler(effect.kind)(effect.payload, effect.key)
    effect.done = timezone.now()
    effect.attempts += 1
    effect.save(update_fields=["done", "attempts"])


def _handler(kind: str) -> Handler:
    if kind not in _handlers:
        raise NoHandler(kind)
    return _handlers[kind]


def _claim() -> Effect | None:
    due = Effect.objects.filter(done=None, dead=None, due__lte=timezone.now()).order_by("due", "pk")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    return due.first()


def _put_off(effect: Effect, error: Exception) -> None:
    """Wait 2, 4, 8 … seconds, at most an hour; after the last attempt it is dead until a person retries.

    What is wrong around us does not kill an effect within the hour: a night without a mail server loses no notice.
    """
    now = timezone.now()
    most = PATIENCE if isinstance(error, _AROUND_US) else MAX_ATTEMPTS
    effect.attempts += 1
    effect.due = now + timedelta(seconds=min(2**effect.attempts, 3600))
    effect.error = str(error)[:200] if isinstance(error, GiveUp) else type(error).__name__
    if effect.attempts >= most or isinstance(error, (NoHandler, GiveUp)):
        effect.dead = now
    effect.save(update_fields=["attempts", "due", "error", "dead"])
    _log.warning(
        "effect put off",
        extra={"kind": effect.kind, "attempts": effect.attempts, "error": effect.error},
        exc_info=None if isinstance(error, (PutOff, GiveUp)) else error,
    )
