import textwrap
from datetime import date
from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from allting.kernel.rules import (
    Kind,
    Misread,
    NoRate,
    Outcome,
    Rate,
    Rates,
    Unreadable,
    arithmetic,
    columns,
    definition,
    down,
    down_to,
    explain,
    half_up,
    rule_of,
    share,
    subset,
    up,
)
from allting.kernel.rules.figures import read
from allting.kernel.text import Text

ROWS = {"x": [Rate(Decimal(2), date(2025, 1, 1), "§ 1", "s"), Rate(Decimal(1), date(2020, 1, 1), "§ 1", "s")]}
DAY = date(2026, 3, 1)
FIGURES = """
version: "1"
until: 2026-12-31
keys: {zone: [south, north]}
rates:
  limit:
    title: {nb: Grense, nn: Grense, en: Limit}
    unit: kr
    law: loven § 1
    values:
      - {from: 2025-01-01, value: 100, source: s}
      - {from: 2026-01-01, value: 200, source: s}
      - {from: 2026-01-01, adopted: 2026-06-01, value: 300, source: s}
  percent:
    law: loven § 2
    source: s
    by: zone
    values: [{from: 2025-01-01, value: {south: 12.5}}, {from: 2026-01-01, value: {south: 12.5, north: 60*46/52}}]
  rooms: [{from: 2025-01-01, law: loven § 3, source: s, value: [7, {first: 10, last: 20, step: 5}]}]
  over: [{from: 2025-01-01, to: 2025-06-30, law: loven § 4, source: s, value: 1}]
"""
WORDS = """
WORDS = {name: dict.fromkeys(("nb", "nn", "en"), name) for name in ("income", "zone", "room", "fee", "base")}
TITLE = dict.fromkeys(("nb", "nn", "en"), "Title")
"""
GOOD = """
    from typing import Annotated
    from allting.kernel.rules import Kroner, Law, half_up, key, listed, rule, share

    Zone = Annotated[float, key("zone")]

    @rule("loven § 1", TITLE, words=WORDS)
    def base(law: Law, income: Kroner) -> Kroner:
        return max(0, income - law.limit)

    @rule("loven § 2", TITLE, words=WORDS, asked=True)
    def fee(law: Law, income: Kroner, zone: Zone, room: Annotated[float, listed("rooms")]) -> Kroner:
        '''Of what is above.'''
        if room == 7:
            return 0
        return half_up(share(base(law, income), law.percent[zone]))
"""


@pytest.fixture
def sector(tmp_path):
    """A sector in a folder of its own: ``sector(text)`` gives its functions; its rules are forgotten afterwards."""
    before = dict(definition.REGISTRY)
    (tmp_path / "rates").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "rates" / "law.yaml").write_text(FIGURES)

    def made(text):
        path = tmp_path / "rules" / "made.py"
        path.write_text(WORDS + textwrap.dedent(text))
        spec = spec_from_file_location(f"made_{tmp_path.name}", path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield made
    definition.REGISTRY.clear()
    definition.REGISTRY.update(before)


# --- Figures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "value"), [(date(2020, 1, 1), 1), (date(2024, 12, 31), 1), (date(2025, 1, 1), 2)])
def test_the_rate_in_force_is_the_latest_that_has_begun(on, value):
    assert Rates(ROWS, "1").value("x", on) == value


def test_before_the_first_there_is_none():
    with pytest.raises(LookupError):
        Rates(ROWS, "1").rate("x", date(2019, 12, 31))
    with pytest.raises(KeyError):
        Rates(ROWS, "1").rate("y", date(2025, 1, 1))


@pytest.fixture
def figures(tmp_path):
    path = tmp_path / "law.yaml"
    path.write_text(FIGURES)
    return read(path)


def test_a_figure_ends_where_it_says_or_where_the_file_does(figures):
    assert figures.value("over", date(2025, 6, 30)) == 1
    for name, day in (("over", date(2025, 7, 1)), ("limit", date(2027, 1, 1))):
        with pytest.raises(NoRate):
            figures.rate(name, day)


def test_a_change_backwards_is_the_law_from_the_day_it_was_adopted(figures):
    assert figures.value("limit", DAY) == 300
    assert figures.value("limit", DAY, known=date(2026, 5, 31)) == 200
    assert figures.value("limit", date(2025, 5, 1)) == 100


def test_values_by_key_lists_and_quotients(figures):
    assert figures.value("percent", DAY) == {"south": Decimal("12.5"), "north": Decimal(2760) / 52}
    assert figures.value("rooms", DAY) == (7, 10, 15, 20)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{value: 1, from: 2025-01-01, law: x}", "source"),
        ("{value: {a: 1}, from: 2025-01-01, law: x, source: s}", "keys"),
    ],
)
def test_a_figure_that_cannot_be_cited_is_refused(tmp_path, wrong, said):
    (tmp_path / "law.yaml").write_text(f"version: '1'\nrates: {{x: [{wrong}]}}")
    with pytest.raises(ValueError, match=said):
        read(tmp_path / "law.yaml")


