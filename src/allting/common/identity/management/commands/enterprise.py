"""``allting enterprise``: be an organisation in the demo, with a certificate of the test authority."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from allting.common.identity.machine import demo, demo_ca
from allting.common.registers import api as registers
from allting.kernel.numbers import BadNumber, organisation_number
from allting.kernel.problems import NotFound


class Command(BaseCommand):
    help = "list (default): enterprises to be. certificate NUMBER: a key and certificate for one. revoke FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", nargs="?", choices=["list", "certificate", "revoke"], default="list")
        parser.add_argument("what", nargs="?", help="an organisation number, or the file of a certificate")
        parser.add_argument("--out", default="enterprise.pem", help="where the key and certificates are written")

    def handle(self, *args: Any, do: str, what: str | None, out: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Only in a demo (ALLTING_DEMO=1): real organisations get theirs from a real authority.")
        if do != "list" and not what:
            raise CommandError("Say which: allting enterprise certificate NUMBER, or revoke FILE")
        match do:
            case "certificate":
                self._issue(str(what), Path(out))
            case "revoke":
                self._revoke(Path(str(what)))
            case _:
                for one in demo.facts()["organisations"]:
                    self.stdout.write(f"{one['number']}  {one['name']:32} {one['is']}")

    def _issue(self, number: str, out: Path) -> None:
        try:
            found = registers.entity(organisation_number(number))
        except (BadNumber, NotFound):
            raise CommandError("There is no organisation with this number. See: allting enterprise list") from None
        contents = demo_ca.issue(found.number, found.name).pem()
        try:
            with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(contents)
        except OSError as fault:
            raise CommandError(f"{out} cannot be written: {fault.strerror}") from None
        self.stdout.write(f"{out}: the key and certificates of {found.name}, for a year.")

    def _revoke(self, path: Path) -> None:
        try:
            certificate = x509.load_pem_x509_certificate(path.read_bytes())
        except (OSError, ValueError):
            raise CommandError(f"{path} holds no certificate.") from None
        demo_ca.revoke(certificate.serial_number)
        seconds = settings.ENTERPRISE_REVOCATION_SECONDS
        self.stdout.write(f"Revoked. It is felt within {seconds} seconds, when older answers have run out.")
