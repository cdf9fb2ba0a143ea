"""What a check-up finds. A room may have a ``doctor.py`` with ``CHECKS``; ``allting doctor`` finds it by folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` was looked at, how it stands in ``text``, and what to do in ``mend`` (empty when it is well)."""

    level: Literal["ok", "warning", "error"]
    what: str
    text: str
    mend: str = ""


def ok(what: str, text: str) -> Finding:
    return Finding("ok", what, text)


def warning(what: str, text: str, mend: str) -> Finding:
    return Finding("warning", what, text, mend)


def error(what: str, text: str, mend: str) -> Finding:
    return Finding("error", what, text, mend)
