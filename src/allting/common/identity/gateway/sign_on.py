"""A login at the gateway, which several clients share (single sign-on): it begins, is raised, and ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from allting.common.identity.models import PortalSession, SignOn
from allting.common.queries.api import Compiled
from allting.kernel.actor import Level

TOUCH = timedelta(minutes=1)  # the last use is written at most this often
_by_cookie: Compiled[str, SignOn] = Compiled(str, lambda key: SignOn.objects.filter(cookie_hash=key))


def hashed(secret: str) -> str:
    """What is kept of a random secret."""
    return sha256(secret.encode()).hexdigest()


def sign_on(
    person: UUID, level: Level, method: str, before: str = "", methods: Sequence[str] = ()
) -> tuple[SignOn, str]:
    """Someone has shown who she is. Returns the sign-on and the secret for its cookie, a new one each time.

    ``before`` is the cookie of a login that this browser has: when it is hers, it becomes what was shown now, and
    clients keep its ``sid``; when it is another's, that login ends.
    """
    cookie = secrets.token_urlsafe(32)
    now = timezone.now()
    shown: dict[str, Any] = {"cookie_hash": hashed(cookie), "level": level, "at": now, "last_seen": now}
    shown |= {"method": method, "methods": " ".join(methods)}
    row = current(before) if before else None
    if row is not None and row.person == person:
        for name, value in shown.items():
            setattr(row, name, value)
        row.save(update_fields=list(shown))
        return row, cookie
    if row is not None:
        end(row.sid)
    return SignOn.objects.create(sid=secrets.token_urlsafe(32), person=person, **shown), cookie


def current(cookie: str) -> SignOn | None:
    """The sign-on of this cookie while it lasts: not ended, used in the last half hour, two hours at most."""
    if not cookie:
        return None
    now = timezone.now()
    row = next(iter(_by_cookie(hashed(cookie))), None)
    if (
        row is None
        or row.ended
        or row.at <= now - timedelta(minutes=settings.SESSION_MAX_MINUTES)
        or row.last_seen <= now - timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    ):
        return None
    if now - row.last_seen > TOUCH:
        row.last_seen = now
        row.save(update_fields=["last_seen"])
    return row


def end(sid: str) -> None:
    """End one sign-on, the portal sessions that came of it, and tell the clients that asked to be told."""
    from allting.common.identity.gateway.logout import tell_clients

    with transaction.atomic():
        if SignOn.objects.filter(sid=sid, ended=None).update(ended=timezone.now()):
            tell_clients([sid])
        PortalSession.objects.filter(sid=sid).delete()


def end_everywhere(person: UUID) -> None:
    """Log a person out in every browser."""
    from allting.common.identity.gateway.logout import tell_clients

    with transaction.atomic():
        open_ones = list(SignOn.objects.filter(person=person, ended=None).values_list("sid", flat=True))
        SignOn.objects.filter(sid__in=open_ones).update(ended=timezone.now())
        tell_clients(open_ones)
        PortalSession.objects.filter(person=person).delete()
