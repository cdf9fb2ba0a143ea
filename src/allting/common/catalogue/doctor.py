"""Are the service files right?"""

from collections.abc import Iterator

from allting.common.catalogue.api import check, folders
from allting.kernel.findings import Finding, error, ok


def files() -> Iterator[Finding]:
    faults = check(folders())
    for fault in faults:
        yield error("service files", str(fault), "mend the file; the platform does not start with it")
    if not faults:
        yield ok("service files", f"{sum(len(list(folder.glob('*.yaml'))) for folder in folders())} are right")


CHECKS = (files,)
