"""PAdES baseline B seals (ETSI EN 319 142-1), made and checked with pyHanko."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from allting.common.signature.certificates import Bearer, authority, seal_bearer

_FIELD = "Seal"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of a sealed PDF found; ``valid`` means sealed by us and unchanged since."""

    valid: bool
    sealed: bool
    intact: bool
    trusted: bool
    at: datetime | None = None
    reason: str = ""


def make(pdf: bytes, reason: str) -> bytes:
    """Add an invisible seal over the whole document."""
    metadata = signers.PdfSignatureMetadata(
        field_name=_FIELD, md_algorithm="sha256", reason=reason, subfilter=fields.SigSeedSubFilter.PADES
    )
    sealed: BytesIO = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, _signer(seal_bearer()))
    return sealed.getvalue()


def check(pdf: bytes) -> Verdict:
    """Whether ``pdf`` bears our seal and nothing was changed or added after it."""
    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if not found:
            return Verdict(valid=False, sealed=False, intact=False, trusted=False)
        return _verdict(found[-1])
    except Exception:  # a damaged file breaks the reader in many ways; each means: not as we sealed it
        return Verdict(valid=False, sealed=True, intact=False, trusted=False)


def _verdict(signature: Any) -> Verdict:
    roots = [_asn1(authority().certificate)]
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=roots, allow_fetching=False))
    return Verdict(
        valid=bool(status.bottom_line),
        sealed=True,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        at=status.signer_reported_dt,
        reason=str(signature.sig_object.get("/Reason", "")),
    )


@lru_cache(maxsize=4)
def _signer(bearer: Bearer) -> signers.SimpleSigner:
    private = bearer.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register(_asn1(authority().certificate))
    return signers.SimpleSigner(
        signing_cert=_asn1(bearer.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
