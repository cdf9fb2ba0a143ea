"""My pension: a form whose answers go in the body only, a chart and a table. Nothing that is typed is kept."""

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
from allting.kernel.rules import rule_of
from allting.sectors.pension import api as pension
from allting.sectors.pension.chart import HEIGHT, WIDTH, bars
from allting.sectors.pension.rules.retirement import retirement_pension

_START = {"balance": "", "income": "", "age": "67", "degree": "100", "level": "high", "years_insured": "40"}
_SALT = "allting.pension.born"


@citizen()
@require_http_methods(["GET", "POST"])
def my_pension(request: HttpRequest) -> HttpResponse:
    """The register is asked once; the answer goes with the form, signed, so that each change is no new look-up."""
    me = actor(request)
    born = _carried(me, request.POST.get("born", "")) or pension.birth_date(me)
    typed = {name: request.POST.get(name, start) for name, start in _START.items()}
    found, errors = None, {}
    if request.method == "POST":
        try:
            found = pension.outlook(born, pension.fields(born, typed))
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    context = {
        "born": born,
        "carried": signing.dumps([str(me.party.id), born.isoformat()], salt=_SALT),
        "typed": typed,
        "errors": errors,
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "ages": [(str(one), str(one)) for one in pension.AGES],
        "degrees": [(str(one), f"{one} %") for one in (20, 40, 50, 60, 80, 100)],
        "levels": _levels(),
        "cohort": int(pension.COHORT),
        "first_cohort": pension.FIRST_COHORT,
        "found": found,
        "older": found.on if found and found.on < timezone.localdate() else None,
        **(_drawn(found) if found else {}),
    }
    return render(request, "pension/my_pension.html", context, status=422 if errors else 200)


def _carried(me: Actor, text: str) -> date | None:
    """The day of birth that was looked up for this person when the form was opened, within the hour."""
    try:
        whose, born = signing.loads(text, salt=_SALT, max_age=3600)
    except (signing.BadSignature, ValueError):
        return None
    return date.fromisoformat(born) if whose == str(me.party.id) else None


def _levels() -> list[tuple[str, Any]]:
    one = rule_of(retirement_pension)
    assert one is not None
    return list(one.rates.keys["level"].items())


def _drawn(found: pension.Outlook) -> dict[str, Any]:
    def words(amount: int) -> str:
        return kroner(amount * 100)

    rows = [(one, words(one.own), words(one.guarantee), words(one.total)) for one in found.ages]
    return {
        "rows": rows,
        "bars": bars(found.ages, found.chosen.age),
        "width": WIDTH,
        "height": HEIGHT,
        "a_year": words(found.chosen.total),
        "a_month": words(round(found.chosen.total / 12)),
        "when_all": words(found.when_all),
    }
