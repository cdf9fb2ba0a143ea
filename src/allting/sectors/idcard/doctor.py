"""What ``allting doctor`` looks at: the card authority, its certificates and its list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from allting.kernel.findings import Finding, error, ok, warning
from allting.sectors.idcard import ca
from allting.sectors.idcard.models import Card, RevocationList

WHAT = "ID card authority"


def authority() -> Finding:
    if not ca.exists():
        waiting = Card.objects.filter(state="ordered").exists()
        if waiting:
            return error(WHAT, "cards are ordered, and there is no authority to certify them", "allting cards init-ca")
        return ok(WHAT, "none, and no card is ordered")
    left = ca.issuing().certificate.not_valid_after_utc - datetime.now(UTC)
    if left < timedelta(days=365 * 6):  # a card holds five years
        return warning(WHAT, f"runs out in {left.days} days, sooner than new cards", "hold a new ceremony")
    if not settings.DEMO and (Path(settings.KEY_FOLDER) / "idcard-root.pem").exists():
        return warning(WHAT, "the root's key still lies here", "move idcard-root.pem to a safe (docs/howto/id-card.md)")
    return ok(WHAT, f"certifies until {ca.issuing().certificate.not_valid_after_utc.date()}")


def revocation_list() -> Finding:
    newest = RevocationList.objects.order_by("-number").first()
    if not ca.exists() or newest is None:
        return ok("revocation list", "none yet")
    if newest.next_update < timezone.now():
        return error("revocation list", "is out of date: the worker has not renewed it", "start allting worker")
    return ok("revocation list", f"number {newest.number}, good until {newest.next_update:%Y-%m-%d %H:%M} UTC")


CHECKS = (authority, revocation_list)
