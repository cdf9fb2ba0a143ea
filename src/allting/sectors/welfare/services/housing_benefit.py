"""Housing benefit (bustøttelova § 8): the share of approved costs above the own share, each month.

Husbanken's limits of cost and its own share by income were not found in a source we may cite: the officer writes the
own share, and lowers the costs to what is approved.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from allting.kernel.calendar import months_after
from allting.kernel.rules import Outcome, Pay, told
from allting.kernel.text import Text
from allting.sectors.welfare.rules.assistance import housing_benefit
from allting.sectors.welfare.rules.words import OF_CASES
from allting.sectors.welfare.rules.words import WORDS as WORDS_OF_RULES

WORDS: Final = OF_CASES | {
    "costs": WORDS_OF_RULES["costs"],
    "own_share": {"nb": "Egenandel i måneden, som Husbanken har regnet den", "nn": "Eigendel i månaden, slik Husbanken har rekna han", "en": "Own share a month, as Husbanken has computed it"},
    "fit": {
        "nb": "Boligen har egen inngang, bad, toalett og mulighet for å lage mat",
        "nn": "Bustaden har eigen inngang, bad, toalett og høve til å lage mat",
        "en": "The home has its own entrance, bath, toilet and a place to cook",
    },
}  # fmt: skip
LAST_DAY: Final = 25  # of a month, to have the benefit for it (husbanken.no, Bostøtte: søk innen den 25.)
_TITLE: Final = Text({"nb": "Bostøtte", "nn": "Bustøtte", "en": "Housing benefit"})
_NO_SHARE: Final = Text(
    {
        "nb": "Egenandelen til husstanden mangler. Skriv den som Husbanken har regnet ut etter inntekten.",
        "nn": "Eigendelen til husstanden manglar. Skriv han som Husbanken har rekna ut etter inntekta.",
        "en": "The household's own share is missing. Write what Husbanken has computed from the income.",
    }
)
_UNFIT: Final = Text(
    {
        "nb": "Boligen må ha egen inngang, eget bad og toalett og mulighet for å lage mat.",
        "nn": "Bustaden må ha eigen inngang, eige bad og toalett og høve til å lage mat.",
        "en": "The home must have its own entrance, bath and toilet, and a place to cook.",
    }
)
_ENOUGH: Final = Text(
    {
        "nb": "De godkjente boutgiftene er ikke høyere enn egenandelen.",
        "nn": "Dei godkjende buutgiftene er ikkje høgare enn eigendelen.",
        "en": "The approved housing costs are no more than the own share.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Boligen kan godkjennes, og boutgiftene er høyere enn egenandelen.",
        "nn": "Bustaden kan godkjennast, og buutgiftene er høgare enn eigendelen.",
        "en": "The home can be approved, and the housing costs are higher than the own share.",
    }
)


def decide(costs: int, fit: bool, own_share: int | None, today: date) -> Outcome:
    """``costs`` and ``own_share``: kroner a month. Paid from the month applied in, or the next after the 25th."""
    if not fit:
        return Outcome(False, (_UNFIT,))
    if own_share is None:
        return Outcome(False, (_NO_SHARE,))
    found = told(housing_benefit, {"costs": costs, "own_share": own_share}, today)
    if not found.value:
        return Outcome(False, (_ENOUGH,), found.steps())
    first = months_after(today.replace(day=1), int(today.day > LAST_DAY))
    return Outcome(True, (_RIGHT,), found.steps(), (Pay(int(found.value) * 100, _TITLE, "month", first),))
