"""Retirement pension on the new principles (folketrygdloven chapter 20): an officer confirms, this counts.

Divisors are published for those born in 1963 who begin in the month after a birthday from 62 to 67. For others the
officer writes the amount, and the letter says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from allting.kernel.money import kroner
from allting.kernel.rules import Explanation, Outcome, Pay, Step, half_up, rule_for, share, told
from allting.kernel.text import Text
from allting.sectors.pension.rules.retirement import income_pension, may_begin, retirement_pension
from allting.sectors.pension.services import retirement_wording as say

WORDS: Final = say.WORDS
FIRST_COHORT, FIRST_NEW_COHORT = 1954, 1963  # with a part, and all, by the new rules (§§ 19-1 and 20-19)
FIRST_AGE, FULL_AGE = 62, 67  # months after which one may begin, and need not have earned more (§§ 20-2 and 20-15)
LEAST_YEARS: Final = 5  # of insurance, as a rule (Nav, navno-prototype, alderspensjon-kapittel-1.md)
FULL_YEARS: Final = 40  # of insurance; more give nothing (§ 20-10)
LAW: Final = "folketrygdloven kapittel 20"

Degree = Literal["20", "40", "50", "60", "80", "100"]
Level = Literal["ordinary", "high"]
Counted = tuple[Mapping[str, Any], date]  # what the rules are given, and the day whose figures count


def decide(
    born: date, start: date, degree: Degree, level: Level, years_insured: int, today: date,
    balance: int | None = None, enough: bool | None = None, amount: int | None = None,
) -> Outcome:  # fmt: skip
    """``balance``: kroner on the first day of ``start``'s month. ``enough`` and ``amount`` (kroner a month) are the
    officer's, where the divisors are not known; an amount she writes goes before the one that is counted. Paid
    every month until something else is decided, a twelfth of the year to the nearest krone."""
    first = start.replace(day=1)
    months = months_old(born, first)
    if refused := _refused(born, months, years_insured):
        return Outcome(False, (refused,))
    if balance is None:
        return Outcome(False, (say.NO_BALANCE,))
    given = {
        "balance": balance, "cohort": str(born.year), "age": min(months // 12, FULL_AGE), "degree": int(degree),
        "level": level, "years_insured": min(years_insured, FULL_YEARS),
    }  # fmt: skip
    on = min(first, today)
    why = by_hand(born.year, months, on)
    if before := _too_early(months, why, (given, on), enough):
        return before
    return _granted(why, (given, on), months, amount, first)


def months_old(born: date, first: date) -> int:
    """Whole months from the first in which a pension of age 0 could begin, the one after the month of birth: 62 years
    and no months is the month after she turned 62 (nav.no, statistikk: tidligst måneden etter fylte 62 år)."""
    return (first.year - born.year) * 12 + first.month - born.month - 1


def _refused(born: date, months: int, years_insured: int) -> Text | None:
    if born.year < FIRST_COHORT:
        return say.OLD
    if months < FIRST_AGE * 12:
        return say.YOUNG
    return say.SHORT if years_insured < LEAST_YEARS else None


def by_hand(cohort: int, months: int, on: date) -> Text | None:
    """Why the amount cannot be counted here; None when it can."""
    if cohort < FIRST_NEW_COHORT:
        return say.MIXED
    if not rule_for(retirement_pension).has(on):
        return say.NO_FIGURES
    if str(cohort) not in rule_for(retirement_pension).rates.keys["cohort"]:
        return say.NO_COHORT
    if months > FULL_AGE * 12:
        return say.LATE
    return say.BETWEEN if months % 12 else None


def _too_early(months: int, why: Text | None, counted: Counted, enough: bool | None) -> Outcome | None:
    """The refusal of one who begins before 67 and has not earned enough (§ 20-15), or where the officer must say so.
    What is enough at the year before is enough at the months after it."""
    if months >= FULL_AGE * 12:
        return None
    if why in (None, say.BETWEEN):
        found = _told(may_begin, counted)
        if found.value:
            return None
        if why is None:
            return Outcome(False, (say.LITTLE,), found.steps())
    if enough:
        return None
    return Outcome(False, (say.SAY_ENOUGH, why or say.LITTLE) if enough is None else (say.LITTLE,))


def _granted(why: Text | None, counted: Counted, months: int, amount: int | None, first: date) -> Outcome:
    steps = _steps(why, counted)
    if amount is None and why is not None:
        return Outcome(False, (say.SAY_AMOUNT, why), steps)
    early = (say.ENOUGH,) if months < FULL_AGE * 12 else ()
    grounds = (say.RIGHT, *early, *((why,) if why else ()))
    if amount is None:
        month = int(half_up(_told(retirement_pension, counted).value / 12))
    else:
        month = amount
    steps = (*steps, Step(say.MONTHLY if amount is None else say.BY_HAND, kroner(month * 100), LAW))
    more = _more(counted, first, counted_here=amount is None)
    return Outcome(True, grounds, steps, (Pay(month * 100, say.TITLE, "month", first),), more=more)


def _more(counted: Counted, first: date, *, counted_here: bool) -> dict[str, Any]:
    """What the take-up is kept with: in kroner, and its income pension a year where it was counted here."""
    given = counted[0]
    taken = int(half_up(share(given["balance"], given["degree"])))
    own = int(_told(income_pension, counted).value) if counted_here else None
    return {
        "degree": given["degree"], "left": given["balance"] - taken, "income_pension": own, "start": first,
        "years_insured": given["years_insured"],
    }  # fmt: skip


def _steps(why: Text | None, counted: Counted) -> tuple[Step, ...]:
    """How it is counted; between two years what each of them gives, and nothing where no divisor is known."""
    given, on = counted
    if why is say.BETWEEN:
        years = (_told(retirement_pension, ({**given, "age": age}, on)) for age in (given["age"], given["age"] + 1))
        return tuple(_at_age(one, age) for age, one in enumerate(years, given["age"]))
    return () if why else _told(retirement_pension, counted).steps()


def _at_age(one: Explanation, age: int) -> Step:
    last = one.lines[-1]
    title = {language: f"{text}, {age}" for language, text in last.rule.title.as_dict().items()}
    return Step(Text(title), last.words, last.rule.law)


def _told(function: Any, counted: Counted) -> Explanation:
    given, on = counted
    wanted = {argument.name for argument in rule_for(function).arguments}
    return told(function, {name: one for name, one in given.items() if name in wanted}, on)
