"""The demo's SMS gateway, and the page that shows what was sent."""

from __future__ import annotations

import json
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from allting.common.notification.demo import keep
from allting.common.notification.models import DemoMessage
from allting.common.notification.sending import gateway_token
from allting.kernel.access import public
from allting.kernel.problems import Invalid, NotAllowed, NotFound


@public
def messages(request: HttpRequest) -> HttpResponse:
    """The demo's e-mail and SMS, newest first. Synthetic people only."""
    if not settings.DEMO:
        raise NotFound()
    rows = DemoMessage.objects.order_by("-at", "-pk")[:100]
    response = render(request, "notification/messages.html", {"messages": rows})
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt
@require_POST
@public
def sms(request: HttpRequest) -> HttpResponse:
    """The demo SMS gateway: JSON ``to`` and ``text``, a bearer token and an Idempotency-Key."""
    if not settings.DEMO:
        raise NotFound()
    if not secrets.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {gateway_token()}".encode()
    ):
        raise NotAllowed(code="token")
    try:
        sent = json.loads(request.body)
        keep("sms", request.headers["Idempotency-Key"], str(sent["to"])[:254], "", str(sent["text"]))
    except (ValueError, KeyError, TypeError):
        raise Invalid(code="bad-sms") from None
    return JsonResponse({"status": "accepted"}, status=202)
