"""The document that people put their signatures into, one after another."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from allting.common.registers import api as registers
from allting.common.signature import authority, revocation, sealing
from allting.common.signature.models import Signature, SignedDocument
from allting.kernel import pki
from allting.kernel.actor import Actor, Capacity, Party
from allting.kernel.encryption import seal, unseal


@transaction.atomic
def put_signature(actor: Actor, reference: UUID, reason: str, paper: Callable[[], bytes]) -> None:
    """The actor's signature into the document under ``reference``; ``paper`` makes it when she is the first.

    Her key is made for this one signature, and forgotten after it.
    """
    assert actor.who is not None
    row = SignedDocument.objects.select_for_update().filter(pk=reference).first()
    row = row or SignedDocument(reference=reference, pdf=b"")
    before = _opened(row) if row.pdf else paper()
    enterprise = actor.capacity is Capacity.ENTERPRISE
    name = registers.name_of(Party("organisation" if enterprise else "person", actor.who))
    # A number for this document only: her signatures under two documents cannot be joined by it.
    subject = pki.name(name, serial=uuid5(reference, str(actor.who)).hex)
    bearer = authority.for_signer(subject, actor.level)
    revocation.issued(bearer.certificate, actor.who)
    field = f"Signer-{Signature.objects.filter(reference=reference).count()}"
    after = sealing.sign(before, bearer, field=field, reason=reason, name=name)
    row.pdf, row.changed = seal(after, f"signed-document:{reference}"), timezone.now()
    row.save()


def read(reference: UUID) -> bytes | None:
    row = SignedDocument.objects.filter(pk=reference).first()
    return None if row is None else _opened(row)


def exists(reference: UUID) -> bool:
    return SignedDocument.objects.filter(pk=reference).exists()


def forget(reference: UUID) -> None:
    SignedDocument.objects.filter(pk=reference).delete()


def _opened(row: SignedDocument) -> bytes:
    return unseal(bytes(row.pdf), f"signed-document:{row.reference}")
