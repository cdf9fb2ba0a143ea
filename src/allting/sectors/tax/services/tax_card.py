"""Tax card (skattekort): which card the expected incomes of a year give (skattebetalingsloven §§ 5-1 and 5-7), and what
is paid by bills instead (advance tax, kapittel 6).

Whether it is a table or a percentage follows the Tax Administration's own page about the two: a percentage for one
who has pension, has been paid this year already, has larger deductions than the tables have, or asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from allting.kernel.money import kroner
from allting.kernel.rules import Outcome, Step, counted, rates, rule_for
from allting.kernel.text import Text
from allting.sectors.tax.rules.annual import pensioner, wage_earner
from allting.sectors.tax.rules.cards import card_percent, card_table, left_to_withhold_from
from allting.sectors.tax.rules.households import zone
from allting.sectors.tax.rules.settlement import advance_tax
from allting.sectors.tax.rules.withholding import withholding

WORDS = {
    "born": {"nb": "Fødselsdato", "nn": "Fødselsdato", "en": "Date of birth"},
    "municipality": {"nb": "Kommune (nummer)", "nn": "Kommune (nummer)", "en": "Municipality (number)"},
    "advance_paid": {"nb": "Forskuddsskatt som er betalt i år (øre)", "nn": "Forskotsskatt som er betalt i år (øre)", "en": "Advance tax paid this year (øre)"},
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
    "bills": Text(
        {
            "nb": "Ingen skal trekke skatt for deg, så du betaler den selv.",
            "nn": "Ingen skal trekkje skatt for deg, så du betaler han sjølv.",
            "en": "Nobody is to withhold tax for you, so you pay it yourself.",
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
    """What somebody expects of the year, in whole kroner, and what has been paid and withheld of it so far.

    ``by_bill``: the tax of interest and other income is to be paid by bills; ``advance_paid`` is what came in so.
    """

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
    by_bill: bool = False
    advance_paid: int = 0

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
    """A table, or none, and the percentage: for all pay without a table, else for what no table is used on. Neither:
    there is no pay to withhold from.

    ``tax`` is the expected tax of the year and ``advance`` the advance tax of it, in kroner; ``why`` says what makes it
    a percentage; empty for a table.
    """

    table: int | None
    percent: int | None
    tax: int
    why: str
    steps: tuple[Step, ...] = ()
    advance: int = 0

    @property
    def withholds(self) -> bool:
        return self.table is not None or self.percent is not None


def card(said: Expected) -> Card | None:
    """The card these expectations give. None: nothing is left to withhold from, and nothing to send bills for. Raises
    NoRate for a year without law."""
    tax = _tax(said)
    if not counted(left_to_withhold_from, _left(said), said.today).value:
        return _bills_only(said, tax)
    if said.by_bill and said.other:
        return _with_bills(said, tax)
    return _withheld(replace(said, withheld=said.withheld + said.advance_paid), tax)


def _withheld(said: Expected, tax: Any) -> Card:
    """The card that takes ``tax`` of the pay that is left."""
    percent = counted(card_percent, _percent_given(said, tax), said.today)
    table = counted(card_table, {"wages": said.wages, "tax": tax.value}, said.today)
    why = _why(said, int(table.value))
    steps = tax.steps() + (percent.steps() if why else table.steps())
    return Card(None if why else int(table.value), int(percent.value), int(tax.value), why, steps)


def _with_bills(said: Expected, tax: Any) -> Card:
    """The tax of pay is withheld, and what interest and other income add to it comes by bills."""
    pay = replace(said, other=0)
    of_pay = _tax(pay)
    rest = _withheld(pay, of_pay)
    bills = counted(advance_tax, {"tax": tax.value, "covered": of_pay.value}, said.today)
    steps = (*tax.steps(), *bills.steps(), *rest.steps)
    return replace(rest, tax=int(tax.value), steps=steps, advance=int(bills.value))


def _bills_only(said: Expected, tax: Any) -> Card | None:
    """Nobody pays her wages or pension any more this year: bills for who has other income, or none who did not ask."""
    if not said.other or (said.wages + said.pension and not said.by_bill):
        return None
    bills = counted(advance_tax, {"tax": tax.value, "covered": said.withheld}, said.today)
    return Card(None, None, int(tax.value), "bills", (*tax.steps(), *bills.steps()), int(bills.value))


def _tax(said: Expected) -> Any:
    """The tax of the year, as the yearly rules count it."""
    place = 1 if said.municipality and zone(said.municipality) == "finnmark" else 0
    given = {
        "wages": said.wages, "other_income": said.other, "deductions": said.deductions,
        "age": max(17, min(120, said.today.year - said.born.year)), "zone": place,
    }  # fmt: skip
    if not said.pension:
        return counted(wage_earner, given, said.today)
    pension = {"pension": said.pension, "months": said.pension_months, "degree": said.pension_degree}
    return counted(pensioner, given | pension, said.today)


def _left(said: Expected) -> dict[str, float]:
    return {
        "wages_left": said.wages_left, "pension_left": said.pension_left, "months_left": said.months_left,
    }  # fmt: skip


def _percent_given(said: Expected, tax: Any) -> dict[str, float]:
    return {"tax": tax.value, "withheld_so_far": said.withheld, **_left(said)}


def _why(said: Expected, table: int) -> str:
    """What makes it a percentage; empty when it is a table."""
    law = rule_for(withholding)
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
    withheld: int, percent: bool | None, by_bill: bool | None = None, advance_paid: int = 0,
) -> Expected:  # fmt: skip
    """The answers of the form: amounts in øre, which are counted in whole kroner; what was not asked is empty."""
    return Expected(
        born, municipality, today, wages // 100, pension // 100, pension_months or 12, pension_degree or 100,
        other // 100, deductions // 100, wages_so_far // 100, (pension_so_far or 0) // 100, withheld // 100,
        bool(percent), bool(by_bill), advance_paid // 100,
    )  # fmt: skip


def decide(
    born: date, municipality: str | None, today: date, wages: int, pension: int, pension_months: int | None,
    pension_degree: int | None, other: int, deductions: int, wages_so_far: int, pension_so_far: int | None,
    withheld: int, percent: bool | None, by_bill: bool | None = None, advance_paid: int = 0,
) -> Outcome:  # fmt: skip
    """A new card, advance tax, or both; nothing when the year has no pay left to withhold from."""
    found = card(
        expected(
            born, municipality, today, wages, pension, pension_months, pension_degree, other, deductions,
            wages_so_far, pension_so_far, withheld, percent, by_bill, advance_paid,
        )
    )  # fmt: skip
    if found is None:
        return Outcome(False, (_NOTHING_LEFT,))
    version = rates(__file__, "cards").version
    grounds = (_said(found), _WHY[found.why]) if found.withholds else (_WHY[found.why],)
    bills = (_bills(found.advance),) if found.advance or not found.withholds else ()
    return Outcome(True, (*grounds, *bills), found.steps, version=version)


def _bills(advance: int) -> Text:
    if not advance:
        return Text(
            {
                "nb": "Det blir ingen skatt å betale av det du venter.",
                "nn": "Det blir ingen skatt å betale av det du ventar.",
                "en": "There is no tax to pay of what you expect.",
            }
        )
    amount = kroner(advance * 100)
    return Text(
        {
            "nb": f"Du betaler {amount} i forskuddsskatt for året. Regningene kommer omtrent tre uker før de skal betales.",
            "nn": f"Du betaler {amount} i forskotsskatt for året. Rekningane kjem om lag tre veker før dei skal betalast.",
            "en": f"You pay {amount} in advance tax for the year. The bills come about three weeks before they are due.",
        }
    )


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
