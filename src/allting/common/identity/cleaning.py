"""What the gateway no longer needs is thrown away, in chunks, so that no table grows without end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from allting.common.identity.eids import flow, limits
from allting.common.identity.models import (
    Attempts,
    EidFlow,
    Grant,
    KnownDevice,
    OneTimeCode,
    ParkedForm,
    PortalSession,
    PushedRequest,
    SignOn,
    UsedOnce,
)
from allting.common.identity.parking import KEEP

CHUNK = 1000
LOOKED_BACK_ON = timedelta(days=90)  # a login that is over is shown on the person's page for so long


def clean(**_facts: Any) -> None:
    """One chunk of each table; the worker asks each minute."""
    now = timezone.now()
    old = now - LOOKED_BACK_ON - timedelta(minutes=settings.SESSION_MAX_MINUTES)
    for rows in (
        Grant.objects.filter(sign_on__at__lt=old),
        Grant.objects.filter(used=None, created__lt=now - timedelta(days=1)),
        SignOn.objects.filter(at__lt=old, grant=None),
        PushedRequest.objects.filter(expires__lt=now),
        UsedOnce.objects.filter(expires__lt=now),
        PortalSession.objects.filter(expire_date__lt=now),
        ParkedForm.objects.filter(created__lt=now - KEEP),
        EidFlow.objects.filter(created__lt=now - flow.KEEP),
        OneTimeCode.objects.filter(expires__lt=now - timedelta(days=7)),
        Attempts.objects.filter(last__lt=now - limits.FORGET, until__lt=now),
        KnownDevice.objects.filter(last__lt=now - timedelta(days=limits.DEVICE_DAYS)),
    ):
        _delete(rows)


def _delete(rows: QuerySet[Any]) -> None:
    chunk = list(rows.values_list("pk", flat=True)[:CHUNK])
    if chunk:
        rows.model._base_manager.filter(pk__in=chunk)._raw_delete(connection.alias)
