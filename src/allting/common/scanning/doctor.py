"""Is there somebody who looks through files, and does he know what is harmful?"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from allting.common.scanning.scanners import ScannerDown, chosen
from allting.kernel.findings import Finding, error, ok, warning

WHAT = "malware scanner"


def scanner() -> Iterator[Finding]:
    try:
        found = chosen()
        if found is None:
            yield warning(WHAT, "none: files people send are kept as they are", "set SCANNER, as to clamd")
        else:
            yield ok(WHAT, found.version())
    except ModuleNotFoundError:
        yield error(WHAT, f"there is no scanner {settings.SCANNER!r}", "mend SCANNER")
    except ScannerDown as fault:
        yield error(WHAT, f"does not answer ({fault}): no file is taken", "start it, or mend CLAMD_ADDRESS")


CHECKS = (scanner,)
