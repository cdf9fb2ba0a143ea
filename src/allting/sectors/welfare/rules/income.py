"""In place of wages: sickness benefit, unemployment benefit with its reporting card, and work assessment allowance."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, Percent, count, half_up, rule, share
from allting.sectors.welfare.rules.words import WORDS

Children = Annotated[float, count(high=20)]
Weeks = Annotated[float, count(high=53)]
PeriodDays = Annotated[float, count(high=10)]
SickDays = Annotated[float, count(high=800)]
Young = Annotated[float, count(high=1)]
UsualHalfHours = Annotated[float, count(low=2, high=120)]
HalfHours = Annotated[float, count(high=672)]


@rule(
    "folketrygdloven §§ 8-3, 8-10 og 8-13",
    {"nb": "Sykepenger per dag", "nn": "Sjukepengar per dag", "en": "Sickness benefit a day"},
    words=WORDS,
    asked=True,
)
def sickness_benefit(law: Law, income: Kroner, degree: Percent) -> Kroner:
    """A 260th of income up to six times the basic amount, by the degree; nothing below half of it, or below 20 %."""
    if income < law.base_amount * law.sickness_least_in_g or degree < law.sickness_least_degree:
        return 0
    return half_up(share(half_up(min(income, law.base_amount * law.cap_in_g) / law.paid_days_a_year), degree))


@rule(
    "folketrygdloven § 8-12",
    {"nb": "Sykepengedager som er igjen", "nn": "Sjukepengedagar som er igjen", "en": "Days of sickness benefit left"},
    words=WORDS,
)
def sickness_days_left(law: Law, had: SickDays) -> Annotated[float, count()]:
    """Of the days in three years, those that were not paid for before."""
    return max(0, law.sickness_most_days - had)


@rule(
    "folketrygdloven §§ 4-4 og 4-11",
    {"nb": "Dagpengegrunnlag", "nn": "Dagpengegrunnlag", "en": "Basis of unemployment benefit"},
    words=WORDS,
)
def unemployment_basis(law: Law, income_12: Kroner, income_36: Kroner) -> Kroner:
    """The better of the last year and the mean of three, up to six times the basic amount; nothing without the least income."""
    if (
        income_12 < law.base_amount * law.unemployment_least_12
        and income_36 < law.base_amount * law.unemployment_least_36
    ):
        return 0
    return half_up(min(max(income_12, income_36 / 3), law.base_amount * law.cap_in_g))


@rule(
    "folketrygdloven § 4-12",
    {"nb": "Dagsats før barnetillegg", "nn": "Dagsats før barnetillegg", "en": "Day rate before child supplement"},
    words=WORDS,
)
def unemployment_day_rate(law: Law, basis: Kroner) -> Kroner:
    """0.24 % of the basis."""
    return half_up(share(basis, law.unemployment_day_rate))


@rule(
    "dagpengeforskriften § 7-1",
    {"nb": "Barnetillegg per dag", "nn": "Barnetillegg per dag", "en": "Child supplement a day"},
    words=WORDS,
)
def unemployment_children(law: Law, children: Children) -> Kroner:
    """An amount a day for each child."""
    return law.unemployment_child * children


@rule(
    "folketrygdloven § 4-12",
    {"nb": "Dagsats med barnetillegg", "nn": "Dagsats med barnetillegg", "en": "Day rate with child supplement"},
    words=WORDS,
)
def unemployment_day(law: Law, basis: Kroner, children: Children) -> Kroner:
    """Never more than 90 % of the basis, by 260 days."""
    most = half_up(share(basis, law.most_with_children) / law.paid_days_a_year)
    return min(unemployment_day_rate(law, basis) + unemployment_children(law, children), most)


@rule(
    "folketrygdloven § 4-12",
    {
        "nb": "Dagsats med det barnetillegget som er fastsatt",
        "nn": "Dagsats med det barnetillegget som er fastsett",
        "en": "Day rate with the child supplement that is set",
    },
    words=WORDS,
)
def unemployment_day_with(law: Law, income_12: Kroner, income_36: Kroner, child_supplement: Kroner) -> Kroner:
    """Where the supplement is known otherwise than by the figures; never more than 90 % of the basis, by 260 days."""
    basis = unemployment_basis(law, income_12, income_36)
    most = half_up(share(basis, law.most_with_children) / law.paid_days_a_year)
    return min(unemployment_day_rate(law, basis) + child_supplement, most)


@rule(
    "folketrygdloven kapittel 4",
    {"nb": "Dagpenger per dag", "nn": "Dagpengar per dag", "en": "Unemployment benefit a day"},
    words=WORDS,
    asked=True,
)
def unemployment_benefit(law: Law, income_12: Kroner, income_36: Kroner, children: Children) -> Kroner:
    """Five days a week, before tax; nothing without the least income."""
    return unemployment_day(law, unemployment_basis(law, income_12, income_36), children)


@rule(
    "folketrygdloven § 4-15",
    {"nb": "Uker med dagpenger", "nn": "Veker med dagpengar", "en": "Weeks of unemployment benefit"},
    words=WORDS,
    asked=True,
)
def unemployment_weeks(law: Law, income_12: Kroner, income_36: Kroner) -> Annotated[float, count()]:
    """The long period for one whose income was at least twice the basic amount, else the short; none without the least income."""
    if unemployment_basis(law, income_12, income_36) == 0:
        return 0
    return (
        law.long_period_weeks
        if max(income_12, income_36 / 3) >= law.base_amount * law.long_period_from_in_g
        else law.short_period_weeks
    )


@rule(
    "folketrygdloven § 4-14",
    {"nb": "Ferietillegg", "nn": "Ferietillegg", "en": "Holiday supplement"},
    words=WORDS,
    asked=True,
)
def holiday_supplement(law: Law, paid: Kroner, weeks: Weeks) -> Kroner:
    """A share of what was paid in the year, for one who had it for more than eight weeks."""
    return half_up(share(paid, law.holiday_rate)) if weeks > law.holiday_weeks else 0


@rule("folketrygdloven § 4-9", {"nb": "Egenandel", "nn": "Eigendel", "en": "Own share"}, words=WORDS)
def own_share(law: Law, day_rate: Kroner) -> Kroner:
    """Three day rates, taken from the first payments of a new period."""
    return law.own_share_days * day_rate


@rule(
    "folketrygdloven § 4-13",
    {
        "nb": "Dagpenger for meldeperioden, før egenandel",
        "nn": "Dagpengar for meldeperioden, før eigendel",
        "en": "Benefit of the period, before own share",
    },
    words=WORDS,
)
def period_before_own_share(
    law: Law, day_rate: Kroner, days: PeriodDays, usual_half_hours: UsualHalfHours, half_hours: HalfHours
) -> Kroner:
    """The days' rates less the share of usual hours worked; nothing for one who worked more than half."""
    usual = usual_half_hours / 2 / 5 * days
    if days == 0 or half_hours / 2 > share(usual, law.most_worked):
        return 0
    return half_up(day_rate * days * (usual - half_hours / 2) / usual)


