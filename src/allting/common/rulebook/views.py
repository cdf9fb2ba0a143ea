"""The rules as pages: the list, and each rule with its figures, how they have changed, and a calculator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.rulebook import api as rulebook
from allting.common.rulebook.plots import plot
from allting.common.rulebook.wording import figure_words
from allting.kernel.access import public
from allting.kernel.problems import Invalid
from allting.kernel.rules import Argument, NoRate, Rule, below, worded
from allting.kernel.text import alphabetical


@public
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules by sector: those one can ask first, then what they are made of."""
    sectors: dict[str, list[Rule]] = {}
    for one in sorted(rulebook.rules(), key=lambda one: alphabetical(one.title)):
        sectors.setdefault(one.sector, []).append(one)
    groups = [
        (sector_title(name), [one for one in listed if one.asked], [one for one in listed if not one.asked])
        for name, listed in sectors.items()
    ]
    return render(request, "rulebook/rules.html", {"groups": sorted(groups, key=lambda group: alphabetical(group[0]))})


def sector_title(name: str) -> Any:
    try:
        return apps.get_app_config(name).verbose_name
    except LookupError:
        return name.capitalize()


@public
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule. What is typed into the calculator is counted and forgotten; it never stands in an address."""
    one = rulebook.rule(name)
    typed = request.POST if request.method == "POST" else QueryDict()
    on, errors = read_day(typed.get("date", ""))
    found = None
    if request.method == "POST" and not errors:
        try:
            found = rulebook.answer(name, {argument.name: typed.get(argument.name) for argument in one.arguments}, on)
        except Invalid as wrong:
            errors = {field: capfirst(texts[0]) for field, texts in wrong.errors.items()}
    answer = {"value": worded(one.result, found.lines[-1].value), "lines": found.lines} if found else None
    context = {
        "rule": one,
        "sector": sector_title(one.sector),
        "made_of": [inner for inner in below(one) if inner is not one],
        "figures": _figures(one, on),
        "plots": _plots(one),
        "fields": [_field(one, argument, on, typed) for argument in one.arguments],
        "date": typed.get("date") or on.isoformat(),
        "errors": errors,
        "summary": [(f"field-{field}", _named(one, field, text)) for field, text in errors.items()],
        "answer": answer,
    }
    return render(request, "rulebook/rule.html", context, status=422 if errors else 200)


def read_day(text: str) -> tuple[date, dict[str, Any]]:
    try:
        return (date.fromisoformat(text) if text else timezone.localdate()), {}
    except ValueError:
        return timezone.localdate(), {"date": _("Write the date as year-month-day, as 2026-01-31")}


def _named(one: Rule, field: str, text: Any) -> str:
    titles = {argument.name: argument.title for argument in one.arguments}
    return f"{titles[field]}: {text}" if field in titles else str(text)


def _field(one: Rule, argument: Argument, on: date, typed: QueryDict) -> dict[str, Any]:
    """One question of the calculator, with what was typed."""
    kind = argument.kind
    options: list[tuple[str, Any]] = []
    if kind.name == "yes_no":
        options = [("yes", _("Yes")), ("no", _("No"))]
    elif kind.key:
        titles = one.rates.keys[kind.key]
        options = [(key, titles[key]) for key in _allowed(one, argument, on)]
    start = options[0][0] if options else _start(argument)
    return {
        "name": argument.name,
        "label": argument.title,
        "unit": kind.unit,
        "options": options,
        "value": typed.get(argument.name, start),
        "example": kind.example,
    }


def _allowed(one: Rule, argument: Argument, on: date) -> dict[Any, int]:
    try:
        return one.allowed(argument, on) or {}
    except NoRate:
        return dict.fromkeys(one.rates.keys.get(argument.kind.key, ()), 0)


def _start(argument: Argument) -> str:
    """What most people would type: a whole year and full measure; nothing for amounts that must be told."""
    if argument.kind.name in ("percent", "count") and argument.kind.high in (12, 100):
        return str(int(argument.kind.high))
    return ""


def _figures(one: Rule, on: date) -> list[dict[str, Any]]:
    found = []
    for name in one.figures:
        try:
            rate = one.figure(name, on)
        except NoRate:
            found.append({"title": one.rates.title(name), "value": "", "law": "", "source": ""})
            continue
        words = figure_words(one.rates, name, rate)
        found.append({"title": one.rates.title(name), "value": words, "law": rate.law, "source": rate.source})
    return found


def _plots(one: Rule) -> list[Any]:
    made = [
        plot(one.rates, name, [(rate, figure_words(one.rates, name, rate)) for rate in one.rates.rows(name)])
        for name in one.figures
    ]
    return [each for each in made if each]
