"""Sickness benefit of an employee (folketrygdloven §§ 8-2, 8-10, 8-11, 8-13, 8-19): an officer confirms, this counts.

How many days somebody has had before (§ 8-12: 248 in three years) is for the officer to see; it is not counted here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from allting.kernel.rules import Outcome, Pay, Step, explain, rates, rule_of
from allting.kernel.text import Text
from allting.sectors.welfare.rules.income import sickness_benefit

_TITLE: Final = Text({"nb": "Sykepenger", "nn": "Sjukepengar", "en": "Sickness benefit"})
_DAYS: Final = Text(
    {
        "nb": "Dager Nav betaler for, mandag til fredag",
        "nn": "Dagar Nav betaler for, måndag til fredag",
        "en": "Days that Nav pays for, Monday to Friday",
    }
)
_EMPLOYER: Final = Text(
    {
        "nb": "Alle dagene er blant de 16 første. For dem er det arbeidsgiveren som betaler.",
        "nn": "Alle dagane er blant dei 16 første. For dei er det arbeidsgivaren som betaler.",
        "en": "All the days are among the first 16. For those it is the employer who pays.",
    }
)
_TOO_LITTLE: Final = Text(
    {
        "nb": "Inntekten din er under halvparten av grunnbeløpet, eller du er mindre enn 20 prosent arbeidsufør.",
        "nn": "Inntekta di er under halvparten av grunnbeløpet, eller du er mindre enn 20 prosent arbeidsufør.",
        "en": "Your income is below half of the base amount, or you are less than 20 per cent unable to work.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Du er arbeidsufør på grunn av sykdom, og har vært i arbeid i minst fire uker.",
        "nn": "Du er arbeidsufør på grunn av sjukdom, og har vore i arbeid i minst fire veker.",
        "en": "You are unable to work because of illness, and have been at work for at least four weeks.",
    }
)


def decide(income: int, degree: int, first_day: date, start: date, end: date) -> Outcome:
    """``income``: kroner a year; ``degree``: per cent; the employer pays the first days from ``first_day`` (§ 8-19)."""
    figures = rates(__file__, "folketrygdloven")
    law = rule_of(sickness_benefit)
    assert law is not None
    told = explain(law, {"income": income, "degree": degree}, first_day)
    if not told.value:
        return Outcome(False, (_TOO_LITTLE,), told.steps(), version=figures.version)
    employers = int(figures.value("sickness_employer_days", first_day))
    days = _weekdays(max(start, first_day + timedelta(days=employers)), end)
    if not days:
        return Outcome(False, (_EMPLOYER,), version=figures.version)
    steps = (*told.steps(), Step(_DAYS, str(days), "folketrygdloven §§ 8-11 og 8-19"))
    pay = Pay(int(told.value) * days * 100, _TITLE)
    return Outcome(True, (_RIGHT,), steps, (pay,), version=figures.version)


def _weekdays(start: date, end: date) -> int:
    """Monday to Friday, both days counted."""
    return sum((start + timedelta(days=place)).weekday() < 5 for place in range((end - start).days + 1))
