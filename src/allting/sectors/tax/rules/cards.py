"""The tax card (skattekort): from the expected tax of the year to a table or a percentage.

A table has its deduction in its number. It is found by comparing with one who has the same wages and nothing else,
for whom table 8000 is made: each whole 10 000 kroner of ordinary income that the tax differs by is a step. A
percentage spreads what is left of the tax over what is left of the pay.
"""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, Months, NetKroner, Percent, count, down_to, half_up, rule, up
from allting.sectors.tax.rules.annual import wage_earner
from allting.sectors.tax.rules.income_tax import Zone, common_tax, local_tax
from allting.sectors.tax.rules.words import WORDS

STEP = 10_000  # kroner between two tables
PLAIN_AGE = 40  # any age between the young and those with the low contribution
ORDINARY = 0  # the place of the zone among the keys of rates/income_tax.yaml
_TAXED = 100_000  # any amount will do to find the rate of ordinary income


@rule(
    "skattebetalingsloven § 5-1",
    {
        "nb": "Skatt for en med samme lønn uten fradrag",
        "nn": "Skatt for ein med same løn utan frådrag",
        "en": "Tax of one with the same wages and no deductions",
    },
    words=WORDS,
)
def tax_without_deductions(law: Law, wages: Kroner) -> Kroner:
    """What table 8000 is made for: wages only, ordinary zone, high contribution."""
    return wage_earner(law, wages, 0, 0, PLAIN_AGE, ORDINARY)


@rule(
    "skattebetalingsloven § 5-1",
    {"nb": "Fradrag i tabellen", "nn": "Frådrag i tabellen", "en": "Deduction in the table"},
    words=WORDS,
)
def deduction_in_table(law: Law, wages: Kroner, tax: Kroner) -> NetKroner:
    """Ordinary income that is free of tax beside the ordinary, in whole steps downwards; negative is an addition.

    It is rounded to hundreds first, for each tax is rounded by itself.
    """
    rate = (local_tax(law, _TAXED) + common_tax(law, _TAXED, ORDINARY)) / _TAXED
    differs = (tax_without_deductions(law, wages) - tax) / rate
    return down_to(half_up(differs / 100) * 100, STEP)


@rule(
    "skattebetalingsloven § 5-1",
    {"nb": "Trekktabell", "nn": "Trekktabell", "en": "Withholding table"},
    words=WORDS,
)
def card_table(law: Law, wages: Kroner, tax: Kroner) -> Annotated[float, count()]:
    """The number of the table: 8000 and the deduction, or 9000 and the addition, in thousands of kroner."""
    deduction = deduction_in_table(law, wages, tax)
    if deduction < 0:
        return 9000 - deduction / 1000
    return 8000 + deduction / 1000


@rule(
    "skattebetalingsloven § 5-7",
    {
        "nb": "Det som er igjen å trekke av",
        "nn": "Det som er att å trekkje av",
        "en": "What is left to withhold from",
    },
    words=WORDS,
)
def left_to_withhold_from(law: Law, wages_left: Kroner, pension_left: Kroner, months_left: Months) -> Kroner:
    """The pay of the months left, without those that are free: before Christmas, and the holiday when it is to come."""
    if months_left == 0:
        return 0
    free = law.free_before_christmas
    if months_left >= 7:
        free = free + law.free_in_holiday
    wages = wages_left * (months_left - free) / months_left
    pension = pension_left * max(0, months_left - law.pension_free_before_christmas) / months_left
    return half_up(wages + pension)


@rule(
    "skattebetalingsloven kapittel 5",
    {"nb": "Trekk uten skattekort", "nn": "Trekk utan skattekort", "en": "Withheld without a tax card"},
    words=WORDS,
)
def percent_without_a_card(law: Law) -> Percent:
    """The same of all pay, when the employer finds no card."""
    return law.percent_without_card


@rule(
    "skattebetalingsloven § 5-1, skatteloven § 15-5",
    {
        "nb": "Tabell når inntekten er ukjent",
        "nn": "Tabell når inntekta er ukjend",
        "en": "Table when no income is known",
    },
    words=WORDS,
)
def table_without_income(law: Law, zone: Zone) -> Annotated[float, count()]:
    """Table 8000, with the special allowance of the north: the one thing known of somebody is where she lives."""
    return 8000 + down_to(law.finnmark_allowance[zone], STEP) / 1000


@rule(
    "skattebetalingsloven § 5-1",
    {"nb": "Trekkprosent", "nn": "Trekkprosent", "en": "Percentage withheld"},
    words=WORDS,
    result="percent",
)
def card_percent(
    law: Law, tax: Kroner, withheld_so_far: Kroner, wages_left: Kroner, pension_left: Kroner, months_left: Months
) -> Percent:
    """What is left of the tax as a share of what is left to withhold from, up to a whole per cent.

    Upwards is our choice, for no rounding is published: so nothing is left to pay afterwards.
    """
    base = left_to_withhold_from(law, wages_left, pension_left, months_left)
    if base == 0:
        return 0
    return min(100, up(max(0, tax - withheld_so_far) * 100 / base))
