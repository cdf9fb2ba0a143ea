"""VAT return (skattemelding for merverdiavgift): what a term of two months comes to, and when it is due.

Skatteforvaltningsforskriften §§ 8-3-1 and 8-3-10: a month and ten days after the term, for the third 31 August.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allting.kernel.calendar import legal_deadline, months_after
from allting.kernel.rules import Outcome, Pay, Step, explain, rates, rule_of
from allting.kernel.text import Text
from allting.sectors.tax.rules.vat import vat_to_pay

_TITLE = Text({"nb": "Merverdiavgift til gode", "nn": "Meirverdiavgift til gode", "en": "Value added tax to get back"})
_LATE = Text(
    {
        "nb": "Meldingen kom etter fristen.",
        "nn": "Meldinga kom etter fristen.",
        "en": "The return came after the deadline.",
    }
)
_EARLY = Text(
    {
        "nb": "Terminen er ikke over ennå. Meldingen kan ikke leveres før den er det.",
        "nn": "Terminen er ikkje over enno. Meldinga kan ikkje leverast før han er det.",
        "en": "The term is not over yet. The return cannot be handed in before it is.",
    }
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a return comes to in kroner (minus: to get back), when it is due, and the calculation."""

    amount: int
    due: date
    steps: tuple[Step, ...]


def last_day(year: int, term: int) -> date:
    return months_after(date(year, 1, 1), 2 * term) - timedelta(days=1)


def deadline(year: int, term: int) -> date:
    """To hand in and to pay; when it is a holiday, the next working day."""
    ends = months_after(date(year, 1, 1), 2 * term)
    day = date(year, 8, 31) if term == 3 else months_after(ends, 1).replace(day=10)
    return legal_deadline(day - timedelta(days=1), "1 day")


def counted(year: int, term: int, sales: dict[str, int], input_vat: int) -> Counted:
    """Amounts in øre, which are counted in whole kroner. Raises NoRate for a term whose rates are not known."""
    law = rule_of(vat_to_pay)
    assert law is not None
    given = {name: ore // 100 for name, ore in sales.items()} | {"input_vat": input_vat // 100}
    told = explain(law, given, last_day(year, term))
    return Counted(int(told.value), deadline(year, term), told.steps())


def decide(
    today: date, year: int, term: str, sales_standard: int, sales_food: int, sales_low: int, sales_fish: int,
    input_vat: int,
) -> Outcome:  # fmt: skip
    """It is taken as it is told; what is to get back is paid out, and what is to pay becomes a bill."""
    if last_day(year, int(term)) >= today:
        return Outcome(False, (_EARLY,))
    found = counted(year, int(term), lines(sales_standard, sales_food, sales_low, sales_fish), input_vat)
    grounds: list[Text] = [_said(found)]
    if today > found.due:
        grounds.append(_LATE)
    pays: tuple[Pay, ...] = (Pay(-found.amount * 100, _TITLE),) if found.amount < 0 else ()
    return Outcome(True, grounds, found.steps, pays, version=rates(__file__, "vat").version)


def lines(sales_standard: Any, sales_food: Any, sales_low: Any, sales_fish: Any) -> dict[str, int]:
    """The lines with a base, by the rule's names."""
    return {
        "sales_standard": sales_standard, "sales_food": sales_food, "sales_low": sales_low, "sales_fish": sales_fish,
    }  # fmt: skip


def _said(found: Counted) -> Text:
    kroner = f"{abs(found.amount):,}".replace(",", "\u00a0")
    day = f"{found.due.day}.{found.due.month}.{found.due.year}"
    if found.amount > 0:
        return Text(
            {
                "nb": f"Du skal betale {kroner} kroner innen {day}.",
                "nn": f"Du skal betale {kroner} kroner innan {day}.",
                "en": f"You are to pay {kroner} kroner by {day}.",
            }
        )
    if found.amount < 0:
        return Text(
            {
                "nb": f"Du har {kroner} kroner til gode. De betales til kontoen virksomheten har registrert.",
                "nn": f"Du har {kroner} kroner til gode. Dei blir betalte til kontoen verksemda har registrert.",
                "en": f"You get {kroner} kroner back, to the account that the enterprise has registered.",
            }
        )
    return Text(
        {
            "nb": "Du skal verken betale eller få noe tilbake.",
            "nn": "Du skal verken betale eller få noko tilbake.",
            "en": "You neither pay nor get anything back.",
        }
    )
