"""Requests between authorities: one way to ask for somebody's data, and no way around the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from allting.common.audit import api as audit
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import NotFound

__all__ = ["ask", "datasets", "offer"]

Source = Callable[[UUID], Any]
_sources: dict[str, Source] = {}


def offer(dataset: str, source: Source) -> None:
    """Make ``dataset`` ("population.person") available; called from the ``apps.py`` of the one who holds it.

    ``source(subject)`` answers with plain data, or None when it holds nothing about the subject.
    """
    _sources[dataset] = source


def datasets() -> tuple[str, ...]:
    """The names of all data sets on offer."""
    return tuple(sorted(_sources))


def ask(actor: Actor, purpose: Purpose, dataset: str, subject: UUID) -> Any:
    """What ``dataset`` holds about ``subject``. The question stands in the log before the answer is given.

    Raises NotFound when there is no such data set, or it holds nothing about the subject.
    """
    source = _sources.get(dataset)
    if source is None:
        raise NotFound(code="no-such-dataset", dataset=dataset)
    with transaction.atomic():
        answer = source(subject)
        audit.record(actor, purpose, dataset, subject, fields=_fields(answer))
    if answer is None:
        raise NotFound(code="nothing-about-subject", dataset=dataset)
    return answer


def _fields(answer: Any) -> list[str]:
    """The names of the data given out: the log tells which, never what."""
    if isinstance(answer, list):
        answer = answer[0] if answer else {}
    return sorted(answer) if isinstance(answer, dict) else []
