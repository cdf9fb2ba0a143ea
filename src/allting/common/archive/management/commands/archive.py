"""``allting archive``: take out closed cases as Noark 5, destroy what is due, keep a case back from it."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from allting.common.archive import destruction
from allting.common.archive.export import Broken, Nothing, export, left_out
from allting.kernel.problems import NotFound


def day(text: str) -> date:
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Take out an authority's closed cases as Noark 5 v5.0, destroy what is due, or keep a case back from it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        export = parts.add_parser("export", help="closed cases into a folder that is complete in itself")
        export.add_argument("--from", dest="start", type=day, required=True, help="first day, as 2026-01-01")
        export.add_argument("--to", dest="end", type=day, required=True, help="last day")
        export.add_argument("folder", type=Path, help="new or empty; holds personal data")
        destroy = parts.add_parser("destroy", help="destroy the documents of cases whose years are out")
        destroy.add_argument("--on", type=day, default=None, help="count the years until this day (today)")
        destroy.add_argument("report", type=Path, nargs="?", help="the new CSV file; without it, only count")
        hold = parts.add_parser("hold", help="keep a case back from destruction")
        hold.add_argument("--why", default="", help="the reason; left out: keep it back no longer")
        hold.add_argument("case", help="its number, as 2026/12")
        for one in (export, destroy, hold):
            one.add_argument("--authority", required=True, help="its slug")

    def handle(self, *args: Any, what: str, authority: str, **options: Any) -> None:
        try:
            {"export": self._export, "destroy": self._destroy, "hold": self._hold}[what](authority, options)
        except NotFound:
            raise CommandError(f"there is no authority {authority!r}, or no such case") from None
        except Nothing:
            raise CommandError("no case was closed in the period; nothing is written") from None
        except Broken as fault:
            raise CommandError(f"document {fault} is not what was stored; nothing is written") from None
        except (ValueError, OSError) as fault:
            raise CommandError(f"{fault}; nothing is {'destroyed' if what == 'destroy' else 'written'}") from None

    def _export(self, authority: str, options: dict[str, Any]) -> None:
        taken = export(authority, options["start"], options["end"], options["folder"])
        cases, entries = taken.counts["arkivstruktur"].values()
        folder = options["folder"]
        self.stdout.write(f"{cases} cases, {entries} journal entries and {taken.documents} documents in {folder}.")
        if waiting := left_out(taken):
            self.stdout.write(f"{waiting} cases are still open and are left for a later extraction.")

    def _destroy(self, authority: str, options: dict[str, Any]) -> None:
        on = options["on"] or timezone.localdate()
        if options["report"] is None:
            count, held = destruction.counted(authority, on)
            self.stdout.write(f"{count} cases are due, and {held} more are kept back. Name a report to destroy them.")
            return
        found = destruction.destroy(authority, on, options["report"])
        self.stdout.write(f"{found.cases} cases with {found.documents} documents are destroyed: {options['report']}.")
        if found.held:
            self.stdout.write(f"{found.held} cases are kept back.")

    def _hold(self, authority: str, options: dict[str, Any]) -> None:
        destruction.hold(authority, options["case"], options["why"])
        self.stdout.write("It is kept back." if options["why"] else "It is not kept back any longer.")
