"""``allting sessions``: how many are logged in, and logging people out."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allting.common.identity import ending
from allting.kernel.problems import Invalid, NotFound


class Command(BaseCommand):
    help = (
        "count (default): how many people are logged in. end-person: log out the one whose identity number comes on "
        "standard input. end-all: everybody. Both want --reason TEXT, which each of them reads in her log."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", nargs="?", choices=["count", "end-person", "end-all"], default="count")
        parser.add_argument("--reason", default="", help="why, in plain words: those who were logged out read it")

    def handle(self, *args: Any, do: str, reason: str, **options: Any) -> None:
        if do == "count":
            self.stdout.write(f"{ending.people_logged_in()} people are logged in.")
            return
        try:
            purpose = ending.purpose_of(reason)
        except Invalid:
            raise CommandError("Say why, with --reason") from None
        actor = ending.operator_itself()
        if do == "end-all":
            self.stdout.write(f"{ending.end_all(actor, purpose)} people were logged out.")
            return
        if sys.stdin.isatty():  # never an argument: those stay in the shell's history and the list of processes
            self.stdout.write("Identity number: ", ending="")
            self.stdout.flush()
        try:
            ended = ending.end_logins_of(actor, purpose, sys.stdin.readline().strip())
        except (Invalid, NotFound):
            raise CommandError("There is nobody with this identity number") from None
        self.stdout.write(f"{ended} logins ended.")
