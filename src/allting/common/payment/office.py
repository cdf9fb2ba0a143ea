"""``/office/payments``: the treasurer's desk: what is due out, batches to approve, payments nobody knows the bill of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.payment.bankfiles import batches, incoming
from allting.kernel.access import actor, officer
from allting.kernel.problems import Conflict, NotFound

TITLE = _("Money in and out")
_REFUSED = {
    "nothing-due": _("Nothing that is due has an account to go to."),
    "no-bank-account": _("Your authority's own bank account is not set up here."),
    "batch-changed": _("This was changed meanwhile. Look again before you go on."),
}
_WRONG = {
    "wrong-kid": _("This is no KID: one of the digits is wrong, or one is missing."),
    "unknown-kid": _("No bill has this KID."),
    "another-authority": _("The bill with this KID is another authority's."),
}
_DONE = {
    "made": _("The batch is made. Another treasurer must approve it."),
    "approved": _("The batch is approved, and can be written for the bank."),
    "dropped": _("The batch is stopped. What was in it waits for another."),
    "placed": _("The payment is placed."),
    "returned": _("The payment goes back in the next batch."),
}


@officer
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    return _desk(request)


def _desk(request: HttpRequest, refused: str = "") -> HttpResponse:
    me = actor(request)
    context = {
        "due": batches.due(me), "batches": batches.sheets(me), "waiting": incoming.waiting(me),
        "done": _DONE.get(request.GET.get("done", ""), ""), "refused": _REFUSED.get(refused, ""),
    }  # fmt: skip
    return render(request, "payment/office.html", context, status=409 if refused else 200)


@officer
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A batch of what is due."""
    return _do(request, "made", lambda: batches.make(actor(request)))


@officer
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch: what is in it, and a button to approve or to stop it."""
    me, digest = actor(request), request.POST.get("digest", "")
    if request.method == "POST" and request.POST.get("do") == "approve":
        return _do(request, "approved", lambda: batches.approve(me, batch_id, digest))
    if request.method == "POST":
        return _do(request, "dropped", lambda: batches.drop(me, batch_id))
    sheet, lines = batches.sheet(me, batch_id)
    return render(request, "payment/batch.html", {"batch": sheet, "lines": lines})


def _do(request: HttpRequest, done: str, act: Any) -> HttpResponse:
    try:
        act()
    except Conflict as refused:
        return _desk(request, refused.code)
    return redirect(f"/office/payments?done={done}")


@officer
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """A payment nobody knows the bill of: place it by a KID, or give it back."""
    me, kid, wrong = actor(request), request.POST.get("kid", ""), ""
    found = next((one for one in incoming.waiting(me, 1, entry_id)), None)
    if found is None:
        raise NotFound()
    if request.method == "POST" and request.POST.get("do") == "back":
        return _do(request, "returned", lambda: incoming.give_back(me, entry_id))
    if request.method == "POST":
        wrong = incoming.place(me, entry_id, kid)
        if not wrong:
            return redirect("/office/payments?done=placed")
    context = {"entry": found, "kid": kid, "error": _WRONG.get(wrong, "")}
    return render(request, "payment/entry.html", context, status=422 if wrong else 200)
