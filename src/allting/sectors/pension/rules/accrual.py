"""How pension is earned: a share of each year's income into a balance that follows wages (§§ 20-4 to 20-6)."""

from allting.kernel.rules import Kroner, Law, half_up, rule, share
from allting.sectors.pension.rules.words import WORDS


@rule(
    "folketrygdloven § 1-4",
    {"nb": "Årets gjennomsnittlige grunnbeløp", "nn": "Gjennomsnittleg grunnbeløp i året", "en": "The year's average basic amount"},
    words=WORDS,
)  # fmt: skip
def average_base(law: Law) -> Kroner:
    """Four months of the amount at the start of the year and eight of that from 1 May, to whole kroner."""
    return half_up((4 * law.base_january + 8 * law.base_may) / 12)


@rule(
    "folketrygdloven § 20-5",
    {"nb": "Inntekt som gir opptjening", "nn": "Inntekt som gir opptening", "en": "Income that counts"},
    words=WORDS,
)
def counted_income(law: Law, income: Kroner) -> Kroner:
    """Income up to 7.1 times the year's average basic amount."""
    return half_up(min(income, average_base(law) * law.accrual_cap_in_g))


@rule(
    "folketrygdloven § 20-5",
    {"nb": "Pensjonsopptjening", "nn": "Pensjonsopptening", "en": "Pension accrual"},
    words=WORDS,
    asked=True,
)
def accrual(law: Law, income: Kroner) -> Kroner:
    """18.1 % of the income that counts, to whole kroner."""
    return half_up(share(counted_income(law, income), law.accrual_rate))


@rule(
    "folketrygdloven §§ 20-4 og 20-18",
    {"nb": "Beholdning etter regulering", "nn": "Behaldning etter regulering", "en": "Balance after adjustment"},
    words=WORDS,
    asked=True,
)
def adjusted_balance(law: Law, balance: Kroner) -> Kroner:
    """The balance of the day before 1 May, risen with wages, to whole kroner."""
    return half_up(balance * law.wage_growth_factor)
