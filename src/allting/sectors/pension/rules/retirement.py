"""Retirement pension by the new rules: the balance divided by the years one may expect (§§ 20-9 to 20-16)."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, YesNo, count, half_up, key, listed, rule, share
from allting.sectors.pension.rules.accrual import accrual
from allting.sectors.pension.rules.words import WORDS

Cohort = Annotated[float, key("cohort")]
Level = Annotated[float, key("level")]
Age = Annotated[float, count(low=62, high=67)]  # as far as divisors are published
Degree = Annotated[float, listed("take_up_degrees", example="100")]
Years = Annotated[float, count(high=40)]
HIGH = 1  # the place of the level among the keys of rates/retirement.yaml


@rule(
    "folketrygdloven § 20-13",
    {"nb": "Delingstall", "nn": "Delingstal", "en": "Annuity divisor"},
    words=WORDS,
)
def divisor(law: Law, cohort: Cohort, age: Age) -> Annotated[float, count()]:
    """About how many years a pension from that age is to last, as fixed for the cohort."""
    if age <= 62:
        return law.divisor_62[cohort]
    if age == 63:
        return law.divisor_63[cohort]
    if age == 64:
        return law.divisor_64[cohort]
    if age == 65:
        return law.divisor_65[cohort]
    return law.divisor_66[cohort] if age == 66 else law.divisor_67[cohort]


@rule(
    "folketrygdloven §§ 20-12 og 20-14",
    {"nb": "Inntektspensjon i året", "nn": "Inntektspensjon i året", "en": "Income pension a year"},
    words=WORDS,
    asked=True,
)
def income_pension(law: Law, balance: Kroner, cohort: Cohort, age: Age, degree: Degree) -> Kroner:
    """The share of the balance that is taken, divided by the divisor."""
    return half_up(share(balance, degree) / divisor(law, cohort, age))


@rule(
    "folketrygdloven § 20-16",
    {"nb": "Beholdning som er igjen", "nn": "Behaldning som er igjen", "en": "Balance that is left"},
    words=WORDS,
)
def balance_left(law: Law, balance: Kroner, degree: Degree) -> Kroner:
    """What is not taken goes on growing with wages and with what is earned beside the pension."""
    return balance - half_up(share(balance, degree))


@rule(
    "folketrygdloven §§ 20-14 og 20-16",
    {"nb": "Beholdning i alt når graden endres", "nn": "Behaldning i alt når graden blir endra", "en": "Balance in all when the degree changes"},
    words=WORDS,
    asked=True,
)  # fmt: skip
def balance_at_change(law: Law, balance: Kroner, pension_before: Kroner, cohort: Cohort, age: Age) -> Kroner:
    """What is left, and the income pension until now made into a balance again with the divisor at the change."""
    return balance + half_up(pension_before * divisor(law, cohort, age))


@rule(
    "folketrygdloven §§ 20-9 og 20-10",
    {"nb": "Full garantipensjon for trygdetiden", "nn": "Full garantipensjon for trygdetida", "en": "Full guarantee pension for the years insured"},
    words=WORDS,
)  # fmt: skip
def guarantee_for_years(law: Law, level: Level, years_insured: Years) -> Kroner:
    """The rate, made smaller for each year short of forty."""
    return half_up(law.guarantee_level[level] * min(years_insured, law.guarantee_full_years) / law.guarantee_full_years)


@rule(
    "folketrygdloven § 20-11",
    {"nb": "Garantipensjonsbeholdning", "nn": "Garantipensjonsbehaldning", "en": "Guarantee balance"},
    words=WORDS,
)
def guarantee_balance(law: Law, balance: Kroner, cohort: Cohort, level: Level, years_insured: Years) -> Kroner:
    """The guarantee as a balance at 67, less 80 % of one's own."""
    full = guarantee_for_years(law, level, years_insured) * divisor(law, cohort, 67)
    return max(0, half_up(full - share(balance, law.guarantee_reduction)))


@rule(
    "folketrygdloven §§ 20-9 til 20-11",
    {"nb": "Garantipensjon i året", "nn": "Garantipensjon i året", "en": "Guarantee pension a year"},
    words=WORDS,
    asked=True,
)
def guarantee_pension(
    law: Law, balance: Kroner, cohort: Cohort, age: Age, degree: Degree, level: Level, years_insured: Years
) -> Kroner:
    """What tops up a small pension; it follows age and degree as the income pension does."""
    top_up = guarantee_balance(law, balance, cohort, level, years_insured)
    return half_up(share(top_up, degree) / divisor(law, cohort, age))


@rule(
    "folketrygdloven kapittel 20",
    {"nb": "Alderspensjon i året", "nn": "Alderspensjon i året", "en": "Retirement pension a year"},
    words=WORDS,
    result="pension",
    asked=True,
)
def retirement_pension(
    law: Law, balance: Kroner, cohort: Cohort, age: Age, degree: Degree, level: Level, years_insured: Years
) -> Kroner:
    """Income pension and guarantee pension together, before tax."""
    own = income_pension(law, balance, cohort, age, degree)
    return own + guarantee_pension(law, balance, cohort, age, degree, level, years_insured)


@rule(
    "folketrygdloven § 20-15",
    {"nb": "Opptjeningen er høy nok for uttak nå", "nn": "Oppteninga er høg nok for uttak no", "en": "Enough is earned to begin now"},
    words=WORDS,
    asked=True,
)  # fmt: skip
def may_begin(law: Law, balance: Kroner, cohort: Cohort, age: Age, degree: Degree) -> YesNo:
    """Before 67 the pension taken now and the rest from 67 must together be at least a full guarantee pension at the high rate."""
    if age >= 67:
        return 1
    now = income_pension(law, balance, cohort, age, degree)
    rest = half_up(balance_left(law, balance, degree) / divisor(law, cohort, 67))
    return 1 if now + rest >= law.guarantee_level[HIGH] else 0


@rule(
    "folketrygdloven §§ 20-5, 20-14 og 20-16",
    {"nb": "Pensjon når resten er tatt ut", "nn": "Pensjon når resten er teken ut", "en": "Pension when the rest is taken"},
    words=WORDS,
    result="pension",
    asked=True,
)  # fmt: skip
def pension_and_work(
    law: Law, balance: Kroner, cohort: Cohort, age: Age, degree: Degree, later_age: Age, income: Kroner
) -> Kroner:
    """Income pension a year for one who takes a part, works on, and takes the rest later: in today's kroner and wages.

    Work does not make the pension smaller; it gives more of it. A later age below the first counts as the first.
    """
    until = max(age, later_age)
    left = balance_left(law, balance, degree) + accrual(law, income) * (until - age)
    return income_pension(law, balance, cohort, age, degree) + half_up(left / divisor(law, cohort, until))
