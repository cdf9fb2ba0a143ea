"""Seal documents with the platform's key, and record who signed what."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from allting.common.signature import sealing
from allting.common.signature.models import Signature
from allting.common.signature.sealing import Verdict
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Conflict, LoginNeeded

__all__ = ["Signature", "Verdict", "seal", "sign", "signatures", "verify"]


def seal(pdf: bytes, reason: str) -> bytes:
    """``pdf`` with the platform's seal (PAdES baseline B); ``reason`` is written into it."""
    return sealing.make(pdf, reason)


def verify(pdf: bytes) -> Verdict:
    """Whether ``pdf`` is as we sealed it. Never raises for a damaged file."""
    return sealing.check(pdf)


def sign(actor: Actor, *, reference: UUID, document: bytes, text: str, level: Level = Level.SUBSTANTIAL) -> Signature:
    """Record that ``actor`` signed ``document`` after reading ``text``. Signing the same twice counts once.
    An enterprise signs as itself: the signed assertion that brought it in is its own.

    Raises Conflict when she has signed another document under this ``reference``, and LoginNeeded when
    nobody, or below ``level``, is logged in. Whether she is one of the signers is the caller's to decide.
    """
    if actor.who is None or actor.level < level:
        raise LoginNeeded(level=level.acr)
    digest = sha256(document).hexdigest()
    row, _made = Signature.objects.get_or_create(
        reference=reference,
        person=actor.who,
        defaults={
            "party": str(actor.party),
            "capacity": actor.capacity.value,
            "sha256": digest,
            "text": text,
            "level": int(actor.level),
            "at": timezone.now(),
        },
    )
    if row.sha256 != digest:
        raise Conflict(code="another-document-signed")
    return row


def signatures(reference: UUID) -> list[Signature]:
    """The signatures under ``reference``, first signer first."""
    return list(Signature.objects.filter(reference=reference).order_by("at", "id"))
