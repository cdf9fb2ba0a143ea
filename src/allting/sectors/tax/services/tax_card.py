"""Tax card (skattekort): which card the expected incomes of a year give (skattebetalingsloven §§ 5-1 and 5-7).

Whether it is a table or a percentage follows the Tax Administration's own page about the two: a percentage for one
who has pension, has been paid this year already, has larger deductions than the tables have, or asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allting.kernel.rules import Outcome, Step, explain, rates, rule_of
from allting.kernel.text import Text
from allting.sectors.tax.rules.annual import pensioner, wage_earner
from allting.sectors.tax.rules.cards import card_percent, card_table, left_to_withhold_from
from allting.sectors.tax.rules.households import zone
from allting.sectors.tax.rules.withholding import withholding

WORDS = {
    "born": {"nb": "Fødselsdato", "nn": "Fødselsdato", "en": "Date of birth"},
    "municipality": {"nb": "Kommune (nummer)", "nn": "Kommune (nummer)", "en": "Municipality (number)"},
    "deductions": {"nb": "Fradrag og renter i året (øre)", "nn": "Frådrag og renter i året (øre)", "en": "Deductions and interest in the year (øre)"},
}  # fmt: skip
_NOTHING_LEFT = Text(
    {
        "nb": "Det er ikke noe igjen av inntekten i år å trekke skatt av. Da kan ikke skattekortet endres for i år.",
        "nn": "Det er ikkje noko att av inntekta i år å trekkje skatt av. Då kan ikkje skattekortet endrast for i år.",
        "en": "Nothing is left of this year's income to withhold tax from. The card cannot be changed for this year.",
    }
)
_WHY = {
    "pension": Text(
        {
            "nb": "Du får prosentkort fordi du har pensjon. Tabellene regner ikke med skattefradrag for pensjon.",
            "nn": "Du får prosentkort fordi du har pensjon. Tabellane reknar ikkje med skattefrådrag for pensjon.",
            "en": "You get a percentage because you have a pension. The tables leave out the tax deduction for pension.",
        }
    ),
    "paid": Text(
        {
            "nb": "Du får prosentkort fordi du alt har fått utbetalt lønn i år. Prosenten retter opp det som er trukket hittil.",
            "nn": "Du får prosentkort fordi du alt har fått utbetalt løn i år. Prosenten rettar opp det som er trekt hittil.",
            "en": "You get a percentage because you have been paid this year already. It evens out what is withheld so far.",
        }
    ),
    "large": Text(
        {
            "nb": "Du får prosentkort fordi fradragene eller de andre inntektene er større enn tabellene har plass til.",
            "nn": "Du får prosentkort fordi frådraga eller dei andre inntektene er større enn tabellane har plass til.",
            "en": "You get a percentage because deductions or other income are larger than the tables have room for.",
        }
    ),
    "asked": Text(
        {
            "nb": "Du har valgt prosentkort.",
            "nn": "Du har valt prosentkort.",
            "en": "You have chosen a percentage.",
        }
    ),
    "": Text(
        {
            "nb": "Du får tabellkort. Da følger trekket lønnen: mer når du får mer, og mindre når du får mindre.",
            "nn": "Du får tabellkort. Då følgjer trekket løna: meir når du får meir, og mindre når du får mindre.",
            "en": "You get a table. Then what is withheld follows your wages: more when you earn more, less when less.",
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What somebody expects of the year, in whole kroner, and what has been paid and withheld of it so far."""

    born: date
    municipality: str | None
    today: date
    wages: int = 0
    pension: int = 0
    pension_months: int = 12
    pension_degree: int = 100
    other: int = 0
    deductions: int = 0
    wages_so_far: int = 0
    pension_so_far: int = 0
    withheld: int = 0
    wants_percent: bool = False

    @property
    def months_left(self) -> int:
        """The months to come; the one we are in too while nothing is paid this year."""
        paid = self.wages_so_far or self.pension_so_far
        return max(1, 13 - self.today.month - (1 if paid else 0))

    @property
    def wages_left(self) -> int:
        return max(0, self.wages - self.wages_so_far)

    @property
    def pension_left(self) -> int:
        return max(0, self.pension - self.pension_so_far)


