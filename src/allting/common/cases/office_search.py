"""Search at work. Asked by POST: what is written may be an identity number, and stands in no address."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.filling import as_uuid
from allting.common.cases.forms import named
from allting.common.cases.wording import STATES
from allting.kernel.access import actor, officer
from allting.kernel.problems import Invalid

PAGE = 50
CASE_NUMBER = re.compile(r"(19|20)\d\d/\d+")
FIELDS = ("find", "service", "state", "first", "last")
LABELS = {"first": _("Sent from"), "last": _("Sent to"), "state": _("State")}


@officer
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The form, and what was found."""
    who, errors = actor(request), {}
    found: list[cases.Listed] = []
    asked = request.method == "POST"
    if asked:
        try:
            found = cases.search(who, _wanted(request.POST), _before(request.POST), PAGE + 1)
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    context = {
        "cases": found[:PAGE], "last": found[PAGE - 1] if len(found) > PAGE else None, "typed": typed,
        "asked": asked and not errors, "errors": errors, "services": cases.handled(who),
        "states": [(str(state), title) for state, title in STATES.items()],
        "summary": [(f"field-{name}", named(LABELS[name], text)) for name, text in errors.items()],
    }  # fmt: skip
    return render(request, "cases/office_search.html", context, status=422 if errors else 200)


def _wanted(form: QueryDict) -> cases.Wanted:
    find = form.get("find", "").strip()
    number = find if CASE_NUMBER.fullmatch(find) else ""
    return cases.Wanted(
        number=number, party="" if number else find, service=form.get("service", ""), state=form.get("state", ""),
        first=_day(form, "first"), last=_day(form, "last"),
    )  # fmt: skip


def _day(form: QueryDict, name: str) -> date | None:
    text = form.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(errors={name: [_("Choose a day")]}) from None


def _before(form: QueryDict) -> UUID | None:
    return as_uuid(form.get("before", ""))
