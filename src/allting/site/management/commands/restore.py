"""``allting restore FILE``."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from allting.site import keeping
from allting.site.management.commands.backup import _progress


class Command(BaseCommand):
    help = "Read a backup into an empty installation (--replace: instead of what is there). Stop the platform first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="delete what is there first")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        call_command("migrate", verbosity=0, stdout=StringIO())
        try:
            kept = keeping.restore(
                file.resolve(), replace=replace, passphrase=settings.BACKUP_PASSPHRASE, tell=_progress
            )
        except keeping.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{kept.rows} rows are back. Everybody logs in anew.")
        if not kept.with_keys and (missing := keeping.missing_keys(file)):
            self.stdout.write(f"Put the keys {', '.join(missing)} in {settings.KEY_FOLDER} before you start.")
