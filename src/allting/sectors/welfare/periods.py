"""Two-week periods, and what each gives: unemployment benefit (folketrygdloven §§ 4-8, 4-9, 4-13 and 4-15) and work
assessment allowance (§ 11-23).

A period begins on a Monday. Its card can be sent from the last Saturday, and must come by the Monday a week after the
period (nav.no, Meldekort). One who sends it later has no right to benefit from the day after the period to the day she
sends it (§ 4-8, fourth paragraph): those days give nothing on the cards they belong to. Nobody can send a card before
the benefit is decided: for the periods before the decision both are counted from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from allting.kernel.problems import NotFound
from allting.kernel.rules import Step, counted
from allting.sectors.welfare.rules.income import (
    assessment_period,
    own_share,
    period_before_own_share,
    reporting_period,
)

LENGTH = 14
EARLY = 12  # days after the Monday that the card can be sent: the last Saturday
GRACE = 8  # days after the period's last day, or the decision's, in which the card is in time
ABSENT = ("sick", "away")  # days that give nothing; a course gives as other days do


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a card: half hours worked, and "sick", "away" (holiday or other absence) or "course"."""

    half_hours: int = 0
    what: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A card as it was last sent, and the day its first version came."""

    start: date
    days: Sequence[Day]
    first_sent: date


@dataclass(frozen=True, slots=True)
class Terms:
    """What was decided: kroner a day, half hours a week before, weeks, and from and to which days; ``assessment``: it
    is work assessment allowance (§ 11-23), which has no own share, and is given for days of illness too; ``opened``:
    the day of the decision, the first on which a card could be sent."""

    day_rate: int
    usual_half_hours: int
    weeks: int
    start: date
    ended: date | None = None
    assessment: bool = False
    opened: date = date.min


@dataclass(frozen=True, slots=True)
class Given:
    """What a period gives: øre, the days that count, and how it was counted."""

    start: date
    amount: int
    days: int
    lapsed: int
    own_share: int
    steps: Sequence[Step] = field(default_factory=tuple)


def read_day(text: str) -> date:
    """The day in an address. Raises NotFound for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound() from None


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_day(start: date) -> date:
    return start + timedelta(days=LENGTH - 1)


def opens(start: date) -> date:
    """The first day the card can be sent."""
    return start + timedelta(days=EARLY)


def waited_for(start: date, opened: date) -> date:
    """The day after which the card is waited for: the period's last, or that of the decision when it came later."""
    return max(last_day(start), opened)


def in_time(start: date, opened: date = date.min) -> date:
    """The last day the card is in time."""
    return waited_for(start, opened) + timedelta(days=GRACE)


def starts(terms: Terms) -> Iterator[date]:
    """The Mondays of the periods, until the weeks are out or it has ended."""
    start = monday(terms.start)
    end = terms.start + timedelta(weeks=terms.weeks * 2)  # days without benefit do not use up the weeks
    while start < end and (terms.ended is None or start <= terms.ended):
        yield start
        start += timedelta(days=LENGTH)


def count(terms: Terms, cards: Sequence[Sent]) -> list[Given]:
    """What each card gives, in order: the own share is taken from the first, and late days from the next."""
    if terms.assessment:
        return _of_assessment(terms, cards)
    late = _late_days(cards, terms.opened)
    left_share, left_days, found = None, terms.weeks * 5, []
    for card in sorted(cards, key=lambda one: one.start):
        on = last_day(card.start)
        if left_share is None:
            left_share = _kroner(own_share, {"day_rate": terms.day_rate}, on)
        wanted, lapsed = _counted(terms, card, late)
        days = min(wanted, left_days)
        given = {
            "day_rate": terms.day_rate, "days": days, "usual_half_hours": terms.usual_half_hours,
            "half_hours": sum(one.half_hours for one in card.days),
        }  # fmt: skip
        before = _kroner(period_before_own_share, given, on)
        told = counted(reporting_period, given | {"own_share_left": left_share}, on)
        taken = min(before, left_share)
        found.append(Given(card.start, int(told.value) * 100, days, lapsed, taken, told.steps()))
        left_share -= taken
        left_days -= days if before else 0
    return found


def _of_assessment(terms: Terms, cards: Sequence[Sent]) -> list[Given]:
    """What each card of work assessment allowance gives (§ 11-23). What late ones cost is for an officer (§ 11-10)."""
    left, found = terms.weeks * 5, []
    for card in sorted(cards, key=lambda one: one.start):
        wanted, _lapsed = _counted(terms, card, set())
        days = min(wanted, left)
        given = {"day_rate": terms.day_rate, "days": days, "half_hours": sum(one.half_hours for one in card.days)}
        told = counted(assessment_period, given, last_day(card.start))
        found.append(Given(card.start, int(told.value) * 100, days, 0, 0, told.steps()))
        left -= days if told.value else 0
    return found


def _late_days(cards: Sequence[Sent], opened: date) -> set[date]:
    """The days that lapse because a card came late: from the day after its period, or after the decision, to the day
    before it came."""
    return {
        after + timedelta(days=more)
        for one in cards
        if one.first_sent > in_time(one.start, opened)
        for after in [waited_for(one.start, opened)]
        for more in range(1, (one.first_sent - after).days)
    }


def _counted(terms: Terms, card: Sent, late: set[date]) -> tuple[int, int]:
    """The weekdays that count, and how many of those lapse."""
    counts = lapsed = 0
    without = ("away",) if terms.assessment else ABSENT
    for place, one in enumerate(card.days):
        day = card.start + timedelta(days=place)
        if day.weekday() > 4 or day < terms.start or (terms.ended and day > terms.ended) or one.what in without:
            continue
        if day in late:
            lapsed += 1
        else:
            counts += 1
    return counts, lapsed


def _kroner(function: Callable[..., float], given: Mapping[str, int], on: date) -> int:
    return int(counted(function, given, on).value)
