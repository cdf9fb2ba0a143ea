"""What is revoked: the signed list (RFC 5280 § 5) and answers about one certificate (RFC 6960)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from django.db import connection, transaction
from django.utils import timezone

from allting.common.outbox import api as outbox
from allting.kernel.problems import Unavailable
from allting.sectors.idcard import ca
from allting.sectors.idcard.models import Card, Certificate, ListLock, RevocationList

LASTS, RENEWED_AFTER = timedelta(hours=48), timedelta(hours=24)
SHORT = 200_000  # octets: some 4 000 certificates, a fifth of a second to sign anew
KEPT = 10  # older lists are deleted
_REASONS = {one.name: one for one in x509.ReasonFlags}


def current() -> bytes:
    """The list (DER) as things stand now: a new one is made when something changed since, or it is a day old.

    Raises Unavailable without a card authority.
    """
    newest = RevocationList.objects.order_by("-number").first()
    if newest is None or _stale(newest):
        return bytes(_make().der)
    return bytes(newest.der)


def refresh() -> None:
    """See that the list, and its file, tell how things stand now. Nothing without a card authority."""
    if ca.exists():
        current()


def refresh_soon() -> None:
    """The same, just after a change: at once while the list is short, else by the worker, which is told as well."""
    newest = RevocationList.objects.order_by("-number").first()
    if newest is None or len(newest.der) < SHORT:
        refresh()


def renew(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: after each change, and a day after each list; cards that ran out are marked as well."""
    if not ca.exists():
        return
    live = ("ordered", "in-production", "sent", "delivered", "active")
    Card.objects.filter(state__in=live, valid_until__lt=timezone.localdate()).update(state="expired")
    ca.renew_responder()
    current()


def _stale(newest: RevocationList) -> bool:
    old = newest.this_update < timezone.now() - RENEWED_AFTER
    return old or Certificate.objects.filter(listed=False).exists()


@transaction.atomic
def _make() -> RevocationList:
    """The next list. What changes while it is made stays unlisted, and asks for another."""
    ListLock.objects.bulk_create([ListLock(name="cards")], ignore_conflicts=True)
    _held(ListLock.objects.filter(name="cards")).get()
    newest = RevocationList.objects.order_by("-number").first()
    if newest is not None and not _stale(newest):
        return newest  # someone else was first
    changed = list(_held(Certificate.objects.filter(listed=False)).values_list("serial", flat=True))
    now = timezone.now()
    row = RevocationList(this_update=now, next_update=now + LASTS, der=b"")
    row.save(force_insert=True)
    row.der = _signed(row)
    row.save(update_fields=["der"])
    Certificate.objects.filter(serial__in=changed).update(listed=True)
    RevocationList.objects.filter(number__lte=row.number - KEPT).delete()
    outbox.put("idcard.list", f"list:{row.number}", due=now + RENEWED_AFTER)
    der = row.der
    transaction.on_commit(lambda: ca.publish("idcard.crl", der), robust=True)
    return row


def _held(rows: Any) -> Any:
    return rows.select_for_update() if connection.features.has_select_for_update else rows


def _signed(row: RevocationList) -> bytes:
    issuer = ca.issuing()
    revoked = Certificate.objects.filter(not_after__gt=row.this_update).exclude(revoked=None)
    entries = [_entry(*one) for one in revoked.values_list("serial", "revoked", "reason")]
    builder = x509.CertificateRevocationListBuilder(revoked_certificates=entries)  # one by one is quadratic
    builder = builder.issuer_name(issuer.certificate.subject)
    builder = builder.last_update(row.this_update).next_update(row.next_update)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    builder = builder.add_extension(authority, critical=False)
    builder = builder.add_extension(x509.CRLNumber(row.number), critical=False)
    return builder.sign(issuer.key, hashes.SHA384()).public_bytes(serialization.Encoding.DER)


def _entry(serial: str, revoked: Any, reason: str) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(int(serial, 16)).revocation_date(revoked)
    return builder.add_extension(x509.CRLReason(_REASONS[reason]), critical=False).build()


# --- Answers about one certificate -----------------------------------------------------------------


def answer(asked: bytes) -> bytes:
    """The answer (DER) to an OCSP request (DER): good, revoked, or unknown to us.

    It is read from the register at that moment, so what was blocked a second ago is revoked. What cannot be read is
    answered "malformed", another authority's certificate "unauthorized".
    """
    try:
        request = ocsp.load_der_ocsp_request(asked)
        nonce = _nonce(request)
        serial, ours = request.serial_number, _is_ours(request)
    except (ValueError, NotImplementedError, UnsupportedAlgorithm):  # several in one request are not answered
        return _refused(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not ca.exists():
        return _refused(ocsp.OCSPResponseStatus.TRY_LATER)
    if not ours:
        return _refused(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    return _answered(request, serial, nonce)


def _refused(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(serialization.Encoding.DER)


def _nonce(request: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        return request.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None


def _is_ours(request: ocsp.OCSPRequest) -> bool:
    """Whether the request names our issuing authority, by its name and its key (RFC 6960 § 4.1.1)."""
    try:
        issuer = ca.issuing()
    except Unavailable:
        return False
    name, key = hashes.Hash(request.hash_algorithm), hashes.Hash(request.hash_algorithm)
    name.update(issuer.certificate.subject.public_bytes())
    key.update(issuer.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return (request.issuer_name_hash, request.issuer_key_hash) == (name.finalize(), key.finalize())


def _answered(request: ocsp.OCSPRequest, serial: int, nonce: x509.OCSPNonce | None) -> bytes:
    row = Certificate.objects.filter(serial=f"{serial:x}").only("revoked", "reason").first()
    status = ocsp.OCSPCertStatus.UNKNOWN if row is None else ocsp.OCSPCertStatus.GOOD
    when, why = None, None
    if row is not None and row.revoked is not None:
        status, when, why = ocsp.OCSPCertStatus.REVOKED, row.revoked, _REASONS[row.reason]
    signer = ca.responder()
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash, issuer_key_hash=request.issuer_key_hash, serial_number=serial,
        algorithm=request.hash_algorithm, cert_status=status, this_update=timezone.now(), next_update=None,
        revocation_time=when, revocation_reason=why,
    )  # fmt: skip
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    builder = builder.certificates([signer.certificate])
    builder = builder.add_extension(nonce, critical=False) if nonce else builder
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
