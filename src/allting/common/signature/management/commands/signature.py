"""``allting signature``: the ceremony of the authority behind seals and signatures, and what is revoked."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError

from allting.common.signature import authority, revocation


class Command(BaseCommand):
    help = (
        "init: make the authority's keys (--root FOLDER: the root's key there, to be taken away). "
        "revoke NUMBER: a certificate, by its serial number in hexadecimal. "
        "revoke-issuing: the issuing authority is lost (--root FOLDER: where its root's key is)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["init", "revoke", "revoke-issuing"])
        parser.add_argument("number", nargs="?", default="")
        parser.add_argument("--root", type=Path)
        parser.add_argument("--why", default="key_compromise", choices=[one.name for one in x509.ReasonFlags])

    def handle(self, *args: Any, do: str, number: str, root: Path | None, why: str, **options: Any) -> None:
        if do == "init":
            self._init(root)
        elif do == "revoke":
            self._revoke(number, why)
        else:
            self._revoke_issuing(root)

    def _init(self, root: Path | None) -> None:
        made = authority.init(root)
        for name in made:
            self.stdout.write(f"made {name}")
        if root is not None and "root" in made:
            self.stdout.write(f"Take {root} away now, and lock it up. It is needed for a new issuing authority only.")
        self.stdout.write(f"The root's certificate: {authority.url('root.cer')}")

    def _revoke(self, number: str, why: str) -> None:
        try:
            known = revocation.revoke(int(number, 16), why)
        except ValueError:
            raise CommandError("Name the serial number in hexadecimal: allting signature revoke 1a2b…") from None
        if not known:
            raise CommandError("The authority never issued a certificate with this number.")
        self.stdout.write("Revoked.")

    def _revoke_issuing(self, root: Path | None) -> None:
        try:
            authority.revoke_issuing(root)
        except FileNotFoundError as missing:
            raise CommandError(f"The root's key is not there: {missing}") from None
        self._init(root)
