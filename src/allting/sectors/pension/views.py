"""My pension: filled in from the registers, a form whose answers go in the body only, a chart and a table. Nothing that
is typed is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from allting.kernel.access import actor, citizen
from allting.kernel.actor import Actor
from allting.kernel.money import kroner
from allting.kernel.problems import Invalid
from allting.kernel.rules import half_up, rule_for
from allting.sectors.pension import api as pension
from allting.sectors.pension.chart import HEIGHT, WIDTH, bars
from allting.sectors.pension.rules.retirement import retirement_pension

_START = {"balance": "", "income": "", "age": "67", "degree": "100", "level": "high", "years_insured": "40"}
_SALT = "allting.pension.known"
_HOUR = 3600  # seconds that what was looked up may be used in


@citizen()
@require_http_methods(["GET", "POST"])
def my_pension(request: HttpRequest) -> HttpResponse:
    """The registers are asked once; their answer goes with the form, signed, so that each change is no new look-up."""
    me = actor(request)
    known = _carried(me, request.POST.get("known", "")) or pension.known(me)
    typed = {name: request.POST.get(name, start) for name, start in (_START | _from_register(known)).items()}
    found, errors = None, {}
    if request.method == "POST" or typed["balance"]:
        try:
            found = pension.outlook(known.born, pension.fields(known.born, typed))
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    carried = [str(me.party.id), known.born.isoformat(), known.earnings, known.taken]
    context = {
        **_asked(known.born),
        "carried": signing.dumps(carried, salt=_SALT, compress=True),
        "earnings": _earnings(known),
        "taken": _taken(known),
        "typed": typed,
        "errors": errors,
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "found": found,
        "older": found.on if found and found.on < timezone.localdate() else None,
        **(_drawn(found) if found else {}),
    }
    return render(request, "pension/my_pension.html", context, status=422 if errors else 200)


def _asked(born: date) -> dict[str, Any]:
    """What does not change with what is typed."""
    return {
        "born": born,
        "ages": [(str(one), str(one)) for one in pension.AGES],
        "degrees": [(str(one), f"{one} %") for one in (20, 40, 50, 60, 80, 100)],
        "levels": _levels(),
        "cohort": int(pension.COHORT),
        "first_cohort": pension.FIRST_COHORT,
        "apply": "/services/retirement-pension",
        "change": "/services/retirement-pension-degree",
    }


def _carried(me: Actor, text: str) -> pension.Known | None:
    """What was looked up for this person when the form was opened, within the hour."""
    try:
        whose, born, earnings, taken = signing.loads(text, salt=_SALT, max_age=_HOUR)
    except (signing.BadSignature, ValueError):
        return None
    return pension.Known(date.fromisoformat(born), earnings, taken) if whose == str(me.party.id) else None


def _from_register(known: pension.Known) -> dict[str, str]:
    """What the form is filled in with: the balance today, and the income of the last year that is known."""
    if known.earnings is None:
        return {}
    return {"balance": str(known.earnings["balance"]), "income": str(known.earnings["income"] or 0)}


def _taken(known: pension.Known) -> dict[str, Any] | None:
    """What is taken already; None for one who has not."""
    held = known.taken
    if not held or not held["ever"]:
        return None
    first = date.fromisoformat(held["first"])
    return {"degree": held["degree"], "first": first, "coming": bool(held["degree"]) and first > timezone.localdate()}


def _earnings(known: pension.Known) -> dict[str, Any] | None:
    """The years behind the balance, in words."""
    held = known.earnings
    if held is None:
        return None
    rows = [
        (
            one["year"], _kroner(one["income"]), _kroner(one["accrued"]), date.fromisoformat(one["counts_from"]),
            one["source"],
        )
        for one in reversed(held["years"])
    ]  # fmt: skip
    opening = held["opening"]
    return {
        "rows": rows,
        "balance": _kroner(held["balance"]),
        "day": date.fromisoformat(held["day"]),
        "income_year": held["income_year"],
        "opening": (date(opening["year"], 1, 1), _kroner(opening["amount"]), opening["source"]) if opening else None,
        "left_out": ", ".join(str(year) for year in held["left_out"]),
        "unadjusted": ", ".join(str(year) for year in held["unadjusted"]),
    }


def _kroner(amount: int | None) -> str:
    return "–" if amount is None else kroner(amount * 100)


def _levels() -> list[tuple[str, Any]]:
    one = rule_for(retirement_pension)
    return list(one.rates.keys["level"].items())


def _drawn(found: pension.Outlook) -> dict[str, Any]:
    rows = [(one, _kroner(one.own), _kroner(one.guarantee), _kroner(one.total)) for one in found.ages]
    return {
        "rows": rows,
        "bars": bars(found.ages, found.chosen.age),
        "width": WIDTH,
        "height": HEIGHT,
        "a_year": _kroner(found.chosen.total),
        "a_month": _kroner(int(half_up(found.chosen.total / 12))),
        "when_all": _kroner(found.when_all),
    }
