"""Endpoints of the machine issuer, and of the demo's authority of enterprise certificates."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from allting.common.identity.machine import demo_ca, grant, issuer
from allting.common.identity.machine.assertion import Refused
from allting.kernel.access import between_programs, public


@public
@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414 § 3, at Maskinporten's place under the issuer and at the RFC's own."""
    return JsonResponse(issuer.metadata())


@public
@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(issuer.jwks())


@between_programs
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """RFC 6749 § 3.2: errors in its own form (§ 5.2), nothing cached."""
    try:
        response = JsonResponse(grant.token(request.POST))
    except Refused as refused:
        response = JsonResponse({"error": refused.code, "error_description": refused.description}, status=400)
    response["Cache-Control"] = "no-store"
    return response


@public
@require_GET
def demo_crl(request: HttpRequest, which: str) -> HttpResponse:
    _in_demo(which)
    return HttpResponse(demo_ca.revocation_list(which), content_type="application/pkix-crl")


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def demo_ocsp(request: HttpRequest, which: str, question: str = "") -> HttpResponse:
    """RFC 6960 appendix A.1: the question as the body of a POST, or as base64 in the path."""
    _in_demo(which)
    try:
        asked = request.body if request.method == "POST" else b64decode(unquote(question), validate=True)
    except ValueError:
        asked = b""
    return HttpResponse(demo_ca.ocsp_answer(which, asked), content_type="application/ocsp-response")


def _in_demo(which: str) -> None:
    if not settings.DEMO or which not in (demo_ca.ROOT, demo_ca.ISSUER):
        raise Http404
