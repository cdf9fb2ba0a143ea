"""``allting rules``: what rules there are, what one says, how it counts one case, and one over a whole file."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import fill
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from allting.common.rulebook import api as rulebook
from allting.common.rulebook.wording import figure_words
from allting.kernel.problems import Problem
from allting.kernel.rules import NoRate, Rule, worded

SHOWN = 50  # bad rows told of one by one; the rest stand in the result
WIDE = 100  # letters of a line: a long list of choices goes over more of them


class Command(BaseCommand):
    help = "The law as code: list the rules, show or explain one, run one over a file."

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        ways.add_parser("list", help="every rule, and what it is given")
        for way, text in (("show", "what it is given, and its figures"), ("explain", "count one case, step by step")):
            one = ways.add_parser(way, help=text)
            one.add_argument("name")
            self._days(one)
            if way == "explain":
                one.add_argument("given", nargs="*", help="argument=value, as gross=50000")
        run = ways.add_parser("run", help="count every row of a file; ends with 2 when some rows could not be counted")
        run.add_argument("name")
        run.add_argument("--input", required=True, type=Path, help="CSV or Parquet; a column for each argument")
        run.add_argument("--output", required=True, type=Path, help="CSV or Parquet, by its ending")
        self._days(run)

    @staticmethod
    def _days(parser: Any) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="the day whose law counts; today if not said")
        parser.add_argument("--known", type=date.fromisoformat, help="leave out changes adopted after this day")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):  # as every command
            self._go(**options)

    def _go(self, way: str, **options: Any) -> None:
        on = options.get("date") or timezone.localdate()
        try:
            if way == "list":
                self._list()
            elif way == "show":
                self._show(rulebook.rule(options["name"]), on, options["known"])
            elif way == "explain":
                self._explain(options["name"], options["given"], on, options["known"])
            else:
                self._run(rulebook.rule(options["name"]), on, options)
        except Problem as problem:
            wrong = [f"{name}: {text}" for name, texts in problem.errors.items() for text in texts]
            said = "; ".join(filter(None, [str(problem.detail), *wrong])) or str(problem.title)
            raise CommandError(f"{options['name']}: {said}" if "name" in options else said) from None

    def _list(self) -> None:
        for one in rulebook.rules():
            mark = "*" if one.asked else " "
            given = ", ".join(argument.name for argument in one.arguments)
            self.stdout.write(f"{mark} {one.name}({given}) – {one.title} ({one.law})")
        self.stdout.write("* has a calculator of its own")

    def _show(self, one: Rule, on: date, known: date | None) -> None:
        self.stdout.write(f"{one.name}: {one.title}\n{one.law}\n{one.about}\n")
        for argument in one.arguments:
            unit = f" ({argument.kind.unit})" if argument.kind.unit else ""
            self.stdout.write(f"  {argument.name}: {argument.title}{unit}{self._choice(one, argument, on, known)}")
        self.stdout.write(f"  → {one.result.name}: {one.result.title}\n\nFigures on {on}:")
        for name in one.figures:
            try:
                rate = one.figure(name, on, known)
            except NoRate:
                self.stdout.write(f"  {name}: none on that day")
                continue
            self.stdout.write(f"  {name}: {figure_words(one.rates, name, rate)} – {rate.law}; {rate.source}")

    @staticmethod
    def _choice(one: Rule, argument: Any, on: date, known: date | None) -> str:
        try:
            allowed = one.allowed(argument, on, known)
        except NoRate:
            return ""
        listed = ", ".join(map(str, allowed or ()))
        if len(listed) > WIDE:
            return ":\n" + fill(listed, WIDE, initial_indent=" " * 6, subsequent_indent=" " * 6)
        return f": {listed}" if listed else ""

    def _explain(self, name: str, given: list[str], on: date, known: date | None) -> None:
        values = dict(one.partition("=")[::2] for one in given)
        names = [argument.name for argument in rulebook.rule(name).arguments]
        if unknown := sorted(set(values) - set(names)):
            raise CommandError(f"{name} is not given {', '.join(unknown)}; it is given {', '.join(names)}")
        found = rulebook.answer(name, values, on, known)
        for line in found.lines:
            self.stdout.write(f"{'  ' * line.depth}{line.rule.title}: {line.words} – {line.rule.law}")
        last = found.lines[-1]
        self.stdout.write(f"{last.rule.result.name} = {worded(last.rule.result, last.value)}")

    def _run(self, one: Rule, on: date, options: Any) -> None:
        bad = 0

        def told(row: int, reason: str) -> None:
            nonlocal bad
            bad += 1
            if bad <= SHOWN:
                self.stderr.write(f"row {row}: {reason}")

        columns = (TextColumn(one.name), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(one.name, total=1.0)
            done = rulebook.run(
                one, options["input"], options["output"], on, options["known"],
                told=told, moved=lambda share: progress.update(task, completed=share),
            )  # fmt: skip
        if done.bad > SHOWN:
            self.stderr.write(f"… and {done.bad - SHOWN} more; the column problem has them all")
        self.stdout.write(f"{done.rows - done.bad} of {done.rows} rows counted; see {options['output']}")
        if done.bad:
            raise CommandError(f"{done.bad} rows could not be counted", returncode=2)
