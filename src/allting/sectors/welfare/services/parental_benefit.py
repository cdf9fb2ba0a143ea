"""Parental benefit (folketrygdloven §§ 14-6, 14-7, 14-9, 14-10 and 14-12): days by weeks at home, paid month by month.

The days of one child that is born are counted by the figures. Those of adoption and of several children were not all
found in a source we may cite: the officer writes them. When in the period each may take its days is for the officer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal, NewType

from allting.kernel.calendar import months_after
from allting.kernel.rules import Explanation, Outcome, Pay, Step, told
from allting.kernel.text import Text
from allting.sectors.welfare.rules.families import parental_benefit, parental_quota, parental_shared_days
from allting.sectors.welfare.rules.words import OF_CASES

Lines = NewType("Lines", str)
WORDS: Final = OF_CASES | {
    "income": {"nb": "Inntekt i året (kroner)", "nn": "Inntekt i året (kroner)", "en": "Income a year (kroner)"},
    "leave": {
        "nb": "Perioder hjemme: fra og til (åååå-mm-dd) og prosent, en på hver linje",
        "nn": "Periodar heime: frå og til (åååå-mm-dd) og prosent, ein på kvar linje",
        "en": "Periods at home: from and to (yyyy-mm-dd) and per cent, one a line",
    },
    "one_birth": {"nb": "Ett barn, ved fødsel", "nn": "Eitt barn, ved fødsel", "en": "One child, at birth"},
    "shared_taken": {
        "nb": "Dager av felles del den andre har tatt",
        "nn": "Dagar av felles del den andre har teke",
        "en": "Shared days the other parent has taken",
    },
    "most_days": {
        "nb": "Dager søkeren kan ta, hvis annet enn regnet ut",
        "nn": "Dagar søkjaren kan ta, dersom anna enn rekna ut",
        "en": "Days the applicant can take, if other than computed",
    },
}
_LAW: Final = "folketrygdloven §§ 14-9, 14-10 og 14-12"
_LINE: Final = re.compile(r"(\d{4}-\d\d-\d\d)\D+(\d{4}-\d\d-\d\d)\D+(\d{1,3})\D*")
_TITLE: Final = Text({"nb": "Foreldrepenger", "nn": "Foreldrepengar", "en": "Parental benefit"})
_MOST: Final = Text({"nb": "Dager du kan ta", "nn": "Dagar du kan ta", "en": "Days you can take"})
_TAKEN: Final = Text(
    {"nb": "Dager du tar, i hele dager", "nn": "Dagar du tek, i heile dagar", "en": "Days you take, in whole days"}
)
_NO_EARNING: Final = Text(
    {
        "nb": "Du har ikke hatt pensjonsgivende inntekt i minst seks av de siste ti månedene.",
        "nn": "Du har ikkje hatt pensjonsgivande inntekt i minst seks av dei siste ti månadene.",
        "en": "You have not had pensionable income in at least six of the last ten months.",
    }
)
_TOO_LITTLE: Final = Text(
    {
        "nb": "Inntekten din i året er under halvparten av grunnbeløpet.",
        "nn": "Inntekta di i året er under halvparten av grunnbeløpet.",
        "en": "Your income in a year is below half of the base amount.",
    }
)
_NO_DAYS: Final = Text(
    {
        "nb": "Dagene er ikke kjent for adopsjon eller flere barn her. Skriv hvor mange dager søkeren kan ta.",
        "nn": "Dagane er ikkje kjende for adopsjon eller fleire barn her. Skriv kor mange dagar søkjaren kan ta.",
        "en": "The days of adoption or several children are not known here. Write how many days the applicant can take.",
    }
)
_TOO_MANY: Final = Text(
    {
        "nb": "Periodene er flere dager enn du kan ta.",
        "nn": "Periodane er fleire dagar enn du kan ta.",
        "en": "The periods are more days than you can take.",
    }
)
_RIGHT: Final = Text(
    {
        "nb": "Du har hatt inntekt i minst seks av de siste ti månedene, og minst halvparten av grunnbeløpet i året.",
        "nn": "Du har hatt inntekt i minst seks av dei siste ti månadene, og minst halvparten av grunnbeløpet i året.",
        "en": "You have had income in at least six of the last ten months, and at least half of the base amount in a year.",
    }
)


def decide(
    parent: Literal["mother", "father"], coverage: Literal["full", "longer"], one_birth: bool, day: date,
    six_months: bool, income: int, leave: Lines, today: date, shared_taken: int = 0, most_days: int | None = None,
) -> Outcome:  # fmt: skip
    """``day``: of birth or due; ``income``: kroner a year; ``leave``: a line for each period, with its per cent.

    The figures are those of the first day at home, or of today when it is still to come. Raises ValueError for a line
    that cannot be read.
    """
    if not six_months:
        return Outcome(False, (_NO_EARNING,))
    taken = _days(leave)
    rate = told(parental_benefit, {"income": income, "coverage": coverage}, min(*taken, today) if taken else today)
    if not rate.value:
        return Outcome(False, (_TOO_LITTLE,), rate.steps())
    most, found = _most(parent, coverage, one_birth, day, shared_taken, most_days)
    if most is None:
        return Outcome(False, (_NO_DAYS,))
    whole = sum(taken.values(), Fraction())
    steps = (
        *rate.steps(), *(found.steps() if found else ()), Step(_MOST, str(most), _LAW),
        Step(_TAKEN, f"{float(whole):g}".replace(".", ","), _LAW),
    )  # fmt: skip
    if not whole or whole > most:
        return Outcome(False, (_TOO_MANY,), steps)
    return Outcome(True, (_RIGHT,), steps, _pays(taken, int(rate.value)))


def _days(leave: str) -> dict[date, Fraction]:
    """Monday to Friday of each period, and how much of each day; a day of two periods counts once, with the most."""
    found: dict[date, Fraction] = {}
    for line in filter(None, map(str.strip, leave.splitlines())):
        read = _LINE.fullmatch(line)
        if read is None or not 0 < int(read[3]) <= 100:
            raise ValueError(line)
        day, last = date.fromisoformat(read[1]), date.fromisoformat(read[2])
        if not day <= last <= months_after(day, 36):
            raise ValueError(line)
        while day <= last:
            if day.weekday() < 5:
                found[day] = max(found.get(day, Fraction()), Fraction(int(read[3]), 100))
            day += timedelta(days=1)
    return found


def _most(
    parent: str, coverage: str, one_birth: bool, day: date, shared_taken: int, set_to: int | None
) -> tuple[int | None, Explanation | None]:
    """The days this parent can take: the quota and what is shared, and for the mother the weeks before birth."""
    if set_to is not None:
        return set_to, None
    if not one_birth:
        return None, None
    quota = told(parental_quota, {"coverage": coverage}, day)
    shared = told(parental_shared_days, {"coverage": coverage}, day)
    before = shared.lines[-1].figures["parental_days_before_birth"].value if parent == "mother" else 0
    return int(quota.value) + max(0, int(shared.value) - shared_taken) + int(before), shared


def _pays(taken: Mapping[date, Fraction], rate: int) -> tuple[Pay, ...]:
    """Each month's days by the day's rate (kroner)."""
    months: dict[date, Fraction] = defaultdict(Fraction)
    for day, part in taken.items():
        months[day.replace(day=1)] += part
    return tuple(
        Pay(round(months[one] * rate * 100), _TITLE, "month", one, months_after(one, 1) - timedelta(days=1))
        for one in sorted(months)
    )
