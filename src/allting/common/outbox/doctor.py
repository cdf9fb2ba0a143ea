"""Is anybody carrying out what waits?"""

from collections.abc import Iterator

from allting.common.outbox.api import figures
from allting.kernel.findings import Finding, error, ok, warning

PATIENCE_SECONDS = 120


def worker() -> Iterator[Finding]:
    now = figures()
    late = now["oldest_due_seconds"]
    if late > PATIENCE_SECONDS:
        yield error("worker", f"an effect has been due for {late:.0f} s", "start `allting worker`, or another one")
    else:
        yield ok("worker", f"{now['waiting']:.0f} effects wait, none for long")


def given_up() -> Iterator[Finding]:
    dead = figures()["dead"]
    if dead:
        yield warning("effects", f"{dead:.0f} are given up on", "see why at /office/dead, mend it, and try them again")


CHECKS = (worker, given_up)
