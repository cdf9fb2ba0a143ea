"""The party's own cases: list, case, files, answer, appeal, taking it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.cases import api as cases
from allting.common.cases.files import download, download_pdf
from allting.common.cases.filling import as_number, as_uuid
from allting.common.identity import api as identity
from allting.common.mailbox import api as mailbox
from allting.common.signature import api as signature
from allting.kernel.access import actor, citizen
from allting.kernel.problems import Conflict, Invalid, NotFound

PAGE = 20


@citizen(limited=True)
@require_GET
def my_cases(request: HttpRequest) -> HttpResponse:
    before = as_uuid(request.GET.get("before", "")) if "before" in request.GET else None
    found = cases.my_cases(actor(request), before, PAGE + 1)
    following = found[PAGE - 1].id if len(found) > PAGE else None
    context = {
        "cases": found[:PAGE],
        "following": following,
        "drafts": cases.drafts(actor(request)) if not before else [],
    }
    return render(request, "cases/cases.html", context)


@citizen(limited=True)
@require_GET
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Where the case is, what happens next, and what she can do."""
    view = cases.view(actor(request), case_id)
    return render(request, "cases/case.html", {"case": view, "sent": "sent" in request.GET})


@citizen(limited=True)
@require_GET
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The application as it was signed; those from before it was so are made as they read now, unsigned."""
    try:
        return download_pdf(*cases.signed(actor(request), case_id))
    except NotFound:
        data, number = _unsigned(cases.view(actor(request), case_id))
    return download_pdf(number, data)


@citizen(limited=True)
@require_GET
def container(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The signed application and the files in one."""
    number, data = cases.container(actor(request), case_id)
    return download(data, signature.CONTAINER, f"{number.replace('/', '-')}.asice")


def _unsigned(view: cases.View) -> tuple[bytes, str]:
    blocks: list[mailbox.Block] = [
        mailbox.Facts([(_("Case number"), view.number), (_("Sent to"), view.authority), (_("From"), view.party_name)])
    ]
    if view.came is not None:
        blocks.append(mailbox.Facts(view.came.facts()))
    elif sent_by := view.last("submitted"):
        who = sent_by.sent_by
        blocks += [mailbox.Facts([(_("Sent by"), who)])] if who else []
    for title, rows in view.pages:
        blocks.append(mailbox.Heading(str(title)))
        blocks.append(mailbox.Facts([(str(one.label), _flat(one.value)) for one in rows]))
    return mailbox.document(str(view.service.title), blocks, get_language() or "nb"), view.number


def _flat(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


@citizen(limited=True)
@require_GET
def case_file(request: HttpRequest, case_id: UUID, file_id: UUID) -> HttpResponse:
    found, data = cases.file(actor(request), case_id, file_id)
    return download(data, found.media_type, found.name)


def _words(request: HttpRequest, case_id: UUID, template: str, field: str, verb: Any, may: str) -> HttpResponse:
    """A page with one text to write: shown again with what was typed when it cannot be used."""
    view = cases.view(actor(request), case_id)
    if may not in view.can:
        return redirect(f"/my/cases/{case_id}")
    if request.method == "GET":
        typed = identity.parked(request)
        return render(request, template, {"case": view, "typed": typed.get(field, "") if typed else "", "error": ""})
    text = request.POST.get(field, "")
    try:
        verb(actor(request), case_id, text, as_number(request.POST.get("revision")))
    except Invalid as wrong:
        error, status = next(iter(wrong.errors.values()))[0], 422
    except Conflict:
        view, status = cases.view(actor(request), case_id), 409
        if may not in view.can:
            raise
        error = _("Something has happened in the case since you opened this page. Send again if this still fits.")
    else:
        return redirect(f"/my/cases/{case_id}")
    return render(request, template, {"case": view, "typed": text, "error": error}, status=status)


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _words(request, case_id, "cases/appeal.html", "why", cases.appeal, "appealed")


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, case_id: UUID) -> HttpResponse:
    return _words(request, case_id, "cases/answer.html", "text", cases.answer, "answered")


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """To tell of something that may change what is paid."""
    return _words(request, case_id, "cases/change.html", "text", cases.tell, "told")


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    view = cases.view(actor(request), case_id)
    if "withdrawn" not in view.can:
        return redirect(f"/my/cases/{case_id}")
    if request.method == "GET":
        return render(request, "cases/withdraw.html", {"case": view})
    cases.withdraw(actor(request), case_id, as_number(request.POST.get("revision")))
    return redirect(f"/my/cases/{case_id}")


@citizen()
@require_http_methods(["GET", "POST"])
def hearing(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """What is about to be decided, and what she who is heard has to say."""
    me, error, status = actor(request), "", 200
    asked, parked = cases.hearing(me, inquiry_id), identity.parked(request)
    text = request.POST.get("text", "") if request.method == "POST" else parked.get("text", "") if parked else ""
    if request.method == "POST":
        try:
            cases.remark(me, inquiry_id, text)
            return redirect(f"/my/hearings/{inquiry_id}")
        except Invalid as wrong:
            error, status = wrong.errors["text"][0], 422
        except Conflict:
            asked, status = cases.hearing(me, inquiry_id), 409
    context = {"asked": asked, "typed": text, "error": error, "citizen": True}
    return render(request, "cases/inquiry.html", context, status=status)
