"""``allting archive export``: an authority's closed cases as a Noark 5 extraction."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allting.common.archive.export import Broken, Nothing, export, left_out
from allting.kernel.problems import NotFound


def day(text: str) -> date:
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Take out an authority's closed cases as Noark 5 v5.0, into a folder that is complete in itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        export = parser.add_subparsers(dest="what", required=True).add_parser("export")
        export.add_argument("--authority", required=True, help="its slug")
        export.add_argument("--from", dest="start", type=day, required=True, help="first day, as 2026-01-01")
        export.add_argument("--to", dest="end", type=day, required=True, help="last day")
        export.add_argument("folder", type=Path, help="new or empty; holds personal data")

    def handle(self, *args: Any, authority: str, start: date, end: date, folder: Path, **options: Any) -> None:
        try:
            taken = export(authority, start, end, folder)
        except NotFound:
            raise CommandError(f"there is no authority {authority!r}") from None
        except Nothing:
            raise CommandError("no case was closed in the period; nothing is written") from None
        except Broken as fault:
            raise CommandError(f"document {fault} is not what was stored; nothing is written") from None
        except (ValueError, OSError) as fault:
            raise CommandError(f"{fault}; nothing is written") from None
        cases, entries = taken.counts["arkivstruktur"].values()
        self.stdout.write(f"{cases} cases, {entries} journal entries and {taken.documents} documents in {folder}.")
        if waiting := left_out(taken):
            self.stdout.write(f"{waiting} cases are still open and are left for a later extraction.")
