"""``allting tax``: returns for everyone, and those that silence delivers."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from allting.sectors.tax.returns import making, reports


class Command(BaseCommand):
    help = "Make the tax returns of a year for everyone something is reported about; silence delivers them in time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        returns = parts.add_parser("returns", help="make those that are not made; run again it goes on")
        returns.add_argument("--year", type=int, required=True, help="the income year, which must be over")
        held = parts.add_parser("held", help="returns that silence could not deliver, by why")
        held.add_argument("--year", type=int, required=True)

    def handle(self, *args: Any, what: str, year: int, **options: Any) -> None:
        if what == "held":
            for code, count in making.held(year):
                self.stdout.write(f"{code}: {count}")
            return
        if not reports.FIRST_YEAR <= year < timezone.localdate().year:
            raise CommandError(f"give a year from {reports.FIRST_YEAR} that is over")
        self.stdout.write(f"{making.make(year)} returns made for {year}.")
