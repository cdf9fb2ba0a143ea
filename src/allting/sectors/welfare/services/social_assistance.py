"""Social assistance (sosialtjenesteloven § 18): the state's guiding rates are what is proposed.

The municipality decides by need each time, so the officer can set the living costs, and the whole amount. The state's
rates of 2025 and 2026 were not found in a source we may cite: for those months the officer writes the living costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from allting.kernel.calendar import months_after
from allting.kernel.money import kroner
from allting.kernel.rules import Outcome, Pay, Step, rule_for, told
from allting.kernel.text import Text
from allting.sectors.welfare.rules.assistance import guiding_rate
from allting.sectors.welfare.rules.words import OF_CASES
from allting.sectors.welfare.rules.words import WORDS as WORDS_OF_RULES

WORDS: Final = OF_CASES | {
    "household": WORDS_OF_RULES["household"],
    "household.single": {"nb": "Enslig", "nn": "Einsleg", "en": "Single"},
    "household.couple": {"nb": "Ektepar eller samboere", "nn": "Ektepar eller sambuarar", "en": "Couple"},
    "household.shared": {"nb": "Person i bofellesskap", "nn": "Person i bufellesskap", "en": "Person in a shared home"},
    "children_0_5": WORDS_OF_RULES["children_0_5"],
    "children_6_10": WORDS_OF_RULES["children_6_10"],
    "children_11_17": WORDS_OF_RULES["children_11_17"],
    "needs_living": {"nb": "Trenger hjelp til livsopphold", "nn": "Treng hjelp til livsopphald", "en": "Needs help with living costs"},
    "living": {"nb": "Livsopphold i måneden, hvis annet enn statens veiledende sats (kroner)", "nn": "Livsopphald i månaden, dersom anna enn den rettleiande satsen frå staten (kroner)", "en": "Living costs a month, if other than the state's guiding rate (kroner)"},
    "rent": {"nb": "Bolig i måneden (kroner)", "nn": "Bustad i månaden (kroner)", "en": "Housing a month (kroner)"},
    "other": {"nb": "Strøm og annet i måneden (kroner)", "nn": "Straum og anna i månaden (kroner)", "en": "Power and other a month (kroner)"},
    "income": {"nb": "Inntekt etter skatt i måneden (kroner)", "nn": "Inntekt etter skatt i månaden (kroner)", "en": "Income after tax a month (kroner)"},
    "savings": {"nb": "Penger hun har og må bruke først (kroner)", "nn": "Pengar ho har og må bruke først (kroner)", "en": "Money at hand that must be used first (kroner)"},
    "amount": {"nb": "Det som gis i måneden, hvis annet enn forslaget (kroner)", "nn": "Det som blir gitt i månaden, dersom anna enn forslaget (kroner)", "en": "What is given a month, if other than proposed (kroner)"},
}  # fmt: skip
_LAW: Final = "sosialtjenesteloven § 18"
_TITLE: Final = Text({"nb": "Økonomisk sosialhjelp", "nn": "Økonomisk sosialhjelp", "en": "Social assistance"})
_LIVING: Final = Text(
    {
        "nb": "Livsopphold i måneden, fastsatt av kommunen",
        "nn": "Livsopphald i månaden, fastsett av kommunen",
        "en": "Living costs a month, set by the municipality",
    }
)
_OWN: Final = {
    "rent": Text({"nb": "Bolig", "nn": "Bustad", "en": "Housing"}),
    "other": Text({"nb": "Strøm og annet", "nn": "Straum og anna", "en": "Power and other"}),
    "income": Text({"nb": "Inntekt, trekkes fra", "nn": "Inntekt, blir trekt frå", "en": "Income, deducted"}),
    "savings": Text(
        {
            "nb": "Penger du har, fordelt på månedene, trekkes fra",
            "nn": "Pengar du har, fordelt på månadene, blir trekte frå",
            "en": "Money at hand, spread over the months, deducted",
        }
    ),
}
_COUNTED: Final = Text({"nb": "Det som mangler i måneden", "nn": "Det som manglar i månaden", "en": "What is missing a month"})
_SET: Final = Text(
    {
        "nb": "Fastsatt i måneden etter en konkret vurdering",
        "nn": "Fastsett i månaden etter ei konkret vurdering",
        "en": "Set a month after looking at your need",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Du har ikke nok til livsopphold ved arbeid, egne midler eller andre ytelser.",
        "nn": "Du har ikkje nok til livsopphald ved arbeid, eigne midlar eller andre ytingar.",
        "en": "You do not have enough to live on from work, means of your own or other benefits.",
    }
)
_ENOUGH: Final = Text(
    {
        "nb": "Det du har å leve av, dekker behovet etter satsene og utgiftene dine.",
        "nn": "Det du har å leve av, dekkjer behovet etter satsane og utgiftene dine.",
        "en": "What you have to live on covers your need by the rates and your costs.",
    }
)
_NO_RATE: Final = Text(
    {
        "nb": "Statens veiledende sats for perioden er ikke lagt inn her. Skriv livsoppholdet i måneden.",
        "nn": "Den rettleiande satsen frå staten for perioden er ikkje lagd inn her. Skriv livsopphaldet i månaden.",
        "en": "The state's guiding rate for the period is not entered here. Write the living costs a month.",
    }
)


def decide(
    household: Literal["single", "couple", "shared"], children_0_5: int, children_6_10: int, children_11_17: int,
    needs_living: bool, rent: int, other: int, income: int, savings: int, start: date, end: date,
    living: int | None = None, amount: int | None = None,
) -> Outcome:  # fmt: skip
    """Kroner a month, but ``savings``: kroner in all. ``living`` and ``amount`` are what the officer sets otherwise."""
    children = {"children_0_5": children_0_5, "children_6_10": children_6_10, "children_11_17": children_11_17}
    basis, steps = _living(needs_living, living, {"household": household} | children, start)
    if basis is None and amount is None:
        return Outcome(False, (_NO_RATE,))
    own = {"rent": rent, "other": other, "income": income, "savings": savings // _months(start, end)}
    steps += tuple(Step(_OWN[name], kroner(one * 100), _LAW) for name, one in own.items() if one)
    missing = max(0, (basis or 0) + own["rent"] + own["other"] - own["income"] - own["savings"])
    if amount is None:
        steps, amount = (*steps, Step(_COUNTED, kroner(missing * 100), _LAW)), missing
    else:
        steps = (*steps, Step(_SET, kroner(amount * 100), _LAW))
    if amount <= 0:
        return Outcome(False, (_ENOUGH,), steps)
    return Outcome(True, (_RIGHT,), steps, _pays(amount * 100, start, end))


def _living(
    needed: bool, set_to: int | None, given: Mapping[str, Any], on: date
) -> tuple[int | None, tuple[Step, ...]]:
    """The living costs and how they were found; None where nobody knows them."""
    if not needed:
        return 0, ()
    if set_to is not None:
        return set_to, (Step(_LIVING, kroner(set_to * 100), _LAW),)
    if not rule_for(guiding_rate).has(on):
        return None, ()
    found = told(guiding_rate, given, on)
    return int(found.value), found.steps()


def _months(start: date, end: date) -> int:
    """How many months the days lie in; one at the least."""
    return max(1, (end.year - start.year) * 12 + end.month - start.month + 1)


def _pays(amount: int, start: date, end: date) -> tuple[Pay, ...]:
    """The first month at once, since it is to live on now; the others month by month."""
    first = (Pay(amount, _TITLE),)
    if _months(start, end) == 1:
        return first
    return (*first, Pay(amount, _TITLE, "month", months_after(start.replace(day=1), 1), end))
