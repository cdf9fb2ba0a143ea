"""Seal documents with the platform's key, and record who signed what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256
from uuid import UUID

from django.utils import timezone

from allting.common.signature import containers, documents, opening, sealing
from allting.common.signature.models import Signature, Withdrawn
from allting.common.signature.verdicts import Report, Signed
from allting.common.signature.xades import File
from allting.kernel.actor import Actor, Level
from allting.kernel.problems import Conflict, LoginNeeded

__all__ = [
    "CONTAINER", "File", "Report", "Signature", "Signed", "container", "document", "forget", "has_document",
    "seal", "sign", "signatures", "verify", "withdraw",
]  # fmt: skip

CONTAINER = containers.MEDIA_TYPE


def seal(pdf: bytes, reason: str) -> bytes:
    """``pdf`` with the platform's seal (PAdES baseline B-LT); ``reason`` is written into it."""
    return sealing.seal(pdf, reason)


def container(files: Sequence[File]) -> bytes:
    """The files in one container with the platform's seal over all (ASiC-E with XAdES B-LT, ETSI EN 319 162-1).

    Raises Invalid for no file, more than a hundred, two of one name, or a name that leads elsewhere.
    """
    return containers.sealed(files)


def verify(data: bytes) -> Report:
    """Who signed a PDF or a container (ASiC-E), when, and whether anything changed since.

    A document that its issuer has withdrawn is told of as such. Raises Invalid, with the reason in words, for what
    cannot be read or vouched for: damaged, locked, with a script.
    """
    return opening.check(data)


def withdraw(digest: str) -> None:
    """From now on whoever checks the sealed document with this SHA-256 digest is told that it is taken back."""
    Withdrawn.objects.bulk_create([Withdrawn(sha256=digest)], ignore_conflicts=True)


def sign(
    actor: Actor,
    *,
    reference: UUID,
    document: bytes,
    text: str,
    level: Level = Level.SUBSTANTIAL,
    paper: Callable[[], bytes] | None = None,
) -> Signature:
    """Record that ``actor`` signed ``document`` after reading ``text``. Signing the same twice counts once.
    An enterprise signs as itself: the signed assertion that brought it in is its own. ``paper`` makes the PDF that the
    first signs; her signature, and those after it, are put into that one, each with a certificate of the signer's own.

    Raises Conflict when she has signed another document under this ``reference``, and LoginNeeded when
    nobody, or below ``level``, is logged in. Whether she is one of the signers is the caller's to decide.
    """
    if actor.who is None or actor.level < level:
        raise LoginNeeded(level=level.acr)
    digest = sha256(document).hexdigest()
    row, made = Signature.objects.get_or_create(
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
    if made and paper is not None:
        documents.put_signature(actor, reference, text, paper)
    return row


def document(reference: UUID) -> bytes | None:
    """The document under ``reference`` with the signatures so far. Who may read it is the caller's to decide."""
    return documents.read(reference)


def forget(reference: UUID) -> None:
    """Remove the document and the signatures under ``reference``: what they were under is destroyed."""
    documents.forget(reference)
    Signature.objects.filter(reference=reference).delete()


def signatures(reference: UUID) -> list[Signature]:
    """The signatures under ``reference``, first signer first."""
    return list(Signature.objects.filter(reference=reference).order_by("at", "id"))


def has_document(reference: UUID) -> bool:
    """Whether there is a document with signatures under ``reference``."""
    return documents.exists(reference)
