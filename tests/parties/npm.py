"""The npm packages of ``package-lock.json``, installed once into a cache folder of the user."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tempfile
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
FILES = ("package.json", "package-lock.json", ".npmrc")
NODE, NPM = (str(Path(sysconfig.get_path("scripts")) / name) for name in ("node", "npm"))


def folder() -> Path:
    """Where ``node_modules`` is. Two processes that install at once agree: the first to move its folder in wins."""
    key = sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "allting" / f"parties-{key}"
    if not cache.exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=cache.parent))
        for name in FILES:
            shutil.copy(HERE / name, draft)
        done = subprocess.run([NPM, "ci"], cwd=draft, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        try:
            draft.rename(cache)
        except OSError:
            shutil.rmtree(draft)
    return cache
