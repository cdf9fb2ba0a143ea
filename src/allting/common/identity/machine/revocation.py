"""Is a certificate revoked? OCSP (RFC 6960) first, else the revocation list (RFC 5280 § 5), from the addresses in it.

The addresses are only followed in a certificate that an authority we trust has signed. Answers are kept until they
run out, at most ``ENTERPRISE_REVOCATION_SECONDS``; whether they are genuine is judged with the path, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise

import httpx
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache

from allting.common.identity.in_process import transport_to

ADDRESSES = 2  # tried of each kind, of each certificate
LARGEST = 20 * 1024 * 1024
SILENT_SECONDS = 10  # an address that did not answer is left alone for so long
_kept = LocMemCache("revocation", {"MAX_ENTRIES": 1000})


def forget() -> None:
    """Ask anew from now on."""
    _kept.clear()


def evidence(path: Sequence[asn1.Certificate]) -> tuple[list[bytes], list[bytes]]:
    """Revocation lists and OCSP answers for a path, anchor first; what could not be had is missing."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    for issuer, certificate in pairwise(path):
        answer = next(_ocsp(certificate, issuer), b"")
        if answer:
            ocsps.append(answer)
        else:
            crls.extend(list(_crls(certificate))[:1])
    return crls, ocsps


def _ocsp(certificate: asn1.Certificate, issuer: asn1.Certificate) -> Iterator[bytes]:
    question = b""
    for address in _addresses(certificate.ocsp_urls):
        if not question:
            own, above = (x509.load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
            sha1 = hashes.SHA1()  # noqa: S303 - only a name for the issuer, which every responder knows (RFC 5019)
            question = ocsp.OCSPRequestBuilder().add_certificate(own, above, sha1).build().public_bytes(Encoding.DER)
        answer = _asked(address, question, _ocsp_ends)
        if answer:
            yield answer


def _crls(certificate: asn1.Certificate) -> Iterator[bytes]:
    points = [url for point in certificate.crl_distribution_points for url in [point.url] if url]
    for address in _addresses(points):
        answer = _asked(address, b"", _crl_ends)
        if answer:
            yield answer


def _addresses(urls: Sequence[str]) -> list[str]:
    return [url for url in urls if url.startswith(("http://", "https://"))][:ADDRESSES]


def _asked(address: str, question: bytes, ends: Callable[[bytes], datetime | None]) -> bytes:
    """The answer of ``address``, or the one kept; empty when there is none that can be read."""
    key = sha256(address.encode() + question).hexdigest()
    kept: bytes | None = _kept.get(key)
    if kept is not None:
        return kept
    seconds: float = SILENT_SECONDS
    try:
        answer = _fetched(address, question)
        until = ends(answer)
        seconds = settings.ENTERPRISE_REVOCATION_SECONDS
        if until is not None:
            seconds = min(seconds, (until - datetime.now(UTC)).total_seconds())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError):
        answer = b""
    _kept.set(key, answer, max(0, seconds))
    return answer


def _fetched(address: str, question: bytes) -> bytes:
    """Raises httpx's HTTPError, or ValueError for an answer that is too large."""
    body = {"content": question, "headers": {"Content-Type": "application/ocsp-request"}} if question else {}
    with (
        httpx.Client(transport=transport_to(address), timeout=settings.ENTERPRISE_TIMEOUT_SECONDS) as http,
        http.stream("POST" if question else "GET", address, **body) as response,  # type: ignore[arg-type]
    ):
        response.raise_for_status()
        found = b""
        for block in response.iter_bytes():
            found += block
            if len(found) > LARGEST:
                raise ValueError("too large")
        return found


def _ocsp_ends(answer: bytes) -> datetime | None:
    """Raises ValueError when it is not an answer ("successful", RFC 6960 § 4.2.1)."""
    read = asn1_ocsp.OCSPResponse.load(answer)
    if read["response_status"].native != "successful":
        raise ValueError("no answer")
    found: datetime | None = read.response_data["responses"][0]["next_update"].native
    return found


def _crl_ends(answer: bytes) -> datetime | None:
    return x509.load_der_x509_crl(answer).next_update_utc
