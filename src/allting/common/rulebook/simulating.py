"""A proposal read, counted and told of: what the command, the page and the report share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from allting.common.rulebook.comparing import Comparison, compare
from allting.common.rulebook.nation import nation
from allting.common.rulebook.wording import count_words, number_words
from allting.kernel.problems import Invalid
from allting.kernel.rules import NoRate, Rates
from allting.kernel.rules.households import Effect, Household, effects
from allting.kernel.rules.proposal import BadProposal, Fault, Proposal, read

FILE_MOST = 64_000  # characters of a proposal
PEOPLE_MOST = 6_000_000

_FAULTS: Mapping[str, Any] = {
    "not-yaml": _("this is not YAML: look for a missing colon, quote or indent here or on the line above"),
    "not-keys": _("write a name, a colon and a value here"),
    "unknown-key": _("“%(given)s” is not known here; known are %(known)s"),
    "nothing-proposed": _("there are no figures under “rates”"),
    "too-many": _("there are more than %(most)s figures"),
    "twice": _("“%(given)s” stands twice"),
    "unknown-figure": _("there is no figure called “%(given)s”"),
    "near-figure": _("there is no figure called “%(given)s”; did you mean %(near)s?"),
    "not-a-day": _("“%(given)s” is not a date; write 2026-01-31"),
    "no-figure-that-day": _("“%(given)s” has no value in the law on %(day)s, so there is nothing to compare with"),
    "a-list": _("“%(given)s” is a list of what may be chosen and cannot be proposed otherwise"),
    "needs-keys": _("“%(given)s” has a value for each of %(known)s; write those you propose as {key: number}"),
    "not-a-number": _("“%(given)s” is not a number of 0 or more"),
    "two-ways": _("“%(given)s” can be read in two ways; write the number without point or comma"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that a proposal can change with effect for households, as the page offers it (``name:key``)."""

    name: str
    title: str
    value: str
    sector: str


def fault_words(one: Fault) -> str:
    """What is wrong, with its line, to the one who wrote it."""
    code = "near-figure" if one.code == "unknown-figure" and one.given.get("near") else one.code
    words = _("Line %(line)s: %(fault)s") % {"line": one.line, "fault": _FAULTS[code] % one.given}
    return str(words)


def proposal(text: str, on: date) -> Proposal:
    """Raises Invalid with every fault, under ``proposal``."""
    if len(text) > FILE_MOST:
        raise Invalid(errors={"proposal": [_("The proposal is longer than we can read.")]})
    try:
        return read(text, _figures(), on)
    except BadProposal as bad:
        raise Invalid(
            errors={"proposal": [fault_words(one) for one in sorted(bad.faults, key=lambda one: one.line)]}
        ) from None


def simulate(
    wanted: Proposal, people: int, seed: int, on: date, moved: Callable[[int], None] = lambda people: None
) -> Comparison:
    """Count the proposal on ``people`` made-up people. Raises Invalid for a number or a day that cannot be counted."""
    if not 1 <= people <= PEOPLE_MOST:
        words = _("The number of people must be between 1 and %(most)s.") % {"most": count_words(PEOPLE_MOST)}
        raise Invalid(errors={"people": [words]})
    houses = _few(people, seed) if people <= _FEW else nation(people, seed)
    try:
        return compare(wanted, effects(), houses, on, moved)
    except NoRate as missing:
        told = _("We have no figures for %(day)s: “%(figure)s” is missing.")
        raise Invalid(errors={"date": [told % {"day": missing.on.isoformat(), "figure": missing.name}]}) from None


_FEW = 10_000


@lru_cache(maxsize=2)
def _few(people: int, seed: int) -> Sequence[Household]:
    """A small nation is kept: the page asks for the same one again and again."""
    return tuple(nation(people, seed))


def _figures() -> dict[str, Rates]:
    return {one.rule.sector: one.rule.rates for one in effects()}


def choices(on: date) -> list[Choice]:
    """The figures that the effects read, one for each key, with what the law says on a day."""
    found: dict[tuple[str, str], Effect] = {}
    for one in effects():
        for name in one.rule.figures:
            found.setdefault((one.rule.sector, name), one)
    return [choice for (sector, name), one in found.items() for choice in _choices(sector, name, one.rule.rates, on)]


def _choices(sector: str, name: str, rates: Rates, on: date) -> list[Choice]:
    try:
        rate = rates.rate(name, on)
    except NoRate:
        return []
    title = str(rates.title(name))
    if not isinstance(rate.value, Mapping):
        return [Choice(f"{sector}.{name}", title, number_words(rate.value, rate.unit), sector)]
    titles = rates.keys[rates.by[name]]
    return [
        Choice(f"{sector}.{name}:{key}", f"{title}: {titles[key]}", number_words(value, rate.unit), sector)
        for key, value in rate.value.items()
    ]


def as_file(title: str, wanted: Mapping[str, str]) -> str:
    """The proposal file of some choices and new values, so that what is typed on the page can be kept and run again."""
    figures: dict[str, dict[str, str] | str] = {}
    for name, value in wanted.items():
        figure, _colon, key = name.partition(":")
        if key:
            keyed = figures.setdefault(figure, {})
            assert isinstance(keyed, dict)
            keyed[key] = value
        else:
            figures[figure] = value
    lines = [f"proposal: {_quoted(title)}", "rates:"]
    for figure, given in figures.items():
        if isinstance(given, dict):
            given = "{" + ", ".join(f"{key}: {_quoted(value)}" for key, value in given.items()) + "}"
            lines.append(f"  {figure}: {given}")
        else:
            lines.append(f"  {figure}: {_quoted(given)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A number as it is, anything else in quotes, so that what is typed stays text."""
    plain = text.strip().replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if plain.replace(".", "", 1).isdigit() and plain.isascii():
        return plain
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
