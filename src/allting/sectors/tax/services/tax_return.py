"""The assessment of a wage earner or pensioner: the tax of the year against what was withheld and paid of it before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from allting.kernel.calendar import legal_deadline, next_working_day
from allting.kernel.money import kroner
from allting.kernel.rules import Explanation, NoRate, Outcome, Step, rule_for, told
from allting.kernel.text import Text
from allting.sectors.tax.rules.annual import childcare_deduction, pensioner, wage_earner
from allting.sectors.tax.rules.households import zone
from allting.sectors.tax.rules.settlement import settlement_interest

WORDS = {
    "months": {"nb": "Måneder med alderspensjon", "nn": "Månader med alderspensjon", "en": "Months of retirement pension"},
    "degree": {"nb": "Grad av alderspensjon (prosent)", "nn": "Grad av alderspensjon (prosent)", "en": "Degree of retirement pension (per cent)"},
    "other_income": {"nb": "Renter og annen inntekt (øre)", "nn": "Renter og anna inntekt (øre)", "en": "Interest and other income (øre)"},
    "children": {"nb": "Barn under 12 år som bor hjemme", "nn": "Barn under 12 år som bur heime", "en": "Children under 12 at home"},
    "advance": {"nb": "Forskuddsskatt for året (øre)", "nn": "Forskotsskatt for året (øre)", "en": "Advance tax for the year (øre)"},
    "advance_paid": {"nb": "Forskuddsskatt som er betalt (øre)", "nn": "Forskotsskatt som er betalt (øre)", "en": "Advance tax that is paid (øre)"},
    "extra": {"nb": "Tilleggsforskudd som er betalt (øre)", "nn": "Tilleggsforskot som er betalt (øre)", "en": "Additional advance tax that is paid (øre)"},
    "extra_late": {"nb": "Av dette etter 31. mai (øre)", "nn": "Av dette etter 31. mai (øre)", "en": "Of this after 31 May (øre)"},
    "settled": {"nb": "Første skatteoppgjør for året", "nn": "Første skatteoppgjer for året", "en": "First assessment of the year"},
    "born": {"nb": "Fødselsdato", "nn": "Fødselsdato", "en": "Date of birth"},
    "municipality": {"nb": "Kommune (nummer)", "nn": "Kommune (nummer)", "en": "Municipality (number)"},
}  # fmt: skip
YOUNGEST = 17  # the contribution of those under it is in no source we may cite
SMALLEST = 100_00  # øre of one claim or payment; what is below falls away (skattebetalingsforskriften § 10-4-1)
IN_TWO_FROM = 1000_00  # øre of residual tax that is paid in two parts (skattebetalingsloven § 10-21)
_BASIS = "skattebetalingsloven § 7-1"
_EXTRA_LAW = "skattebetalingsloven § 4-7"
_WITHHELD = Text({"nb": "Forskuddstrekk", "nn": "Forskotstrekk", "en": "Tax withheld"})
_ADVANCE = Text({"nb": "Forskuddsskatt", "nn": "Forskotsskatt", "en": "Advance tax"})
_EXTRA = Text({"nb": "Tilleggsforskudd", "nn": "Tilleggsforskot", "en": "Additional advance tax"})
_BACK = Text({"nb": "Til gode", "nn": "Til gode", "en": "You get back"})
_OWED = Text({"nb": "Restskatt", "nn": "Restskatt", "en": "Residual tax"})
_NAMES = {
    "wages": ({"nb": "Lønn", "nn": "Løn", "en": "Wages"}, "skatteloven § 5-10"),
    "pension": ({"nb": "Pensjon", "nn": "Pensjon", "en": "Pension"}, "skatteloven § 5-40"),
    "other_income": (
        {"nb": "Renter og annen inntekt", "nn": "Renter og anna inntekt", "en": "Interest and other income"},
        "skatteloven §§ 5-1 og 5-20",
    ),
    "interest_paid": (
        {"nb": "Renter av gjeld", "nn": "Renter av gjeld", "en": "Interest on debt"},
        "skatteloven § 6-40",
    ),
}
_EVEN = Text(
    {
        "nb": "Skatten og det som er betalt på forhånd, er like store, eller skiller mindre enn 100 kroner. Da er det ingenting å betale eller få igjen.",
        "nn": "Skatten og det som er betalt på førehand, er like store, eller skil mindre enn 100 kroner. Då er det ingenting å betale eller få att.",
        "en": "The tax and what was paid before are alike, or differ by less than 100 kroner. Then there is nothing to pay or get back.",
    }
)
_MUCH = Text(
    {
        "nb": "Det er trukket eller betalt mer skatt for året enn du skal betale. Du får igjen det som er for mye.",
        "nn": "Det er trekt eller betalt meir skatt for året enn du skal betale. Du får att det som er for mykje.",
        "en": "More tax was withheld or paid for the year than you are to pay. You get back what was too much.",
    }
)
_LITTLE = Text(
    {
        "nb": "Det er trukket og betalt mindre skatt for året enn du skal betale. Du betaler resten.",
        "nn": "Det er trekt og betalt mindre skatt for året enn du skal betale. Du betaler resten.",
        "en": "Less tax was withheld and paid for the year than you are to pay. You pay the rest.",
    }
)


def decide(
    year: int, wages: int, pension: int, months: int, degree: int, other_income: int, interest_paid: int,
    childcare: int, children: int, withheld: int, born: date, today: date, municipality: str | None = None,
    advance: int = 0, advance_paid: int = 0, settled: date | None = None, extra: int = 0, extra_late: int = 0,
) -> Outcome:  # fmt: skip
    """All amounts in øre, for the whole income year; the law counts in whole kroner. ``months`` and ``degree`` are of
    retirement pension; ``advance`` is what was asked for in advance tax; ``extra`` what has come in of
    additional advance tax, ``extra_late`` of it after its last day; ``settled`` is when the year was first settled,
    until when there is interest. Raises ValueError for who was too young."""
    if year - born.year < YOUNGEST:
        raise ValueError("the contribution of those under 17 is not known here")
    on = date(year, 12, 31)
    care = (
        told(childcare_deduction, {"cost": childcare // 100, "children": children}, on) if childcare >= 100 else None
    )
    given: dict[str, Any] = {
        "wages": wages // 100, "other_income": other_income // 100, "age": min(year - born.year, 120),
        "deductions": interest_paid // 100 + int(care.value if care else 0), "zone": zone(municipality or ""),
    }  # fmt: skip
    if pension >= 100:
        rest = {"pension": pension // 100, "months": min(months, 12), "degree": min(degree, 100)}
        tax = told(pensioner, given | rest, on)
    else:
        tax = told(wage_earner, given, on)
    owed = int(tax.value) * 100
    before = withheld + advance - owed
    interest, how = interest_of(before, extra - extra_late, advance - advance_paid, year, settled or today)
    net = before + extra + interest
    given_steps = _given(wages=wages, pension=pension, other_income=other_income, interest_paid=interest_paid)
    counted = (*given_steps, *(care.steps() if care else ()), *tax.steps(), *_paid_before(withheld, advance, extra))
    steps = (*counted, *(step for one in how for step in one.steps()), _result(net))
    more = {
        "year": year, "tax": owed, "withheld": withheld, "advance": advance, "extra": extra, "interest": interest,
        "wages": wages,
    }  # fmt: skip
    return Outcome(True, (_grounds(net),), steps, version=_version(), more=more)


def net_of(more: Mapping[str, Any]) -> int:
    """What she gets back by an assessment, in øre, with interest; below nothing: what she owes."""
    return int(more.get("interest", 0)) - missing(more)


def missing(more: Mapping[str, Any]) -> int:
    """What an assessment lacks before interest, in øre: what additional advance tax could pay (skattebetalingsloven
    § 4-7). Below nothing: what is too much."""
    return int(more["tax"] - more["withheld"] - more.get("advance", 0) - more.get("extra", 0))


def due_days(today: date, year: int, amount: int) -> list[date]:
    """When residual tax is to be paid: three weeks after the assessment, not before 20 August of the year after; from
    1000 kroner in two equal parts, the second five weeks later (skattebetalingsloven § 10-21)."""
    first = max(legal_deadline(today, "3 weeks"), next_working_day(date(year + 1, 8, 20)))
    return [first, next_working_day(first + timedelta(weeks=5))] if amount >= IN_TWO_FROM else [first]


def interest_of(before: int, extra: int, unpaid: int, year: int, day: date) -> tuple[int, list[Explanation]]:
    """Interest in øre, below nothing what she pays, and how it was counted (skattebetalingsloven § 11-5). ``before``:
    what was paid above the tax without additional advance tax; ``extra``: of that, what came by its last day;
    ``unpaid``: of the advance tax; ``day``: of the settlement.

    Of residual tax from 1 July of the income year until the first day to pay it, and what came late does not lower it.
    Of what comes back until the settlement: of what was withheld and billed from 1 July, not of what was never paid,
    and of the additional advance tax from 31 May after the year. None where its rate is not known.
    """
    over = before + extra
    if over < 0:
        parts = [(-over, date(year, 7, 1), due_days(day, year, -over)[0])]
    else:
        parts = [(before - max(0, unpaid), date(year, 7, 1), day), (min(extra, over), date(year + 1, 5, 31), day)]
    found = [_interest(*one, year) for one in parts] if abs(over) >= SMALLEST else []
    how = [one for one in found if one is not None]
    return sum(int(one.value) for one in how) * (100 if over >= 0 else -100), how


def _interest(base: int, since: date, until: date, year: int) -> Explanation | None:
    given = {"settled": base // 100, "interest_days": max(0, (until - since).days)}
    if base < 100:
        return None
    try:
        one = told(settlement_interest, given, date(year + 1, 1, 1))
    except NoRate:
        return None
    return one if one.value else None


def _given(**amounts: int) -> tuple[Step, ...]:
    """What the calculation begins with, as far as there is any."""
    return tuple(Step(Text(_NAMES[name][0]), kroner(one), _NAMES[name][1]) for name, one in amounts.items() if one)


def _paid_before(withheld: int, advance: int, extra: int) -> tuple[Step, ...]:
    """What was withheld, and the advance tax when there is any."""
    bills = (Step(_ADVANCE, kroner(advance), _BASIS),) if advance else ()
    chosen = (Step(_EXTRA, kroner(extra), _EXTRA_LAW),) if extra else ()
    return Step(_WITHHELD, kroner(withheld), _BASIS), *bills, *chosen


def _result(net: int) -> Step:
    return Step(_BACK if net >= 0 else _OWED, kroner(abs(net)), _BASIS)


def _grounds(net: int) -> Text:
    if abs(net) < SMALLEST:
        return _EVEN
    return _MUCH if net > 0 else _LITTLE


def _version() -> str:
    law = rule_for(wage_earner)
    return law.rates.version