@rule(
    "folketrygdloven §§ 4-9 og 4-13",
    {"nb": "Utbetaling for meldeperioden", "nn": "Utbetaling for meldeperioden", "en": "Payment for the period"},
    words=WORDS,
    asked=True,
)
def reporting_period(
    law: Law, day_rate: Kroner, days: PeriodDays, usual_half_hours: UsualHalfHours, half_hours: HalfHours, own_share_left: Kroner
) -> Kroner:
    """What two weeks give after the card is sent, before tax."""
    return max(0, period_before_own_share(law, day_rate, days, usual_half_hours, half_hours) - own_share_left)


@rule(
    "folketrygdloven §§ 11-19 og 11-20",
    {
        "nb": "Arbeidsavklaringspenger i året, før barnetillegg",
        "nn": "Arbeidsavklaringspengar i året, før barnetillegg",
        "en": "Work assessment allowance a year, before child supplement",
    },
    words=WORDS,
)
def assessment_a_year(law: Law, income: Kroner, young: Young) -> Kroner:
    """66 % of income up to six times the basic amount, at least about twice the basic amount, or two thirds of it below 25."""
    least = law.base_amount * law.assessment_least_in_g * (3 - young) / 3
    own = share(min(income, law.base_amount * law.cap_in_g), law.assessment_rate)
    return half_up(max(own, least))


@rule(
    "folketrygdloven § 11-20",
    {
        "nb": "Arbeidsavklaringspenger per dag",
        "nn": "Arbeidsavklaringspengar per dag",
        "en": "Work assessment allowance a day",
    },
    words=WORDS,
    asked=True,
)
def work_assessment_allowance(law: Law, income: Kroner, children: Children, young: Young) -> Kroner:
    """By 260 days, with a supplement for each child: with it at most 90 % of the basis, but never below the rate without."""
    day = half_up(assessment_a_year(law, income, young) / law.paid_days_a_year)
    most = half_up(share(min(income, law.base_amount * law.cap_in_g), law.most_with_children) / law.paid_days_a_year)
    return max(day, min(day + law.assessment_child * children, most))


@rule(
    "folketrygdloven § 11-23",
    {
        "nb": "Arbeidsavklaringspenger for meldeperioden",
        "nn": "Arbeidsavklaringspengar for meldeperioden",
        "en": "Work assessment allowance for the period",
    },
    words=WORDS,
    asked=True,
)
def assessment_period(law: Law, day_rate: Kroner, days: PeriodDays, half_hours: HalfHours) -> Kroner:
    """The days' rates less the share of full time worked; nothing for one who worked more than 60 % of it."""
    usual = law.assessment_week / 5 * days
    if days == 0 or half_hours / 2 > share(usual, law.assessment_most_worked):
        return 0
    return half_up(day_rate * days * (usual - half_hours / 2) / usual)
