"""Work assessment allowance (folketrygdloven §§ 11-5, 11-6, 11-19 and 11-20): an officer confirms, this counts.

It is paid by reporting cards (§ 11-23). How long each grant lasts was not found in a source we may cite: the officer
writes the weeks.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from allting.kernel.rules import Outcome, told
from allting.kernel.text import Text
from allting.sectors.welfare.rules.income import work_assessment_allowance
from allting.sectors.welfare.rules.words import OF_CASES

USUAL_HALF_HOURS: Final = 75  # 37.5 hours a week, which work is measured against (§ 11-23)
WORDS: Final = OF_CASES | {
    "income": {
        "nb": "Inntekt i året før arbeidsevnen ble nedsatt (kroner)",
        "nn": "Inntekt i året før arbeidsevna blei nedsett (kroner)",
        "en": "Income in the year before the ability was reduced (kroner)",
    },
    "income_three": {
        "nb": "Inntekt i de tre siste årene før, i alt (kroner)",
        "nn": "Inntekt i dei tre siste åra før, i alt (kroner)",
        "en": "Income in the last three years before, in all (kroner)",
    },
    "half": {
        "nb": "Arbeidsevnen er nedsatt med minst halvparten",
        "nn": "Arbeidsevna er nedsett med minst halvparten",
        "en": "The ability to work is reduced by at least half",
    },
    "help": {
        "nb": "Trenger behandling, tiltak eller oppfølging for å komme i arbeid",
        "nn": "Treng behandling, tiltak eller oppfølging for å kome i arbeid",
        "en": "Needs treatment, training or follow-up to get to work",
    },
    "weeks": {"nb": "Hvor mange uker det gis for", "nn": "Kor mange veker det blir gitt for", "en": "For how many weeks"},
}
_NOT_HALF: Final = Text(
    {
        "nb": "Arbeidsevnen din er ikke nedsatt med minst halvparten.",
        "nn": "Arbeidsevna di er ikkje nedsett med minst halvparten.",
        "en": "Your ability to work is not reduced by at least half.",
    }
)
_NO_HELP: Final = Text(
    {
        "nb": "Du får ikke behandling, tiltak eller annen oppfølging for å komme i arbeid.",
        "nn": "Du får ikkje behandling, tiltak eller anna oppfølging for å kome i arbeid.",
        "en": "You do not have treatment, training or other follow-up to get to work.",
    }
)
_NO_WEEKS: Final = Text(
    {
        "nb": "Skriv hvor mange uker det gis for, høyst tre år.",
        "nn": "Skriv kor mange veker det blir gitt for, høgst tre år.",
        "en": "Write for how many weeks it is given, at most three years.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Arbeidsevnen din er nedsatt med minst halvparten av sykdom eller skade, og du får hjelp for å komme i arbeid.",
        "nn": "Arbeidsevna di er nedsett med minst halvparten av sjukdom eller skade, og du får hjelp for å kome i arbeid.",
        "en": "Your ability to work is reduced by at least half by illness or injury, and you have help to get to work.",
    }
)
_PAID: Final = Text(
    {
        "nb": "Du får pengene når du har sendt meldekort for to uker. Arbeider du, får du mindre, og ingenting for to uker med mer enn 60 prosent av full tid (37,5 timer i uken).",
        "nn": "Du får pengane når du har sendt meldekort for to veker. Arbeider du, får du mindre, og ingenting for to veker med meir enn 60 prosent av full tid (37,5 timar i veka).",
        "en": "You get the money when you have sent a card for two weeks. If you work, you get less, and nothing for two weeks with more than 60 per cent of full time (37.5 hours a week).",
    }
)
_MOST_WEEKS: Final = 156  # three years (§ 11-12; Prop. 114 LS (2021-2022) chapter 11)


def decide(
    income: int, income_three: int, children: int, half: bool, help: bool, start: date, today: date,
    weeks: int | None = None, young: bool = False,
) -> Outcome:  # fmt: skip
    """``income`` and ``income_three``: kroner in the year, and in three years, before the ability was reduced: the
    better of the year and the mean of three counts (§ 11-19). ``weeks``: how long it is given for; ``young``:
    under 25, with the lower minimum (§ 11-20)."""
    if not half:
        return Outcome(False, (_NOT_HALF,))
    if not help:
        return Outcome(False, (_NO_HELP,))
    if weeks is None or not 0 < weeks <= _MOST_WEEKS:
        return Outcome(False, (_NO_WEEKS,))
    given = {"income": max(income, income_three // 3), "children": children, "young": int(young)}
    found = told(work_assessment_allowance, given, min(start, today))
    more = {
        "day_rate": int(found.value), "weeks": weeks, "usual_half_hours": USUAL_HALF_HOURS, "start": start,
    }  # fmt: skip
    return Outcome(True, (_RIGHT, _PAID), found.steps(), more=more)
