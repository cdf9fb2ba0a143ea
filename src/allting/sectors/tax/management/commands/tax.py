"""``allting tax``: what the tax authority does in bulk."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import Progress

from allting.kernel.problems import NotFound
from allting.kernel.rules import NoRate
from allting.sectors.tax import bulk
from allting.sectors.tax.returns import making, reports


class Command(BaseCommand):
    help = "A year's tax cards or tax returns for everyone who has none. Broken off, it goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        for name, said in (
            ("cards", "a tax card to everybody who has none"),
            ("returns", "a tax return to everyone something is reported about"),
            ("held", "returns that silence could not deliver, by why"),
        ):
            parts.add_parser(name, help=said).add_argument("--year", type=int, required=True, help="the income year")

    def handle(self, *args: Any, what: str, year: int, **options: Any) -> None:
        if not 2000 <= year <= 2100:
            raise CommandError("--year must be between 2000 and 2100")
        {"cards": self._cards, "returns": self._returns, "held": self._held}[what](year)

    def _held(self, year: int) -> None:
        for code, count in making.held(year):
            self.stdout.write(f"{code}: {count}")

    def _returns(self, year: int) -> None:
        if not reports.FIRST_YEAR <= year < timezone.localdate().year:
            raise CommandError(f"give a year from {reports.FIRST_YEAR} that is over")
        self.stdout.write(f"{making.make(year)} returns made for {year}.")

    def _cards(self, year: int) -> None:
        try:
            with Progress(disable=not sys.stderr.isatty(), transient=True) as progress:
                task = progress.add_task("Tax cards", total=None)
                made = bulk.make(year, lambda came: progress.advance(task, came))
        except NoRate:
            raise CommandError(
                f"The law of {year} is not known here: add its figures to src/allting/sectors/tax/rates."
            ) from None
        except NotFound:
            raise CommandError("Skatteetaten is not in the register of authorities: allting people") from None
        self.stdout.write(f"{made} tax cards are new.")
