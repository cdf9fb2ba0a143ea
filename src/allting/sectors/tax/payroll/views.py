"""Wages and tax for a small enterprise: what is reported, a file to report with, and the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.scanning import api as scanning
from allting.kernel.access import actor, citizen
from allting.kernel.calendar import months_after
from allting.kernel.problems import Invalid
from allting.kernel.rules import rule_for
from allting.sectors.tax.employment import employer_of
from allting.sectors.tax.payroll import reading, receiving, reported
from allting.sectors.tax.rules.payroll import employer_contribution

MONTHS = 12  # back in time that a report can be chosen for on the page
ZONES = ("1", "1a", "2", "3", "4", "4a", "5")


@citizen(limited=True)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    return render(request, "tax/payroll.html", {"reports": reported.reports(actor(request)), "named": _named})


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A file for a month. What was chosen is kept when the file is wrong; each fault says its row."""
    me = actor(request)
    employer_of(me)
    typed = {"month": _months()[0], "zone": "", "reference": "1"}
    errors: dict[str, list[Any]] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            found = receiving.receive(me, _given(request, typed))
            return redirect(f"/employer/payroll/{found.id}?received=1")
        except Invalid as wrong:
            errors = _by_field(wrong.errors)
    context = {
        "typed": typed,
        "errors": {name: texts[0] for name, texts in errors.items()},
        "summary": [(f"field-{name}", text) for name, texts in errors.items() for text in texts],
        "months": [(one, _named(date.fromisoformat(f"{one}-01"))) for one in _months()],
        "zones": [("", _("Choose a zone")), *_zones()],
        "columns": ";".join(reading.COLUMNS),
        "kinds": list(reading.KINDS.items()),
    }
    return render(request, "tax/payroll_new.html", context, status=422 if errors else 200)


def _given(request: HttpRequest, typed: dict[str, str]) -> receiving.Given:
    """Raises Invalid."""
    if typed["month"] not in _months():
        raise Invalid(errors={"month": [_("Choose a month")]})
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(errors={"file": [_("Choose a file")]})
    data = file.read(reading.LARGEST + 1)
    if scanning.check(data):
        raise Invalid(errors={"file": [_("There is a virus in the file, so we cannot take it. Choose another.")]})
    rows, faults = reading.of_file(data)
    month = date.fromisoformat(f"{typed['month']}-01")
    return receiving.Given(month, typed["reference"].strip(), typed["zone"], rows, faults)


def _by_field(errors: Any) -> dict[str, list[Any]]:
    """Faults of rows are told at the file, with the row's number."""
    found: dict[str, list[Any]] = {}
    for name, texts in errors.items():
        if name.startswith("employees"):
            row = name.partition(".")[2]
            told = [_("Row %(row)s: %(text)s") % {"row": row, "text": text} if row else text for text in texts]
            found.setdefault("file", []).extend(told)
        else:
            found.setdefault(name, []).extend(texts)
    return found


def _months() -> list[str]:
    """This month and those before it, as 2026-10."""
    first = timezone.localdate().replace(day=1)
    return [f"{months_after(first, -back):%Y-%m}" for back in range(MONTHS)]


def _named(month: date) -> str:
    return date_format(month, "F Y")


def _zones() -> list[tuple[str, str]]:
    one = rule_for(employer_contribution)
    rate = one.figure("employer_rate", timezone.localdate()).value if one.has(timezone.localdate()) else {}
    titles = one.rates.keys["contribution_zone"]
    shown = {zone: f" ({number_format(one, 1)} %)" for zone, one in rate.items()}
    return [(zone, f"{titles[zone]}{shown.get(zone, '')}") for zone in ZONES]


@citizen(limited=True)
@require_GET
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """The receipt, and what is reported of each."""
    me = actor(request)
    after = request.GET.get("after", "")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    found = reported.report(me, report_id)
    lines = reported.lines(me, report_id, first)
    context = {
        "report": found,
        "month": _named(found.month),
        "zone": dict(_zones()).get(found.zone, found.zone),
        "lines": lines,
        "more": lines[-1].row if lines and lines[-1].row < found.employees and len(lines) == 100 else 0,
        "received": "received" in request.GET,
    }
    return render(request, "tax/payroll_report.html", context)
