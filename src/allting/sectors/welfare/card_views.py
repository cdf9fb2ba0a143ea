"""The reporting card: what to send now, what was sent, and one period's days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity import api as identity
from allting.kernel.access import actor, citizen
from allting.kernel.problems import NotAllowed
from allting.sectors.welfare import awards, periods

HOME = "/my/reporting-card"
GOES_ON = _("Do you still look for work, and want to be registered with Nav?")
NEEDS_HELP = _("Do you still need help from Nav to get to work, and want to be registered?")  # when ill
ABSENCES = {
    "": _("Nothing of this"),
    "sick": _("Sick"),
    "away": _("Holiday or other absence"),
    "course": _("Course or measure"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One day on the page, with what was typed and what is wrong."""

    place: int
    name: str
    hours: str
    what: str
    wrong: Any = ""


@citizen()
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    if me.party.kind != "person":
        raise NotAllowed(code="other-capacity")
    return render(request, "welfare/cards.html", {"mine": awards.mine(me), "sent": "sent" in request.GET})


@citizen()
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, start: str) -> HttpResponse:
    """One period's card: fill in, send, or correct what was sent."""
    me, found = actor(request), awards.period(actor(request), periods.read_day(start))
    typed: Mapping[str, str] | None = request.POST if request.method == "POST" else identity.parked(request)
    if typed is None:
        return _page(request, found, _rows(found, _as_sent(found)), "")
    rows, days = _rows(found, typed), _read(typed)
    goes_on = typed.get("goes_on", "")
    wrong = any(one.wrong for one in rows) or goes_on not in ("yes", "no")
    if wrong or request.method == "GET":
        return _page(request, found, rows, goes_on, wrong=wrong and request.method == "POST")
    awards.send(me, found.start, days, goes_on=goes_on == "yes")
    return redirect(f"{HOME}?sent=1")


def _page(
    request: HttpRequest, found: awards.Period, rows: list[Row], goes_on: str, *, wrong: bool = False
) -> HttpResponse:
    question = NEEDS_HELP if found.assessment else GOES_ON
    missing = _("Answer yes or no") if wrong and goes_on not in ("yes", "no") else ""
    summary: list[tuple[str, Any]] = []
    summary += [(f"field-hours-{one.place}", f"{one.name}: {one.wrong}") for one in rows if one.wrong]
    summary += [("field-goes_on", f"{question} {missing}")] if missing else []
    context = {
        "period": found, "rows": rows, "goes_on": goes_on, "missing": missing, "summary": summary if wrong else [],
        "absences": list(ABSENCES.items()), "question": question, "assessment": found.assessment,
    }  # fmt: skip
    return render(request, "welfare/card.html", context, status=422 if wrong else 200)


def _as_sent(found: awards.Period) -> dict[str, str]:
    """The card as it stands, to be corrected; empty for a new one."""
    typed = {}
    for place, one in enumerate(found.days):
        typed[f"hours-{place}"] = f"{one.half_hours / 2:g}".replace(".", ",") if one.half_hours else ""
        typed[f"what-{place}"] = one.what
    return typed


def _rows(found: awards.Period, typed: Mapping[str, str]) -> list[Row]:
    rows = []
    for place in range(periods.LENGTH):
        day = found.start + timedelta(days=place)
        hours, what = typed.get(f"hours-{place}", "")[:20], typed.get(f"what-{place}", "")
        rows.append(Row(place, formats.date_format(day, "l j. F"), hours, what, _wrong(hours, what)))
    return rows


def _wrong(hours: str, what: str) -> Any:
    half = _half_hours(hours)
    if half is None:
        return _("Write hours from 0 to 24, in whole or half hours")
    if what not in ABSENCES:
        return _("Choose one")
    return _("Write hours or absence, not both on one day") if half and what in periods.ABSENT else ""


def _half_hours(text: str) -> int | None:
    if not text.strip():
        return 0
    try:
        half = Decimal(text.strip().replace(",", ".")) * 2
    except InvalidOperation:
        return None
    return int(half) if half.is_finite() and half == half.to_integral_value() and 0 <= half <= 48 else None


def _read(typed: Mapping[str, str]) -> list[periods.Day]:
    """The days as they were typed; what cannot be read is said by ``_rows``, and nothing is sent."""
    return [
        periods.Day(_half_hours(typed.get(f"hours-{place}", "")[:20]) or 0, typed.get(f"what-{place}", ""))
        for place in range(periods.LENGTH)
    ]
