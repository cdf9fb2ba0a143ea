"""``allting doctor``: what is not as it should be, and how to mend it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

from allting.site import doctor

SIGNS = {"ok": "[green]well[/green]", "warning": "[yellow]look[/yellow]", "error": "[red]mend[/red]"}


class Command(BaseCommand):
    help = "Look the installation over: what is wrong, and how to mend it. Ends with 1 when something must be mended."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(doctor.findings())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        else:
            console = Console(file=self.stdout, highlight=False, soft_wrap=True)  # type: ignore[arg-type]
            for one in found:
                console.print(f"{SIGNS[one.level]}  {one.what}: {one.text}")
                if one.mend:
                    console.print(f"      → {one.mend}")
        if any(one.level == "error" for one in found):
            sys.exit(1)
