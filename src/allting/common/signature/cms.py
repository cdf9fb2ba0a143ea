"""CMS signatures (RFC 5652) with ECDSA and SHA-256, as CAdES and PAdES want them (ETSI EN 319 122-1, EN 319 142-1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from allting.common.signature import der
from allting.kernel.pki import DER, Bearer

DATA, SIGNED_DATA, TIME = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_TYPE, _DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_CERTIFICATE_V2, _STAMP = "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.14"
SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
_ECDSA = der.sequence(der.oid("1.2.840.10045.4.3.2"))


def signed(
    bearer: Bearer, digest: bytes, *, chain: Sequence[x509.Certificate] = (), content: bytes | None = None,
    kind: str = DATA, stamp: Callable[[bytes], bytes] | None = None, embed: bool = True,
) -> bytes:  # fmt: skip
    """A signature over what has this SHA-256 ``digest``: ContentInfo with SignedData.

    ``content`` goes inside when it is given. ``stamp`` makes a time stamp token of the signature's own digest.
    ``embed``: the signer's certificate and its ``chain`` go with it.
    """
    certificate = bearer.certificate.public_bytes(DER)
    attributes = der.set_of(
        _attribute(_TYPE, der.oid(kind)),
        _attribute(_DIGEST, der.octets(digest)),
        _attribute(_CERTIFICATE_V2, _reference(bearer.certificate, certificate)),
    )
    value = bearer.key.sign(attributes, ec.ECDSA(hashes.SHA256()))
    after = der.tagged(1, _attribute(_STAMP, stamp(sha256(value).digest()))) if stamp else b""
    signer = der.sequence(
        der.integer(1), _named(bearer.certificate), SHA256, der.tagged(0, der.inside(attributes)), _ECDSA,
        der.octets(value), after,
    )  # fmt: skip
    inside = der.tagged(0, der.octets(content)) if content is not None else b""
    certificates = sorted({certificate, *(one.public_bytes(DER) for one in chain)}) if embed else []
    body = der.sequence(
        der.integer(1 if kind == DATA else 3), der.set_of(SHA256), der.sequence(der.oid(kind), inside),
        der.tagged(0, b"".join(certificates)) if embed else b"", der.set_of(signer),
    )  # fmt: skip
    return der.sequence(der.oid(SIGNED_DATA), der.tagged(0, body))


def _attribute(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.set_of(value))


def _named(certificate: x509.Certificate) -> bytes:
    """IssuerAndSerialNumber."""
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))


def issuer_serial(certificate: x509.Certificate) -> bytes:
    names = der.sequence(der.tagged(4, certificate.issuer.public_bytes()))
    return der.sequence(names, der.integer(certificate.serial_number))


def _reference(certificate: x509.Certificate, encoded: bytes) -> bytes:
    """SigningCertificateV2 (RFC 5035): which certificate it was, so that no other can take its place."""
    one = der.sequence(der.octets(sha256(encoded).digest()), issuer_serial(certificate))
    return der.sequence(der.sequence(one))
