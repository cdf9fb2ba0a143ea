"""``/office/payments/in``: the bank's file is read here, and what fits no bill is placed or sent back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.payment import camt, demo, incoming, treasurer
from allting.common.payment.office import HOME, done, shown
from allting.kernel.access import actor, officer
from allting.kernel.problems import Invalid, NotFound

IN = f"{HOME}/in"


@officer
@require_http_methods(["GET", "POST"])
def came_in(request: HttpRequest) -> HttpResponse:
    """What is to be looked at; a POST reads a file. Read again it changes nothing, so the answer is the page itself."""
    me, report, error = actor(request), None, ""
    treasurer.office(me)  # nobody else's file is looked at
    if request.method == "POST":
        try:
            report = incoming.read(me, _sent(request))
        except Invalid as wrong:
            error = wrong.errors["file"][0]
    context = {
        "report": report, "error": error, "receipts": incoming.to_see(me), "files": incoming.files(me),
        "account": treasurer.account_of(treasurer.office(me)),
    }  # fmt: skip
    return shown(request, "in", "payment/office_in.html", status=422 if error else 200, **context)


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise camt.refused("none", _("Choose the file from the bank"))
    if file.size > camt.LARGEST:
        raise camt.refused("too-large", _("The file is too large. Ask the bank for several smaller ones."))
    return bytes(file.read())


@officer
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """One payment: count it on a bill, send it back, or note that it was too little."""
    me, do = actor(request), request.POST.get("do", "")
    kid, account = request.POST.get("kid", ""), request.POST.get("account", "")
    acts = {
        "place": ("placed", lambda: incoming.assign(me, receipt_id, kid)),
        "back": ("returned", lambda: incoming.send_back(me, receipt_id, account)),
        "seen": ("seen", lambda: incoming.seen(me, receipt_id)),
    }
    errors: dict[str, str] = {}
    if request.method == "POST" and do in acts:
        try:
            return done(request, *acts[do], IN, lambda code: _receipt(request, receipt_id, {}, code))
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
    return _receipt(request, receipt_id, errors)


def _receipt(request: HttpRequest, receipt_id: UUID, errors: dict[str, str], refused: str = "") -> HttpResponse:
    found = incoming.receipt(actor(request), receipt_id)
    context = {
        "receipt": found, "errors": errors, "kid": request.POST.get("kid", ""), "refused": refused,
        "to": request.POST.get("account", found.payer_account),
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
    }  # fmt: skip
    return shown(request, "in", "payment/receipt.html", status=422 if errors else 200, **context)


@officer
@require_GET
def demo_file(request: HttpRequest) -> HttpResponse:
    """In the demo: a file as the bank writes it, which pays some of the bills that are due."""
    own = treasurer.account_of(treasurer.office(actor(request)))
    if not settings.DEMO or own is None:
        raise NotFound()
    response = HttpResponse(demo.bank_file(own), content_type="application/xml")
    response["Content-Disposition"] = 'attachment; filename="camt.054.xml"'
    return response
