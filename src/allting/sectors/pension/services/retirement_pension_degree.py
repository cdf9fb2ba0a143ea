"""Another degree of retirement pension, or none (folketrygdloven §§ 20-14 and 20-16): an officer confirms, this counts.

The pension until now is made into a balance again with the divisor at the change, and the new degree is taken of all of
it (Nav, formler i beregningen, ip2). Where the divisor is not known, the officer writes the balance and the amount.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final, Literal

from allting.kernel.rules import Outcome, Step, told
from allting.sectors.pension.rules.retirement import balance_at_change
from allting.sectors.pension.services import retirement_pension
from allting.sectors.pension.services import retirement_wording as say

WORDS: Final = say.WORDS | say.WORDS_OF_CHANGE
ANY_TIME: Final = (0, 100)  # may be chosen before twelve months have passed (§ 20-14)

Degree = Literal["0", "20", "40", "50", "60", "80", "100"]


def decide(
    born: date, start: date, degree: Degree, level: retirement_pension.Level, years_insured: int, today: date,
    before: int, changeable: date, pension_before: int | None = None, balance: int | None = None,
    together: int | None = None, enough: bool | None = None, amount: int | None = None,
) -> Outcome:  # fmt: skip
    """``before``: the degree until now, and ``pension_before`` its income pension a year; ``changeable``: from when
    she may choose freely. ``balance``: kroner that are left on the first day; ``together``: with what was taken
    made into a balance again, where the officer has counted it. The rest is as for ``retirement_pension.decide``."""
    first, wanted = start.replace(day=1), int(degree)
    if wanted == before:
        return Outcome(False, (say.SAME,))
    if wanted not in ANY_TIME and first < changeable:
        return Outcome(False, (say.TOO_SOON,))
    steps: tuple[Step, ...] = ()
    if together is None:
        months = retirement_pension.months_old(born, first)
        why = retirement_pension.by_hand(born.year, months, min(first, today)) if pension_before else None
        if why or balance is None or pension_before is None:
            return Outcome(False, (say.SAY_TOGETHER, *([why] if why else [])))
        together, steps = _together(born, months, balance, pension_before, min(first, today))
    if not wanted:
        return _stopped(together, years_insured, first, steps)
    found = retirement_pension.decide(
        born, start, _degree(degree), level, years_insured, today, balance=together, enough=enough, amount=amount
    )
    return replace(found, steps=(*steps, *found.steps))


def _together(born: date, months: int, balance: int, pension: int, on: date) -> tuple[int, tuple[Step, ...]]:
    if not pension:
        return balance, ()
    given: dict[str, Any] = {"balance": balance, "pension_before": pension, "cohort": str(born.year)}
    found = told(balance_at_change, given | {"age": months // 12}, on)
    return int(found.value), found.steps()


def _degree(degree: Degree) -> retirement_pension.Degree:
    assert degree != "0"
    return degree


def _stopped(together: int, years_insured: int, first: date, steps: tuple[Step, ...]) -> Outcome:
    more = {
        "degree": 0, "left": together, "income_pension": 0, "start": first,
        "years_insured": min(years_insured, retirement_pension.FULL_YEARS),
    }  # fmt: skip
    return Outcome(True, (say.STOPPED,), steps, more=more)
