"""The portal's own pages: the front page, my page, and what any public site has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import formats, timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.cases import api as cases
from allting.common.catalogue import api as catalogue
from allting.common.identity import api as identity
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel import desks
from allting.kernel.access import actor, citizen, public
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Invalid
from allting.kernel.text import LANGUAGES, alphabetical
from allting.site import metrics, operating

YEAR_SECONDS = 31_536_000


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    offered = {name for one in catalogue.services() for name in one.service.themes}
    themes = [(name, theme.title) for name, theme in catalogue.themes().items() if name in offered]
    themes.sort(key=lambda one: alphabetical(one[1]))
    return render(request, "site/home.html", {"life_events": catalogue.life_events(), "themes": themes})


@citizen(limited=True)
@require_GET
def my(request: HttpRequest) -> HttpResponse:
    """What waits for her, and the ways on."""
    me = actor(request)
    found = cases.my_cases(me, limit=5)
    context = {
        "waiting": _waiting(me, found),
        "letters": mailbox.inbox(me, limit=3),
        "drafts": cases.drafts(me, limit=3),
        "cases": found,
    }
    return render(request, "site/my.html", context)


def _waiting(me: Actor, found: Sequence[cases.Listed]) -> list[desks.Waiting]:
    """What she must do, with where: pay, answer, sign, and what the sectors tell of."""
    pay = [
        desks.Waiting(f"/my/payments/{bill.id}", _("Pay the fee: %(what)s") % {"what": bill.text})
        for bill in payment.due(me)
    ]
    answer = [
        desks.Waiting(f"/my/cases/{one.id}", _("Answer a question: %(what)s") % {"what": one.title})
        for one in found
        if one.state == cases.State.ASKED
    ]
    sign = [
        desks.Waiting(
            f"/my/sign/{one.case}",
            _("%(what)s from %(who)s") % {"what": one.title, "who": one.from_name},
            _("By %(day)s") % {"day": formats.date_format(one.due, "DATE_FORMAT")},
        )
        for one in cases.to_sign(me)
    ]
    return [*pay, *answer, *sign, *desks.waiting(me)]


@citizen(Level.SUBSTANTIAL)
@require_http_methods(["GET", "POST"])
def contact_details(request: HttpRequest) -> HttpResponse:
    """How she is reached, and to which account she is paid. Errors stand beside the fields, with what was typed."""
    me = actor(request)
    if request.method == "GET":
        typed = identity.parked(request)
        values = _stored(me) if typed is None else _typed(typed)
        return _contact_page(request, values, {}, saved="saved" in request.GET, unsent=typed is not None)
    values = _typed(request.POST)
    try:
        registers.set_contact(me, **values)
    except Invalid as wrong:
        return _contact_page(request, values, {name: texts[0] for name, texts in wrong.errors.items()})
    return redirect("/my/contact?saved=1")


def _stored(actor: Actor) -> dict[str, Any]:
    now = registers.contact(actor.party)
    return {
        "email": now.email,
        "mobile": now.mobile,
        "language": now.language,
        "reserved": now.reserved,
        "account": registers.account(actor),
    }


def _typed(form: QueryDict) -> dict[str, Any]:
    texts = {name: form.get(name, "") for name in ("email", "mobile", "language", "account")}
    return texts | {"reserved": "reserved" in form}


def _contact_page(
    request: HttpRequest, values: dict[str, Any], errors: dict[str, str], *, saved: bool = False, unsent: bool = False
) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors,
        "summary": [(f"field-{name}", text) for name, text in errors.items()],
        "saved": saved,
        "unsent": unsent,
        "may_reserve": request.actor.party.kind == "person",  # type: ignore[attr-defined]
    }
    return render(request, "site/contact_details.html", context, status=422 if errors else 200)


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
    text = f"User-agent: *\n{closed}Sitemap: {settings.BASE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public
@require_GET
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to tell of a hole in the security."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    text = (
        f"Contact: {settings.BASE_URL}/contact\nExpires: {expires}\nPreferred-Languages: {', '.join(LANGUAGES)}\n"
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
    path("my/contact", contact_details, name="contact-details"),
    path("privacy", privacy, name="privacy"),
    path("accessibility", accessibility, name="accessibility"),
    path("contact", contact, name="contact"),
    path("language", language, name="language"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("office/dead", operating.dead, name="dead"),
]
