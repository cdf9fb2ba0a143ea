"""The tax return's pages: look it over, change, add, attach, deliver."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.kernel.access import actor, citizen
from allting.kernel.money import ore
from allting.kernel.problems import Conflict, Invalid, NotFound, Unavailable
from allting.sectors.tax import api as tax


@citizen(limited=True)
@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    """To the newest return; a page that says so when there is none."""
    years = tax.years(actor(request))
    return redirect(f"/my/tax-return/{years[0]}") if years else render(request, "tax/no_return.html")


@citizen(limited=True)
@require_GET
def one(request: HttpRequest, year: int) -> HttpResponse:
    return _page(request, year)


def _page(
    request: HttpRequest, year: int, errors: Mapping[str, Any] | None = None, notice: Any = "", status: int = 200,
    typed: str | None = None,
) -> HttpResponse:  # fmt: skip
    me = actor(request)
    found = tax.view(me, year)
    extra = tax.extra_of(me, found)
    groups = [(title, [one for one in found.items if one.kind.group == name]) for name, title in tax.GROUPS.items()]
    errors = {name: texts[0] for name, texts in (errors or {}).items()}
    context = {
        "one": found,
        "extra": extra,
        "typed": _plain(extra.missing) if typed is None else typed,
        "groups": [group for group in groups if group[1]],
        "years": [each for each in tax.years(me) if each != year],
        "errors": errors,
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "notice": notice,
        "locked": said_of(found.locked) if found.locked else "",
    }
    return render(request, "tax/return.html", context, status=status)


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, year: int, item: UUID) -> HttpResponse:
    """Another amount than what is reported, and why."""
    me = actor(request)
    found = tax.view(me, year)
    shown = next((one for one in found.items if one.item == str(item) and one.kind.counts), None)
    if shown is None:
        raise NotFound()
    if not found.open:
        return redirect(f"/my/tax-return/{year}")
    typed = {"amount": _plain(shown.amount) if shown.changed else "", "reason": shown.reason}
    errors: dict[str, Any] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            tax.change(me, year, item, typed["amount"], typed["reason"], _number(request.POST.get("draft")))
            return redirect(f"/my/tax-return/{year}?changed=1")
        except (Invalid, Conflict) as refused:
            errors = _errors(refused)
    return _form(request, "tax/change.html", found, typed, errors, {"item": shown})


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, year: int) -> HttpResponse:
    """An amount that nobody has reported."""
    me = actor(request)
    found = tax.view(me, year)
    if not found.open:
        return redirect(f"/my/tax-return/{year}")
    typed = {name: request.POST.get(name, "") for name in ("kind", "source", "amount", "reason")}
    errors: dict[str, Any] = {}
    if request.method == "POST":
        try:
            tax.add(me, year, typed, _number(request.POST.get("draft")))
            return redirect(f"/my/tax-return/{year}?changed=1")
        except (Invalid, Conflict) as refused:
            errors = _errors(refused)
    kinds = [("", _("Choose"))] + [
        (name, f"{one.title} ({one.law})") for name, one in tax.KINDS.items() if one.addable
    ]
    return _form(request, "tax/add.html", found, typed, errors, {"kinds": kinds})


def _form(
    request: HttpRequest, template: str, found: tax.Return, typed: dict[str, str], errors: dict[str, Any],
    more: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    labels = {"kind": _("What it is"), "source": _("From"), "amount": _("Amount"), "reason": _("Reason")}
    context = {
        "one": found, "typed": typed, "errors": errors,
        "summary": [(f"field-{name}", f"{labels[name]}: {text}") for name, text in errors.items()],
    }  # fmt: skip
    return render(request, template, context | more, status=422 if errors else 200)


def _errors(refused: Invalid | Conflict) -> dict[str, Any]:
    """What is wrong, by field; what is wrong with none of them is said at the first one."""
    if isinstance(refused, Conflict):
        return {"amount": said_of(refused.code)}
    fields = {name: texts[0] for name, texts in refused.errors.items() if name != "changes"}
    return fields or {"amount": next(iter(refused.errors.values()))[0]}


def said_of(code: str) -> Any:
    """Why it cannot be changed or delivered now, in words."""
    return {
        "draft-changed": _("It was changed in another window. Load the page anew and try again."),
        "being-checked": _("A case officer is looking at what you delivered. Wait for the answer."),
        "past-may": _(
            "It was too late: what is paid by 31 May spares the interest. The rest is paid with the assessment."
        ),
        "nothing-missing": _("Nothing is missing any more, so there is no extra tax to pay."),
        "too-late": _("The time to deliver or change is out."),
        "fixed": _(
            "A case officer has fixed what your tax is counted from. If you do not agree, you can appeal"
            " the assessment."
        ),
    }.get(code, _("This could not be done now. Load the page anew and try again."))


@citizen(limited=True)
@require_POST
def undo(request: HttpRequest, year: int) -> HttpResponse:
    place = _number(request.POST.get("place"))
    if place is None:
        raise NotFound()
    try:
        tax.undo(actor(request), year, place, _number(request.POST.get("draft")))
    except Conflict as refused:
        return _page(request, year, notice=said_of(refused.code), status=409)
    return redirect(f"/my/tax-return/{year}?changed=1")


@citizen(limited=True)
@require_POST
def files(request: HttpRequest, year: int) -> HttpResponse:
    """Add a file, or remove one."""
    me = actor(request)
    try:
        gone = request.POST.get("remove", "")
        if gone:
            tax.detach(me, year, _uuid(gone))
        elif (sent := request.FILES.get("documents")) is not None:
            tax.attach(me, year, sent.name or "", sent.read())
        else:
            raise Invalid(errors={"documents": [_("Choose a file")]})
    except Invalid as wrong:
        return _page(request, year, wrong.errors, status=422)
    except Unavailable as away:
        return _page(request, year, {"documents": [away.title]}, status=503)
    except Conflict as refused:
        return _page(request, year, notice=said_of(refused.code), status=409)
    return redirect(f"/my/tax-return/{year}#files")


@citizen(limited=True)
@require_POST
def deliver(request: HttpRequest, year: int) -> HttpResponse:
    revision = _number(request.POST.get("revision"))
    try:
        case = tax.deliver(actor(request), year, -1 if revision is None else revision)
    except Invalid as wrong:
        return _page(request, year, notice=next(iter(wrong.errors.values()), [wrong.title])[0], status=422)
    except Conflict as refused:
        return _page(request, year, notice=said_of(refused.code), status=409)
    return redirect(f"/my/cases/{case}?sent=1")


@citizen(limited=True)
@require_POST
def extra(request: HttpRequest, year: int) -> HttpResponse:
    """Ask for a bill of additional advance tax; the bill's page says how to pay."""
    me, typed, asked = actor(request), request.POST.get("amount", ""), _number(request.POST.get("asked"))
    try:
        bill = tax.pay_extra(me, tax.view(me, year), ore(typed), -1 if asked is None else asked)
    except Invalid as wrong:
        return _page(request, year, wrong.errors, status=422, typed=typed)
    except Conflict as refused:
        return _page(request, year, notice=said_of(refused.code), status=409, typed=typed)
    return redirect(f"/my/payments/{bill.id}")


def _plain(ore: int) -> str:
    return f"{ore // 100},{ore % 100:02}" if ore % 100 else str(ore // 100)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound() from None
