"""What the municipality and Husbanken give by need: the state's guiding rates, and the share of housing costs."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, count, half_up, key, rule, share
from allting.sectors.welfare.rules.words import WORDS

Household = Annotated[float, key("household")]
Children = Annotated[float, count(high=20)]


@rule(
    "sosialtjenesteloven § 18",
    {
        "nb": "Veiledende sats for livsopphold i måneden",
        "nn": "Rettleiande sats for livsopphald i månaden",
        "en": "Guiding rate of living costs a month",
    },
    words=WORDS,
    asked=True,
)
def guiding_rate(
    law: Law, household: Household, children_0_5: Children, children_6_10: Children, children_11_17: Children
) -> Kroner:
    """The state's guiding rates added up. The municipality decides by need, and covers housing and power besides."""
    young = law.child_0_5 * children_0_5 + law.child_6_10 * children_6_10
    return law.living[household] + young + law.child_11_17 * children_11_17


@rule(
    "bustøttelova § 8",
    {"nb": "Bostøtte i måneden", "nn": "Bustøtte i månaden", "en": "Housing benefit a month"},
    words=WORDS,
    asked=True,
)
def housing_benefit(law: Law, costs: Kroner, own_share: Kroner) -> Kroner:
    """The share of approved housing costs above the own share. Husbanken's limits and own share are not counted here."""
    return half_up(share(max(0, costs - own_share), law.housing_share))
