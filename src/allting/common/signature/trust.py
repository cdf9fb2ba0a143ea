"""Whether a certificate leads to somebody we trust, at the time it was used."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko_certvalidator import ValidationContext

from allting.common.signature import authority, revocation
from allting.kernel.pki import DER


def context(
    moment: datetime | None, certificates: Iterable[Any] = (), crls: Iterable[bytes] = (), ocsps: Iterable[Any] = ()
) -> ValidationContext:
    """What a check at ``moment`` may build on. With lists or answers, each certificate must be in one of them."""
    lists, answers = [asn1_crl.CertificateList.load(one) for one in crls], list(ocsps)
    return ValidationContext(
        trust_roots=[as_asn1(one) for one in authority.anchors()], other_certs=list(certificates), crls=lists,
        ocsps=answers, moment=moment, best_signature_time=moment, allow_fetching=False,
        revocation_mode="require" if lists or answers else "soft-fail",
    )  # fmt: skip


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(DER))


def revoked_by(certificate: x509.Certificate, moment: datetime | None) -> bool:
    """Whether our own register says that it was revoked when it was used, which the document's own list may not."""
    if certificate.issuer != authority.issuing().certificate.subject:
        return False
    found = revocation.find(certificate.serial_number)
    if found is None or found.revoked is None:
        return False
    return moment is None or found.revoked.replace(microsecond=0) <= moment  # stamps tell whole seconds
