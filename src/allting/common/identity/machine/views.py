"""Endpoints of the machine issuer, and of the demo's authority of enterprise certificates."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import unquote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from allting.common.identity.machine import demo_ca
from allting.kernel.access import public


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
