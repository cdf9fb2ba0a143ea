"""What a household has for its children. Small child supplement is left out: it needs transitional benefit (§ 9)."""

from collections.abc import Iterator

from allting.kernel.rules.households import Case, Household, in_households
from allting.sectors.welfare.rules.families import child_benefit, finnmark_supplement, in_the_north


@in_households(child_benefit, "to household", times=12)
def families(house: Household) -> Iterator[Case]:
    """By the ages now, for twelve months; one adult is taken to be alone in caring."""
    if house.children:
        under_six = sum(age < 6 for age in house.children)
        yield {
            "under_six": under_six,
            "older": len(house.children) - under_six,
            "alone": int(len(house.adults) == 1),
            "small_child": 0,
        }


@in_households(finnmark_supplement, "to household", times=12)
def northern_families(house: Household) -> Iterator[Case]:
    if house.children and in_the_north(house.municipality):
        yield {"children": len(house.children), "north": 1}
