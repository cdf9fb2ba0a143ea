"""Withholding tax by table (forskuddstrekk), as the Tax Administration's routine of the year counts it.

The number of a table says it all: 8000-8400 give a deduction, 9010-9400 an addition, of so many thousand kroner;
the others have their own deductions, contribution and months of withholding.
"""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, NetKroner, count, down, down_to, half_up, key, listed, rule, share
from allting.sectors.tax.rules.income_tax import allowance, bracket_tax, common_tax, contribution, local_tax
from allting.sectors.tax.rules.words import WORDS

Table = Annotated[float, listed("tables", example="8000")]
Period = Annotated[float, key("period")]
FINNMARK = 1  # the place of the zone among the keys of rates/income_tax.yaml
_LAW = "skattebetalingsloven kapittel 5"


@rule(
    _LAW,
    {"nb": "Grunnlaget, avrundet", "nn": "Grunnlaget, avrunda", "en": "The base, rounded"},
    words=WORDS,
)
def rounded_base(law: Law, period: Period, gross: Kroner) -> Kroner:
    """The middle of the interval the gross pay is in."""
    return down_to(gross, law.rounding[period]) + down(law.rounding[period] / 2)


@rule(
    _LAW,
    {"nb": "Inntekt omregnet til et år", "nn": "Inntekt omrekna til eit år", "en": "Income made yearly"},
    words=WORDS,
)
def yearly_income(law: Law, table: Table, period: Period, gross: Kroner) -> Kroner:
    """The base times the periods of a year; ordinary tables count with holiday pay."""
    periods = law.income_periods[period] if table >= 8000 else law.income_periods_special[period]
    return half_up(rounded_base(law, period, gross) * periods)


@rule(
    "skatteloven § 6-32",
    {"nb": "Minstefradrag i tabellen", "nn": "Minstefrådrag i tabellen", "en": "Minimum deduction in the table"},
    words=WORDS,
)
def table_minimum_deduction(law: Law, table: Table, personal_income: Kroner) -> Kroner:
    """Lower than the law's own, so that the tables leave something to settle; seafarers' tables have the law's."""
    rate = law.minimum_wage_rate if table <= 101 else law.table_minimum_rate
    most = law.minimum_wage_most if table <= 101 else law.table_minimum_most
    return min(half_up(share(personal_income, rate)), most)


@rule(
    _LAW,
    {
        "nb": "Fradrag etter tabellnummeret",
        "nn": "Frådrag etter tabellnummeret",
        "en": "Deduction by the table's number",
    },
    words=WORDS,
)
def table_deduction(law: Law, table: Table) -> NetKroner:
    """(number − 8000) thousand kroner; tables above 9000 add (number − 9000) thousand to the income instead."""
    if table > 9000:
        return (9000 - table) * 1000
    if table >= 8000:
        return (table - 8000) * 1000
    return 0


@rule(
    "skatteloven § 6-70",
    {"nb": "Standardfradrag", "nn": "Standardfrådrag", "en": "Standard deduction"},
    words=WORDS,
)
def standard_deduction(law: Law, table: Table, personal_income: Kroner) -> Kroner:
    """In the tables 7300-7700, those of Finnmark and those of the sea."""
    if table >= 8000 or (table > 7000 and table < 7300):
        return 0
    return min(half_up(share(personal_income, law.standard_rate)), law.standard_most)


@rule(
    "skatteloven § 6-61",
    {"nb": "Sjømannsfradrag", "nn": "Sjømannsfrådrag", "en": "Seafarers' deduction"},
    words=WORDS,
)
def sea_deduction(law: Law, table: Table, personal_income: Kroner) -> Kroner:
    """In the tables of the sea."""
    if table > 101:
        return 0
    return min(half_up(share(personal_income, law.sea_rate)), law.sea_most)


@rule(
    "folketrygdloven § 23-3",
    {
        "nb": "Trygdeavgift etter tabellen",
        "nn": "Trygdeavgift etter tabellen",
        "en": "National insurance contribution by the table",
    },
    words=WORDS,
)
def table_contribution(law: Law, table: Table, personal_income: Kroner) -> Kroner:
    """High rate, low rate (7700, 6700) or none at all."""
    low = personal_income if table == 6700 or table == 7700 else 0
    paid = contribution(law, personal_income - low, low)
    none = (
        table == 100
        or table == 6500
        or table == 6550
        or table == 7160
        or table == 7170
        or table == 7500
        or table == 7550
    )
    return 0 if none else paid


@rule(
    _LAW,
    {"nb": "Skatt i året etter tabellen", "nn": "Skatt i året etter tabellen", "en": "Tax for the year by the table"},
    words=WORDS,
)
def yearly_tax(law: Law, table: Table, personal_income: Kroner) -> Kroner:
    """Tax to municipality, county and state, bracket tax and contribution of the yearly income."""
    zone = FINNMARK if table >= 6300 and table <= 6700 else 0
    deducted = (
        table_minimum_deduction(law, table, personal_income)
        + table_deduction(law, table)
        + standard_deduction(law, table, personal_income)
        + sea_deduction(law, table, personal_income)
    )
    taxable = max(0, personal_income - deducted - allowance(law, zone))
    taxes = local_tax(law, taxable) + common_tax(law, taxable, zone)
    return taxes + bracket_tax(law, personal_income, zone) + table_contribution(law, table, personal_income)


@rule(
    _LAW,
    {"nb": "Perioder med trekk i året", "nn": "Periodar med trekk i året", "en": "Periods of withholding in a year"},
    words=WORDS,
)
def periods_withheld(law: Law, table: Table, period: Period) -> Annotated[float, count()]:
    """Fewer than the periods of the year, for holidays and December; twelve-month tables use them all."""
    if table >= 8000:
        return law.withheld_periods[period]
    if table == 6300 or table == 6550 or table == 7170 or table == 7300 or table == 7550:
        return law.withheld_periods_special[period]
    return law.income_periods_special[period]


@rule(
    _LAW,
    {"nb": "Forskuddstrekk", "nn": "Forskotstrekk", "en": "Tax withheld"},
    words=WORDS,
    result="withheld",
    asked=True,
)
def withholding(law: Law, table: Table, period: Period, gross: Kroner) -> Kroner:
    """The year's tax shared on the periods of withholding; never more than the gross pay.

    The tables of the sea leave out what is not a whole krone; the others round it, a half upwards.
    """
    shared = yearly_tax(law, table, yearly_income(law, table, period, gross)) / periods_withheld(law, table, period)
    return min(down(shared) if table <= 101 else half_up(shared), gross)
