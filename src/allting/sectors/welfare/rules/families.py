"""Child benefit, cash-for-care and parental benefit."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, Percent, YesNo, count, down, half_up, key, rule, share
from allting.sectors.welfare.rules.words import WORDS

Children = Annotated[float, count(high=20)]
Hours = Annotated[float, count(high=60)]
Days = Annotated[float, count()]
FINNMARK = "56"
NORD_TROMS = frozenset(("5534", "5536", "5538", "5540", "5542", "5544", "5546"))
Coverage = Annotated[float, key("coverage")]


def in_the_north(municipality: str) -> bool:
    """Whether a municipality gives the supplement: those Nav lists (familie-kontrakter, KommunerIFinnmarkOgNordTroms)."""
    return municipality.startswith(FINNMARK) or municipality in NORD_TROMS


@rule(
    "barnetrygdloven § 10",
    {"nb": "Ordinær barnetrygd", "nn": "Ordinær barnetrygd", "en": "Ordinary child benefit"},
    words=WORDS,
)
def ordinary_child_benefit(law: Law, under_six: Children, older: Children) -> Kroner:
    """An amount a month for each child; another for those under six until September 2024."""
    return law.under_six * under_six + law.ordinary * older


@rule(
    "barnetrygdloven § 9",
    {"nb": "Utvidet barnetrygd", "nn": "Utvida barnetrygd", "en": "Extended child benefit"},
    words=WORDS,
)
def extended_child_benefit(law: Law, alone: YesNo) -> Kroner:
    """An amount a month for one who is alone in caring, whatever the number of children."""
    return law.extended if alone else 0


@rule(
    "barnetrygdloven § 9",
    {"nb": "Småbarnstillegg", "nn": "Småbarnstillegg", "en": "Small child supplement"},
    words=WORDS,
)
def small_child_supplement(law: Law, small_child: YesNo) -> Kroner:
    """For one alone with a child under three who has full transitional benefit."""
    return law.small_child if small_child else 0


@rule(
    "barnetrygdloven §§ 9 og 10",
    {"nb": "Barnetrygd i måneden", "nn": "Barnetrygd i månaden", "en": "Child benefit a month"},
    words=WORDS,
    asked=True,
)
def child_benefit(law: Law, under_six: Children, older: Children, alone: YesNo, small_child: YesNo) -> Kroner:
    """What is paid each month for all children of one receiver; nothing without children."""
    if under_six + older == 0:
        return 0
    together = ordinary_child_benefit(law, under_six, older) + extended_child_benefit(law, alone)
    return together + small_child_supplement(law, small_child if alone else 0)


@rule(
    "barnetrygdloven §§ 2 og 12",
    {"nb": "Halv barnetrygd i måneden", "nn": "Halv barnetrygd i månaden", "en": "Half child benefit a month"},
    words=WORDS,
)
def half_child_benefit(law: Law, whole: Kroner) -> Kroner:
    """Parents who do not live together and have agreed in writing that the child lives with both: half to each, of what
    each would have had (§ 2 third paragraph, § 12 third paragraph). To the nearest krone."""
    return half_up(whole / 2)


@rule(
    "barnetrygdloven",
    {"nb": "Finnmarkstillegg i måneden", "nn": "Finnmarkstillegg i månaden", "en": "Finnmark supplement a month"},
    words=WORDS,
    asked=True,
)
def finnmark_supplement(law: Law, children: Children, north: YesNo) -> Kroner:
    """An amount for each child with child benefit that lives in Finnmark or Nord-Troms, from October 2025."""
    return law.finnmark_supplement * children if north else 0


@rule(
    "kontantstøtteloven § 7",
    {"nb": "Etter timer i barnehage", "nn": "Etter timar i barnehage", "en": "By hours in kindergarten"},
    words=WORDS,
)
def cash_for_care_share(law: Law, hours: Hours) -> Percent:
    """The share of the full amount for so many agreed hours a week; nothing from 33 hours."""
    if hours <= 0:
        return law.share_0_hours
    if hours <= 8:
        return law.share_8_hours
    if hours <= 16:
        return law.share_16_hours
    if hours <= 24:
        return law.share_24_hours
    return law.share_32_hours if hours <= 32 else 0


@rule(
    "kontantstøtteloven §§ 7 og 9",
    {"nb": "Kontantstøtte i måneden", "nn": "Kontantstøtte i månaden", "en": "Cash-for-care a month"},
    words=WORDS,
    asked=True,
)
def cash_for_care(law: Law, hours: Hours, shared: YesNo) -> Kroner:
    """For one child; half to each when the child lives with both parents by agreement."""
    amount = down(share(law.full, cash_for_care_share(law, hours)))
    return down(share(amount, law.share_both_parents)) if shared else amount


@rule(
    "folketrygdloven § 14-9",
    {
        "nb": "Dager med foreldrepenger for ett barn",
        "nn": "Dagar med foreldrepengar for eitt barn",
        "en": "Days of parental benefit for one child",
    },
    words=WORDS,
)
def parental_days(law: Law, coverage: Coverage) -> Days:
    """Five days a week, for both parents together."""
    return law.parental_days[coverage]


@rule(
    "folketrygdloven § 14-12",
    {"nb": "Dager i hver kvote", "nn": "Dagar i kvar kvote", "en": "Days in each quota"},
    words=WORDS,
)
def parental_quota(law: Law, coverage: Coverage) -> Days:
    """What only the mother, and only the father or co-mother, can take."""
    return law.parental_quota_days[coverage]


@rule(
    "folketrygdloven §§ 14-9 og 14-12",
    {"nb": "Dager dere kan dele", "nn": "Dagar de kan dele", "en": "Days to share"},
    words=WORDS,
    asked=True,
)
def parental_shared_days(law: Law, coverage: Coverage) -> Days:
    """What is left when the days before birth and both quotas are taken out."""
    return parental_days(law, coverage) - law.parental_days_before_birth - 2 * parental_quota(law, coverage)


@rule(
    "folketrygdloven §§ 14-6, 14-7 og 14-9",
    {"nb": "Foreldrepenger per dag", "nn": "Foreldrepengar per dag", "en": "Parental benefit a day"},
    words=WORDS,
    asked=True,
)
def parental_benefit(law: Law, income: Kroner, coverage: Coverage) -> Kroner:
    """Income up to six times the basic amount, by 260 days, at 100 or 80 %; nothing below half the basic amount."""
    if income < law.base_amount * law.parental_least_in_g:
        return 0
    return half_up(
        share(min(income, law.base_amount * law.cap_in_g) / law.paid_days_a_year, law.parental_coverage[coverage])
    )
