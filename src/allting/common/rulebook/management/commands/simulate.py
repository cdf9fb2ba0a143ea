"""``allting simulate``: what a proposal does to a made-up nation, by the rules that decide cases."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone, translation
from rich.console import Console
from rich.progress import Progress

from allting.common.rulebook import api as rulebook
from allting.common.rulebook.bars import Grouping, groupings, signed
from allting.common.rulebook.wording import count_words
from allting.kernel.problems import Problem
from allting.kernel.text import LANGUAGES


class Command(BaseCommand):
    help = "Count what a proposal of other rates costs, and who wins and loses, on a synthetic population."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rates", required=True, type=Path, help="the proposal: YAML with the figures it changes")
        parser.add_argument("--people", type=int, default=100_000, help="how many people (default 100 000)")
        parser.add_argument("--seed", type=int, default=2026, help="another seed gives other people")
        parser.add_argument("--date", type=date.fromisoformat, help="the day whose law it is compared with; today")
        parser.add_argument(
            "--output", type=Path, help="write all groups to a .csv file, or a page with plots to .html"
        )
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what is told and written")

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["output"]
        if target and target.suffix not in (".csv", ".html"):
            raise CommandError(f"{target}: --output ends in .csv or .html")
        if target and not target.parent.is_dir():  # before a nation is counted for nothing
            raise CommandError(f"{target.parent}: there is no such folder")
        with translation.override(options["language"]):
            try:
                self._go(target, **options)
            except Problem as problem:
                wrong = [str(text) for texts in problem.errors.values() for text in texts]
                raise CommandError("\n".join([f"{options['rates']}:", *wrong])) from None
            except OSError as error:
                raise CommandError(f"{error.filename}: {error.strerror}") from None
            except UnicodeDecodeError:
                raise CommandError(f"{options['rates']} is not text in UTF-8") from None

    def _go(self, target: Path | None, *, rates: Path, people: int, seed: int, **options: Any) -> None:
        text, on = rates.read_text("utf-8"), options["date"] or timezone.localdate()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("people", total=people)
            found = rulebook.simulate(text, people, seed, on, lambda came: progress.advance(task, came))
        made = groupings(found)
        self._tell(found, made)
        if target and target.suffix == ".csv":
            _write(target, made)
        elif target:
            context = {"found": found, "groupings": made, "signed": signed, "many": count_words, "seed": seed}
            target.write_text(render_to_string("rulebook/report.html", context), "utf-8")
        if target:
            self.stdout.write(f"→ {target}")

    def _tell(self, found: rulebook.Comparison, made: list[Grouping]) -> None:
        total = found.total
        self.stdout.write(f"{found.proposal.title or '-'} · {found.on} · {found.people} people · a year")
        for one in found.proposal.changes:
            key = f" {one.key}" if one.key else ""
            self.stdout.write(f"  {one.sector}.{one.name}{key}: {one.before} → {one.after}")
        for name in found.uncounted:
            self.stderr.write(f"no rule that is counted here reads {name}")
        self.stdout.write(f"The state: {signed(found.state)}")
        self.stdout.write(f"Households: {total.households}; more {total.winners}, less {total.losers}")
        for name, change in found.by_rule.items():
            self.stdout.write(f"  {name}: {signed(change)} to households")
        for group in made:
            if group.slug != "municipality":
                self.stdout.write(f"\n{group.title}")
                for row in group.rows:
                    self.stdout.write(f"  {row.name:34}{row.mean:>14}  + {row.winners:>5}  − {row.losers:>5}")


def _write(path: Path, made: list[Grouping]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["by", "group", "households", "mean_change_kr", "share_more", "share_less"])
        for group in made:
            for row in group.rows:
                numbers = (round(row.change, 2), round(row.more, 2), round(row.less, 2))
                out.writerow([group.slug, row.name, row.households, *numbers])
