"""``allting payments``: files for the bank and from it, and which account an authority has."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from allting.common.payment import batches, camt, incoming, models, treasurer
from allting.common.registers import api as registers
from allting.kernel.files import put_whole
from allting.kernel.numbers import BadNumber, bank_account
from allting.kernel.problems import Conflict, Invalid, NotFound

BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")  # ISO 9362


class Command(BaseCommand):
    help = "Write the files of approved batches for the bank, read the bank's files, register an authority's account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        export = parts.add_parser("export", help="the file (pain.001) of each approved batch, into a folder")
        export.add_argument("--authority", required=True, help="its slug")
        export.add_argument("folder", type=Path, help="where the files are put; they hold personal data")
        read = parts.add_parser("read", help="a file from the bank (camt.054); read again it changes nothing")
        read.add_argument("file", type=Path)
        account = parts.add_parser("account", help="the account an authority is paid to and pays from")
        account.add_argument("--authority", required=True, help="its slug")
        account.add_argument("number", help="eleven digits")
        account.add_argument("bic", help="the bank's, 8 or 11 characters")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            {"export": self._export, "read": self._read, "account": self._account}[what](options)
        except NotFound:
            raise CommandError(f"there is no authority {options['authority']!r}") from None
        except OSError as fault:
            raise CommandError(str(fault)) from None

    def _export(self, options: dict[str, Any]) -> None:
        """Each batch is posted only when its file is whole on the disk: broken off, it is done again the next time."""
        owner, folder = registers.authority(options["authority"]).id, options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        ids = batches.approved(owner)
        for one in ids:
            try:
                with transaction.atomic():
                    name, contents = batches.send(batches.held(one))
                    put_whole(folder / name, contents)
            except Conflict as changed:  # another took it meanwhile, or it is another file than was sent
                raise CommandError(f"batch {one}: {changed.code}") from None
            self.stdout.write(str(folder / name))
        self.stdout.write(f"{len(ids)} files.")

    def _read(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        if path.stat().st_size > camt.LARGEST:
            raise CommandError("the file is too large; nothing is booked")
        try:
            report = incoming.take(path.read_bytes())
        except Invalid as wrong:
            raise CommandError(f"{wrong.errors['file'][0]} ({wrong.code})") from None
        if report.again:
            self.stdout.write("It was read before; nothing is booked.")
            return
        self.stdout.write(
            f"{report.matched} found their bill, {report.unmatched} did not, {report.known} were booked before, "
            f"{report.left_out} lines were left out."
        )

    def _account(self, options: dict[str, Any]) -> None:
        body, bic = registers.authority(options["authority"]), options["bic"].upper()
        try:
            number = bank_account(options["number"])
        except BadNumber:
            raise CommandError("an account has eleven digits, and the last one fits the others") from None
        if not BIC.fullmatch(bic):
            raise CommandError("a BIC has 8 or 11 letters and digits, as DNBANOKK")
        known = treasurer.account_of(body.id)
        if known and models.Batch.objects.filter(owner=body.id, status__in=("made", "approved")).exists():
            raise CommandError("there are batches that have not gone to the bank; send them or take them apart first")
        number_of = registers.entity(body.id).number
        values = {"name": body.name, "organisation_number": number_of, "account": number, "bic": bic}
        try:
            models.OwnAccount.objects.update_or_create(owner=body.id, defaults=values)
        except IntegrityError:
            raise CommandError("another authority has this account") from None
        self.stdout.write(f"{body.name} pays from and is paid to {number[:4]}.{number[4:6]}.{number[6:]}.")
