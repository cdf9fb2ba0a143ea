"""What stands beside the tax of a year: advance tax (kapittel 6), and interest when it is settled (§ 11-5)."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, count, half_up, rule, share
from allting.sectors.tax.rules.words import WORDS

YEAR = 365  # days


@rule(
    "skattebetalingsloven kapittel 6",
    {"nb": "Forskuddsskatt", "nn": "Forskotsskatt", "en": "Advance tax"},
    words=WORDS,
    result="advance",
    asked=True,
)
def advance_tax(law: Law, tax: Kroner, covered: Kroner) -> Kroner:
    """What of the expected tax is not covered by what is withheld from pay and pension: it is paid by bills."""
    return max(0, tax - covered)


@rule(
    "skattebetalingsloven § 11-5",
    {"nb": "Renter ved skatteoppgjøret", "nn": "Renter ved skatteoppgjeret", "en": "Interest at the settlement"},
    words=WORDS,
    result="interest",
    asked=True,
)
def settlement_interest(law: Law, settled: Kroner, interest_days: Annotated[float, count()]) -> Kroner:
    """Of residual tax, and of what comes back, from 1 July of the income year; the law is that of 1 January after it.

    To the nearest krone and by 365 days a year: our choice, for neither is published.
    """
    rate = law.policy_rate * (100 - law.interest_reduction) / 100
    return half_up(share(settled, rate) * interest_days / YEAR)
