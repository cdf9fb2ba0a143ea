"""What others ask her to sign: the requests, the whole of one, what she is asked to fill in of her own, her answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.files import download_pdf
from allting.common.cases.filling import STAY, rows_left
from allting.common.cases.forms import Question, named, questions
from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.kernel.access import actor, ask_login, citizen
from allting.kernel.actor import Level
from allting.kernel.problems import Invalid, LoginNeeded

Shown = list[tuple[catalogue.Page, list[Question]]]


@citizen(limited=True)
@require_GET
def to_sign(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    return render(request, "cases/to_sign.html", {"waiting": cases.to_sign(me), "answered": cases.answered(me)})


@citizen(limited=True)
@require_GET
def sign_paper(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The document she is asked to sign, with the signatures so far."""
    cases.signing(actor(request), case_id)
    return download_pdf(*cases.signed(actor(request), case_id))


@citizen(limited=True)
@require_GET
def part_paper(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What she filled in of her own, as she signed it."""
    return download_pdf(*cases.signed_part(actor(request), case_id))


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What she is asked to sign, in full; agree, with what she is asked for, or answer with a remark."""
    me = actor(request)
    asked, post = cases.signing(me, case_id), request.POST
    if request.method == "GET" or asked.answer:
        return _signing(request, asked, identity.parked(request))
    if any(name in post for name in STAY):
        return _signing(request, asked, post)
    agree, remark = post.get("answer", ""), post.get("remark", "")
    if agree not in ("yes", "no"):
        return _signing(request, asked, post, {"answer": _("Choose one")})
    try:
        cases.sign(me, case_id, agree=agree == "yes", remark=remark, typed=_typed(request, asked, post))
    except Invalid as wrong:
        return _signing(request, asked, post, {name: texts[0] for name, texts in wrong.errors.items()})
    except LoginNeeded as needed:
        return ask_login(request, Level.from_name(needed.extra["level"]))
    return redirect(f"/my/sign/{case_id}")


def _typed(request: HttpRequest, asked: cases.ToSign, given: QueryDict) -> dict[str, list[str]]:
    fields = asked.form.service.fields if asked.form else {}
    if given is request.POST:
        return {name: rows_left(request, name, one) for name, one in fields.items()}
    return {name: given.getlist(name) for name in fields}  # kept from before she logged in anew


def _signing(
    request: HttpRequest, asked: cases.ToSign, given: QueryDict | None, errors: Mapping[str, Any] | None = None
) -> HttpResponse:
    """``given``: what was typed, which stands as it was; ``errors`` at questions that have just come are not faults."""
    said: Mapping[str, str] = given or {}
    told = said.get("shown", "").split()
    pages = _pages(request, asked, given, errors or {}, told)
    wrong = [one for _page, found in pages for one in found if one.error]
    summary = [(f"field-{one.name}", named(one.label, one.error)) for one in wrong]
    own_errors = {name: text for name, text in (errors or {}).items() if name in ("answer", "remark")}
    labels = {"answer": _("Your answer"), "remark": _("Your remark, if you have one")}
    summary += [(f"field-{name}", named(labels[name], text)) for name, text in own_errors.items()]
    context = {
        "asked": asked, "answer": said.get("answer", ""), "parts": pages, "remark": said.get("remark", ""),
        "summary": summary,
        "error": own_errors.get("answer", ""), "remark_error": own_errors.get("remark", ""),
        "more": bool(errors) and not summary,
    }  # fmt: skip
    return render(request, "cases/sign.html", context, status=422 if summary else 200)


def _pages(
    request: HttpRequest, asked: cases.ToSign, given: QueryDict | None, errors: Mapping[str, Any], told: list[str]
) -> Shown:
    if asked.form is None:
        return []
    typed = _typed(request, asked, given) if given is not None else None
    form = cases.fill_part(asked.form, typed)[0] if typed is not None else asked.form
    there = {name: text for name, text in errors.items() if name in told}
    add = request.POST.get("add", "")
    return [(page, questions(form, page, typed, there, add)) for page in form.pages()]
