"""One-time codes: sent by SMS or by post, used once, for a short while, with few tries. Only keyed hashes are kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from allting.common.identity.eids.hashing import keyed_hash, same
from allting.common.identity.models import OneTimeCode

SMS_SECONDS = 5 * 60
SMS_TRIES = 3
POST_SECONDS = 21 * 86_400
POST_TRIES = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: they are mistaken for each other


def six_digits() -> str:
    return f"{secrets.randbelow(1_000_000):06}"


def ten_letters() -> str:
    """50 bits, written as XXXXX-XXXXX."""
    text = "".join(secrets.choice(_LETTERS) for _place in range(10))
    return f"{text[:5]}-{text[5:]}"


def plain(typed: str) -> str:
    """A typed code without spaces and lines between, in capital letters."""
    return "".join(typed.split()).replace("-", "").upper()


def issue(purpose: str, subject: str, code: str, seconds: int, tries: int) -> None:
    """Let ``code`` be used once; earlier ones for the same purpose and subject are worth nothing now."""
    now = timezone.now()
    with transaction.atomic():
        OneTimeCode.objects.filter(purpose=purpose, subject=subject, used=None).update(used=now)
        OneTimeCode.objects.create(
            purpose=purpose,
            subject=subject,
            code_hash=_hash(purpose, subject, code),
            tries_left=tries,
            expires=now + timedelta(seconds=seconds),
        )


def use(purpose: str, subject: str, typed: str, *, keep: bool = False) -> bool:
    """Whether ``typed`` is the code that was sent. Each wrong one costs a try, and the right one is used up, unless
    it is to ``keep`` until ``spend``."""
    given = _hash(purpose, subject, typed)
    now = timezone.now()
    with transaction.atomic():
        row = _last(purpose, subject, lock=True)
        if not _alive(row):
            return False
        assert row is not None
        right = same(row.code_hash, given)
        if right and not keep:
            row.used = now
        elif not right:
            row.tries_left -= 1
        row.save(update_fields=["tries_left", "used"])
        return right


def spend(purpose: str, subject: str) -> bool:
    """Use up a code that was kept; False when it was used meanwhile."""
    with transaction.atomic():
        row = _last(purpose, subject, lock=True)
        if row is None or row.used is not None:
            return False
        row.used = timezone.now()
        row.save(update_fields=["used"])
        return True


def alive(purpose: str, subject: str) -> bool:
    """Whether a code was sent that can still be used."""
    return _alive(_last(purpose, subject))


def issued_since(purpose: str, subject: str, moment: datetime) -> bool:
    row = _last(purpose, subject)
    return row is not None and row.created >= moment


def _last(purpose: str, subject: str, *, lock: bool = False) -> OneTimeCode | None:
    rows = OneTimeCode.objects.filter(purpose=purpose, subject=subject).order_by("-pk")
    return (rows.select_for_update() if lock else rows).first()


def _alive(row: OneTimeCode | None) -> bool:
    return row is not None and row.used is None and row.tries_left > 0 and row.expires >= timezone.now()


def _hash(purpose: str, subject: str, code: str) -> str:
    return keyed_hash("one-time-code", f"{purpose}|{subject}|{plain(code)}")
