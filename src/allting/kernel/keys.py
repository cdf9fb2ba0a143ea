"""Keys in files that only the owner may read, made on first start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def file_key(path: Path, make: Callable[[], bytes]) -> bytes:
    """The contents of ``path``; made by ``make`` when it is not there.

    Two processes that start at once agree: the first to link its file in wins.
    Raises PermissionError when others may read the file.
    """
    if not path.exists():
        _create(path, make())
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} can be read by others: chmod 600 {path}")
    return path.read_bytes()


def text_key(path: Path) -> str:
    """A random secret of 256 bits as text."""
    return file_key(path, lambda: secrets.token_urlsafe(32).encode()).decode()


def _create(path: Path, contents: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails when another process was first; then its key holds
    except FileExistsError:
        pass
    finally:
        draft.unlink()
