"""The tax of a household: each adult by herself."""

from collections.abc import Iterator

from allting.kernel.rules.households import Adult, Case, Household, in_households
from allting.sectors.tax.rules.annual import pensioner, wage_earner

NORD_TROMS = frozenset(("5534", "5536", "5538", "5540", "5542", "5544", "5546"))
"""Skatteloven § 15-5: Karlsøy, Lyngen, Storfjord, Kåfjord, Skjervøy, Nordreisa and Kvænangen."""


def zone(municipality: str) -> str:
    """The zone of the special allowance."""
    return "finnmark" if municipality.startswith("56") or municipality in NORD_TROMS else "ordinary"


@in_households(wage_earner, "to state")
def wage_earners(house: Household) -> Iterator[Case]:
    for one in house.adults:
        if not one.pension:
            yield _common(one, house)


@in_households(pensioner, "to state")
def pensioners(house: Household) -> Iterator[Case]:
    """With full pension for the whole year."""
    for one in house.adults:
        if one.pension:
            yield {**_common(one, house), "pension": one.pension, "months": 12, "degree": 100}


def _common(one: Adult, house: Household) -> dict[str, object]:
    return {
        "wages": one.wages,
        "other_income": one.other_income,
        "deductions": one.deductions,
        "age": min(one.age, 120),
        "zone": zone(house.municipality),
    }
