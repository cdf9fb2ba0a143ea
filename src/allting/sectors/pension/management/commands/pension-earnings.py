"""``allting pension-earnings FILE``: incomes and balances from a file into the register of pension earnings."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allting.kernel.problems import NotFound
from allting.sectors.pension import from_file

SHOWN = 50  # faults


class Command(BaseCommand):
    help = "Read pension earnings from CSV (identity_number, kind, year, amount, source); with a fault nothing is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="it holds personal data: delete it afterwards")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            taken, faults = from_file.take(file)
        except (from_file.Unreadable, OSError) as wrong:
            raise CommandError(str(wrong)) from None
        except NotFound:
            raise CommandError("Nav is not in the register of authorities: allting people") from None
        for row, text in faults[:SHOWN]:
            self.stderr.write(f"row {row}: {text}")
        if faults:
            raise CommandError(f"{len(faults)} faults; nothing is kept")
        self.stdout.write(f"{taken.new} new, {taken.corrected} corrected, {taken.unchanged} as before.")
