"""What is revoked: the signed list (RFC 5280 § 5) and answers about one certificate (RFC 6960)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography.x509 import ocsp
from django.db import connection, transaction
from django.utils import timezone

from allting.common.outbox import api as outbox
from allting.kernel import pki
from allting.sectors.idcard import ca
from allting.sectors.idcard.models import Card, Certificate, ListLock, RevocationList

LASTS, RENEWED_AFTER = timedelta(hours=48), timedelta(hours=24)
SHORT = 200_000  # octets: some 4 000 certificates, a fifth of a second to sign anew
UNSPECIFIED = "unspecified"
KEPT = 10  # older lists are deleted


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
    found = Certificate.objects.filter(not_after__gt=row.this_update).exclude(revoked=None)
    revoked = found.values_list("serial", "revoked", "reason")
    entries = ((int(serial, 16), pki.Status(when, reason)) for serial, when, reason in revoked)
    return pki.revocation_list(ca.issuing(), row.number, row.this_update, row.next_update, entries)


def answer(asked: bytes) -> bytes:
    """The answer (DER) to an OCSP request (DER): good, revoked, or unknown to us.

    It is read from the register at that moment, so what was blocked a second ago is revoked. What cannot be read is
    answered "malformed", another authority's certificate "unauthorized".
    """
    if not ca.exists():
        return pki.refused(ocsp.OCSPResponseStatus.TRY_LATER)
    return pki.ocsp_answer(asked, ca.issuing().certificate, ca.responder(), _status)


def _status(serial: int) -> pki.Status | None:
    row = Certificate.objects.filter(serial=f"{serial:x}").only("revoked", "reason").first()
    return None if row is None else pki.Status(row.revoked, row.reason or UNSPECIFIED)
