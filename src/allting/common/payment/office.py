"""``/office/payments``: the treasurer's pages. This one: what is due out, batches, and the way to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.payment import batches, incoming, ledger, setoffs, terms, treasurer
from allting.kernel.access import actor, officer
from allting.kernel.actor import Actor
from allting.kernel.problems import Conflict

TITLE = _("Money in and out")
HOME = "/office/payments"
# What a press came to, by the word in the address; and why it came to nothing, by the problem's code.
DONE = {
    "made": _("The batch is made. Another treasurer must approve it."),
    "approved": _("The batch is approved. The file for the bank can be fetched."),
    "dropped": _("The batch is taken apart. What was in it waits for another."),
    "placed": _("The payment is counted on the bill."),
    "returned": _("The payment goes back with the next batch."),
    "seen": _("It is noted. The bill is still to be paid."),
    "agreed": _("The bill can be paid in parts. The payer is told."),
    "declined": _("The payer is told that the bill cannot be paid in parts."),
    "set-off": _("It is taken from later payments, from next month. The payer gets a letter."),
    "answered": _("Your answer is sent."),
    "credited": _("The bill is lowered. The payer gets a letter."),
}
REFUSED = {
    "nothing-to-pay": _("Nothing that is due has an account to go to. Those who lack one are told."),
    "no-own-account": _("Your authority has no bank account here. Those who run the platform register it."),
    "batch-changed": _("Somebody has done something with the batch meanwhile. Look again before you go on."),
    "batch-not-approved": _("The batch is not approved yet."),
    "batch-file-changed": _("The file would be another than the one that was sent. Ask those who run the platform."),
    "receipt-changed": _("Somebody has handled this payment meanwhile."),
    "not-due": _("The bill is not to be paid any longer. Look again before you go on."),
    "no-set-off": _("This bill cannot be taken from later payments now. Look again before you go on."),
    "not-asked": _("Nobody asks to pay this bill in parts any longer."),
}


def shown(request: HttpRequest, tab: str, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the desk: ``tab`` is the one that stands open, ``refused`` a problem's code."""
    me = actor(request)
    refused = REFUSED.get(context.pop("refused", ""), "")
    done = "" if refused or status != 200 else DONE.get(request.GET.get("done", ""), "")
    context |= {"tab": tab, "done": done, "refused": refused, "waits": waits(me)}
    return render(request, template, context, status=409 if refused else status)


def waits(me: Actor) -> dict[str, int]:
    """How much there is to do, by tab."""
    return {
        "out": sum(one.status == "made" and not one.mine for one in batches.batches(me)),
        "in": len(incoming.to_see(me)),
        "bills": len(terms.asking(me)) + len(setoffs.contested(me)),
    }


def done(
    request: HttpRequest, what: str, act: Callable[[], object], way: str, again: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Do it and go ``way``; when it cannot be done any longer, show the page ``again`` with the reason."""
    try:
        act()
    except Conflict as wrong:
        return again(wrong.code)
    return redirect(f"{way}?done={what}")


@officer
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What is due out, and the batches."""
    return _desk(request)


def _desk(request: HttpRequest, refused: str = "") -> HttpResponse:
    me = actor(request)
    count, total = batches.to_pay(me)
    context: dict[str, Any] = {
        "count": count, "total": total, "batches": batches.batches(me), "stuck": batches.without_account(me),
        "account": treasurer.account_of(treasurer.office(me)),
    }  # fmt: skip
    return shown(request, "out", "payment/office.html", refused=refused, **context)


@officer
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """A batch of what is due."""
    if request.method == "GET":
        return redirect(HOME)
    return done(request, "made", lambda: batches.make(actor(request)), HOME, lambda code: _desk(request, code))


@officer
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch: what is in it, and a button to approve it or to take it apart."""
    me, here = actor(request), f"{HOME}/batches/{batch_id}"
    if request.method == "POST" and request.POST.get("do") == "approve":
        return done(request, "approved", lambda: batches.approve(me, batch_id), here, lambda code: _desk(request, code))
    if request.method == "POST" and request.POST.get("do") == "drop":
        return done(request, "dropped", lambda: batches.drop(me, batch_id), HOME, lambda code: _desk(request, code))
    found, lines = batches.batch(me, batch_id)
    return shown(request, "out", "payment/batch.html", batch=found, lines=lines)


@officer
@require_POST
def batch_file(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The file for the bank. By POST, for the first time it is fetched its payments are posted as paid."""
    try:
        name, contents = batches.file(actor(request), batch_id)
    except Conflict as wrong:
        return _desk(request, wrong.code)
    response = HttpResponse(contents, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@officer
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The ledger as it stands today."""
    owner = treasurer.office(actor(request))
    lines = ledger.trial_balance(owner)
    sums = sum(one.debits for one in lines), sum(one.credits for one in lines)
    return shown(request, "ledger", "payment/office_ledger.html", lines=lines, sums=sums, today=timezone.localdate())
