"""The rules of every sector, found by folder: look them up, ask one about one case, or run one over a file.

Nobody's data is looked up and nothing is kept: what is given is given by the one who asks, and forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from allting.common.rulebook import simulating
from allting.common.rulebook.comparing import Comparison
from allting.common.rulebook.plots import Plot, plot
from allting.common.rulebook.rate_files import rate_changes, rate_faults
from allting.common.rulebook.running import Done, run
from allting.common.rulebook.wording import figure_words
from allting.kernel import rules as law
from allting.kernel.problems import Invalid, NotFound

__all__ = [
    "Answer", "Comparison", "Done", "Plot", "answer", "answers", "choices", "figure_words", "plot", "rate_changes",
    "rate_faults", "rule", "rules", "run", "simulate",
]  # fmt: skip

SECTORS = "allting.sectors"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rule answers for one row: a value with its calculation, or why there is none, by argument."""

    value: float | None
    lines: tuple[law.Line, ...] = ()
    problems: Mapping[str, Any] | None = None


@cache
def _found() -> None:
    law.find(SECTORS)


def rules() -> Sequence[law.Rule]:
    """Every rule, by name."""
    _found()
    return law.every()


def rule(name: str) -> law.Rule:
    """Raises NotFound."""
    _found()
    try:
        return law.named(name)
    except KeyError:
        raise NotFound(_("There is no rule called “%(name)s”.") % {"name": name[:80]}, code="no-such-rule") from None


def answer(name: str, given: Mapping[str, Any], on: date, known: date | None = None) -> Answer:
    """One case, with its calculation. Raises NotFound, and Invalid with a reason for each argument that is wrong.

    ``known`` is the day whose knowledge of the law counts: a later change with effect backwards is left out.
    """
    one = rule(name)
    try:
        told = law.explain(one, one.read(given, on, known), on, known)
    except law.Misread as wrong:
        raise Invalid(errors={argument: [reason] for argument, reason in wrong.reasons.items()}) from None
    except law.NoRate as missing:
        raise Invalid(errors={"date": [no_figures(one, missing)]}) from None
    return Answer(told.value, told.lines)


def answers(name: str, rows: Sequence[Mapping[str, Any]], on: date, known: date | None = None) -> list[Answer]:
    """A small batch, without calculations: a row that is wrong has its reasons, the others their value.

    Raises NotFound, and Invalid for a day without figures.
    """
    one = rule(name)
    try:
        figures = one.at(on, known)
    except law.NoRate as missing:
        raise Invalid(errors={"date": [no_figures(one, missing)]}) from None
    found = []
    for row in rows:
        try:
            found.append(Answer(one.function(figures, *one.read(row, on, known).values())))
        except law.Misread as wrong:
            found.append(Answer(None, problems=wrong.reasons))
    return found


def simulate(
    text: str, people: int, seed: int, on: date, moved: Callable[[int], None] = lambda people: None
) -> Comparison:
    """What the proposal file ``text`` does to ``people`` made-up people; the same for the same seed.

    Raises Invalid: every fault of the file under ``proposal``, or what is wrong with ``people`` or ``date``.
    """
    _found()
    return simulating.simulate(simulating.proposal(text, on), people, seed, on, moved)


def choices(on: date) -> list[simulating.Choice]:
    """The figures a proposal can change with effect for households."""
    _found()
    return simulating.choices(on)


def no_figures(one: law.Rule, missing: law.NoRate) -> Any:
    """Why a day cannot be counted, in words."""
    words = _("We have no figures for %(day)s: “%(figure)s” is missing.")
    return words % {"day": missing.on.isoformat(), "figure": one.rates.title(missing.name)}
