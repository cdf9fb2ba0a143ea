"""The portal's own pages: the front page, my page, and what any public site has."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from allting.common.mailbox import api as mailbox
from allting.kernel.access import citizen, public
from allting.kernel.actor import Level

YEAR_SECONDS = 31_536_000


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html")


@citizen(Level.SUBSTANTIAL)
@require_GET
def my(request: HttpRequest) -> HttpResponse:
    """What waits for her, and the ways on."""
    actor = request.actor  # type: ignore[attr-defined]
    context = {"unread": mailbox.unread(actor), "letters": mailbox.inbox(actor, limit=3)}
    return render(request, "site/my.html", context)


@public
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "site/privacy.html")


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "site/accessibility.html")


@public
@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "site/contact.html")


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the reader's choice of language for a year, and go back to the page."""
    chosen, back = request.POST.get("language", ""), request.POST.get("next", "/")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if safe else "/")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SECURE
        )
    return response


@public
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    closed = "".join(f"Disallow: {one}\n" for one in ("/my", "/office", "/drafts", "/id", "/login", "/api"))
    return HttpResponse(f"User-agent: *\n{closed}", content_type="text/plain; charset=utf-8")


@public
@require_GET
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to tell of a hole in the security."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    text = (
        f"Contact: {settings.BASE_URL}/contact\nExpires: {expires}\nPreferred-Languages: nb, nn, en\n"
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt\n"
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@public
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can do its work: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "database": connection.vendor})


urlpatterns = [
    path("", home, name="home"),
    path("my", my, name="my"),
    path("privacy", privacy, name="privacy"),
    path("accessibility", accessibility, name="accessibility"),
    path("contact", contact, name="contact"),
    path("language", language, name="language"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
