"""Structured logs: one JSON object a line on standard error, and nothing personal in it.

Three walls: the request's line holds its route, never its address; an exception is logged as its type and
where it happened, without message or values; and what looks like an identity number, an e-mail address or a
phone number is masked wherever it stands.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.conf import settings

_PERSONAL = re.compile(r"(?<!\d)(?:\d{6} ?\d{5}|\+\d{8,15}|\d{8})(?!\d)|[\w.+-]+@[\w-]+\.[\w.-]+")
_OURS = "allting"
Line = MutableMapping[str, Any]


def configure(config: Any) -> None:
    """Called once by Django (LOGGING_CONFIG)."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception,
        _mask,
    ]
    after: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=lambda value: type(value).__name__),
    ]
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    handler.addFilter(_plain)
    for name in ("django", "django.server"):  # Django's own handlers would write the address and the message
        logging.getLogger(name).handlers = []
        logging.getLogger(name).propagate = True
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not getattr(one, "ours", False)]
    handler.ours = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(settings.LOG_LEVEL)


def _plain(record: logging.LogRecord) -> bool:
    """Another's message may hold anything, an address or a value: only ours are written as they are."""
    if not record.name.startswith(_OURS):
        record.msg, record.args = f"{record.name} {record.levelname.lower()}", ()
        for name in ("request", "response", "server_time"):
            record.__dict__.pop(name, None)
    return record.name.startswith(_OURS) or record.levelno >= logging.WARNING


def _exception(logger: Any, method: str, line: Line) -> Line:
    """The exception's type, and the places it came through; never its message or the values there."""
    info = line.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        line["exception"] = type(error).__name__
        line["at"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    line.pop("exc_text", None)
    line.pop("stack_info", None)
    return line


def _short(path: str) -> str:
    for mark in ("/src/", "/site-packages/"):
        if mark in path:
            return path.rsplit(mark, 1)[1]
    return path.rsplit("/", 1)[-1]


def _mask(logger: Any, method: str, line: Line) -> Line:
    """The last wall: whatever looks like a person's number or address. A seal's digest only looks so by chance."""
    for name, value in line.items():
        if isinstance(value, str) and name not in ("timestamp", "request", "digest"):
            line[name] = _PERSONAL.sub("•", value)
    return line
