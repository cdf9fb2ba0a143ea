"""``allting payments``: write an approved batch for the bank."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from allting.common.payment.bankfiles import batches
from allting.common.registers import api as registers
from allting.kernel.problems import NotFound


class Command(BaseCommand):
    help = "Write an approved batch of payments as a file for the bank."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        export = parts.add_parser("export", help="the oldest approved batch as pain.001.001.09")
        export.add_argument("--authority", required=True, help="its slug")
        export.add_argument("--again", type=UUID, help="the batch to write once more, when its file was lost")
        export.add_argument("file", type=Path, help="new; holds names and account numbers")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        self._export(options)

    def _export(self, options: dict[str, Any]) -> None:
        try:
            authority = registers.authority(options["authority"]).id
        except NotFound:
            raise CommandError(f"there is no authority {options['authority']!r}") from None
        try:
            written = batches.export(authority, options["file"], options["again"])
        except NotFound:
            raise CommandError("no such batch is approved; nothing is written") from None
        except batches.Changed as batch:
            raise CommandError(f"batch {batch} is not what was approved; nothing is written") from None
        except OSError as fault:
            raise CommandError(f"{fault}; `--again BATCH` writes one that is posted already") from None
        kroner = f"{written.sum // 100}.{written.sum % 100:02}"
        self.stdout.write(f"Batch {written.batch}: {written.count} payments, {kroner} kr, in {options['file']}.")
        if written.left:
            self.stdout.write(f"{written.left} approved batches are left.")
