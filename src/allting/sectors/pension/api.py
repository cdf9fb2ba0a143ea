"""My pension: what a balance, an income, an age and a degree give, by the rules of this sector. What is typed is not
kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from allting.common.registers import api as registers
from allting.kernel import rules as law
from allting.kernel.actor import Actor, Purpose
from allting.kernel.calendar import age
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.rules import rule_for
from allting.sectors.pension import register, takeups
from allting.sectors.pension.rules.accrual import accrual
from allting.sectors.pension.rules.retirement import income_pension, may_begin, pension_and_work, retirement_pension
from allting.sectors.pension.rules.transition import new_share

__all__ = ["AGES", "COHORT", "At", "Known", "Outlook", "counted_on", "fields", "known", "outlook"]

AGES = range(62, 68)  # as far as divisors are published
COHORT = "1963"  # the only cohort whose divisors are published
FIRST_COHORT = 1954


@dataclass(frozen=True, slots=True)
class At:
    """One age to begin: kroner a year of each part, and whether it may begin then."""

    age: int
    own: int
    guarantee: int
    allowed: bool

    @property
    def total(self) -> int:
        return self.own + self.guarantee


@dataclass(frozen=True, slots=True)
class Outlook:
    """What it comes to: by age, the calculation for the chosen one, and what full pension at the last age adds; by the
    figures of the day ``on``."""

    ages: tuple[At, ...]
    chosen: At
    lines: tuple[law.Line, ...]
    when_all: int
    share: int
    on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What the registers know of her: when she was born, and her ``earnings`` as the data set has them (in kroner);
    None where there are none. ``taken``: what she takes already, as its data set has it."""

    born: date
    earnings: Mapping[str, Any] | None = None
    taken: Mapping[str, Any] | None = None


def known(actor: Actor) -> Known:
    """Asks the population register and the register of pension earnings. Raises NotAllowed for an organisation."""
    if actor.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    why = Purpose("folketrygdloven kapittel 20", gettext("When you were born, to count your pension."))
    born = date.fromisoformat(registers.look_up(actor, why, "population.person", actor.party.id)["birth_date"])
    why = Purpose("folketrygdloven § 20-14", gettext("How much of your pension you take already."))
    taken = registers.look_up(actor, why, takeups.DATASET, actor.party.id)
    why = Purpose("folketrygdloven § 20-4", gettext("What you have earned, to count your pension."))
    try:
        return Known(born, registers.look_up(actor, why, register.DATASET, actor.party.id), taken)
    except NotFound:
        return Known(born, taken=taken)


def fields(born: date, given: Mapping[str, Any]) -> dict[str, float]:
    """What was typed as numbers. Raises Invalid by field, in words."""
    one = rule_for(retirement_pension)
    kinds = {argument.name: argument for argument in one.arguments} | {
        argument.name: argument for argument in rule_for(accrual).arguments
    }
    on, wrong, values = counted_on(), {}, {}
    for name in ("balance", "income", "age", "degree", "level", "years_insured"):
        argument = kinds[name]
        try:
            values[name] = argument.kind.read(given.get(name), one.allowed(argument, on))
        except law.Unreadable as error:
            wrong[name] = [f"{argument.title}: {error.reason}"]
    if wrong:
        raise Invalid(errors=wrong)
    return values


def counted_on() -> date:
    """Today, or the last day with figures before it: an outlook is no decision, and last year's say more than none."""
    one, today = rule_for(retirement_pension), timezone.localdate()
    ends = {row.end for name in one.needs for row in one.rates.rows(name) if row.end is not None}
    return max((day for day in (today, *ends) if day <= today and one.has(day)), default=today)


def outlook(born: date, values: Mapping[str, float]) -> Outlook:
    """Counted in today's kroner and wages: the balance grows with what the income gives each year until the age.

    For other cohorts than 1963 it is an illustration with that cohort's divisors; the page says so.
    """
    on = counted_on()
    ages = tuple(_at(one, born, values, on) for one in AGES)
    chosen = next(one for one in ages if one.age == values["age"])
    given = {"cohort": 0, "age": values["age"], "degree": values["degree"]}
    given |= {"balance": _balance(chosen.age, born, values, on)}
    rest = {name: values[name] for name in ("level", "years_insured")}
    told = law.counted(retirement_pension, given | rest, on)
    later = pension_and_work(
        rule_for(pension_and_work).at(on),
        given["balance"],
        0,
        given["age"],
        given["degree"],
        AGES[-1],
        values["income"],
    )
    tenths = new_share(rule_for(new_share).at(on), born.year)
    return Outlook(ages, chosen, told.lines, int(later), int(tenths), on)


def _at(when: int, born: date, values: Mapping[str, float], on: date) -> At:
    balance = _balance(when, born, values, on)
    figures = rule_for(retirement_pension).at(on)
    total = retirement_pension(
        figures, balance, 0, when, values["degree"], values["level"], values["years_insured"]
    )  # fmt: skip
    income = income_pension(rule_for(income_pension).at(on), balance, 0, when, values["degree"])
    allowed = may_begin(rule_for(may_begin).at(on), balance, 0, when, values["degree"])
    return At(when, int(income), int(total - income), bool(allowed))


def _balance(when: int, born: date, values: Mapping[str, float], on: date) -> float:
    years = max(0, when - age(born, timezone.localdate()))
    return values["balance"] + years * accrual(rule_for(accrual).at(on), values["income"])
