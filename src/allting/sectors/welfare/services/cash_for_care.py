"""Cash-for-care benefit (kontantstøtteloven §§ 2, 3, 7 and 8)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from allting.kernel.calendar import months_after
from allting.kernel.rules import Outcome, Pay, counted, rates
from allting.kernel.text import Text
from allting.sectors.welfare.rules.families import cash_for_care
from allting.sectors.welfare.rules.words import OF_CASES

WORDS = OF_CASES
_TITLE: Final = Text({"nb": "Kontantstøtte", "nn": "Kontantstøtte", "en": "Cash-for-care"})
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
_FULL_PLACE: Final = 33  # hours a week


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
    if hours >= _FULL_PLACE:
        return Outcome(False, (_FULL_TIME,), version=table.version)
    told = counted(cash_for_care, {"hours": max(0, hours), "shared": int(shared)}, today)
    pay = Pay(int(told.value) * 100, _TITLE, "month", max(first, today.replace(day=1)), last)
    return Outcome(True, (_RIGHT,), told.steps(), (pay,), version=table.version)


def _no_right(lives_with_me: bool, abroad: bool, member: bool) -> Text | None:
    if not lives_with_me:
        return _ELSEWHERE
    if abroad:
        return _ABROAD
    return None if member else _NOT_MEMBER


def _too_old(months: int) -> Text:
    return Text(
        {
            "nb": f"Barnet er eldre enn {months} måneder. Støtten gis til og med måneden barnet blir {months} måneder.",
            "nn": f"Barnet er eldre enn {months} månader. Støtta blir gitt til og med månaden barnet blir {months} månader.",
            "en": f"The child is older than {months} months. The benefit is given through the month the child turns {months} months.",
        }
    )
