"""Unemployment benefit (folketrygdloven §§ 4-3, 4-4, 4-11, 4-12 and 4-15): an officer confirms the facts, this counts.

The child supplement of 2026 was not found in a source we may cite: the one who decides writes it, in kroner a day.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from allting.kernel.rules import Outcome, counted
from allting.kernel.text import Text
from allting.sectors.welfare.rules.income import unemployment_day_with, unemployment_weeks
from allting.sectors.welfare.rules.words import OF_CASES

WORDS = OF_CASES
_TOO_LITTLE: Final = Text(
    {
        "nb": "Du har tjent mindre enn 1,5 ganger grunnbeløpet de siste 12 månedene, og mindre enn 3 ganger de siste 36.",
        "nn": "Du har tent mindre enn 1,5 gonger grunnbeløpet dei siste 12 månadene, og mindre enn 3 gonger dei siste 36.",
        "en": "You have earned less than 1.5 times the base amount in the last 12 months, and less than 3 times in the last 36.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Du har mistet minst halvparten av arbeidstiden, er arbeidssøker og har tjent nok.",
        "nn": "Du har mista minst halvparten av arbeidstida, er arbeidssøkjar og har tent nok.",
        "en": "You have lost at least half of your working hours, look for work and have earned enough.",
    }
)
_PAID: Final = Text(
    {
        "nb": "Du får pengene når du har sendt meldekort for to uker. Arbeider du, får du mindre, og ingenting for to uker med mer enn halvparten av arbeidstiden du hadde. Tre dagsatser trekkes fra det første du får.",
        "nn": "Du får pengane når du har sendt meldekort for to veker. Arbeider du, får du mindre, og ingenting for to veker med meir enn halvparten av arbeidstida du hadde. Tre dagsatsar blir trekte frå det første du får.",
        "en": "You get the money when you have sent a card for two weeks. If you work, you get less, and nothing for two weeks with more than half of your earlier hours. Three day rates are taken from the first you get.",
    }
)


def decide(
    income_12: int, income_36: int, child_supplement: int, usual_half_hours: int, start: date, today: date
) -> Outcome:
    """``income_12`` and ``income_36``: kroner from work in the last 12 and 36 months; ``child_supplement``: kroner a day."""
    income = {"income_12": income_12, "income_36": income_36}
    weeks = counted(unemployment_weeks, income, today)
    if weeks.value == 0:
        return Outcome(False, (_TOO_LITTLE,), weeks.steps())
    told = counted(unemployment_day_with, income | {"child_supplement": child_supplement}, today)
    more = {
        "day_rate": int(told.value), "weeks": int(weeks.value), "usual_half_hours": usual_half_hours, "start": start,
    }  # fmt: skip
    return Outcome(True, (_RIGHT, _PAID), (*told.steps(), weeks.steps()[-1]), more=more)


