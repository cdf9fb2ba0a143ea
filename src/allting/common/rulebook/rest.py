"""``/api/rules``: what the rules say, and what they answer for one case or a small batch. Nothing is kept."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from allting.common.rulebook import api as rulebook
from allting.common.rulebook.wording import figure_words
from allting.kernel.access import public
from allting.kernel.rules import NoRate, Rule

Day = datetime.date  # a field is called date
router = Router()
prefix = "/rules"
MOST = 1000


class ArgumentOut(Schema):
    name: str
    kind: str
    unit: str
    title: dict[str, str]
    choices: list[str]


class RuleOut(Schema):
    rule: str
    title: dict[str, str]
    law: str
    result: str
    has_calculator: bool
    arguments: list[ArgumentOut]


class FigureOut(Schema):
    figure: str
    title: dict[str, str]
    value: str
    law: str
    source: str
    in_force_from: Day


class RuleDetail(RuleOut):
    figures: list[FigureOut]
    calls: list[str]
    formula: str


class Ask(Schema):
    given: dict[str, str | int | float | bool | None]
    date: Day | None = None
    known: Day | None = None


class AskBatch(Schema):
    rows: list[dict[str, str | int | float | bool | None]] = Field(max_length=MOST)
    date: Day | None = None
    known: Day | None = None


class StepOut(Schema):
    rule: str
    title: dict[str, str]
    law: str
    given: dict[str, float]
    value: float
    depth: int


class AnswerOut(Schema):
    rule: str
    date: Day
    result: str
    value: float
    steps: list[StepOut]


class RowOut(Schema):
    row: int
    value: float | None
    problems: dict[str, str]


class BatchOut(Schema):
    rule: str
    date: Day
    result: str
    counted: int
    rows: list[RowOut]


@router.get("", response=list[RuleOut], url_name="rules")
@public
def rules(request: HttpRequest) -> list[dict[str, Any]]:
    """Every rule, by name."""
    return [_out(one, timezone.localdate()) for one in rulebook.rules()]


@router.get("/{name}", response=RuleDetail, url_name="rule")
@public
def rule(request: HttpRequest, name: str, date: Day | None = None) -> dict[str, Any]:
    """One rule, with its figures on a day (today when it is not said)."""
    one, on = rulebook.rule(name), date or timezone.localdate()
    found = [_figure(one, figure, on) for figure in one.figures]
    calls = [inner.name for inner in one.calls]
    return {**_out(one, on), "figures": [each for each in found if each], "calls": calls, "formula": one.source}


@router.post("/{name}", response=AnswerOut, url_name="ask")
@public
def ask(request: HttpRequest, name: str, payload: Ask) -> dict[str, Any]:
    """One case, with the calculation step by step."""
    on = payload.date or timezone.localdate()
    found = rulebook.answer(name, payload.given, on, payload.known)
    steps = [
        {
            "rule": line.rule.name, "title": line.rule.title.as_dict(), "law": line.rule.law,
            "given": dict(line.given), "value": line.value, "depth": line.depth,
        }
        for line in found.lines
    ]  # fmt: skip
    return {"rule": name, "date": on, "result": rulebook.rule(name).result.name, "value": found.value, "steps": steps}


@router.post("/{name}/batch", response=BatchOut, url_name="ask-batch")
@public
def ask_batch(request: HttpRequest, name: str, payload: AskBatch) -> dict[str, Any]:
    """Up to a thousand rows at once. A row that is wrong has its reasons; the others are counted."""
    on = payload.date or timezone.localdate()
    found = rulebook.answers(name, payload.rows, on, payload.known)
    rows = [
        {"row": place, "value": one.value, "problems": {key: str(text) for key, text in (one.problems or {}).items()}}
        for place, one in enumerate(found, 1)
    ]
    counted = sum(one.value is not None for one in found)
    result = rulebook.rule(name).result.name
    return {"rule": name, "date": on, "result": result, "counted": counted, "rows": rows}


def _out(one: Rule, on: Day) -> dict[str, Any]:
    return {
        "rule": one.name,
        "title": one.title.as_dict(),
        "law": one.law,
        "result": one.result.name,
        "has_calculator": one.asked,
        "arguments": [_argument(one, argument, on) for argument in one.arguments],
    }


def _argument(one: Rule, argument: Any, on: Day) -> dict[str, Any]:
    try:
        allowed = one.allowed(argument, on)
    except NoRate:
        allowed = None
    kind = argument.kind
    choices = [str(choice) for choice in allowed or ()]
    return {
        "name": argument.name,
        "kind": kind.name,
        "unit": kind.unit,
        "title": argument.title.as_dict(),
        "choices": choices,
    }


def _figure(one: Rule, name: str, on: Day) -> dict[str, Any] | None:
    try:
        rate = one.figure(name, on)
    except NoRate:
        return None
    return {
        "figure": name,
        "title": one.rates.title(name).as_dict(),
        "value": figure_words(one.rates, name, rate),
        "law": rate.law,
        "source": rate.source,
        "in_force_from": rate.start,
    }
