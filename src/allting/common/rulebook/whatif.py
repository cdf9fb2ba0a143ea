"""What if the rates were others: a page where anyone can propose, on a small made-up nation. Nothing is kept."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from allting.common.rulebook import api as rulebook
from allting.common.rulebook.bars import groupings, signed
from allting.common.rulebook.simulating import FILE_MOST, as_file
from allting.common.rulebook.views import read_day, sector_title
from allting.common.rulebook.wording import count_words, number_words
from allting.kernel.access import public
from allting.kernel.problems import Invalid
from allting.kernel.rules.kinds import THOUSANDS, two_ways
from allting.kernel.text import alphabetical

PLACES = 3
PEOPLE, SEED = 5000, 2026  # what one request may cost; the command takes a whole nation


@public
@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    """Up to three figures and new values, or a proposal file; the answer stands above the form."""
    typed = request.POST if request.method == "POST" else QueryDict()
    on, errors = read_day(typed.get("date", ""))
    offered = rulebook.choices(on) if not errors else []
    found, text, faults = None, "", []
    if request.method == "POST" and not errors:
        try:
            text = _sent(request) or _chosen(typed, {one.name for one in offered if one.value.endswith("kr")})
            found = rulebook.simulate(text, PEOPLE, SEED, on)
        except Invalid as wrong:
            errors = {name: str(texts[0]) for name, texts in wrong.errors.items() if name != "proposal"}
            faults = [str(one) for one in wrong.errors.get("proposal", ())]
    context = {
        "found": found,
        "groupings": groupings(found) if found else [],
        "changes": _changes(found, on) if found else [],
        "signed": signed,
        "many": count_words,
        "file": text,
        "people": count_words(PEOPLE),
        "title": typed.get("title", ""),
        "date": typed.get("date") or on.isoformat(),
        "places": [
            (number, typed.get(f"figure_{number}", ""), typed.get(f"value_{number}", ""))
            for number in range(1, PLACES + 1)
        ],
        "options": [("", _("Choose")), *_options(offered)],
        "errors": errors,
        "faults": faults,
        "summary": [(f"field-{name}", text) for name, text in errors.items()]
        + [(_place(typed), one) for one in faults],
    }
    return render(request, "rulebook/what_if.html", context, status=422 if errors or faults else 200)


def _place(typed: QueryDict) -> str:
    """The field that a fault of the proposal is about: the file, unless figures were chosen."""
    return "field-figure_1" if any(typed.get(f"figure_{number}") for number in range(1, PLACES + 1)) else "field-file"


def _sent(request: HttpRequest) -> str:
    """The proposal file that was sent with the form. Raises Invalid for what is no text."""
    file = request.FILES.get("file")
    if not file:
        return ""
    if (file.size or 0) > FILE_MOST:
        raise Invalid(errors={"file": [_("The proposal is longer than we can read.")]})
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(errors={"file": [_("The file is not text in UTF-8.")]}) from None


def _chosen(typed: QueryDict, in_kroner: set[str]) -> str:
    """The proposal of what was chosen, as a file. Raises Invalid with a reason for each field that cannot be used."""
    wanted, errors = {}, {}
    for number in range(1, PLACES + 1):
        figure, value = typed.get(f"figure_{number}", ""), typed.get(f"value_{number}", "").strip()
        if figure and not value:
            errors[f"value_{number}"] = [_("Write the new value.")]
        elif value and not figure:
            errors[f"figure_{number}"] = [_("Choose which rate or limit this is.")]
        elif figure in wanted:
            errors[f"figure_{number}"] = [_("You have chosen this one already.")]
        elif figure and not _readable(value):
            errors[f"value_{number}"] = [_("“%(given)s” is not a number") % {"given": value[:40]}]
        elif figure in in_kroner and THOUSANDS.fullmatch(value):
            errors[f"value_{number}"] = [two_ways(value)]
        elif figure:
            wanted[figure] = value
    if not wanted and not errors:
        errors["figure_1"] = [_("Choose a rate or limit, or a proposal file.")]
    if errors:
        raise Invalid(errors=errors)
    return as_file(typed.get("title", ""), wanted)


def _readable(value: str) -> bool:
    plain = value.replace(" ", "").replace("\u00a0", "").replace(",", ".")
    return len(plain) <= 20 and plain.isascii() and plain.replace(".", "", 1).isdigit()


def _options(offered: list[Any]) -> list[tuple[str, str]]:
    """The figures by sector, with what they are today."""
    ordered = sorted(offered, key=lambda one: (alphabetical(sector_title(one.sector)), alphabetical(one.title)))
    return [
        (one.name, f"{sector_title(sector)} – {one.title} ({one.value})")
        for sector, listed in groupby(ordered, key=lambda one: one.sector)
        for one in listed
    ]


def _changes(found: rulebook.Comparison, on: date) -> list[tuple[str, str, str]]:
    """Each changed figure: its title, what it is and what is proposed."""
    titles = {one.name: one.title for one in rulebook.choices(on)}
    rows = []
    for one in found.proposal.changes:
        name = f"{one.sector}.{one.name}" + (f":{one.key}" if one.key else "")
        rows.append((titles.get(name, name), number_words(one.before, one.unit), number_words(one.after, one.unit)))
    return rows
