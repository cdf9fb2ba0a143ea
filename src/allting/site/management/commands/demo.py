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
from allting.kernel import events

TRY = (
    "As Ingrid Moldestad, search for barnehage, and apply for a place for Ella.",
    "As Nina Sak, change to Molde kommune, and decide it in the queue. Ingrid's letter comes; she can appeal.",
    "As Nina at Molde kommune, go on with what Harald said by telephone: Enter an application for somebody.",
    "As Ingrid, apply for barnetrygd: a rule decides within seconds, and pays each month.",
    "As Omar Trygd, Nav, stop or change what that case pays; as Ingrid, answer, and read Payments.",
    "As Amir, send the reporting card of his unemployment benefit, correct it, and see what it gives.",
    "As Jonas Moldestad, send a neighbour notice to Amir Bolsøy's identity number; Amir answers on his page.",
    "As Siri Romsdal, change to Romsdalsfjorden Bistro AS, and apply for a serving licence.",
    "As Ingrid or Harald, open My tax return: change an amount, see what it does to the tax, deliver, read the letter.",
    "Order a new driving licence, and pay the fee at the demo bank.",
    "As Ingrid, give Amir Bolsøy a power of attorney for change of address; use it as Amir, and withdraw it.",
    "As Turid Tøndergård, an accountant, find one of her clients; as Harald, act for his father Olav in money matters.",
    "As Amir, order a national ID card; as Ida Kortvik, Politiet, check who he is, grant it, hand it over; block it.",
    "As Siri Romsdal for the bistro, tell of a vacancy; as Amir, write a CV, see why it fits, apply; as Siri, answer.",
    "As Gro Kasse, Nav, open Money in and out and make a batch; as Finn Bunke, approve it and fetch the bank's file.",
    "As Finn at Statens vegvesen, read a file from the demo bank: bills are paid by KID, the rest you place yourself.",
    "As Ingrid, see My tax card and what it takes of a month's pay; change it, and a rule gives a new one at once.",
    "As Siri for the bistro, open Wages and tax: see what is reported, and report a month with a file.",
    "As Siri for the bistro, search for mva, and hand in the VAT return for September and October.",
    "As Stian Vegeier, change to Statens vegvesen, and change the fee of a driving licence in the service studio.",
    "Connect a service of your own to the login: allting clients lists test clients with their keys.",
    "Read who has looked you up, and why, on your page; and the SMS and e-mails at /demo/messages.",
)


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
        "try": list(TRY),
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
