"""Cash-for-care benefit (kontantstøtteloven §§ 2, 3, 7 and 8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from allting.kernel.calendar import months_after
from allting.kernel.money import kroner
from allting.kernel.rules import Outcome, Pay, Rates, Step, rates
from allting.kernel.text import Text

_TITLE: Final = Text({"nb": "Kontantstøtte", "nn": "Kontantstøtte", "en": "Cash-for-care"})
_FULL: Final = Text({"nb": "Full kontantstøtte", "nn": "Full kontantstøtte", "en": "Full cash-for-care"})
_SHARE: Final = Text(
    {"nb": "Etter timer i barnehage", "nn": "Etter timar i barnehage", "en": "By hours in kindergarten"}
)
_BOTH: Final = Text({"nb": "Delt bosted", "nn": "Delt bustad", "en": "Lives with both parents"})
_MONTHLY: Final = Text({"nb": "Beløp i måneden", "nn": "Beløp i månaden", "en": "Amount a month"})
_ELSEWHERE: Final = Text(
    {
        "nb": "Barnet bor ikke fast hos deg etter Folkeregisteret. Kontantstøtte gis til den barnet bor fast hos.",
        "nn": "Barnet bur ikkje fast hos deg etter Folkeregisteret. Kontantstøtte blir gitt til den barnet bur fast hos.",
        "en": "The population register does not have the child living with you. The benefit goes to the one the child lives with.",
    }
)
_ABROAD: Final = Text(
    {
        "nb": "Dere skal være i utlandet i mer enn tre måneder, og regnes ikke som bosatt i Norge.",
        "nn": "De skal vere i utlandet i meir enn tre månader, og blir ikkje rekna som busette i Noreg.",
        "en": "You will be abroad for more than three months and do not count as resident in Norway.",
    }
)
_NOT_MEMBER: Final = Text(
    {
        "nb": "Foreldrene må ha vært medlem i folketrygden i minst fem år.",
        "nn": "Foreldra må ha vore medlem i folketrygda i minst fem år.",
        "en": "The parents must have been members of the national insurance for at least five years.",
    }
)
_FULL_TIME: Final = Text(
    {
        "nb": "Barnet har full plass i barnehage, 33 timer i uken eller mer.",
        "nn": "Barnet har full plass i barnehage, 33 timar i veka eller meir.",
        "en": "The child has a full-time place in kindergarten, 33 hours a week or more.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Barnet bor fast hos deg, er i riktig alder og har ikke full plass i barnehage.",
        "nn": "Barnet bur fast hos deg, er i rett alder og har ikkje full plass i barnehage.",
        "en": "The child lives with you, is of the right age and does not have a full-time place in kindergarten.",
    }
)
_HOURS: Final = (8, 16, 24, 32)  # up to so many hours a week, each with a share of its own


def decide(
    born: date, lives_with_me: bool, hours: int, shared: bool, abroad: bool, member: bool, today: date
) -> Outcome:
    """The benefit is paid from the month the child is 13 months to the last month of the age in force (§§ 2 and 8).

    ``hours``: agreed hours a week in kindergarten; ``shared``: the child lives with both parents by agreement.
    """
    if why := _no_right(lives_with_me, abroad, member):
        return Outcome(False, (why,))
    table = rates(__file__, "kontantstotteloven")
    first = months_after(born, int(table.value("first_month_of_age", today))).replace(day=1)
    oldest = int(table.value("last_month_of_age", today))
    last = months_after(months_after(born, oldest).replace(day=1), 1) - timedelta(days=1)
    if today > last:
        return Outcome(False, (_too_old(oldest),), version=table.version)
    if hours > _HOURS[-1]:
        return Outcome(False, (_FULL_TIME,), version=table.version)
    amount, steps = _amount(table, hours, shared, today)
    pay = Pay(amount * 100, _TITLE, "month", max(first, today.replace(day=1)), last)
    return Outcome(True, (_RIGHT,), steps, (pay,), version=table.version)


def _no_right(lives_with_me: bool, abroad: bool, member: bool) -> Text | None:
    if not lives_with_me:
        return _ELSEWHERE
    if abroad:
        return _ABROAD
    return None if member else _NOT_MEMBER


def _amount(table: Rates, hours: int, shared: bool, today: date) -> tuple[int, tuple[Step, ...]]:
    """Whole kroner a month, and how it came about."""
    full = table.rate("full", today)
    steps = [Step(_FULL, kroner(int(full.value) * 100), full.law)]
    share = table.rate(_share(hours), today)
    steps.append(Step(_SHARE, f"{share.value} %", share.law))
    amount = int(full.value) * int(share.value) // 100
    if shared:
        half = table.rate("share_both_parents", today)
        steps.append(Step(_BOTH, f"{half.value} %", half.law))
        amount = amount * int(half.value) // 100
    steps.append(Step(_MONTHLY, kroner(amount * 100), full.law))
    return amount, tuple(steps)


def _share(hours: int) -> str:
    """The name of the rate for so many hours a week."""
    return "share_0_hours" if hours <= 0 else next(f"share_{limit}_hours" for limit in _HOURS if hours <= limit)


def _too_old(months: int) -> Text:
    return Text(
        {
            "nb": f"Barnet er eldre enn {months} måneder. Støtten gis til og med måneden barnet blir {months} måneder.",
            "nn": f"Barnet er eldre enn {months} månader. Støtta blir gitt til og med månaden barnet blir {months} månader.",
            "en": f"The child is older than {months} months. The benefit is given through the month the child turns {months} months.",
        }
    )
