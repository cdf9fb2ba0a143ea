"""What is public of the authority: its certificates and lists, answers about a certificate, and time stamps."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from allting.common.signature import authority, revocation, timestamps
from allting.kernel.access import public
from allting.kernel.pki import DER

LARGEST_QUESTION = 4096


def _der(contents: bytes, media_type: str, *, cache: str = "no-store") -> HttpResponse:
    response = HttpResponse(contents, content_type=media_type)
    response["Cache-Control"] = cache
    return response


@public
@require_GET
def certificate(request: HttpRequest, name: str) -> HttpResponse:
    """The root's or the issuing authority's own certificate (RFC 2585)."""
    found = authority.root_certificate() if name == "root" else authority.issuing().certificate
    return _der(found.public_bytes(DER), "application/pkix-cert", cache="public, max-age=86400")


@public
@require_GET
def revoked(request: HttpRequest, name: str) -> HttpResponse:
    """A list as things stand now (RFC 5280 § 5)."""
    found = authority.root_list() if name == "root" else revocation.current()
    return _der(found, "application/pkix-crl", cache="no-cache")


@csrf_exempt
@public
@require_POST
def ocsp(request: HttpRequest) -> HttpResponse:
    """RFC 6960 appendix A.1: the question is the body."""
    return _der(revocation.answer(request.body[:LARGEST_QUESTION]), "application/ocsp-response")


@public
@require_GET
def ocsp_in_address(request: HttpRequest, asked: str) -> HttpResponse:
    """RFC 6960 appendix A.1: the question stands in the address, in base64."""
    try:
        question = b64decode(unquote(asked), validate=True)
    except (Error, ValueError):
        question = b""
    return _der(revocation.answer(question[:LARGEST_QUESTION]), "application/ocsp-response")


@csrf_exempt
@public
@require_POST
def stamp(request: HttpRequest) -> HttpResponse:
    """RFC 3161 § 3.4: a time stamp over HTTP."""
    return _der(timestamps.answer(request.body[:LARGEST_QUESTION]), "application/timestamp-reply")
