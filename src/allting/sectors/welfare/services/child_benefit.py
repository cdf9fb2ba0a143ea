"""Child benefit (barnetrygdloven §§ 2, 4, 9, 10, 11)."""

from __future__ import annotations

from datetime import date, timedelta

from allting.kernel.calendar import months_after
from allting.kernel.money import kroner
from allting.kernel.rules import Outcome, Pay, Step, rates
from allting.kernel.text import Text

_TITLE = Text({"nb": "Barnetrygd", "nn": "Barnetrygd", "en": "Child benefit"})
_ORDINARY = Text({"nb": "Ordinær barnetrygd", "nn": "Ordinær barnetrygd", "en": "Ordinary child benefit"})
_EXTENDED = Text({"nb": "Utvidet barnetrygd", "nn": "Utvida barnetrygd", "en": "Extended child benefit"})
_TOTAL = Text({"nb": "Til sammen i måneden", "nn": "Til saman i månaden", "en": "Together, each month"})
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


def decide(born: date, lives_with_me: bool, alone: bool, abroad: bool, today: date) -> Outcome:
    """The benefit is paid from the month after the right arose to the month before the child turns 18 (§ 11)."""
    if not lives_with_me:
        return Outcome(False, (_ELSEWHERE,))
    if abroad:
        return Outcome(False, (_ABROAD,))
    table = rates(__file__, "barnetrygdloven")
    ordinary = table.rate("ordinary", today)
    amount = int(ordinary.value)
    steps = [Step(_ORDINARY, kroner(amount * 100), ordinary.law)]
    if alone:
        extended = table.rate("extended", today)
        amount += int(extended.value)
        steps.append(Step(_EXTENDED, kroner(int(extended.value) * 100), extended.law))
    steps.append(Step(_TOTAL, kroner(amount * 100), "barnetrygdloven § 10"))
    pay = Pay(amount * 100, _TITLE, "month", _month_after(max(today.replace(day=1), born)), _last_month(born))
    return Outcome(True, (_RIGHT,), tuple(steps), (pay,), version=table.version)


def _month_after(day: date) -> date:
    return months_after(day.replace(day=1), 1)


def _last_month(born: date) -> date:
    """The last day of the month before the 18th birthday."""
    return months_after(born, 18 * 12).replace(day=1) - timedelta(days=1)
