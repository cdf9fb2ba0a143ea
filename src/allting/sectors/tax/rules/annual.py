"""The tax of a year for wage earners and pensioners: income of one year in, tax of that year out."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, Months, NetKroner, Percent, count, half_up, rule, share
from allting.sectors.tax.rules.income_tax import (
    Age,
    Zone,
    bracket_tax,
    common_tax,
    contribution,
    local_tax,
    taxable_income,
)
from allting.sectors.tax.rules.words import WORDS


@rule(
    "skatteloven § 16-1",
    {
        "nb": "Beløpet for månedene og pensjonsgraden",
        "nn": "Beløpet for månadene og pensjonsgraden",
        "en": "The amount for the months and the degree of pension",
    },
    words=WORDS,
)
def for_part_of_year(law: Law, amount: Kroner, months: Months, degree: Percent) -> Kroner:
    """An amount for a whole year and full pension, made smaller: first by months, then by degree."""
    return half_up(share(half_up(amount * months / 12), degree))


@rule(
    "skatteloven § 16-1, Stortingets skattevedtak § 6-5",
    {
        "nb": "Skattefradrag for pensjonsinntekt",
        "nn": "Skattefrådrag for pensjonsinntekt",
        "en": "Tax deduction for pension income",
    },
    words=WORDS,
)
def pension_credit(law: Law, pension: Kroner, months: Months, degree: Percent, taxes: Kroner) -> Kroner:
    """Taken from the tax itself; less for higher pensions, and never more than the tax it is taken from."""
    if pension == 0:
        return 0
    most = for_part_of_year(law, law.pension_credit_most, months, degree)
    first = for_part_of_year(law, law.pension_credit_step_1, months, degree)
    second = for_part_of_year(law, law.pension_credit_step_2, months, degree)
    less = share(max(0, min(pension, second) - first), law.pension_credit_rate_1)
    less = less + share(max(0, pension - second), law.pension_credit_rate_2)
    return min(max(0, most - half_up(less)), taxes)


@rule(
    "skatteloven § 6-48",
    {"nb": "Foreldrefradrag", "nn": "Foreldrefrådrag", "en": "Deduction for childcare"},
    words=WORDS,
    asked=True,
)
def childcare_deduction(law: Law, cost: Kroner, children: Annotated[float, count(high=20)]) -> Kroner:
    """What was paid, up to a limit for the first child and more for each child after it. The limit is the parents'
    together; who of them has it is for them to agree on."""
    if children == 0:
        return 0
    return min(cost, law.childcare_first + law.childcare_more * (children - 1))


@rule(
    "skatteloven kapittel 15, folketrygdloven § 23-3",
    {"nb": "Skatt på lønn", "nn": "Skatt på løn", "en": "Tax on wages"},
    words=WORDS,
    result="tax",
    asked=True,
)
def wage_earner(law: Law, wages: Kroner, other_income: NetKroner, deductions: Kroner, age: Age, zone: Zone) -> Kroner:
    """Tax on ordinary income, bracket tax and contribution of one who has wages for a whole year in the country."""
    taxable = taxable_income(law, wages, 0, other_income, deductions, zone)
    taxes = local_tax(law, taxable) + common_tax(law, taxable, zone) + bracket_tax(law, wages, zone)
    if age >= law.contribution_low_age:
        return taxes + contribution(law, 0, wages)
    return taxes + contribution(law, wages, 0)


@rule(
    "skatteloven kapittel 15 og § 16-1, folketrygdloven § 23-3",
    {"nb": "Skatt på pensjon", "nn": "Skatt på pensjon", "en": "Tax on pension"},
    words=WORDS,
    result="tax",
    asked=True,
)
def pensioner(
    law: Law,
    pension: Kroner,
    wages: Kroner,
    other_income: NetKroner,
    deductions: Kroner,
    months: Months,
    degree: Percent,
    age: Age,
    zone: Zone,
) -> Kroner:
    """The same for one with retirement pension from the national insurance, less the tax deduction for pension income."""
    taxable = taxable_income(law, wages, pension, other_income, deductions, zone)
    taxes = local_tax(law, taxable) + common_tax(law, taxable, zone) + bracket_tax(law, wages + pension, zone)
    if age >= law.contribution_low_age:
        taxes = taxes + contribution(law, 0, wages + pension)
    else:
        taxes = taxes + contribution(law, wages, pension)
    return taxes - pension_credit(law, pension, months, degree, taxes)
