"""A bureau that plays the card as well: its keys are files instead of a chip. For trying things out only."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.conf import settings

from allting.common.outbox.api import PutOff
from allting.kernel.keys import file_key
from allting.sectors.idcard import ca, issuing, lifecycle
from allting.sectors.idcard.models import Card

PIN: Final = b"1234"


def folder() -> Path:
    """Where the demo's cards lie, as PKCS #12 files that PIN opens: ``<number>-auth.p12`` and ``<number>-sign.p12``."""
    return Path(settings.DATA_FOLDER) / "demo-cards"


def make(card: UUID) -> None:
    if not ca.exists():
        raise PutOff("no card authority: allting cards init-ca")
    to_make = (lifecycle.State.ORDERED, lifecycle.State.IN_PRODUCTION)
    if not Card.objects.filter(pk=card, state__in=to_make).exists():
        return  # made already, or blocked meanwhile
    number = issuing.produce(card).number
    keys = {use: ec.generate_private_key(ec.SECP256R1()) for use in issuing.USES}
    made = issuing.certify(card, {use: request(key) for use, key in keys.items()})
    for use, certificate in made.items():
        chain = [ca.issuing().certificate]
        packed = pkcs12.serialize_key_and_certificates(
            number.encode(), keys[use], certificate, chain, BestAvailableEncryption(PIN)
        )
        (folder() / f"{number}-{use}.p12").unlink(missing_ok=True)
        file_key(folder() / f"{number}-{use}.p12", lambda packed=packed: packed)  # type: ignore[misc]


def request(key: ec.EllipticCurvePrivateKey) -> x509.CertificateSigningRequest:
    """What a card sends of a key: its public half, signed by itself. The name is the authority's to write."""
    return x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
