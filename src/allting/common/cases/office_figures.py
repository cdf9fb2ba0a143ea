"""The authority's work in figures: a page with bars and tables, and a file to take along."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from allting.common.cases import api as cases
from allting.kernel.access import actor, officer

WIDTH, HEIGHT, FOOT = 720, 200, 24
APART, THICK = WIDTH / cases.MONTHS, 25  # between months, and of a bar
COLUMNS = {
    "received": gettext_lazy("Received"), "decided": gettext_lazy("Decided"),
    "median": gettext_lazy("Median days"), "ninety": gettext_lazy("Nine in ten within days"),
    "percent": gettext_lazy("Per cent in time"), "appeals": gettext_lazy("Appeals"),
    "changed": gettext_lazy("Changed after an appeal"), "stood": gettext_lazy("Stood after an appeal"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    height: float
    kind: str


@officer
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """All services, or one by ``?service=``."""
    found, service = cases.figures(actor(request)), request.GET.get("service", "")
    services = found.by_service()
    service = service if service in {one for one, _title, _line in services} else ""
    months = found.by_month(service)
    context = {
        "months": [(formats.date_format(month, "YEAR_MONTH_FORMAT"), line) for month, line in months],
        "labels": [(place * APART + THICK, formats.date_format(one, "M")) for place, (one, _line) in enumerate(months)],
        "services": services, "service": service, "columns": COLUMNS, "total": found.total(service),
        "bars": _bars([(line.received, line.decided) for _month, line in months]), "width": WIDTH, "height": HEIGHT,
        "thick": THICK, "title": {one: title for one, title, _line in services}.get(service, ""),
    }  # fmt: skip
    return render(request, "cases/office_figures.html", context)


def _bars(pairs: list[tuple[int, int]]) -> list[Bar]:
    """Two bars a month, received and decided, as high as the most of any month."""
    most = max((number for pair in pairs for number in pair), default=0) or 1
    room = HEIGHT - FOOT
    return [
        Bar(place * APART + which * THICK, round(room - room * number / most, 1),
            round(room * number / most, 1), ("received", "decided")[which])
        for place, pair in enumerate(pairs)
        for which, number in enumerate(pair)
    ]  # fmt: skip


@officer
@require_GET
def download(request: HttpRequest) -> HttpResponse:
    """One row for each service and month, as a spreadsheet opens it; numbers from one to four are left out."""
    found, text = cases.figures(actor(request)), io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow([_("Service"), _("Month"), *map(str, COLUMNS.values())])
    for service, title, _total in found.by_service():
        for month, line in found.by_month(service):
            told = line.exported()
            if any(number != 0 for name, number in told.items() if name in ("received", "decided", "appeals")):
                table.writerow([str(title), f"{month:%Y-%m}", *[_cell(name, told) for name in COLUMNS]])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return response


def _cell(name: str, told: dict[str, Any]) -> Any:
    """A small count is said to be small; a share of it is not said at all."""
    if told[name] is None:
        return "" if name in ("median", "ninety", "percent") else "1–4"
    return told[name]
