"""The working folder of the studio: drafts that are worked on, and changed files for others to review and publish.

Never the running platform's own files. In a git working copy each save is a commit in the name of who saved; drafts lie
in ``.drafts``, which git is told to leave alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from allting.kernel.files import ALL_MAY_READ, put_whole
from allting.kernel.problems import NotFound, Unavailable

GIT = ("git", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false")


DRAFTS = ".drafts"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RATES = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_-]*")


def root() -> Path | None:
    """The folder; None where the installation has none."""
    return Path(settings.STUDIO_FOLDER).resolve() if settings.STUDIO_FOLDER else None


def path_of(slug: str) -> Path:
    """Where a file is, or will be, at the top or in a folder below."""
    top, place = _needed(slug), _place_in(slug)
    found = sorted(one for one in top.glob(f"**/{place}") if one.resolve().is_relative_to(top))
    return found[0] if found else top / place


def _place_in(slug: str) -> str:
    """A service's ``services/<slug>.yaml``; for figures, called ``<sector>.<law>``, ``<sector>/rates/<law>.yaml``."""
    return "{}/rates/{}.yaml".format(*slug.split(".")) if "." in slug else f"services/{slug}.yaml"


def _needed(slug: str) -> Path:
    top = root()
    if top is None:
        raise Unavailable(_("This installation has no folder to save in: STUDIO_FOLDER is not set."))
    if not (SLUG.fullmatch(slug) or _RATES.fullmatch(slug)):  # it becomes a file's name
        raise NotFound(code="no-such-service")
    return top


def place_of(slug: str) -> str:
    """The file's way in the working copy, as a patch names it."""
    top = root()
    return path_of(slug).relative_to(top).as_posix() if top else _place_in(slug)


def draft(slug: str) -> str | None:
    """What is worked on and not saved for review; None when there is nothing."""
    path = _needed(slug) / DRAFTS / f"{slug}.yaml" if root() else None
    return path.read_text(encoding="utf-8") if path and path.is_file() else None


def keep(slug: str, text: str) -> None:
    """Keep a draft. Raises Unavailable."""
    folder = _needed(slug) / DRAFTS
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    _place(folder / f"{slug}.yaml", text)


def drop(slug: str) -> None:
    """Forget a draft; one that is not there is no fault."""
    (_needed(slug) / DRAFTS / f"{slug}.yaml").unlink(missing_ok=True)


def saved_at(slug: str) -> datetime | None:
    """When the file that waits for review was saved."""
    if root() is None or not (path := path_of(slug)).is_file():
        return None
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def text_of(slug: str) -> str | None:
    """The file as it stands there; None when it is not there."""
    if root() is None or not (path := path_of(slug)).exists():
        return None
    return path.read_text(encoding="utf-8")


def services() -> list[str]:
    """The names of the services that are worked on or wait for review here."""
    top = root()
    if top is None:
        return []
    found = {one.stem for where in (f"{DRAFTS}/*.yaml", "**/services/*.yaml") for one in top.glob(where)}
    return sorted(one for one in found if SLUG.fullmatch(one))


@contextmanager
def held() -> Iterator[None]:
    """One saves at a time, in all processes of this machine."""
    settings.DATA_FOLDER.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_FOLDER / "studio.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(slug: str, text: str, author: str, address: str, message: str) -> bool:
    """Write the file whole, and commit it where the folder is a repository (whether it was). Raises Unavailable."""
    path, before = path_of(slug), text_of(slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    _place(path, text)
    if _git(path.parent, "rev-parse", "--is-inside-work-tree").returncode:
        return False
    who = (f"user.name={author}", f"user.email={address}")
    added = _git(path.parent, "add", "--", path.name)
    done = _git(path.parent, "-c", who[0], "-c", who[1], "commit", "--quiet", "-m", message, "--", path.name)
    if added.returncode or done.returncode:
        _undo(path, before)
        raise Unavailable(_("The change could not be committed, and was not saved. Download the file, and try again."))
    return True


def _place(path: Path, text: str) -> None:
    put_whole(path, text.encode(), ALL_MAY_READ)


def _undo(path: Path, before: str | None) -> None:
    _git(path.parent, "reset", "--quiet", "--", path.name)
    if before is None:
        path.unlink()
    else:
        _place(path, before)


def _git(where: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run([*GIT, *words], cwd=where, env=env, capture_output=True, timeout=30)  # noqa: S603
