"""Tax on income and the contribution to the national insurance: what withholding and the yearly tax share.

Each part is rounded to whole kroner, a half upwards, before they are added, as the Tax Administration's routine does.
"""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, NetKroner, count, half_up, key, rule, share
from allting.sectors.tax.rules.words import WORDS

Zone = Annotated[float, key("zone")]
Age = Annotated[float, count(low=17, high=120)]


@rule(
    "Stortingets skattevedtak kapittel 3",
    {"nb": "Skatt til kommune og fylke", "nn": "Skatt til kommune og fylke", "en": "Tax to municipality and county"},
    words=WORDS,
)
def local_tax(law: Law, taxable: Kroner) -> Kroner:
    """A share of ordinary income after the allowances."""
    return half_up(share(taxable, law.local_rate))


@rule(
    "Stortingets skattevedtak kapittel 3",
    {"nb": "Fellesskatt", "nn": "Fellesskatt", "en": "Common tax to the state"},
    words=WORDS,
)
def common_tax(law: Law, taxable: Kroner, zone: Zone) -> Kroner:
    """A share of ordinary income after the allowances; lower in Finnmark and Nord-Troms."""
    return half_up(share(taxable, law.common_rate[zone]))


@rule(
    "Stortingets skattevedtak § 3-1",
    {"nb": "Trinnskatt", "nn": "Trinnskatt", "en": "Bracket tax"},
    words=WORDS,
)
def bracket_tax(law: Law, personal_income: Kroner, zone: Zone) -> Kroner:
    """Of personal income without deductions: a higher share of each step above the first."""
    step_1 = share(max(0, min(personal_income, law.step_2_from) - law.step_1_from), law.step_1_rate)
    step_2 = share(max(0, min(personal_income, law.step_3_from) - law.step_2_from), law.step_2_rate)
    step_3 = share(max(0, min(personal_income, law.step_4_from) - law.step_3_from), law.step_3_rate[zone])
    step_4 = share(max(0, min(personal_income, law.step_5_from) - law.step_4_from), law.step_4_rate)
    step_5 = share(max(0, personal_income - law.step_5_from), law.step_5_rate)
    return half_up(step_1 + step_2 + step_3 + step_4 + step_5)


@rule(
    "folketrygdloven § 23-3",
    {"nb": "Trygdeavgift", "nn": "Trygdeavgift", "en": "National insurance contribution"},
    words=WORDS,
)
def contribution(law: Law, at_high_rate: Kroner, at_low_rate: Kroner) -> Kroner:
    """A share of personal income, never more than a quarter of what is above the lower limit."""
    above = max(0, at_high_rate + at_low_rate - law.contribution_from)
    full = share(at_high_rate, law.contribution_high) + share(at_low_rate, law.contribution_low)
    return half_up(min(full, share(above, law.contribution_cap)))


@rule(
    "skatteloven § 6-32",
    {"nb": "Minstefradrag", "nn": "Minstefrådrag", "en": "Minimum deduction"},
    words=WORDS,
)
def minimum_deduction(law: Law, wages: Kroner, pension: Kroner) -> Kroner:
    """A share of wages and another of pension, each with its own limit; together at most the limit for wages."""
    for_wages = min(half_up(share(wages, law.minimum_wage_rate)), law.minimum_wage_most)
    for_pension = min(half_up(share(pension, law.minimum_pension_rate)), law.minimum_pension_most)
    return min(for_wages + for_pension, max(law.minimum_wage_most, law.minimum_pension_most))


@rule(
    "skatteloven §§ 15-4 og 15-5",
    {
        "nb": "Personfradrag, og særskilt fradrag i nord",
        "nn": "Personfrådrag, og særskilt frådrag i nord",
        "en": "Personal allowance, and the special one in the north",
    },
    words=WORDS,
)
def allowance(law: Law, zone: Zone) -> Kroner:
    """What ordinary income is free of tax; more in Finnmark and Nord-Troms."""
    return law.personal_allowance + law.finnmark_allowance[zone]


@rule(
    "skatteloven §§ 5-1, 6-1 og 15-4",
    {
        "nb": "Alminnelig inntekt etter fradrag",
        "nn": "Alminneleg inntekt etter frådrag",
        "en": "Ordinary income after allowances",
    },
    words=WORDS,
)
def taxable_income(
    law: Law, wages: Kroner, pension: Kroner, other_income: NetKroner, deductions: Kroner, zone: Zone
) -> Kroner:
    """All income less the minimum deduction, other deductions and the allowances; never below nothing."""
    income = wages + pension + other_income - minimum_deduction(law, wages, pension) - deductions
    return max(0, income - allowance(law, zone))
