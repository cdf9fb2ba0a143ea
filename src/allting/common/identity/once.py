"""What may be used once: the ``jti`` of a signed message, remembered until the message is too old anyway."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from allting.common.identity.models import UsedOnce

_MARGIN = timedelta(minutes=1)


def first_use(use: str, issuer: str, jti: str, ends: float) -> bool:
    """Remember ``jti`` of ``issuer`` for ``use`` until ``ends`` (seconds since 1970); False: it was used before."""
    key = sha256("\0".join((use, issuer, jti)).encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedOnce.objects.create(key=key, expires=datetime.fromtimestamp(ends, UTC) + _MARGIN)
    except IntegrityError:
        return False
    return True
