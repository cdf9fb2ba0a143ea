"""``allting cards``: the card authority's ceremony, and the files to and from the bureau that makes the cards."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.management.base import BaseCommand, CommandError

from allting.common.registers import api as registers
from allting.kernel.actor import Purpose
from allting.kernel.keys import file_key
from allting.kernel.problems import NotFound, Problem
from allting.sectors.idcard import ca, issuing, revocation
from allting.sectors.idcard.models import Card


class Command(BaseCommand):
    help = (
        "init-ca: make the card authority's keys. export FOLDER: what the bureau shall print. "
        "certify FOLDER: answer the keys' requests that came back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["init-ca", "export", "certify"])
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, *args: Any, do: str, folder: Path | None, **options: Any) -> None:
        if do == "init-ca":
            self._init()
            return
        if folder is None or not folder.is_dir():
            raise CommandError(f"Name a folder: allting cards {do} FOLDER")
        self._export(folder) if do == "export" else self._certify(folder)

    def _init(self) -> None:
        try:
            police = issuing.police()
        except NotFound:
            raise CommandError("The police are not in the register of authorities: allting people") from None
        assert police.authority is not None
        purpose = Purpose("ID-kortloven § 2", "Utstederens navn og nummer i sertifikatene")
        facts = registers.look_up(police, purpose, "entities.organisation", police.authority)
        made = ca.init(facts["name"], facts["organisation_number"])
        revocation.refresh()
        for name in made:
            self.stdout.write(f"made {name}")
        self.stdout.write(f"What is public stands in {ca.public_folder()}.")

    def _export(self, folder: Path) -> None:
        """One file a card, readable by the owner only: it has a person in it."""
        count, to_make = 0, Card.objects.filter(state__in=("ordered", "in-production"))
        for key in to_make.order_by("pk").values_list("pk", flat=True):
            card = issuing.produce(key)
            contents = json.dumps({"id": str(key), **asdict(card)}, ensure_ascii=False, indent=1)
            path = folder / f"{card.number}.json"
            path.unlink(missing_ok=True)
            file_key(path, lambda contents=contents: contents.encode())  # type: ignore[misc]
            count += 1
        self.stdout.write(f"{count} cards to make.")

    def _certify(self, folder: Path) -> None:
        """For each ``<number>.json`` with its two requests beside it; a bad one is told of, and the others go on."""
        bad = 0
        for path in sorted(folder.glob("*.json")):
            requests = {use: path.with_name(f"{path.stem}-{use}.csr") for use in issuing.USES}
            if not all(one.exists() for one in requests.values()):
                continue
            try:
                read = {use: x509.load_pem_x509_csr(one.read_bytes()) for use, one in requests.items()}
                made = issuing.certify(UUID(json.loads(path.read_text())["id"]), read)
            except (ValueError, KeyError, Problem) as fault:
                bad += 1
                self.stderr.write(f"{path.stem}: {fault}")
                continue
            for use, one in made.items():
                path.with_name(f"{path.stem}-{use}.cer").write_bytes(one.public_bytes(Encoding.PEM))
            self.stdout.write(f"{path.stem} certified")
        if bad:
            raise CommandError(f"{bad} could not be certified.")
