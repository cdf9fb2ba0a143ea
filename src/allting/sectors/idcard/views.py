"""My ID card: where it is, how long it is valid, and one button to block it. And what is public of the authority."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from urllib.parse import unquote
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.kernel.access import actor, ask_login, citizen, public
from allting.kernel.actor import Level
from allting.kernel.problems import LoginNeeded, NotFound
from allting.sectors.idcard import api as idcard
from allting.sectors.idcard import ca, revocation

LARGEST_QUESTION = 4096
_LIVE = (
    idcard.State.ORDERED, idcard.State.IN_PRODUCTION, idcard.State.SENT, idcard.State.DELIVERED, idcard.State.ACTIVE,
)  # fmt: skip


@citizen(limited=True)
@require_GET
def my_card(request: HttpRequest) -> HttpResponse:
    found = idcard.cards(actor(request))
    now = [idcard.card(actor(request), one.id) for one in found if one.state in _LIVE]
    before = [one for one in found if one.state not in _LIVE]
    context = {"now": now, "before": before, "blocked": "blocked" in request.GET}
    return render(request, "idcard/my_card.html", context)


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Block it, after asking once. Any login will do: what is lost is closed sooner than it is asked about."""
    found = idcard.card(actor(request), card_id)
    if request.method == "POST":
        idcard.block(actor(request), card_id, request.POST.get("why", ""))
        return redirect("/my/id-card?blocked=1")
    if "blocked" not in found.can:
        return redirect("/my/id-card")
    return render(request, "idcard/block.html", {"card": found, "back": "/my/id-card", "at_work": False})


@citizen(limited=True)
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """She has it, and takes it into use."""
    if request.method == "POST":
        try:
            idcard.activate(actor(request), card_id)
        except LoginNeeded:
            return ask_login(request, Level.HIGH)
    return redirect("/my/id-card")


# --- Public: the authority's certificates, its list, and answers about one -----------------------


def _der(contents: bytes, media_type: str, *, cache: str = "no-cache") -> HttpResponse:
    response = HttpResponse(contents, content_type=media_type)
    response["Cache-Control"] = cache
    return response


@public
@require_GET
def revoked(request: HttpRequest) -> HttpResponse:
    """The list as things stand now (RFC 5280; the media type is RFC 2585's)."""
    return _der(revocation.current(), "application/pkix-crl")


@public
@require_GET
def root_revoked(request: HttpRequest) -> HttpResponse:
    path = ca.public_folder() / "idcard-root.crl"
    if not path.exists():
        raise NotFound()
    return _der(path.read_bytes(), "application/pkix-crl")


@public
@require_GET
def certificate(request: HttpRequest, name: str) -> HttpResponse:
    """The root's or the issuing authority's own certificate."""
    found = ca.root_certificate() if name == "root" else ca.issuing().certificate
    return _der(found.public_bytes(Encoding.DER), "application/pkix-cert", cache="public, max-age=86400")


@csrf_exempt
@public
@require_POST
def ocsp(request: HttpRequest) -> HttpResponse:
    """RFC 6960 appendix A.1: the question is the body."""
    return _der(revocation.answer(request.body[:LARGEST_QUESTION]), "application/ocsp-response", cache="no-store")


@public
@require_GET
def ocsp_in_address(request: HttpRequest, asked: str) -> HttpResponse:
    """RFC 6960 appendix A.1: the question stands in the address, in base64."""
    try:
        question = b64decode(unquote(asked), validate=True)
    except (Error, ValueError):
        question = b""
    return _der(revocation.answer(question[:LARGEST_QUESTION]), "application/ocsp-response", cache="no-store")
