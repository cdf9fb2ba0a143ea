"""The tax law as others write it, for the benchmark: plain NumPy over columns, and OpenFisca's variables.

Both say the same as ``sectors/tax/rules``, in float64, and take their figures from the same law of the day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

PERIOD = "2026-07"


def _half_up(value: Any) -> Any:
    return np.floor(value + 0.5)


def _share(amount: Any, percent: Any) -> Any:
    return np.floor(amount * percent * 1000 + 0.5) / 100_000


def _bracket_tax(law: Any, income: Any, zone: Any) -> Any:
    step_3 = np.take(np.array(law.step_3_rate), zone)
    total = _share(np.maximum(0, np.minimum(income, law.step_2_from) - law.step_1_from), law.step_1_rate)
    total = total + _share(np.maximum(0, np.minimum(income, law.step_3_from) - law.step_2_from), law.step_2_rate)
    total = total + _share(np.maximum(0, np.minimum(income, law.step_4_from) - law.step_3_from), step_3)
    total = total + _share(np.maximum(0, np.minimum(income, law.step_5_from) - law.step_4_from), law.step_4_rate)
    return _half_up(total + _share(np.maximum(0, income - law.step_5_from), law.step_5_rate))


def _contribution(law: Any, high: Any, low: Any) -> Any:
    above = np.maximum(0, high + low - law.contribution_from)
    full = _share(high, law.contribution_high) + _share(low, law.contribution_low)
    return _half_up(np.minimum(full, _share(above, law.contribution_cap)))


def _income_taxes(law: Any, taxable: Any, zone: Any) -> Any:
    common = np.take(np.array(law.common_rate), zone)
    return _half_up(_share(taxable, law.local_rate)) + _half_up(_share(taxable, common))


def _allowance(law: Any, zone: Any) -> Any:
    return law.personal_allowance + np.take(np.array(law.finnmark_allowance), zone)


def wages_by_numpy(law: Any, wages: Any, other_income: Any, deductions: Any, age: Any, zone: Any) -> Any:
    minimum = np.minimum(_half_up(_share(wages, law.minimum_wage_rate)), law.minimum_wage_most)
    taxable = np.maximum(0, wages + other_income - minimum - deductions - _allowance(law, zone))
    low = age >= law.contribution_low_age
    contribution = _contribution(law, np.where(low, 0, wages), np.where(low, wages, 0))
    return _income_taxes(law, taxable, zone) + _bracket_tax(law, wages, zone) + contribution


def _kinds(table: Any) -> dict[str, Any]:
    """What the number of a table says."""
    return {
        "ordinary": table >= 8000,
        "sea": table <= 101,
        "north": (table >= 6300) & (table <= 6700),
        "standard": (table < 8000) & ~((table > 7000) & (table < 7300)),
        "none": np.isin(table, (100, 6500, 6550, 7160, 7170, 7500, 7550)),
        "low": np.isin(table, (6700, 7700)),
        "part": np.isin(table, (6300, 6550, 7170, 7300, 7550)),
    }


def _yearly_income(law: Any, is_: Mapping[str, Any], period: Any, gross: Any) -> Any:
    rounding = np.take(np.array(law.rounding), period)
    base = np.floor(gross / rounding) * rounding + np.floor(rounding / 2)
    ordinary, special = (np.take(np.array(one), period) for one in (law.income_periods, law.income_periods_special))
    return _half_up(base * np.where(is_["ordinary"], ordinary, special))


def _yearly_tax(law: Any, is_: Mapping[str, Any], table: Any, income: Any) -> Any:
    zone = is_["north"].astype("i4")
    own = np.minimum(_half_up(_share(income, law.minimum_wage_rate)), law.minimum_wage_most)
    others = np.minimum(_half_up(_share(income, law.table_minimum_rate)), law.table_minimum_most)
    deducted = np.where(is_["sea"], own, others)
    by_number = np.where(table > 9000, 9000.0 - table, np.where(is_["ordinary"], table - 8000.0, 0)) * 1000
    standard = np.minimum(_half_up(_share(income, law.standard_rate)), law.standard_most)
    sea = np.minimum(_half_up(_share(income, law.sea_rate)), law.sea_most)
    deducted = deducted + by_number + np.where(is_["standard"], standard, 0) + np.where(is_["sea"], sea, 0)
    taxable = np.maximum(0, income - deducted - _allowance(law, zone))
    low = is_["low"]
    paid = np.where(is_["none"], 0, _contribution(law, np.where(low, 0, income), np.where(low, income, 0)))
    return _income_taxes(law, taxable, zone) + _bracket_tax(law, income, zone) + paid


def withholding_by_numpy(law: Any, table: Any, period: Any, gross: Any) -> Any:
    is_ = _kinds(table)
    tax = _yearly_tax(law, is_, table, _yearly_income(law, is_, period, gross))
    ordinary, special = (np.take(np.array(one), period) for one in (law.withheld_periods, law.withheld_periods_special))
    every = np.take(np.array(law.income_periods_special), period)
    shared = tax / np.where(is_["ordinary"], ordinary, np.where(is_["part"], special, every))
    return np.minimum(np.where(is_["sea"], np.floor(shared), _half_up(shared)), gross)


# --- OpenFisca -----------------------------------------------------------------------------------------


def _system(variables: list[type]) -> tuple[Any, Any]:
    """A tax and benefit system of persons with these variables."""
    from openfisca_core.entities import build_entity
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem

    person = build_entity(key="person", plural="persons", label="A person", is_person=True)
    system = TaxBenefitSystem([person])
    for one in variables:
        one.entity = person
        system.add_variable(one)
    return system, person


def _variable(name: str, formula: Callable[..., Any] | None = None, whole: bool = False) -> type:
    from openfisca_core.periods import DateUnit
    from openfisca_core.variables import Variable

    space: dict[str, Any] = {"value_type": int if whole else float, "definition_period": DateUnit.MONTH, "label": name}
    if formula is not None:
        space["formula"] = formula
    return type(name, (Variable,), space)


def _asks(system: Any, answer: str) -> Callable[[Mapping[str, Any]], Any]:
    """Make a simulation, give it the columns, and ask for the answer: what a user of OpenFisca does."""
    from openfisca_core.simulations import SimulationBuilder

    def ask(people: Mapping[str, Any]) -> Any:
        count = len(next(iter(people.values())))
        simulation = SimulationBuilder().build_default_simulation(system, count)
        for name, column in people.items():
            simulation.set_input(name, PERIOD, column)
        return simulation.calculate(answer, PERIOD)

    return ask


def _openfisca_wages(law: Any) -> Callable[[Mapping[str, Any]], Any]:
    def minimum(person: Any, period: Any) -> Any:
        return np.minimum(_half_up(_share(person("wages", period), law.minimum_wage_rate)), law.minimum_wage_most)

    def taxable(person: Any, period: Any) -> Any:
        income = person("wages", period) + person("other_income", period) - person("minimum_deduction", period)
        return np.maximum(0, income - person("deductions", period) - _allowance(law, person("zone", period)))

    def income_taxes(person: Any, period: Any) -> Any:
        return _income_taxes(law, person("taxable_income", period), person("zone", period))

    def bracket(person: Any, period: Any) -> Any:
        return _bracket_tax(law, person("wages", period), person("zone", period))

    def contribution(person: Any, period: Any) -> Any:
        wages, low = person("wages", period), person("age", period) >= law.contribution_low_age
        return _contribution(law, np.where(low, 0, wages), np.where(low, wages, 0))

    def tax(person: Any, period: Any) -> Any:
        return person("income_taxes", period) + person("bracket_tax", period) + person("contribution", period)

    variables = [
        *(_variable(name) for name in ("wages", "other_income", "deductions", "age")), _variable("zone", whole=True),
        _variable("minimum_deduction", minimum), _variable("taxable_income", taxable),
        _variable("income_taxes", income_taxes), _variable("bracket_tax", bracket),
        _variable("contribution", contribution), _variable("tax", tax),
    ]  # fmt: skip
    return _openfisca(variables, "tax")


def _openfisca_withholding(law: Any) -> Callable[[Mapping[str, Any]], Any]:
    def income(person: Any, period: Any) -> Any:
        return _yearly_income(law, _kinds(person("table", period)), person("period", period), person("gross", period))

    def tax(person: Any, period: Any) -> Any:
        table = person("table", period)
        return _yearly_tax(law, _kinds(table), table, person("yearly_income", period))

    def withheld(person: Any, period: Any) -> Any:
        is_, place, yearly = _kinds(person("table", period)), person("period", period), person("yearly_tax", period)
        ordinary, special = (
            np.take(np.array(one), place) for one in (law.withheld_periods, law.withheld_periods_special)
        )
        every = np.take(np.array(law.income_periods_special), place)
        shared = yearly / np.where(is_["ordinary"], ordinary, np.where(is_["part"], special, every))
        return np.minimum(np.where(is_["sea"], np.floor(shared), _half_up(shared)), person("gross", period))

    variables = [
        _variable("table", whole=True), _variable("period", whole=True), _variable("gross"),
        _variable("yearly_income", income), _variable("yearly_tax", tax), _variable("withheld", withheld),
    ]  # fmt: skip
    return _openfisca(variables, "withheld")


def _openfisca(variables: list[type], answer: str) -> Callable[[Mapping[str, Any]], Any]:
    system, _person = _system(variables)
    for one in system.variables.values():
        if one.value_type is float:
            one.dtype = np.float64  # OpenFisca counts in float32, in which kroner do not come out right
    return _asks(system, answer)


BY_OPENFISCA = {"tax.withholding": _openfisca_withholding, "tax.wage_earner": _openfisca_wages}
