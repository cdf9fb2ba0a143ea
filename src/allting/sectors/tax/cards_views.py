"""My tax card: what it is, what it takes of a month's pay, who has fetched it, and one way to change it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allting.kernel.access import actor, citizen
from allting.kernel.money import kroner
from allting.kernel.rules import Unreadable, rule_for
from allting.sectors.tax import advance, cards
from allting.sectors.tax.rules.withholding import withholding


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def my_card(request: HttpRequest) -> HttpResponse:
    """What is typed in the calculator goes in the body, and is not kept."""
    me = actor(request)
    held, today = cards.mine(me), timezone.localdate()
    counts = cards.has_law(today)
    typed, found, error = request.POST.get("gross", ""), None, ""
    if request.method == "POST" and counts:
        found, error = _counted(held, typed)
    context = {
        "card": held[0] if held else None,
        "earlier": held[1:],
        "basis": _basis(held[0]) if held else [],
        "fetchers": cards.fetchers(me),
        "advance": advance.mine(me, today.year),
        "counts": counts,
        "without_card": cards.without_a_card() if counts else None,
        "typed": typed,
        "error": error,
        "month": found,
    }
    return render(request, "tax/my_card.html", context, status=422 if error else 200)


def _counted(held: list[cards.Held], typed: str) -> tuple[dict[str, str] | None, str]:
    """The month in words, or what is wrong with the amount."""
    one = rule_for(withholding)
    if not typed.strip():
        return None, _("Fill in this field")
    gross = next(argument for argument in one.arguments if argument.name == "gross")
    try:
        amount = int(gross.kind.read(typed))
    except Unreadable as fault:
        return None, capfirst(str(fault.reason))
    month = cards.month(held[0] if held else None, amount)
    return {name: kroner(getattr(month, name) * 100) for name in ("gross", "withheld", "left")}, ""


def _basis(card: cards.Held) -> list[tuple[str, Any]]:
    """What it was counted from, the parts that are not nothing, as kroner."""
    shown = ("wages", "pension", "other", "deductions", "tax")
    return [(name, kroner(card.basis[name] * 100)) for name in shown if card.basis.get(name)]
