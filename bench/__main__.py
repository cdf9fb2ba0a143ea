"""``make bench``: every benchmark of this folder, or those named, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

failed = [
    path.stem
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))
    if (not sys.argv[1:] or path.stem in sys.argv[1:])
    and "def main(" in path.read_text(encoding="utf-8")
    and subprocess.run([sys.executable, "-m", f"bench.{path.stem}"]).returncode
]
if failed:
    sys.exit(f"did not run: {', '.join(failed)}")
