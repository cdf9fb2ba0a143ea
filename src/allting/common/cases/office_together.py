"""Several cases at once: chosen in a list, looked over on a page that tells what will happen, and then done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.filling import as_number, as_uuid
from allting.common.cases.forms import named
from allting.common.identity import api as identity
from allting.kernel.access import actor, officer
from allting.kernel.problems import Invalid

LABELS = {"person": _("To whom?"), "on": _("Which day?"), "outcome": _("Result"), "grounds": _("Grounds")}


@officer
@require_http_methods(["GET", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """Three steps on one address: what to do, what will happen, what happened. All by POST: the list of cases is long.

    A GET comes from a login in between: what she had written, and nothing done.
    """
    form = request.POST if request.method == "POST" else identity.parked(request)
    chosen = _chosen(form) if form else {}
    if form is None or not chosen:
        return redirect(f"/office/queue?{_where(form)}none=1")
    who, deed = actor(request), _deed(form)
    errors: dict[str, Any] = {}
    try:
        if request.method == "POST" and form.get("go"):
            return _after(request, cases.together(who, list(chosen.items()), deed), deed)
        if deed.do and not form.get("change"):
            return _before(request, cases.look_over(who, list(chosen), deed), chosen, deed)
    except Invalid as wrong:
        errors = {name: texts[0] for name, texts in wrong.errors.items() if name in LABELS}
        if not errors:
            raise
    return _ask(request, chosen, form, errors)


def _ask(request: HttpRequest, chosen: dict[UUID, int], form: QueryDict, errors: dict[str, Any]) -> HttpResponse:
    """What can be done with them."""
    who = actor(request)
    context = {
        "looked": cases.look_over(who, list(chosen)), "typed": form, "errors": errors,
        "colleagues": cases.colleagues(who),
        "summary": [(f"field-{name}", named(LABELS[name], text)) for name, text in errors.items()],
    }  # fmt: skip
    return render(request, "cases/office_together.html", context, status=422 if errors else 200)


def _before(request: HttpRequest, looked: cases.Looked, chosen: dict[UUID, int], deed: cases.Deed) -> HttpResponse:
    """What will happen, and the button. The revisions that were seen first are kept, so that a change since is told."""
    seen = {one.id: one.revision if chosen[one.id] < 0 else chosen[one.id] for one in looked.lines}
    whom = dict(cases.colleagues(actor(request))).get(deed.person, "") if deed.person else ""
    context = {"looked": looked, "deed": deed, "whom": whom, "seen": seen}
    return render(request, "cases/office_together_sure.html", context)


def _after(request: HttpRequest, lines: list[cases.Told], deed: cases.Deed) -> HttpResponse:
    """What happened. Not kept anywhere: sent again, each case answers that it has changed."""
    done, left = [one for one in lines if not one.why], [one for one in lines if one.why]
    context = {"deed": deed, "done": done, "not_done": left}
    return render(request, "cases/office_together_done.html", context)


def _chosen(form: QueryDict) -> dict[UUID, int]:
    """Case and the revision that was seen, ``-1`` when none has been: ``id`` or ``id:revision``."""
    found: dict[UUID, int] = {}
    for text in form.getlist("case"):
        one, _colon, seen = text.partition(":")
        case, revision = as_uuid(one), as_number(seen)
        if case is not None:
            found[case] = -1 if revision is None else revision
    return found


def _deed(form: QueryDict) -> cases.Deed:
    texts = {name: form.get(name, "") for name in ("do", "on", "outcome", "grounds")}
    return cases.Deed(person=as_uuid(form.get("person", "")), **texts)


def _where(form: QueryDict | None) -> str:
    """Back to the queue she chose in."""
    kept = {name: form.get(name, "") for name in ("show", "service", "theme")} if form else {}
    return "".join(f"{urlencode({name: value})}&" for name, value in kept.items() if value)
