"""``allting eid``: which eIDs there are, and switching one off everywhere."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from allting.common.identity.eids import switching
from allting.common.identity.eids.provider import providers


class Command(BaseCommand):
    help = "list (default): how each eID stands. off NAME --reason TEXT: nobody logs in with it. on NAME: again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("do", nargs="?", choices=["list", "off", "on"], default="list")
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--reason", default="", help="why, for whoever comes after")
        parser.add_argument("--end-sessions", action="store_true", help="log out everyone who is logged in with it")

    def handle(self, *args: Any, do: str, name: str, reason: str, end_sessions: bool, **options: Any) -> None:
        if do == "list":
            self._list()
            return
        try:
            if do == "off":
                switching.switch_off(name, reason)
            else:
                switching.switch_on(name)
        except KeyError:
            raise CommandError(f"There is no eID {name!r}: see allting eid") from None
        except ValueError:
            raise CommandError("Say why, with --reason") from None
        self.stdout.write(f"{name} is {do}.")
        if do == "off" and end_sessions:
            self.stdout.write(f"{switching.end_sessions(name)} logins ended.")

    def _list(self) -> None:
        state = switching.switched()
        for one in providers():
            last = state.get(one.name)
            stands = f"off since {last.at:%Y-%m-%d %H:%M} UTC: {last.reason}" if last and last.off else "on"
            self.stdout.write(f"{one.name:16} {one.highest.name.lower():12} {stands}")
