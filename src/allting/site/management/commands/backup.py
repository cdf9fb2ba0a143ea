"""``allting backup FILE``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from allting.site import keeping


class Command(BaseCommand):
    help = "Write everything to FILE while the platform runs. With BACKUP_PASSPHRASE set, the keys too, encrypted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            kept = keeping.backup(file.resolve(), passphrase=settings.BACKUP_PASSPHRASE, tell=_progress)
        except keeping.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{kept.rows} rows of {kept.tables} tables are in {file}.")
        if not kept.with_keys:
            self.stdout.write(
                "The keys are not: without them letters and cases cannot be read. Set BACKUP_PASSPHRASE to take them"
                f" along encrypted, or copy {settings.KEY_FOLDER} to another place than this file."
            )


def _progress(table: str, rows: int) -> None:
    if sys.stderr.isatty():
        print(f"  {table} {rows}", file=sys.stderr)  # noqa: T201 - progress, for a terminal only
