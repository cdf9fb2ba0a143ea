"""Value added tax of a term: what is charged on sales and counted on purchases from abroad, less what was paid on
purchases (merverdiavgiftsloven). The lines are those of the Tax Administration's codes (Skatteetaten/saf-t, Standard Tax
Codes; Skatteetaten/mva-meldingen)."""

from allting.kernel.rules import Kroner, Law, NetKroner, down, rule, share
from allting.sectors.tax.rules.words import WORDS as SHARED

_BASES = {
    "goods_standard": {
        "nb": "Innførsel av varer, alminnelig sats",
        "nn": "Innførsel av varer, allmenn sats",
        "en": "Goods imported, standard rate",
    },
    "goods_food": {
        "nb": "Innførsel av næringsmidler",
        "nn": "Innførsel av næringsmiddel",
        "en": "Food imported",
    },
    "services_standard": {
        "nb": "Tjenester fra utlandet, alminnelig sats",
        "nn": "Tenester frå utlandet, allmenn sats",
        "en": "Services from abroad, standard rate",
    },
    "services_low": {
        "nb": "Tjenester fra utlandet, lav sats",
        "nn": "Tenester frå utlandet, låg sats",
        "en": "Services from abroad, low rate",
    },
    "quotas": {
        "nb": "Klimakvoter og gull",
        "nn": "Klimakvotar og gull",
        "en": "Emission quotas and gold",
    },
}
_KEPT = {"nb": "{}, uten fradragsrett", "nn": "{}, utan frådragsrett", "en": "{}, not deductible"}
WORDS = {
    **SHARED,
    **_BASES,
    **{f"{name}_kept": {key: _KEPT[key].format(said) for key, said in one.items()} for name, one in _BASES.items()},
    "paid_back": {
        "nb": "Avgift som føres tilbake eller justeres opp",
        "nn": "Avgift som blir ført tilbake eller justert opp",
        "en": "Tax that is reversed or adjusted upwards",
    },
    "let_off": {
        "nb": "Avgift av tap på krav, og justert ned",
        "nn": "Avgift av tap på krav, og justert ned",
        "en": "Tax on bad debts, and adjusted downwards",
    },
}


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


@rule(
    "merverdiavgiftsloven §§ 3-29, 3-30, 11-1 og 11-3",
    {
        "nb": "Avgift på innførsel og kjøp fra utlandet, uten fradragsrett",
        "nn": "Avgift på innførsel og kjøp frå utlandet, utan frådragsrett",
        "en": "Tax on imports and purchases from abroad, not deductible",
    },
    words=WORDS,
)
def kept_vat(
    law: Law, goods_standard_kept: Kroner, goods_food_kept: Kroner, services_standard_kept: Kroner,
    services_low_kept: Kroner, quotas_kept: Kroner,
) -> Kroner:  # fmt: skip
    """What the buyer counts herself and may not deduct: codes 82, 84, 87, 89 and 92, each rounded down."""
    goods = down(share(goods_standard_kept, law.vat_standard)) + down(share(goods_food_kept, law.vat_food))
    services = down(share(services_standard_kept, law.vat_standard)) + down(share(services_low_kept, law.vat_low))
    return goods + services + down(share(quotas_kept, law.vat_standard))


@rule(
    "merverdiavgiftsloven §§ 3-29, 3-30, 8-1, 11-1 og 11-3",
    {
        "nb": "Avgift på innførsel og kjøp fra utlandet, beregnet og trukket fra igjen",
        "nn": "Avgift på innførsel og kjøp frå utlandet, rekna ut og trekt frå att",
        "en": "Tax on imports and purchases from abroad, counted and deducted again",
    },
    words=WORDS,
)
def deducted_vat(
    law: Law, goods_standard: Kroner, goods_food: Kroner, services_standard: Kroner, services_low: Kroner,
    quotas: Kroner,
) -> Kroner:  # fmt: skip
    """What the buyer counts herself and deducts in full: codes 81, 83, 86, 88 and 91, each rounded down."""
    goods = down(share(goods_standard, law.vat_standard)) + down(share(goods_food, law.vat_food))
    services = down(share(services_standard, law.vat_standard)) + down(share(services_low, law.vat_low))
    return goods + services + down(share(quotas, law.vat_standard))


@rule(
    "merverdiavgiftsloven §§ 4-7 og 9-1",
    {
        "nb": "Tap, justering og tilbakeføring (minus: trekkes fra)",
        "nn": "Tap, justering og tilbakeføring (minus: blir trekt frå)",
        "en": "Losses, adjustments and reversals (minus: deducted)",
    },
    words=WORDS,
)
def changed_vat(law: Law, paid_back: Kroner, let_off: Kroner) -> NetKroner:
    """What changes the tax of earlier terms."""
    return paid_back - let_off


@rule(
    "merverdiavgiftsloven §§ 8-1, 11-1 og 11-3",
    {
        "nb": "Merverdiavgift i alt å betale (minus: til gode)",
        "nn": "Meirverdiavgift i alt å betale (minus: til gode)",
        "en": "Value added tax in all to pay (minus: to get back)",
    },
    words=WORDS,
    result="vat",
)
def vat_of_all_lines(
    law: Law, sales_standard: Kroner, sales_food: Kroner, sales_low: Kroner, sales_fish: Kroner, input_vat: Kroner,
    goods_standard: Kroner, goods_food: Kroner, services_standard: Kroner, services_low: Kroner, quotas: Kroner,
    goods_standard_kept: Kroner, goods_food_kept: Kroner, services_standard_kept: Kroner, services_low_kept: Kroner,
    quotas_kept: Kroner, paid_back: Kroner, let_off: Kroner,
) -> NetKroner:  # fmt: skip
    """With what is bought from abroad, and what changes the tax of earlier terms."""
    simple = vat_to_pay(law, sales_standard, sales_food, sales_low, sales_fish, input_vat)
    deducted = deducted_vat(law, goods_standard, goods_food, services_standard, services_low, quotas)
    kept = kept_vat(
        law, goods_standard_kept, goods_food_kept, services_standard_kept, services_low_kept, quotas_kept
    )  # fmt: skip
    counted = kept + deducted
    return simple + counted - deducted + changed_vat(law, paid_back, let_off)
