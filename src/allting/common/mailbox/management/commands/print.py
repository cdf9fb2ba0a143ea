"""``allting print FOLDER``: files for those who get their letters on paper."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from allting.common.mailbox.api import print_waiting


class Command(BaseCommand):
    help = "Write the letters on paper that wait, as PDF, with a list of addresses (CSV). Each letter once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="made when it is not there; holds personal data")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            found = print_waiting(folder)
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}. Letters not yet marked are written by the next run.")
        self.stdout.write(f"{found.letters} letters printed.")
        if found.without_address:
            self.stderr.write(f"{found.without_address} letters wait: the register has no address.")
