"""``allting demo``: load the demo country if it is not there, say who lives in it, and start."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel import demo, events


class Command(BaseCommand):
    help = "Try the platform: a country of made-up people. A second run keeps the data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the facts for machines, and end")
        parser.add_argument("--count", type=int, default=2000, help="how many people (default 2 000)")

    def handle(self, *args: Any, count: int, json: bool, **options: Any) -> None:
        quiet = StringIO()
        call_command("migrate", verbosity=0, stdout=quiet)
        call_command("people", count=count, stdout=quiet if json else self.stdout)
        call_command("cards", "init-ca", stdout=quiet)
        identity.load_demo_clients()
        identity.load_demo_machines()
        payment.load_demo_accounts()
        events.publish("demo.loaded")
        facts = demo_facts()
        if json:
            self.stdout.write(_as_json(facts))
            return
        _show(facts)
        call_command("serve")


def demo_facts() -> dict[str, Any]:
    """Where the demo is, who can log in, and what to try."""
    services = [
        {
            "service": one.slug,
            "title": one.service.title.as_dict(),
            "url": f"{settings.BASE_URL}/services/{one.slug}",
            "for": one.service.audience,
            "offered_by": one.service.offered_by,
            "decided_by": "rule" if one.service.at_once else "officer",
        }
        for one in catalogue.services()
    ]
    return {
        "base_url": settings.BASE_URL,
        **registers.demo_people(),
        "machine": identity.demo_machines(),
        "services": services,
        "try": demo.tasks(),
    }


def _as_json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=2)


def _show(facts: dict[str, Any]) -> None:
    console = Console()
    console.print(f"\n[bold]Allting[/bold] runs at {facts['base_url']}. Log in with Test ID as one of these:\n")
    table = Table("Identity number", "Name", "Age", "Lives in", "Is", box=None, pad_edge=False)
    for one in facts["people"] + facts["officers"]:
        roles = ", ".join(one["roles"])
        table.add_row(one["identity_number"], one["name"], str(one["age"]), one["municipality"], roles)
    console.print(table)
    console.print("\nWhat to try:\n")
    for line in facts["try"]:
        console.print(f"  • {line}", soft_wrap=True)
    console.print("\nNobody in it is real. Ctrl-C ends it.\n")
