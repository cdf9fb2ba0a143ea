"""``python -m tools.longest``: the ten longest files; a Python file above 500 lines fails, it wants to be two."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = (".py", ".html", ".js", ".css")
MOST = 500
SHOWN = 10


def lengths() -> list[tuple[int, Path]]:
    """(lines, file) of what people write, longest first: no migrations, nothing fetched."""
    files = [path for folder in ("src", "tests", "tools", "bench") for path in (ROOT / folder).rglob("*")]
    written = [path for path in files if path.suffix in KINDS and not {"vendor", "migrations"} & set(path.parts)]
    return sorted(((len(path.read_text().splitlines()), path) for path in written), reverse=True)


def main() -> int:
    counted = lengths()
    for lines, path in counted[:SHOWN]:
        print(f"{lines:5} {path.relative_to(ROOT)}")
    too_long = [path for lines, path in counted if lines > MOST and path.suffix == ".py"]
    for path in too_long:
        print(f"{path.relative_to(ROOT)}: more than {MOST} lines; split it by a word of its domain")
    return 1 if too_long else 0


if __name__ == "__main__":
    sys.exit(main())
