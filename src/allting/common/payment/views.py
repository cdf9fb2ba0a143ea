"""What to pay, what was paid, what came; and the way to the provider and back."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.payment import api as payment
from allting.common.payment import setoffs
from allting.common.payment.models import DemoAttempt, DemoTransfer
from allting.common.payment.providers import chosen
from allting.common.registers import api as registers
from allting.kernel.access import actor, citizen, public
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound


@citizen()
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    me = actor(request)
    context = {
        "bills": payment.bills(me, limit=50),
        "running": payment.running(me),
        "payouts": payment.payouts(me, limit=50),
        "account": registers.account(me),
    }
    return render(request, "payment/overview.html", context)


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def bill(request: HttpRequest, bill_id: UUID) -> HttpResponse:
    """One bill, with one button; pressed, the browser goes to the provider."""
    me, do, errors = actor(request), request.POST.get("do", ""), {}
    found = payment.bill_for(me, bill_id)
    if request.method == "POST" and do in ("parts", "contest"):
        try:
            _ask(request, bill_id, do)
            return redirect(f"/my/payments/{bill_id}?done={do}")
        except Invalid as wrong:
            errors = {name: texts[0] for name, texts in wrong.errors.items()}
        except Conflict:
            return redirect(f"/my/payments/{bill_id}")
    elif request.method == "POST" and found.status == "due":
        return HttpResponseRedirect(payment.start(me, bill_id))
    request.form_leads_to = _origin()  # type: ignore[attr-defined]
    context = {
        "bill": found, "failed": "failed" in request.GET, "done": "" if errors else request.GET.get("done", ""),
        "errors": errors, "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "set_off": setoffs.of_bill(bill_id), "typed": request.POST.get("contest", ""),
    }  # fmt: skip
    return render(request, "payment/bill.html", context, status=422 if errors else 200)


def _ask(request: HttpRequest, bill_id: UUID, do: str) -> None:
    """To pay in parts, or not to have it taken from later payments."""
    if do == "parts":
        count = request.POST.get("count", "")
        payment.ask_parts(actor(request), bill_id, int(count) if count in ("2", "3", "4", "5", "6") else 0)
    else:
        setoffs.say_no(actor(request), bill_id, request.POST.get("contest", ""))


def _origin() -> str:
    """Where the provider's page is, which the browser must be let go to."""
    return getattr(settings, "PAYMENT_ORIGIN", "")


@public
@require_GET
def back(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Back from the provider: it is asked; what the browser says counts for nothing."""
    found = payment.settle(reference)
    if found.status == "due":
        return redirect(f"/my/payments/{found.id}?failed=1")
    return redirect(found.place)


@csrf_exempt
@public
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """The provider tells that something happened with an attempt; we ask it what."""
    reference = chosen().noticed(request)
    if reference is None:
        raise NotAllowed()
    payment.settle(reference)
    return HttpResponse(status=204)


@public
@require_http_methods(["GET", "POST"])
def demo_pay(request: HttpRequest, token: UUID) -> HttpResponse:
    """The demo bank's page."""
    row = DemoAttempt.objects.filter(pk=token).first() if settings.DEMO else None
    if row is None:
        raise NotFound()
    if request.method == "GET":
        return render(request, "payment/demo_pay.html", {"attempt": row})
    status = {"pay": "paid", "decline": "failed", "cancel": "failed"}.get(request.POST.get("do", ""))
    if status:
        DemoAttempt.objects.filter(pk=token, status="begun").update(status=status)
    return redirect(f"/payments/return/{token}")


@public
@require_GET
def demo_payouts(request: HttpRequest) -> HttpResponse:
    """What the demo bank has paid out; account numbers show three digits only."""
    if not settings.DEMO:
        raise NotFound()
    return render(request, "payment/demo_payouts.html", {"transfers": DemoTransfer.objects.order_by("-at")[:100]})
