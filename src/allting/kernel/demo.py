"""What the demo country suggests to try. No list names it all: a room calls ``suggest`` in its ``apps.py``."""

from __future__ import annotations

_tasks: dict[str, int] = {}


def suggest(*tasks: str, place: int = 50) -> None:
    """A sentence for each thing to try, in English as the terminal is; the lower the place, the nearer the top."""
    _tasks.update(dict.fromkeys(tasks, place))


def tasks() -> list[str]:
    """All that is suggested, in its order."""
    return sorted(_tasks, key=_tasks.__getitem__)
