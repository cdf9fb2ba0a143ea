"""Envelope encryption of personal contents at rest.

Each record gets a data key of its own (AES-256-GCM), which is wrapped with the newest key of the key
folder. Layout: version (1) | key id (8) | nonce (12) | wrapped data key (48) | nonce (12) | contents.
The ``context`` (table and row, say) is authenticated: contents moved to another row do not open.
"""

from __future__ import annotations

import json
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from allting.kernel.keys import file_key

_VERSION = b"\x01"
_HEADER = 1 + 8 + 12 + 48


class NotReadable(Exception):
    """The contents were changed, moved, or sealed with a key we do not have."""


def seal(contents: bytes, context: str) -> bytes:
    """Encrypt ``contents`` so that they only open again with the same ``context``."""
    key_id, master = _newest()
    data_key, nonce_1, nonce_2 = secrets.token_bytes(32), os.urandom(12), os.urandom(12)
    bound = context.encode()
    wrapped = AESGCM(master).encrypt(nonce_1, data_key, bound)
    return _VERSION + key_id + nonce_1 + wrapped + nonce_2 + AESGCM(data_key).encrypt(nonce_2, contents, bound)


def unseal(sealed: bytes | memoryview, context: str) -> bytes:
    """Decrypt what ``seal`` made. Raises NotReadable."""
    sealed = bytes(sealed)
    if sealed[:1] != _VERSION or len(sealed) < _HEADER + 28:
        raise NotReadable("unknown format")
    master = _masters().get(sealed[1:9])
    if master is None:
        raise NotReadable(f"key {sealed[1:9].hex()} is not in the key folder")
    bound = context.encode()
    try:
        data_key = AESGCM(master).decrypt(sealed[9:21], sealed[21:_HEADER], bound)
        return AESGCM(data_key).decrypt(sealed[_HEADER : _HEADER + 12], sealed[_HEADER + 12 :], bound)
    except InvalidTag:
        raise NotReadable("changed, or of another record") from None


def seal_json(value: Any, context: str) -> bytes:
    return seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), context)


def unseal_json(sealed: bytes | memoryview, context: str) -> Any:
    return json.loads(unseal(sealed, context))


def add_key() -> str:
    """Make a new newest key; older keys stay to open what they sealed. Returns its id."""
    folder = _folder()
    number = len(list(folder.glob("contents-*.key"))) + 1
    file_key(folder / f"contents-{number:04}.key", lambda: secrets.token_bytes(32))
    _load.cache_clear()
    return _newest()[0].hex()


def key_ids() -> list[str]:
    """The ids of the keys in the folder, oldest first; not a secret."""
    return [key_id.hex() for key_id in _masters()]


def _folder() -> Path:
    return Path(settings.KEY_FOLDER)


def _newest() -> tuple[bytes, bytes]:
    return list(_masters().items())[-1]


def _masters() -> dict[bytes, bytes]:
    return _load(_folder())


@lru_cache(maxsize=4)
def _load(folder: Path) -> dict[bytes, bytes]:
    if not list(folder.glob("contents-*.key")):
        file_key(folder / "contents-0001.key", lambda: secrets.token_bytes(32))
    keys = [file_key(path, bytes) for path in sorted(folder.glob("contents-*.key"))]
    return {sha256(b"id" + key).digest()[:8]: key for key in keys}
