"""VAT return (skattemelding for merverdiavgift): what a term comes to, when it is due, and until when it is corrected.

Deadlines: skatteforvaltningsforskriften §§ 8-3-1 and 8-3-10, a month and ten days after a term of two months, for the
third 31 August; of a whole year 10 March, in primary industries 10 April (altinn.no and skatteetaten.no on yearly
terms). Corrections: skatteforvaltningsloven § 9-4, three years after the deadline of the return that is
corrected; what they add is due three weeks after (skattebetalingsloven § 10-53, first paragraph).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from allting.kernel.calendar import legal_deadline, months_after, next_working_day
from allting.kernel.rules import Outcome, Step, explain, rates, rule_for, rule_of
from allting.kernel.text import Text
from allting.sectors.tax.rules.vat import WORDS as RULE_WORDS
from allting.sectors.tax.rules.vat import vat_of_all_lines, vat_to_pay
from allting.sectors.tax.services import vat_wording as say

OTHER_LINES = (
    "goods_standard", "goods_food", "services_standard", "services_low", "quotas", "goods_standard_kept",
    "goods_food_kept", "services_standard_kept", "services_low_kept", "quotas_kept", "paid_back", "let_off",
)  # fmt: skip
WORDS = {
    **{name: {key: f"{said} (øre)" for key, said in RULE_WORDS[name].items()} for name in OTHER_LINES},
    "primary": {
        "nb": "Et helt år med jordbruk, skogbruk eller fiske",
        "nn": "Eit heilt år med jordbruk, skogbruk eller fiske",
        "en": "A whole year of farming, forestry or fishing",
    },
    "before": {
        "nb": "Kom til i meldingen som rettes (øre)",
        "nn": "Kom til i meldinga som blir retta (øre)",
        "en": "Came to in the return that is corrected (øre)",
    },
}
CHANGES_WITHIN = 36  # months
WHOLE_YEAR = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """What a return comes to in kroner (minus: to get back), when it is due, and the calculation."""

    amount: int
    due: date
    steps: tuple[Step, ...]


def number(term: str) -> int:
    """A term as it is kept: "1" to "6"; "year" is 0."""
    return WHOLE_YEAR if term == "year" else int(term)


def last_day(year: int, term: int) -> date:
    return months_after(date(year, 1, 1), 2 * (term or 6)) - timedelta(days=1)


def deadline(year: int, term: int, *, primary: bool = False) -> date:
    """To hand in and to pay; when it is a holiday, the next working day."""
    if term == WHOLE_YEAR:
        return next_working_day(date(year + 1, 4 if primary else 3, 10))
    ends = months_after(date(year, 1, 1), 2 * term)
    return next_working_day(date(year, 8, 31) if term == 3 else months_after(ends, 1).replace(day=10))


def last_change(year: int, term: int, *, primary: bool = False) -> date:
    """The last day to correct the return of a term oneself."""
    return next_working_day(months_after(deadline(year, term, primary=primary), CHANGES_WITHIN))


def due_after_change(year: int, term: int, today: date, *, primary: bool = False) -> date:
    """When more tax of a correction is to be paid: three weeks from now, not before all others pay."""
    return max(legal_deadline(today, "3 weeks"), deadline(year, term, primary=primary))


def counted(year: int, term: int, given: Mapping[str, int], *, primary: bool = False) -> Counted:
    """Lines in øre by the rule's names; one that is not there is nothing. They are counted in whole kroner.

    Raises NoRate for a term whose rates are not known."""
    law = rule_for(vat_of_all_lines if any(given.get(name) for name in OTHER_LINES) else vat_to_pay)
    whole = {one.name: (given.get(one.name) or 0) // 100 for one in law.arguments}
    told = explain(law, whole, last_day(year, term))
    steps = tuple(one.step() for one in told.lines if one.value or one.rule in (law, rule_of(vat_to_pay)))
    return Counted(int(told.value), deadline(year, term, primary=primary), steps)


def decide(
    today: date, year: int, term: str, sales_standard: int, sales_food: int, sales_low: int, sales_fish: int,
    input_vat: int, before: int | None = None, goods_standard: int = 0, goods_food: int = 0,
    services_standard: int = 0, services_low: int = 0, quotas: int = 0, goods_standard_kept: int = 0,
    goods_food_kept: int = 0, services_standard_kept: int = 0, services_low_kept: int = 0, quotas_kept: int = 0,
    paid_back: int = 0, let_off: int = 0, primary: bool = False,
) -> Outcome:  # fmt: skip
    """It is taken as it is told, amounts in øre; ``before``: what the return came to that this one replaces, None for
    the first; ``primary``: a whole year of farming, forestry or fishing. The money moves when it is decided, by what
    has been billed and paid for the term till then.
    """
    lines, which = dict(locals()), number(term)
    if last_day(year, which) >= today:
        return Outcome(False, (say.EARLY,))
    if before is not None and today > last_change(year, which, primary=primary):
        return Outcome(False, (say.TOO_LATE,))
    found = counted(year, which, lines, primary=primary)
    more = {"year": year, "term": which, "vat": found.amount, "before": None if before is None else before // 100}
    grounds = _grounds(found, before, today, due_after_change(year, which, today, primary=primary))
    return Outcome(True, grounds, found.steps, version=rates(__file__, "vat").version, more=more)


def _grounds(found: Counted, before: int | None, today: date, changed_due: date) -> tuple[Text, ...]:
    if before is not None:
        return say.instead(before // 100, found.amount, changed_due)
    return (say.comes_to(found.amount, found.due), *((say.LATE,) if today > found.due else ()))
