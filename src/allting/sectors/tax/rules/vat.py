"""Value added tax of a term: what is charged on sales, less what was paid on purchases (merverdiavgiftsloven)."""

from allting.kernel.rules import Kroner, Law, NetKroner, down, rule, share
from allting.sectors.tax.rules.words import WORDS


@rule(
    "merverdiavgiftsloven § 5-1",
    {"nb": "Utgående merverdiavgift", "nn": "Utgåande meirverdiavgift", "en": "Output value added tax"},
    words=WORDS,
)
def output_vat(law: Law, sales_standard: Kroner, sales_food: Kroner, sales_low: Kroner, sales_fish: Kroner) -> Kroner:
    """Each line is its base times its rate, rounded down, as the Tax Administration checks it."""
    at_standard = down(share(sales_standard, law.vat_standard))
    at_food = down(share(sales_food, law.vat_food))
    at_low = down(share(sales_low, law.vat_low))
    return at_standard + at_food + at_low + down(share(sales_fish, law.vat_fish))


@rule(
    "merverdiavgiftsloven § 8-1",
    {
        "nb": "Merverdiavgift å betale (minus: til gode)",
        "nn": "Meirverdiavgift å betale (minus: til gode)",
        "en": "Value added tax to pay (minus: to get back)",
    },
    words=WORDS,
    result="vat",
    asked=True,
)
def vat_to_pay(
    law: Law, sales_standard: Kroner, sales_food: Kroner, sales_low: Kroner, sales_fish: Kroner, input_vat: Kroner
) -> NetKroner:
    """Output tax less the input tax that may be deducted."""
    return output_vat(law, sales_standard, sales_food, sales_low, sales_fish) - input_vat
