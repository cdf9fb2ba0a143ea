"""Forms sent after the session was over: kept encrypted for an hour, given back to the same browser only,
and, when it is known who was logged in there, to nobody else."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from allting.common.identity.models import ParkedForm
from allting.kernel import encryption

COOKIE = "allting_parked"
KEEP = timedelta(hours=1)
_LEFT_OUT = ("csrfmiddlewaretoken",)


def park(request: HttpRequest, response: HttpResponse) -> str:
    """Keep the form's fields (not its files); returns the path that shows them again."""
    browser = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    key = secrets.token_urlsafe(24)
    kept = {
        "person": getattr(request, "left", ""),
        "fields": {name: values for name, values in request.POST.lists() if name not in _LEFT_OUT},
    }
    ParkedForm.objects.filter(created__lt=timezone.now() - KEEP).delete()
    ParkedForm.objects.create(key=key, browser_hash=_hash(browser), sealed=encryption.seal_json(kept, f"parked:{key}"))
    response.set_cookie(
        COOKIE, browser, max_age=int(KEEP.total_seconds()), httponly=True, samesite="Lax", secure=settings.SECURE
    )
    query = request.GET.copy()
    query["parked"] = key
    return f"{request.path}?{query.urlencode()}"


def parked(request: HttpRequest) -> QueryDict | None:
    """The kept fields when the address has ``?parked=…`` of this browser; else None."""
    key, browser = request.GET.get("parked", ""), request.COOKIES.get(COOKIE, "")
    if not key or not browser:
        return None
    row = ParkedForm.objects.filter(key=key, browser_hash=_hash(browser), created__gte=timezone.now() - KEEP).first()
    if row is None:
        return None
    kept = encryption.unseal_json(row.sealed, f"parked:{key}")
    actor = getattr(request, "actor", None)
    if kept["person"] and (actor is None or str(actor.person) != kept["person"]):
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        fields.setlist(name, values)
    return fields


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
