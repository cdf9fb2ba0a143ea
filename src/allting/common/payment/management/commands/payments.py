"""``allting payments``: write an approved batch for the bank, post what the bank tells, and hold them together."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from allting.common.payment.bankfiles import batches, checking, incoming
from allting.common.payment.bankfiles.accounts import BadAccounts
from allting.common.payment.bankfiles.camt054 import MOST_BYTES, Unreadable
from allting.common.registers import api as registers
from allting.kernel.problems import NotFound


class Command(BaseCommand):
    help = "Write an approved batch of payments for the bank, post the bank's notices, or see that all of it agrees."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        export = parts.add_parser("export", help="the oldest approved batch as pain.001.001.09")
        export.add_argument("--authority", required=True, help="its slug")
        export.add_argument("--again", type=UUID, help="the batch to write once more, when its file was lost")
        export.add_argument("file", type=Path, help="new; holds names and account numbers")

        take = parts.add_parser("import", help="post the payments of a camt.054 file; all of it, or nothing")
        take.add_argument("file", type=Path)
        parts.add_parser("check", help="does the ledger agree with bills, batches and the bank's notices?")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            {"export": self._export, "import": self._import, "check": self._check}[what](options)
        except BadAccounts as fault:
            raise CommandError(str(fault)) from None

    def _import(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        try:
            if path.stat().st_size > MOST_BYTES:
                raise Unreadable(f"the file has more than {MOST_BYTES // 1_000_000} MB")
            done = incoming.take(path.read_bytes())
        except (Unreadable, OSError) as fault:
            raise CommandError(f"{fault}; nothing of it is posted") from None
        self.stdout.write(f"{done.new} new payments, {done.known} known from before.")
        if done.waiting:
            self.stdout.write(f"{done.waiting} of the new ones wait for the treasurer: /office/payments.")

    def _check(self, options: dict[str, Any]) -> None:
        found = list(checking.faults())
        for one in found:
            self.stdout.write(one)
        if found:
            raise CommandError(f"{len(found)} disagreements: find who wrote past the ledger")
        self.stdout.write("The ledger balances, and agrees with bills, batches and the bank's notices.")

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
