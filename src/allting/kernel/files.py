"""A file that is put in place whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

OWNER_ONLY, ALL_MAY_READ = 0o600, 0o644


def put_whole(path: Path, contents: bytes, mode: int = OWNER_ONLY) -> None:
    """Write beside the file, to the disk, and rename: whoever reads sees the old file or the new one, never half.

    Raises OSError; what was there before is then there still.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
