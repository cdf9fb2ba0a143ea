"""Those born 1954–1962 have a part by the old rules (chapter 19) and a part by the new, in tenths (§ 19-1, § 20-19)."""

from typing import Annotated

from allting.kernel.rules import Kroner, Law, Percent, YesNo, count, half_up, rule, share
from allting.sectors.pension.rules.words import WORDS

BirthYear = Annotated[float, count(low=1943, high=2020)]
Points = Annotated[float, count(high=700)]
Years = Annotated[float, count(high=40)]
Ratio = Annotated[float, count(low=500, high=2000)]


@rule(
    "folketrygdloven § 20-19",
    {"nb": "Andel etter nye regler", "nn": "Del etter nye reglar", "en": "Share by the new rules"},
    words=WORDS,
)
def new_share(law: Law, birth_year: BirthYear) -> Percent:
    """One tenth for those born in 1954, one more for each year, everything from 1963."""
    return 10 * min(10, max(0, birth_year - law.first_mixed_cohort + 1))


@rule(
    "folketrygdloven §§ 19-1 og 20-19",
    {"nb": "Pensjon etter gamle og nye regler", "nn": "Pensjon etter gamle og nye reglar", "en": "Pension by old and new rules"},
    words=WORDS,
    result="pension",
    asked=True,
)  # fmt: skip
def mixed_pension(law: Law, birth_year: BirthYear, old_pension: Kroner, new_pension: Kroner) -> Kroner:
    """The tenths of each."""
    tenths = new_share(law, birth_year)
    return half_up(share(old_pension, 100 - tenths)) + half_up(share(new_pension, tenths))


@rule(
    "folketrygdloven §§ 19-8 og 19-9",
    {"nb": "Tilleggspensjon etter gamle regler", "nn": "Tilleggspensjon etter gamle reglar", "en": "Supplementary pension by the old rules"},
    words=WORDS,
    asked=True,
)  # fmt: skip
def old_supplement(law: Law, points: Points, years_before_1992: Years, years_from_1992: Years, ratio: Ratio) -> Kroner:
    """The basic amount times points and years in fortieths, 45 % for years through 1991 and 42 % after, by the ratio."""
    worth = law.base_amount * points / 100
    early = half_up(share(worth * years_before_1992 / 40, law.rate_before_1992))
    late = half_up(share(worth * years_from_1992 / 40, law.rate_from_1992))
    return half_up((early + late) * 1000 / ratio)


@rule(
    "folketrygdloven § 19-5",
    {"nb": "Grunnpensjon etter gamle regler", "nn": "Grunnpensjon etter gamle reglar", "en": "Basic pension by the old rules"},
    words=WORDS,
)  # fmt: skip
def old_basic(law: Law, married: YesNo, ratio: Ratio) -> Kroner:
    """The basic amount for forty years insured, 90 % when married or cohabiting, by the ratio."""
    amount = share(law.base_amount, law.basic_share_married) if married else law.base_amount
    return half_up(amount * 1000 / ratio)
