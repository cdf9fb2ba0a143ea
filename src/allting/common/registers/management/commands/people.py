"""``allting people``: load the demo country."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from allting.common.registers.demo import load_demo_people
from allting.common.registers.loading import load_authorities, load_people


class Command(BaseCommand):
    help = "Load authorities and a synthetic population, the same for the same seed. A second run keeps what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=2000, help="how many people (default 2 000)")
        parser.add_argument("--seed", type=int, default=2026, help="another seed gives other people")

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        if not 0 <= count <= 6_000_000:
            raise CommandError("--count must be between 0 and 6 000 000")
        authorities = load_authorities()
        with Progress(disable=not sys.stderr.isatty(), transient=True) as progress:
            task = progress.add_task("People", total=count)
            people = load_people(count, seed, lambda came: progress.advance(task, came))
        people += load_demo_people()
        self.stdout.write(f"{authorities} authorities and {people} people are new.")
