"""The assessment of a wage earner or pensioner: the tax of the year against what was withheld of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from allting.kernel.money import kroner
from allting.kernel.rules import Explanation, Outcome, Step, explain, rule_of
from allting.kernel.text import Text
from allting.sectors.tax.rules.annual import childcare_deduction, pensioner, wage_earner
from allting.sectors.tax.rules.households import zone

WORDS = {
    "months": {"nb": "Måneder med alderspensjon", "nn": "Månader med alderspensjon", "en": "Months of retirement pension"},
    "degree": {"nb": "Grad av alderspensjon (prosent)", "nn": "Grad av alderspensjon (prosent)", "en": "Degree of retirement pension (per cent)"},
    "other_income": {"nb": "Renter og annen inntekt (øre)", "nn": "Renter og anna inntekt (øre)", "en": "Interest and other income (øre)"},
    "children": {"nb": "Barn under 12 år som bor hjemme", "nn": "Barn under 12 år som bur heime", "en": "Children under 12 at home"},
    "born": {"nb": "Fødselsdato", "nn": "Fødselsdato", "en": "Date of birth"},
    "municipality": {"nb": "Kommune (nummer)", "nn": "Kommune (nummer)", "en": "Municipality (number)"},
}  # fmt: skip
YOUNGEST = 17  # the contribution of those under it is in no source we may cite
SMALLEST = 100_00  # øre; what is below falls away (skattebetalingsforskriften § 10-4-1)
_BASIS = "skattebetalingsloven § 7-1"
_WITHHELD = Text({"nb": "Forskuddstrekk", "nn": "Forskotstrekk", "en": "Tax withheld"})
_BACK = Text({"nb": "Til gode", "nn": "Til gode", "en": "You get back"})
_OWED = Text({"nb": "Restskatt", "nn": "Restskatt", "en": "Residual tax"})
_NAMES = {
    "wages": ({"nb": "Lønn", "nn": "Løn", "en": "Wages"}, "skatteloven § 5-10"),
    "pension": ({"nb": "Pensjon", "nn": "Pensjon", "en": "Pension"}, "skatteloven § 5-40"),
    "other_income": (
        {"nb": "Renter og annen inntekt", "nn": "Renter og anna inntekt", "en": "Interest and other income"},
        "skatteloven §§ 5-1 og 5-20",
    ),
    "interest_paid": ({"nb": "Renter av gjeld", "nn": "Renter av gjeld", "en": "Interest on debt"}, "skatteloven § 6-40"),
}
_EVEN = Text(
    {
        "nb": "Skatten og forskuddstrekket er like store, eller skiller mindre enn 100 kroner. Da er det ingenting å betale eller få igjen.",
        "nn": "Skatten og forskotstrekket er like store, eller skil mindre enn 100 kroner. Då er det ingenting å betale eller få att.",
        "en": "The tax and what was withheld are alike, or differ by less than 100 kroner. Then there is nothing to pay or get back.",
    }
)
_MUCH = Text(
    {
        "nb": "Det er trukket mer skatt i året enn du skal betale. Du får igjen det som er for mye.",
        "nn": "Det er trekt meir skatt i året enn du skal betale. Du får att det som er for mykje.",
        "en": "More tax was withheld in the year than you are to pay. You get back what was too much.",
    }
)
_LITTLE = Text(
    {
        "nb": "Det er trukket mindre skatt i året enn du skal betale. Du betaler resten.",
        "nn": "Det er trekt mindre skatt i året enn du skal betale. Du betaler resten.",
        "en": "Less tax was withheld in the year than you are to pay. You pay the rest.",
    }
)


def decide(
    year: int, wages: int, pension: int, months: int, degree: int, other_income: int, interest_paid: int,
    childcare: int, children: int, withheld: int, born: date, municipality: str | None = None,
) -> Outcome:  # fmt: skip
    """All amounts in øre, for the whole income year; the law counts in whole kroner. ``months`` and ``degree`` are of
    retirement pension. Raises ValueError for who was too young."""
    if year - born.year < YOUNGEST:
        raise ValueError("the contribution of those under 17 is not known here")
    on = date(year, 12, 31)
    care = _told(childcare_deduction, {"cost": childcare // 100, "children": children}, on) if childcare >= 100 else None
    given: dict[str, Any] = {
        "wages": wages // 100, "other_income": other_income // 100, "age": min(year - born.year, 120),
        "deductions": interest_paid // 100 + int(care.value if care else 0), "zone": zone(municipality or ""),
    }  # fmt: skip
    if pension >= 100:
        rest = {"pension": pension // 100, "months": min(months, 12), "degree": min(degree, 100)}
        tax = _told(pensioner, given | rest, on)
    else:
        tax = _told(wage_earner, given, on)
    owed = int(tax.value) * 100
    given_steps = _given(wages=wages, pension=pension, other_income=other_income, interest_paid=interest_paid)
    steps = (*given_steps, *(care.steps() if care else ()), *tax.steps(), *_settled(owed, withheld))
    more = {"year": year, "tax": owed, "withheld": withheld}
    return Outcome(True, (_grounds(withheld - owed),), steps, version=_version(), more=more)


def _given(**amounts: int) -> tuple[Step, ...]:
    """What the calculation begins with, as far as there is any."""
    return tuple(Step(Text(_NAMES[name][0]), kroner(one), _NAMES[name][1]) for name, one in amounts.items() if one)


def _told(function: Any, given: dict[str, Any], on: date) -> Explanation:
    law = rule_of(function)
    assert law is not None
    return explain(law, law.read(given, on), on)


def _settled(owed: int, withheld: int) -> tuple[Step, ...]:
    """What was withheld, and what is left on either side."""
    net = withheld - owed
    result = Step(_BACK if net >= 0 else _OWED, kroner(abs(net)), _BASIS)
    return Step(_WITHHELD, kroner(withheld), _BASIS), result


def _grounds(net: int) -> Text:
    if abs(net) < SMALLEST:
        return _EVEN
    return _MUCH if net > 0 else _LITTLE


def _version() -> str:
    law = rule_of(wage_earner)
    assert law is not None
    return law.rates.version
