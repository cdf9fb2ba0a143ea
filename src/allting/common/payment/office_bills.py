"""``/office/payments/bills``: bills that are late or asked to be paid in parts, and one bill's terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from allting.common.identity import api as identity
from allting.common.payment import setoffs, terms
from allting.common.payment.office import HOME, done, shown
from allting.kernel.access import actor, officer
from allting.kernel.actor import Actor
from allting.kernel.money import ore
from allting.kernel.problems import Invalid

BILLS = f"{HOME}/bills"


@officer
@require_http_methods(["GET", "POST"])
def bills(request: HttpRequest) -> HttpResponse:
    """Who asks for parts, and what is overdue; a POST finds a bill by its KID, which stands in no address."""
    me, kid, error = actor(request), request.POST.get("kid", ""), ""
    if request.method == "POST":
        try:
            return redirect(f"{BILLS}/{terms.find(me, kid)}")
        except Invalid as wrong:
            error = wrong.errors["kid"][0]
    hopeless = {one.id for one in terms.not_paid(me)}
    context = {
        "kid": kid, "error": error, "asking": terms.asking(me), "contested": setoffs.contested(me),
        "late": terms.overdue(me), "hopeless": hopeless,
    }  # fmt: skip
    return shown(request, "bills", "payment/office_bills.html", status=422 if error else 200, **context)


@officer
@require_http_methods(["GET", "POST"])
def bill(request: HttpRequest, bill_id: UUID) -> HttpResponse:
    """One bill: agree to parts or not, or let the payer off some of it."""
    me, here = actor(request), f"{BILLS}/{bill_id}"
    typed = identity.parked(request) or request.POST
    do, errors = typed.get("do", ""), {}
    count, first, off = _count(typed.get("count", "")), _day(typed.get("first", "")), ore(typed.get("amount", "")) or 0
    acts = {
        "agree": ("agreed", lambda: terms.agree(me, bill_id, count, first)),
        "decline": ("declined", lambda: terms.decline(me, bill_id)),
        "set-off": ("set-off", lambda: _set_off(me, bill_id, typed)),
        "go-on": ("answered", lambda: setoffs.answer(me, bill_id, typed.get("answer", ""), go_on=True)),
        "end": ("answered", lambda: setoffs.answer(me, bill_id, typed.get("answer", ""), go_on=False)),
        "credit": ("credited", lambda: terms.credit(me, bill_id, off, typed.get("why", ""))),
    }
    if request.method == "POST" and do in acts:
        try:
            return done(request, *acts[do], here, lambda code: _bill(request, bill_id, typed, {}, code))
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    return _bill(request, bill_id, typed, errors)


def _bill(
    request: HttpRequest, bill_id: UUID, typed: Mapping[str, str], errors: dict[str, str], refused: str = ""
) -> HttpResponse:
    me = actor(request)
    context = {
        "bill": terms.bill(me, bill_id), "set_off": setoffs.of_bill(bill_id), "law": setoffs.offered(me, bill_id),
        "typed": typed, "errors": errors, "refused": refused,
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
    }  # fmt: skip
    return shown(request, "bills", "payment/office_bill.html", status=422 if errors else 200, **context)


def _set_off(me: Actor, bill_id: UUID, typed: Mapping[str, str]) -> None:
    monthly, spare = ore(typed.get("monthly", "")) or 0, ore(typed.get("spare", "")) or 0
    try:
        setoffs.decide(me, bill_id, monthly, spare, typed.get("because", ""))
    except Invalid as wrong:  # two forms of the page ask why
        raise Invalid(
            errors={{"why": "because"}.get(name, name): what for name, what in wrong.errors.items()}
        ) from None


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _day(text: str) -> date:
    """Today, which is refused, for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
