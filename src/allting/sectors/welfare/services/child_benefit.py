"""Child benefit (barnetrygdloven §§ 2, 4, 9, 10, 11, 12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from allting.kernel.calendar import months_after
from allting.kernel.rules import Outcome, Pay, Step, counted, rates
from allting.kernel.text import Text
from allting.sectors.welfare.rules.families import child_benefit, finnmark_supplement, half_child_benefit, in_the_north
from allting.sectors.welfare.rules.words import OF_CASES

WORDS = OF_CASES
_TITLE = Text({"nb": "Barnetrygd", "nn": "Barnetrygd", "en": "Child benefit"})
_ELSEWHERE = Text(
    {
        "nb": "Barnet bor ikke fast hos deg etter Folkeregisteret. Barnetrygd gis til den barnet bor fast hos.",
        "nn": "Barnet bur ikkje fast hos deg etter Folkeregisteret. Barnetrygd blir gitt til den barnet bur fast hos.",
        "en": "The population register does not have the child living with you. The benefit goes to the one the child lives with.",
    }
)
_ABROAD = Text(
    {
        "nb": "Barnet skal oppholde seg i utlandet i mer enn tre måneder, og regnes ikke som bosatt i Norge.",
        "nn": "Barnet skal opphalde seg i utlandet i meir enn tre månader, og blir ikkje rekna som busett i Noreg.",
        "en": "The child will be abroad for more than three months and does not count as resident in Norway.",
    }
)
_RIGHT = Text(
    {
        "nb": "Barnet er under 18 år, bor fast hos deg og er bosatt i Norge.",
        "nn": "Barnet er under 18 år, bur fast hos deg og er busett i Noreg.",
        "en": "The child is under 18, lives with you and is resident in Norway.",
    }
)

_SHARED = Text(
    {
        "nb": "Barnet er under 18 år og bosatt i Norge, og bor etter en skriftlig avtale fast hos dere begge. Da får hver av dere halvparten.",
        "nn": "Barnet er under 18 år og busett i Noreg, og bur etter ei skriftleg avtale fast hos dykk begge. Då får kvar av dykk halvparten.",
        "en": "The child is under 18 and resident in Norway, and by a written agreement lives with you both. Then each of you gets half.",
    }
)


def decide(
    born: date, lives_with_me: bool, alone: bool, abroad: bool, today: date, municipality: str | None = None,
    shared: bool | None = None,
) -> Outcome:  # fmt: skip
    """The benefit is paid from the month after the right arose to the month before the child turns 18 (§ 11).

    ``shared``: by a written agreement the child lives with both parents, who do not live together; each gets half,
    wherever the register has the child (§ 2 third paragraph).
    """
    if not lives_with_me and not shared:
        return Outcome(False, (_ELSEWHERE,))
    if abroad:
        return Outcome(False, (_ABROAD,))
    small = int(months_after(born, 6 * 12) > today)
    given = {"under_six": small, "older": 1 - small, "alone": int(alone), "small_child": 0}
    told = counted(child_benefit, given, today)
    steps = tuple(line.step() for line in told.lines if line.value)
    pay = Pay(int(told.value) * 100, _TITLE, "month", _month_after(max(today.replace(day=1), born)), _last_month(born))
    if in_the_north(municipality or ""):
        line, more = _supplement(today)
        steps, pay = (*steps, line), replace(pay, amount=pay.amount + more)
    if shared:
        half = counted(half_child_benefit, {"whole": pay.amount // 100}, today)
        steps, pay = (*steps, half.lines[-1].step()), replace(pay, amount=int(half.value) * 100)
    return Outcome(
        True, (_SHARED if shared else _RIGHT,), steps, (pay,), version=rates(__file__, "barnetrygdloven").version
    )


def _supplement(today: date) -> tuple[Step, int]:
    """The Finnmark supplement for one child: a line of the calculation, and øre a month."""
    told = counted(finnmark_supplement, {"children": 1, "north": 1}, today)
    return told.lines[-1].step(), int(told.value) * 100


def _month_after(day: date) -> date:
    return months_after(day.replace(day=1), 1)


def _last_month(born: date) -> date:
    """The last day of the month before the 18th birthday."""
    return months_after(born, 18 * 12).replace(day=1) - timedelta(days=1)
