"""ClamAV's daemon, over TCP or a Unix socket (``CLAMD_ADDRESS``); its protocol is in clamd(8).

The file goes over the connection (INSTREAM), so the daemon needs no access to ours and can stand on another machine.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from allting.common.scanning.scanners import ScannerDown

SECONDS = 30  # a daemon that loads its signatures anew answers late
_CHUNK = 64 * 1024
_LONGEST = 4096


def scan(data: bytes) -> str:
    with _connection() as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            part = data[start : start + _CHUNK]
            line.sendall(len(part).to_bytes(4, "big") + part)
        line.sendall(bytes(4))
        told = _answer(line)
    if told == "stream: OK":
        return ""
    if told.startswith("stream: ") and told.endswith(" FOUND"):
        return told.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerDown(told)  # as for a file larger than its StreamMaxLength


def version() -> str:
    with _connection() as line:
        line.sendall(b"zVERSION\0")
        return _answer(line)


@contextmanager
def _connection() -> Iterator[socket.socket]:
    """Raises ScannerDown, also for what goes wrong later on the line."""
    where = settings.CLAMD_ADDRESS
    try:
        if where.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(SECONDS)
            line.connect(where)
        else:
            host, _colon, port = where.rpartition(":")
            line = socket.create_connection((host.strip("[]"), int(port)), SECONDS)
        with line:
            yield line
    except (OSError, ValueError) as fault:
        raise ScannerDown(f"{where}: {fault}") from None


def _answer(line: socket.socket) -> str:
    told = b""
    while not told.endswith(b"\0"):
        more = line.recv(_LONGEST)
        if not more or len(told) > _LONGEST:
            raise ScannerDown("an answer that does not end")
        told += more
    return told.rstrip(b"\0").decode(errors="replace")
