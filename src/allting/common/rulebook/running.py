"""A rule over a file of any size: read in chunks, counted, written; a bad row is told of, and the rest goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from allting.common.rulebook import files
from allting.kernel.problems import Invalid
from allting.kernel.rules import NoRate, Rule
from allting.kernel.rules.columns import COMPILE_FROM, HAS_COMPILER, over

DATE = "date"


@dataclass
class Done:
    """How many rows there were, and how many of them could not be counted."""

    rows: int = 0
    bad: int = 0


@dataclass
class _Chunk:
    """Rows read together: their columns, and what is wrong by place."""

    columns: Mapping[str, Sequence[Any]]
    size: int
    wrong: dict[int, str] = field(default_factory=dict)

    def say(self, place: int, reason: Any) -> None:
        self.wrong[place] = f"{self.wrong[place]}; {reason}" if place in self.wrong else str(reason)


def run(
    one: Rule,
    source: Path,
    target: Path,
    on: date,
    known: date | None = None,
    *,
    told: Callable[[int, str], None] = lambda row, reason: None,
    moved: Callable[[float], None] = lambda share: None,
) -> Done:
    """Read ``source`` (CSV or Parquet), count each row under the law of ``on``, and write ``target``.

    A column ``date`` gives each row a day of its own. The target has the columns of the source, the answer, and
    ``problem``. ``told`` hears of each bad row (1 is the first below the heading), ``moved`` how far it has come.
    Raises Invalid when nothing can be counted: a column is missing, or the file cannot be read.
    """
    done = Done()
    with files.reading(source) as reader:
        _has_columns(one, reader.names)
        dated = DATE in reader.names and DATE not in [argument.name for argument in one.arguments]
        if not dated:
            _has_figures(one, on, known)
        with files.writing(target, reader, one.result.name) as write:
            for columns, size, short in reader.chunks():
                chunk = _Chunk(columns, size, dict(short))
                days = _days(chunk) if dated else {on: range(size)}
                path = "compiled" if HAS_COMPILER and done.rows >= COMPILE_FROM else "plain"
                answers = _counted(one, chunk, days, known, path)
                write(columns, answers, [chunk.wrong.get(place, "") for place in range(size)])
                for place in sorted(chunk.wrong):
                    told(done.rows + place + 1, chunk.wrong[place])
                done.rows += size
                done.bad += len(chunk.wrong)
                moved(reader.share())
    return done


def _has_columns(one: Rule, names: Sequence[str]) -> None:
    missing = [argument.name for argument in one.arguments if argument.name not in names]
    if missing:
        words = _("The file has no column %(missing)s. It has %(names)s.")
        raise Invalid(words % {"missing": ", ".join(missing), "names": ", ".join(names) or "-"}, code="missing-column")


def _has_figures(one: Rule, on: date, known: date | None) -> None:
    try:
        one.at(on, known)
    except NoRate as missing:
        raise Invalid(_outside(one, missing), code="no-figures") from None


def _outside(one: Rule, missing: NoRate) -> str:
    words = _("the date is outside the rates: there is no “%(figure)s” on %(day)s")
    return words % {"figure": one.rates.title(missing.name), "day": missing.on.isoformat()}


def _days(chunk: _Chunk) -> dict[date, Sequence[int]]:
    """The rows of each day; a row whose day cannot be read is in none."""
    found: dict[date, list[int]] = defaultdict(list)
    for place, given in enumerate(chunk.columns[DATE]):
        try:
            if isinstance(given, datetime):
                given = given.date()
            day = given if isinstance(given, date) else date.fromisoformat(str(given).strip())
        except ValueError:
            chunk.say(place, _("date: “%(given)s” is not a date; write 2026-01-31") % {"given": str(given)[:40]})
        else:
            found[day].append(place)
    return {**found}


def _counted(
    one: Rule, chunk: _Chunk, days: Mapping[date, Sequence[int]], known: date | None, path: Any
) -> Sequence[float | None]:
    """The answers by place; None where something is wrong."""
    answers: list[float | None] = [None] * chunk.size
    for day, places in days.items():
        try:
            figures = one.at(day, known)
            numbers = _numbers(one, chunk, places, day, known)
        except NoRate as missing:
            for place in places:
                chunk.say(place, _outside(one, missing))
            continue
        if len(places) == chunk.size and not chunk.wrong:
            return list(map(float, over(one, figures, numbers, path=path)))
        good = [at for at, place in enumerate(places) if place not in chunk.wrong]
        given = {name: [column[at] for at in good] for name, column in numbers.items()}
        for at, value in zip(good, over(one, figures, given, path=path), strict=True):
            answers[places[at]] = float(value)
    return answers


def _numbers(one: Rule, chunk: _Chunk, places: Sequence[int], day: date, known: date | None) -> dict[str, list[float]]:
    numbers = {}
    whole = len(places) == chunk.size
    for argument in one.arguments:
        column = chunk.columns[argument.name]
        given = column if whole else [column[place] for place in places]
        numbers[argument.name], wrong = argument.kind.read_all(given, one.allowed(argument, day, known))
        for at, reason in wrong.items():
            chunk.say(places[at], f"{argument.name}: {reason}")
    return numbers
