"""What is revoked of the authority's certificates: the list, and answers about one, as things stand now."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Lock
from uuid import UUID

from cryptography import x509
from django.utils import timezone

from allting.common.signature import authority
from allting.common.signature.models import Certificate
from allting.kernel import pki

LASTS = timedelta(hours=48)
KEPT_SECONDS = 600  # a list made so lately is put into documents as it is
_turn = Lock()
_latest: dict[int, tuple[float, bytes]] = {}  # by issuing authority


def current() -> bytes:
    """The list (DER, RFC 5280 § 5), made now."""
    issuer, now = authority.issuing(), timezone.now()
    rows = Certificate.objects.exclude(revoked=None).filter(not_after__gt=now)
    revoked = [(int(row.serial, 16), pki.Status(row.revoked, row.reason)) for row in rows.order_by("serial")]
    begins = now - timedelta(seconds=1)  # times in certificates are whole seconds: never later than what it is about
    # The number must grow with each list: milliseconds since 1970 do, without a row to hold.
    made = pki.revocation_list(issuer, time.time_ns() // 1_000_000, begins, now + LASTS, revoked)
    with _turn:
        _latest.clear()
        _latest[issuer.certificate.serial_number] = (time.monotonic(), made)
    return made


def recent() -> bytes:
    """The list to put into documents: at most ten minutes old."""
    made, der = _latest.get(authority.issuing().certificate.serial_number, (0.0, b""))
    return der if der and time.monotonic() - made < KEPT_SECONDS else current()


def find(serial: int) -> pki.Status | None:
    """What we know of our certificate with this number; None when we never issued it."""
    row = Certificate.objects.filter(pk=f"{serial:x}").first()
    if row is not None:
        return pki.Status(row.revoked, row.reason or "unspecified")
    own = {authority.own(name).certificate.serial_number for name in authority.OWN}
    return pki.Status() if serial in own else None


def answer(asked: bytes) -> bytes:
    """The answer (DER) to an OCSP request (DER, RFC 6960), read from the register at that moment."""
    return pki.ocsp_answer(asked, authority.issuing().certificate, authority.own("ocsp"), find)


def issued(certificate: x509.Certificate, person: UUID | None) -> None:
    Certificate.objects.create(
        serial=f"{certificate.serial_number:x}", person=person, not_after=certificate.not_valid_after_utc
    )


def revoke(serial: int, reason: str = "key_compromise") -> bool:
    """Revoke one of our certificates from now on; False when we never issued it. Twice counts once."""
    known = find(serial)
    if known is None:
        return False
    if known.revoked is None:
        own = [authority.own(name).certificate for name in authority.OWN]
        ends = next((one.not_valid_after_utc for one in own if one.serial_number == serial), timezone.now())
        Certificate.objects.get_or_create(pk=f"{serial:x}", defaults={"not_after": ends})
        Certificate.objects.filter(pk=f"{serial:x}").update(revoked=timezone.now(), reason=reason)
    current()
    return True