@dataclass(frozen=True, slots=True)
class Card:
    """A table, or none, and the percentage: for all pay without a table, else for what no table is used on.

    ``tax`` is the expected tax of the year in kroner; ``why`` says what makes it a percentage; empty for a table.
    """

    table: int | None
    percent: int
    tax: int
    why: str
    steps: tuple[Step, ...] = ()


def card(said: Expected) -> Card | None:
    """The card these expectations give. None: nothing is left to withhold from. Raises NoRate for a year without law."""
    told = _told(card_percent, _percent_given(said, tax := _tax(said)), said.today)
    if not _told(left_to_withhold_from, _left(said), said.today).value:
        return None
    table = _told(card_table, {"wages": said.wages, "tax": tax.value}, said.today)
    why = _why(said, int(table.value))
    steps = tax.steps() + (told.steps() if why else table.steps())
    return Card(None if why else int(table.value), int(told.value), int(tax.value), why, steps)


def _told(function: Any, given: Mapping[str, float], on: date) -> Any:
    law = rule_of(function)
    assert law is not None
    return explain(law, given, on)


def _tax(said: Expected) -> Any:
    """The tax of the year, as the yearly rules count it."""
    place = 1 if said.municipality and zone(said.municipality) == "finnmark" else 0
    given = {
        "wages": said.wages, "other_income": said.other, "deductions": said.deductions,
        "age": max(17, min(120, said.today.year - said.born.year)), "zone": place,
    }  # fmt: skip
    if not said.pension:
        return _told(wage_earner, given, said.today)
    pension = {"pension": said.pension, "months": said.pension_months, "degree": said.pension_degree}
    return _told(pensioner, given | pension, said.today)


def _left(said: Expected) -> dict[str, float]:
    return {
        "wages_left": said.wages_left, "pension_left": said.pension_left, "months_left": said.months_left,
    }  # fmt: skip


def _percent_given(said: Expected, tax: Any) -> dict[str, float]:
    return {"tax": tax.value, "withheld_so_far": said.withheld, **_left(said)}


def _why(said: Expected, table: int) -> str:
    """What makes it a percentage; empty when it is a table."""
    law = rule_of(withholding)
    assert law is not None
    tables = law.allowed(law.arguments[0], said.today) or {}
    if said.pension:
        return "pension"
    if said.wages_so_far:
        return "paid"
    if table not in tables.values():
        return "large"
    return "asked" if said.wants_percent else ""


def expected(
    born: date, municipality: str | None, today: date, wages: int, pension: int, pension_months: int | None,
    pension_degree: int | None, other: int, deductions: int, wages_so_far: int, pension_so_far: int | None,
    withheld: int, percent: bool | None,
) -> Expected:  # fmt: skip
    """The answers of the form: amounts in øre, which are counted in whole kroner; what was not asked is empty."""
    return Expected(
        born, municipality, today, wages // 100, pension // 100, pension_months or 12, pension_degree or 100,
        other // 100, deductions // 100, wages_so_far // 100, (pension_so_far or 0) // 100, withheld // 100,
        bool(percent),
    )  # fmt: skip


def decide(
    born: date, municipality: str | None, today: date, wages: int, pension: int, pension_months: int | None,
    pension_degree: int | None, other: int, deductions: int, wages_so_far: int, pension_so_far: int | None,
    withheld: int, percent: bool | None,
) -> Outcome:  # fmt: skip
    """A new card, unless the year has no pay left to withhold from."""
    found = card(
        expected(
            born, municipality, today, wages, pension, pension_months, pension_degree, other, deductions,
            wages_so_far, pension_so_far, withheld, percent,
        )
    )  # fmt: skip
    if found is None:
        return Outcome(False, (_NOTHING_LEFT,))
    version = rates(__file__, "cards").version
    return Outcome(True, (_said(found), _WHY[found.why]), found.steps, version=version)


def _said(found: Card) -> Text:
    if found.table is None:
        name = f"{found.percent} %"
        return Text(
            {
                "nb": f"Arbeidsgiveren din trekker {name} i skatt fra neste lønn.",
                "nn": f"Arbeidsgivaren din trekkjer {name} i skatt frå neste løn.",
                "en": f"Your employer withholds {name} in tax from your next pay.",
            }
        )
    return Text(
        {
            "nb": f"Arbeidsgiveren din trekker skatt etter tabell {found.table}.",
            "nn": f"Arbeidsgivaren din trekkjer skatt etter tabell {found.table}.",
            "en": f"Your employer withholds tax by table {found.table}.",
        }
    )
