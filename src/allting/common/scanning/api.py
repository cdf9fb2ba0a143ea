"""Files that people send are looked through for malware before they are kept."""

from __future__ import annotations

import logging

from django.utils.translation import gettext_lazy as _

from allting.common.scanning.scanners import ScannerDown, chosen
from allting.kernel.problems import Unavailable

_log = logging.getLogger("allting.scanning")


def check(data: bytes) -> str:
    """What the scanner found in a file, by its own name for it; empty when it found nothing.

    Raises Unavailable when it does not answer: a file that nobody has looked through is not taken. Without a scanner
    (``SCANNER`` empty) nothing is looked for; ``allting doctor`` warns.
    """
    scanner = chosen()
    if scanner is None:
        return ""
    try:
        found = scanner.scan(data)
    except ScannerDown as fault:
        _log.error("the scanner does not answer", extra={"fault": str(fault)})
        raise Unavailable(
            _("We cannot check files for viruses right now. Nothing else is lost. Try again in a little while."),
            code="no-scanner",
        ) from None
    if found:
        _log.warning("a file was refused", extra={"found": found})
    return found
