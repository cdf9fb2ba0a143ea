"""Sickness benefit of an employee (folketrygdloven §§ 8-2, 8-10 to 8-13 and 8-19): an officer confirms, this counts.

The days had before are those paid for here; an officer adds what was paid elsewhere, or takes away what was before she
was wholly fit for work for 26 weeks (§ 8-12).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from allting.kernel.rules import Outcome, Pay, Step, counted, rates
from allting.kernel.text import Text
from allting.sectors.welfare.rules.income import sickness_benefit, sickness_days_left
from allting.sectors.welfare.rules.words import OF_CASES

WORDS: Final = OF_CASES | {
    "had": {"nb": "Sykepengedager Nav har betalt for før", "nn": "Sjukepengedagar Nav har betalt for før", "en": "Days of sickness benefit that Nav has paid for before"},
}  # fmt: skip
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
_HAD: Final = Text(
    {
        "nb": "Dager Nav har betalt for før, de siste tre årene",
        "nn": "Dagar Nav har betalt for før, dei siste tre åra",
        "en": "Days that Nav has paid for before, in the last three years",
    }
)
_NONE_LEFT: Final = Text(
    {
        "nb": "Nav har betalt for 248 dager de siste tre årene. Du kan få sykepenger igjen når du har vært helt arbeidsfør i 26 uker.",
        "nn": "Nav har betalt for 248 dagar dei siste tre åra. Du kan få sjukepengar igjen når du har vore heilt arbeidsfør i 26 veker.",
        "en": "Nav has paid for 248 days in the last three years. You can have sickness benefit again when you have been wholly fit for work for 26 weeks.",
    }
)
_SOME_LEFT: Final = Text(
    {
        "nb": "Du får for de dagene som er igjen av 248 i tre år.",
        "nn": "Du får for dei dagane som er igjen av 248 i tre år.",
        "en": "You get for the days that are left of 248 in three years.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Du er arbeidsufør på grunn av sykdom, og har vært i arbeid i minst fire uker.",
        "nn": "Du er arbeidsufør på grunn av sjukdom, og har vore i arbeid i minst fire veker.",
        "en": "You are unable to work because of illness, and have been at work for at least four weeks.",
    }
)


def decide(income: int, degree: int, first_day: date, start: date, end: date, had: int = 0) -> Outcome:
    """``income``: kroner a year; ``degree``: per cent; the employer pays the first days from ``first_day`` (§ 8-19);
    ``had``: days that Nav has paid for in the last three years (§ 8-12)."""
    figures = rates(__file__, "folketrygdloven")
    told = counted(sickness_benefit, {"income": income, "degree": degree}, first_day)
    if not told.value:
        return Outcome(False, (_TOO_LITTLE,), told.steps(), version=figures.version)
    employers = int(figures.value("sickness_employer_days", first_day))
    begins = max(start, first_day + timedelta(days=employers))
    wanted, left = _weekdays(begins, end), counted(sickness_days_left, {"had": had}, first_day)
    if not wanted:
        return Outcome(False, (_EMPLOYER,), version=figures.version)
    steps = (*told.steps(), Step(_HAD, str(had), "folketrygdloven § 8-12"), *left.steps())
    days = min(wanted, int(left.value))
    if not days:
        return Outcome(False, (_NONE_LEFT,), steps, version=figures.version)
    steps = (*steps, Step(_DAYS, str(days), "folketrygdloven §§ 8-11, 8-12 og 8-19"))
    pay, more = Pay(int(told.value) * days * 100, _TITLE), {"start": begins, "days": days}
    grounds = (_RIGHT,) if days == wanted else (_RIGHT, _SOME_LEFT)
    return Outcome(True, grounds, steps, (pay,), version=figures.version, more=more)


def _weekdays(start: date, end: date) -> int:
    """Monday to Friday, both days counted."""
    return sum((start + timedelta(days=place)).weekday() < 5 for place in range((end - start).days + 1))
