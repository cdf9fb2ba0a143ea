"""``allting audit verify`` and ``seal``: the log of who looked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allting.common.audit import api as audit


class Command(BaseCommand):
    help = "verify: read the whole log and see that each seal fits. seal: seal what has come since the last time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", choices=["verify", "seal"])
        parser.add_argument(
            "--holds", default="", metavar="DIGEST", help="verify: a seal's digest from the worker's log must be there"
        )

    def handle(self, *args: Any, do: str, holds: str, **options: Any) -> None:
        if do == "seal":
            sealed = 0
            while came := audit.seal_pending():
                sealed += came
            self.stdout.write(f"{sealed} entries sealed.")
            return
        report = audit.verify(holds)
        if report.broken is not None:
            raise CommandError(f"Seal {report.broken} does not fit its entries: the log was changed there or before.")
        if report.cut:
            raise CommandError("The seal you have written down is not there: the log was cut short, or made anew.")
        self.stdout.write(
            f"The log is whole: {report.entries} entries under {report.seals} seals, {report.unsealed} not sealed yet."
            f" The last seal is {report.head}"
        )