def test_a_proposal_takes_the_place_of_what_it_has(figures):
    proposal = Rates({"limit": [Rate(Decimal(500), date(2026, 1, 1), "§ 1", "s")]}, "p")
    assert figures.with_(proposal).value("limit", DAY) == 500
    assert figures.with_(proposal).value("rooms", DAY) == figures.value("rooms", DAY)


# --- Arithmetic ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "rounded"), [(0.5, 1), (1.5, 2), (2.5, 3), (-0.5, 0), (-1.5, -1), (2.4999, 2)])
def test_a_half_goes_up(value, rounded):
    assert half_up(value) == rounded


def test_other_roundings():
    assert (down(1.9), up(1.1), down_to(1234, 100)) == (1, 2, 1200)


@settings(deadline=None)  # a busy machine is no fault of the law
@given(st.integers(0, 10**9), st.integers(0, 100_000))
def test_a_share_sees_the_exact_half(amount, thousandths):
    exact = Decimal(amount) * thousandths / 100_000
    assert half_up(share(amount, float(Decimal(thousandths) / 1000))) == int(exact + Decimal("0.5"))


@settings(deadline=None)  # a busy machine is no fault of the law
@given(st.floats(-1e9, 1e9), st.integers(1, 1000), st.floats(0, 100))
def test_compiled_arithmetic_is_the_same(value, step, percent):
    from allting.kernel.rules.compiling import _TWINS as twins

    for function in arithmetic.ARITHMETIC:
        more = {"down_to": (step,), "share": (percent,)}.get(function.__name__, ())
        assert function(value, *more) == twins[function.__name__].py_func(value, *more)


def test_a_column_is_read_with_what_is_wrong_by_place():
    one = Kind("kroner", "kr", low=0, high=100)
    numbers, wrong = one.read_all(["7", "007", "101", "-1", "x", 8, None, "1\u00a00", "\u00b2"])
    assert numbers == [7, 7, 0, 0, 0, 8, 0, 10, 0] and set(wrong) == {2, 3, 4, 6, 8}
    numbers, wrong = Kind("yes_no").read_all(["1", "nei", "ja", "2", True])
    assert numbers == [1, 0, 1, 0, 1] and set(wrong) == {3}
    numbers, wrong = Kind("listed", listed="tables").read_all(["8000", "08000", "5"], {"8000": 8000})
    assert numbers == [8000, 8000, 0] and set(wrong) == {2}
    numbers, wrong = Kind("listed", listed="tables").read_all([8000.0, 8000.5, [8000]], {"8000": 8000})
    assert numbers == [8000, 0, 0] and set(wrong) == {1, 2}


# --- Rules ---------------------------------------------------------------------------------------------


def test_a_rule_is_a_plain_function_that_knows_its_law(sector):
    fee = sector(GOOD).fee
    one = rule_of(fee)
    assert fee(one.at(DAY), 1300, 0, 10) == 125
    assert (one.law, one.figures, [inner.function.__name__ for inner in one.calls]) == (
        "loven § 2",
        ("limit", "percent"),
        ["base"],
    )
    assert fee(one.at(DAY, known=date(2026, 5, 31)), 1300, 0, 10) == 138  # half up of 137.5


def test_what_is_given_is_read_with_a_reason_for_each_that_is_wrong(sector):
    one = rule_of(sector(GOOD).fee)
    assert one.read({"income": "1 300", "zone": "north", "room": "07"}, DAY) == {"income": 1300, "zone": 1, "room": 7}
    with pytest.raises(Misread) as error:
        one.read({"income": "-1", "zone": "west", "room": 8}, DAY)
    assert set(error.value.reasons) == {"income", "zone", "room"}
    with pytest.raises(Misread) as error:
        one.read({"income": "1,5", "zone": "north", "room": ""}, date(2025, 1, 1))
    with translation.override("en"):
        assert "north" in str(error.value.reasons["zone"]) and "missing" in str(error.value.reasons["room"])


