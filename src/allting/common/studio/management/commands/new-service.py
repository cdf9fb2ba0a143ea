"""``allting new-service``: a start file that passes ``allting check`` at once, from a few questions or options."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from allting.common.catalogue import api as catalogue
from allting.common.studio.starting import Start, rule_file, start_file
from allting.kernel.problems import Invalid

ASKS = (  # option, question
    ("title", "What is it called, in Bokmål?"),
    ("title_nn", "And in Nynorsk?"),
    ("title_en", "And in English?"),
    ("law", "Which paragraph gives the right to it?"),
    ("offered_by", 'Who offers it ("every municipality", "every county", or an authority\'s slug)?'),
)


class Command(BaseCommand):
    help = "Begin a new service: writes a commented file that passes the check at once. Asks for what is not given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("service", help="its name in addresses, as dog-licence")
        parser.add_argument("--folder", type=Path, default=Path("services"), help="where (default: services)")
        parser.add_argument("--title", help="what it is called in Bokmål")
        parser.add_argument("--title-nn", help="in Nynorsk (default: as in Bokmål)")
        parser.add_argument("--title-en", help="in English (default: as in Bokmål)")
        parser.add_argument("--law", help="the paragraph, as barnehageloven § 16")
        parser.add_argument("--offered-by", help="default: every municipality")
        parser.add_argument("--audience", choices=("citizen", "business"), default="citizen")
        parser.add_argument("--theme", help="a word of the Los vocabulary, as barnehage")
        parser.add_argument("--archive-class", default="000", help="the class of the archive plan (default: 000)")
        parser.add_argument("--decide", choices=("officer", "rule"), default="officer")

    def handle(self, *args: Any, service: str, folder: Path, **options: Any) -> None:
        start = _start(service, options)
        texts = {folder / f"{service}.yaml": _text(start)}
        if start.rule:
            texts[folder / f"{start.module}.py"] = rule_file(start)
        for one in texts:
            if one.exists():
                raise CommandError(f"{one} is there already; give the service another name, or take it away")
        folder.mkdir(parents=True, exist_ok=True)
        for one, text in texts.items():
            one.write_text(text, encoding="utf-8")
        self._check(folder, list(texts))

    def _check(self, folder: Path, made: list[Path]) -> None:
        faults = [one for one in catalogue.check([folder.resolve()]) if one.path.resolve() == made[0].resolve()]
        if faults:
            for one in made:
                one.unlink()
            raise CommandError("\n".join(str(one) for one in faults))
        for one in made:
            self.stdout.write(f"Wrote {one}.")
        self.stdout.write(f"It is right as it stands. Write it on, and run: allting check {folder}")


def _text(start: Start) -> str:
    try:
        with translation.override("en"):
            return start_file(start)
    except Invalid as wrong:
        raise CommandError(
            "\n".join(f"{_option(name)}: {one}" for name, said in wrong.errors.items() for one in said)
        ) from None


def _option(name: str) -> str:
    return name if name == "service" else f"--{name.replace('_', '-')}"


def _start(service: str, options: dict[str, Any]) -> Start:
    given = {name: options[name] or _asked(name, question) for name, question in ASKS}
    title = {"nb": given["title"], "nn": given["title_nn"], "en": given["title_en"]}
    return Start(
        service, title, given["law"], given["offered_by"] or "every municipality", options["audience"],
        options["theme"] or "", archive_class=options["archive_class"], rule=options["decide"] == "rule",
    )  # fmt: skip


def _asked(name: str, question: str) -> str:
    """The answer at the keyboard; empty where nobody sits at one."""
    return input(f"{question} ").strip() if sys.stdin.isatty() else ""
