"""Keyed hashes: of what is random already (codes, cookies), and of what must be found again but not read."""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from allting.kernel.keys import file_key


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA-256 under a key of the key folder: worth nothing to who has the table only. 64 hex digits."""
    key = _key(Path(settings.KEY_FOLDER) / "eids.key")
    return hmac.new(key, f"{purpose}\0{text}".encode(), sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Equal, in a time that tells nothing of where they differ."""
    return secrets.compare_digest(one.encode(), other.encode())


@lru_cache(maxsize=4)
def _key(path: Path) -> bytes:
    return file_key(path, lambda: secrets.token_bytes(32))