@pytest.mark.parametrize("value", ["x", "nan", "inf", "1e30", None, "", " ", "12.5", "ti", "1_000", True])
def test_what_is_not_a_whole_number_is_refused(sector, value):
    with pytest.raises(Misread):
        rule_of(sector(GOOD).base).read({"income": value}, DAY)


@pytest.mark.parametrize("value", ["50.000", "50,000", "-1.250.000"])
def test_what_one_reads_as_thousands_and_another_as_decimals_is_not_guessed(value):
    with translation.override("en"), pytest.raises(Unreadable, match="two ways"):
        Kind("kroner", "kr").read(value)
    assert Kind("kroner", "kr").read("50000.00") == 50_000
    assert Kind("kroner", "kr").read("1 000.000") == 1000


def test_an_explanation_has_each_value_with_its_paragraph(sector):
    one = rule_of(sector(GOOD).fee)
    told = explain(one, {"income": 1300, "zone": 0, "room": 10}, DAY)
    assert told.value == 125
    assert [(line.rule.law, line.value, line.depth, list(line.figures)) for line in told.lines] == [
        ("loven § 1", 1000, 1, ["limit"]),
        ("loven § 2", 125, 0, ["percent"]),
    ]
    assert told.steps()[0].value == "1\u00a0000\u00a0kr"


def test_a_day_without_figures_says_which(sector):
    one = rule_of(sector(GOOD).fee)
    with pytest.raises(NoRate, match="limit has no value on 2024"):
        one.at(date(2024, 1, 1))
    assert one.days() == [date(2025, 1, 1), date(2026, 1, 1)]


def test_columns_give_the_same_on_both_paths_and_without_numpy(sector, monkeypatch):
    one = rule_of(sector(GOOD).fee)
    given = subset.made_up(one, DAY, 200, 1)
    compiled = columns.over(one, one.at(DAY), given, path="compiled", workers=2)
    monkeypatch.setattr(columns, "HAS_COMPILER", False)
    plain = columns.over(one, one.at(DAY), given)
    assert isinstance(plain, list) and plain == list(compiled)


def test_compiled_code_is_not_let_out_of_its_list(sector):
    one = rule_of(sector(GOOD).fee)
    with pytest.raises(ValueError, match="zone"):
        columns.over(one, one.at(DAY), {"income": [1], "zone": [2], "room": [7]}, path="compiled")


def test_a_good_rule_has_no_faults(sector):
    module = sector(GOOD)
    assert subset.faults(rule_of(module.fee), DAY) == subset.faults(rule_of(module.base), DAY) == []


@pytest.mark.parametrize(
    ("body", "taught"),
    [
        ("for one in range(3):\n            income = income + one\n        return income", "write each step out"),
        ("rates = {1: 2}\n        return rates[1]", "law.figure[key]"),
        ("return round(income)", "say half_up"),
        ("if income == 'a':\n            return 1\n        return 0", "key of the rates file"),
        ("return print(income)", "print is not a rule"),
        ("return income ** 2", "write the product out"),
        ("return half_up(value=income)", "by place"),
        ("return income.real", "law.<figure>"),
        ("return None", "a number on every way"),
        ("if income > 1:\n            return 1", "not every way through returns"),
    ],
)
def test_a_rule_that_leaves_the_common_subset_is_told_what_to_write(sector, body, taught):
    text = GOOD.replace("return max(0, income - law.limit)", body)
    found = subset.faults(rule_of(sector(text).base), DAY)
    assert found and taught in found[0], found


def test_a_rule_needs_kinds_and_words(sector):
    with pytest.raises(TypeError, match="give income a kind"):
        sector(GOOD.replace("income: Kroner) ", "income: float) "))
    with pytest.raises(TypeError, match="words"):
        sector(GOOD.replace("words=WORDS", "words={}"))


def test_a_refusal_without_grounds_is_no_decision():
    with pytest.raises(ValueError, match="grounds"):
        Outcome(False)
    assert Outcome(False, (Text.same("x"),)).grounds
