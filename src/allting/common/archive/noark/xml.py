"""XML written as it comes, element by element, with its checksum: memory does not grow with what is written."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 § 2.2
_ODD = re.compile("[^\t\n\r -%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # and what is escaped: & < >


def text(value: Any) -> str:
    """A value as the schemas write it; what XML cannot hold becomes the replacement character."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    found = str(value)
    return escape(_FORBIDDEN.sub("\ufffd", found)) if _ODD.search(found) else found


class Xml:
    """One file under writing; ``count`` tells how many of each element it got."""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, Counter[str]()
        self._file, self._digest = path.open("wb"), sha256()
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n')

    def _write(self, words: str) -> None:
        data = words.encode()
        self._digest.update(data)
        self._file.write(data)

    @contextmanager
    def inside(self, name: str, /, **attributes: str) -> Iterator[None]:
        """An element with others in it. ``xsi_type`` is written with its prefix."""
        self.count[name] += 1
        given = "".join(f" {key.replace('_', ':')}={quoteattr(value)}" for key, value in attributes.items())
        self._write(f"<{name}{given}>\n")
        yield
        self._write(f"</{name}>\n")

    def leaves(self, **values: Any) -> None:
        """Elements with text, in the order given; those without a value are left out."""
        found = ((name, text(value)) for name, value in values.items() if value not in (None, ""))
        self._write("".join(f"<{name}>{value}</{name}>\n" for name, value in found))

    def close(self) -> str:
        """End the file, on disk; answers its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest()
