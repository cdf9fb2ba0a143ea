"""What an employer pays on top of wages (arbeidsgiveravgift, folketrygdloven § 23-2)."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, half_up, key, rule, share
from allting.sectors.tax.rules.words import WORDS

ContributionZone = Annotated[float, key("contribution_zone")]


@rule(
    "Stortingets vedtak om avgifter til folketrygden § 4",
    {"nb": "Grunnlag innenfor fribeløpet", "nn": "Grunnlag innanfor fribeløpet", "en": "Base within the free amount"},
    words=WORDS,
)
def base_at_lower_rate(
    law: Law, contribution_base: Kroner, base_before: Kroner, contribution_zone: ContributionZone
) -> Kroner:
    """In zone 1a: until what the lower rate has saved in the year comes to the free amount. Elsewhere all of it."""
    saved = law.employer_rate_after[contribution_zone] - law.employer_rate[contribution_zone]
    if saved == 0:
        return contribution_base
    room = law.employer_free_amount * 100 / saved - base_before
    return min(contribution_base, max(0, half_up(room)))


@rule(
    "folketrygdloven § 23-2",
    {"nb": "Arbeidsgiveravgift", "nn": "Arbeidsgivaravgift", "en": "Employers' contribution"},
    words=WORDS,
    result="contribution",
    asked=True,
)
def employer_contribution(
    law: Law, contribution_base: Kroner, base_before: Kroner, contribution_zone: ContributionZone
) -> Kroner:
    """Of what is paid for work in a month; ``base_before`` is what was paid before in the year, which counts in zone 1a."""
    lower = base_at_lower_rate(law, contribution_base, base_before, contribution_zone)
    at_lower = share(lower, law.employer_rate[contribution_zone])
    return half_up(at_lower + share(contribution_base - lower, law.employer_rate_after[contribution_zone]))
