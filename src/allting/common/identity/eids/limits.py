"""Attempts that slow down, so that nobody can guess and nobody can lock another out.

An attempt is counted for the credential as seen from where it comes: a browser that has logged in with it before
(OWASP's device cookie) has a count of its own, which strangers cannot touch; strangers share one by network, and
one for all of them. A count only delays, for longer and longer, and is forgotten after a day. The credential is
what was typed, so that those which do not exist are slowed just the same.
"""

from __future__ import annotations

import ipaddress
import math
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext

from allting.common.identity.eids.hashing import keyed_hash
from allting.common.identity.models import Attempts, KnownDevice

COOKIE = "allting_device"
FORGET = timedelta(days=1)
DEVICE_DAYS = 365


@dataclass(frozen=True, slots=True)
class _Count:
    """``free`` attempts without delay, then 1, 2, 4 … seconds, at most ``longest``."""

    key: str
    free: int
    longest: int


def attempt(request: HttpRequest, credential: str, *, free: int = 4) -> int:
    """Count an attempt. Returns 0 when it may go on, else how many seconds to wait; then nothing may be checked.

    It is counted before it is checked, so that many at once are no way around.
    """
    counts, now = _counts(request, credential, free), timezone.now()
    with transaction.atomic():
        fresh = [Attempts(key=one.key, last=now, until=now) for one in counts]
        Attempts.objects.bulk_create(sorted(fresh, key=lambda one: one.key), ignore_conflicts=True)
        held = Attempts.objects.select_for_update().filter(key__in=[one.key for one in counts])
        rows = {row.key: row for row in held.order_by("key")}  # in one order: no two wait for each other
        wait = max((rows[one.key].until - now).total_seconds() for one in counts)
        if wait > 0:
            return math.ceil(wait)
        for one in counts:
            row = rows[one.key]
            row.failures = 1 if now - row.last > FORGET else row.failures + 1
            row.last, row.until = now, now + timedelta(seconds=_delay(row.failures, one))
            row.save(update_fields=["failures", "last", "until"])
    return 0


def passed(request: HttpRequest, credential: str) -> None:
    """It was right: this place's count begins anew, and the others' do not hold it against anyone."""
    own, *shared = _counts(request, credential, 0)
    Attempts.objects.filter(key=own.key).delete()
    for one in shared:
        with transaction.atomic():
            row = Attempts.objects.select_for_update().filter(key=one.key).first()
            if row is not None and row.failures:
                row.failures, row.until = row.failures - 1, timezone.now()
                row.save(update_fields=["failures", "until"])


def know_device(request: HttpRequest, response: HttpResponse, *credentials: str) -> None:
    """Remember that this browser has logged in with these. Its cookie is new each time: a planted one dies."""
    before, device = request.COOKIES.get(COOKIE, ""), secrets.token_urlsafe(32)
    if before:
        old, new = keyed_hash("device", before), keyed_hash("device", device)
        KnownDevice.objects.filter(device_hash=old).update(device_hash=new)
    for credential in credentials:
        KnownDevice.objects.update_or_create(
            device_hash=keyed_hash("device", device),
            credential_hash=keyed_hash("credential", credential),
            defaults={"last": timezone.now()},
        )
    response.set_cookie(
        COOKIE,
        device,
        max_age=DEVICE_DAYS * 86_400,
        path="/id",
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )


def forget_devices(credential: str) -> None:
    """As after a changed password: every browser is a stranger again."""
    KnownDevice.objects.filter(credential_hash=keyed_hash("credential", credential)).delete()


def patience(seconds: int) -> str:
    """What the page says to somebody who has to wait."""
    if seconds < 90:
        text = ngettext(
            "Too many attempts. Wait %(num)d second, and try again.",
            "Too many attempts. Wait %(num)d seconds, and try again.",
            seconds,
        )
        return text % {"num": seconds}
    minutes = math.ceil(seconds / 60)
    text = ngettext(
        "Too many attempts. Wait %(num)d minute, and try again.",
        "Too many attempts. Wait %(num)d minutes, and try again.",
        minutes,
    )
    return text % {"num": minutes}


def _counts(request: HttpRequest, credential: str, free: int) -> list[_Count]:
    """The place's own count first."""
    if _is_known(request, credential):
        device = request.COOKIES[COOKIE]
        return [_Count(keyed_hash("attempts", f"device|{credential}|{device}"), free, 15 * 60)]
    network = _network(request)
    return [
        _Count(keyed_hash("attempts", f"stranger|{credential}|{network}"), free, 60 * 60),
        _Count(keyed_hash("attempts", f"strangers|{credential}"), 12 * free, 15 * 60),
        _Count(keyed_hash("attempts", f"network|{network}"), 50 * free, 5 * 60),
    ]


def _is_known(request: HttpRequest, credential: str) -> bool:
    device = request.COOKIES.get(COOKIE, "")
    return (
        bool(device)
        and KnownDevice.objects.filter(
            device_hash=keyed_hash("device", device),
            credential_hash=keyed_hash("credential", credential),
            last__gt=timezone.now() - timedelta(days=DEVICE_DAYS),
        ).exists()
    )


def _delay(failures: int, count: _Count) -> int:
    over = failures - count.free
    return 0 if over < 0 else min(count.longest, 2 ** min(over, 20))


def _network(request: HttpRequest) -> str:
    """Where it comes from, coarsely: a /24 of IPv4, a /56 of IPv6. Behind our proxy: what the proxy saw."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))
