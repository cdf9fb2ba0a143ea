"""The ID card in a login: read by the browser (TLS), or by a program that signs a question (PKCS#11)."""

from __future__ import annotations

import logging
import secrets
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from allting.common.identity.eids.provider import Login
from allting.common.identity.providers.idcard import certificates, signed
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Level, Purpose
from allting.kernel.problems import NotAllowed, NotFound

AMR = "IDCard"
STEPS = frozenset({"read", "sign"})
SECRET_HEADER = "X-Card-Proxy-Secret"  # noqa: S105 - its name, not the secret
_LOOK = Purpose("eForvaltningsforskriften § 4", "Innlogging")
_log = logging.getLogger("allting.identity")


def page(request: HttpRequest, login: Login) -> HttpResponse:
    return {"": _start, "read": _read, "sign": _sign}[login.step](request, login)


def _start(request: HttpRequest, login: Login) -> HttpResponse:
    login.flow.data["begun"] = True
    login.flow.save()
    return _shown(request, login)


def _read(request: HttpRequest, login: Login) -> HttpResponse:
    """The TLS proxy has asked the browser for the card, and sends its certificate on. Only the proxy is believed."""
    text = request.headers.get(settings.ID_CARD_HEADER, "")
    if not settings.ID_CARD_PROXY_SECRET:
        raise NotFound()
    given = request.headers.get(SECRET_HEADER, "")
    if not secrets.compare_digest(given.encode(), settings.ID_CARD_PROXY_SECRET.encode()):
        if text:
            _log.warning("a card's certificate came from elsewhere than the proxy")
        raise NotAllowed(code="not-the-proxy")
    if not login.flow.data.get("begun"):
        return redirect(login.address())
    if not text:
        return _shown(request, login, _("We found no card. Put it in the reader, and try again."))
    try:
        return _known(request, login, certificates.read(text))
    except certificates.BadCard as bad:
        return _shown(request, login, said(bad.why))


def _sign(request: HttpRequest, login: Login) -> HttpResponse:
    """A question, and a field for the answer of the program that has the card. Each question is answered once."""
    error, typed = "", request.POST.get("answer", "")[:20_000]
    if request.method == "POST":
        try:
            return _known(request, login, signed.certificate_in(typed, login.flow.data.pop("question", "")))
        except certificates.BadCard as bad:
            error = said(bad.why)
    login.flow.data["question"] = signed.question()
    login.flow.save()
    context = {"login": login, "question": login.flow.data["question"], "error": error, "typed": typed}
    context["summary"] = [("field-answer", error)] if error else []
    return render(request, "identity/eids/idcard_sign.html", context, status=422 if error else 200)


def _known(request: HttpRequest, login: Login, der: bytes) -> HttpResponse:
    return login.known(_person(certificates.number_of(der)), Level.HIGH, AMR, "sc", "pin", "mfa")


def _person(number: str) -> UUID:
    try:
        return registers.find_person(Actor.system(authority_name="Allting"), _LOOK, number)
    except NotFound:
        raise certificates.BadCard("nobody") from None


def _shown(request: HttpRequest, login: Login, error: str = "") -> HttpResponse:
    browser = ""
    if settings.ID_CARD_PROXY_SECRET:
        browser = (settings.ID_CARD_URL or settings.BASE_URL) + login.address("read")
    context = {"login": login, "browser": browser, "error": error, "summary": [("card", error)] if error else []}
    return render(request, "identity/eids/idcard.html", context, status=422 if error else 200)


def said(why: str) -> str:
    """Why a card was not taken, in the reader's language."""
    return {
        "unreadable": _("The answer from the card cannot be read. Try again."),
        "unknown": _("The card is not from an issuer we know."),
        "expired": _("The card is not valid today."),
        "revoked": _("The card is blocked. Order a new one, or log in another way."),
        "late": _("It took too long. Here is a new question."),
        "signature": _("The answer does not fit the question. Copy the whole question, and try again."),
        "nobody": _("The person the card belongs to is not in the population register."),
    }.get(why, _("The card cannot be used to log in."))
