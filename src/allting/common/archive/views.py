"""``/journal``: whose journal to read, and the journal."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from allting.common.archive.models import Counter
from allting.common.archive.public import Search, search
from allting.common.registers import api as registers
from allting.kernel.access import public

_DIRECTIONS = ("in", "out")


@public
@require_GET
def authorities(request: HttpRequest) -> HttpResponse:
    """Those who have journalled something."""
    kept = set(Counter.objects.values_list("authority", flat=True))
    found = [one for one in registers.authorities() if one.id in kept]
    return render(request, "archive/authorities.html", {"authorities": found})


@public
@require_GET
def journal(request: HttpRequest, slug: str) -> HttpResponse:
    """The journal of one authority. What is typed wrong is told, and stays as it was typed."""
    body = registers.authority(slug)
    typed = {name: request.GET.get(name, "").strip()[:100] for name in ("q", "from", "to", "way", "after")}
    errors: dict[str, Any] = {}
    start, end = (_day(typed[name], name, errors) for name in ("from", "to"))
    if start and end and end < start:
        errors["to"] = _("The last day is before the first")
    direction = typed["way"] if typed["way"] in _DIRECTIONS else ""
    wanted = Search(typed["q"], start, end, direction)
    lines, more = ([], "") if errors else search(body.id, wanted, typed["after"])
    kept = {name: value for name, value in typed.items() if value and name != "after"}
    context = {
        "authority": body, "typed": typed, "errors": errors, "lines": lines,
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "more": f"/journal/{slug}?{urlencode(kept | {'after': more})}" if more else "",
        "access": settings.ACCESS_SERVICE if registers.key_of(body) in registers.askable() else "",
        "key": registers.key_of(body),
    }  # fmt: skip
    return render(request, "archive/journal.html", context, status=422 if errors else 200)


def _day(text: str, name: str, errors: dict[str, Any]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = _("Write the day as year, month and day, for example 2026-03-31")
        return None
