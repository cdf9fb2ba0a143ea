"""The seam to whoever looks for malware: a module here, chosen by SCANNER. ``eicar`` is the one to copy."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from django.conf import settings


class ScannerDown(Exception):
    """The scanner does not answer, or not so that it can be understood."""


class Scanner(Protocol):
    """What a scanner's module offers. Both raise ScannerDown."""

    def scan(self, data: bytes) -> str:
        """The name of what was found; empty for nothing."""

    def version(self) -> str:
        """What it is, and how new what it looks for is; for ``allting doctor``."""


def chosen() -> Scanner | None:
    """The scanner in use; None when there is none. Raises ModuleNotFoundError for one that does not exist."""
    return import_module(f"allting.common.scanning.scanners.{settings.SCANNER}") if settings.SCANNER else None
