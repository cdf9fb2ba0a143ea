"""``allting tax``: what the tax authority does in bulk."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from allting.kernel.problems import NotFound
from allting.kernel.rules import NoRate
from allting.sectors.tax import bulk


class Command(BaseCommand):
    help = "cards: a tax card for the year to everybody who has none. A run that was broken off goes on in the next."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["cards"])
        parser.add_argument("--year", type=int, required=True, help="the income year")

    def handle(self, *args: Any, year: int, **options: Any) -> None:
        if not 2000 <= year <= 2100:
            raise CommandError("--year must be between 2000 and 2100")
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
