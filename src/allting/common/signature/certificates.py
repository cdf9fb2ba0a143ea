"""The platform's own certificate authority and seal certificate, made on first start.

An installation that buys a qualified seal certificate puts ``seal.pem`` and ``seal-ca.pem`` in the key folder.
Each file holds a private key (PKCS #8) and then its certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from allting.kernel.keys import file_key

_YEARS_CA, _YEARS_SEAL = 20, 10


@dataclass(frozen=True, slots=True)
class Bearer:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def authority() -> Bearer:
    """The certificate authority: what a reader must trust to trust our seals."""
    return _load(Path(settings.KEY_FOLDER))[0]


def seal_bearer() -> Bearer:
    """The key and certificate that seal documents."""
    return _load(Path(settings.KEY_FOLDER))[1]


@lru_cache(maxsize=4)
def _load(folder: Path) -> tuple[Bearer, Bearer]:
    ca = _read(file_key(folder / "seal-ca.pem", _make_ca))
    return ca, _read(file_key(folder / "seal.pem", lambda: _make_seal(ca)))


def _make_ca() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Allting Seal CA")
    draft = _draft(name, name, key, _YEARS_CA).add_extension(x509.BasicConstraints(True, 0), critical=True)
    draft = draft.add_extension(_usage(ca=True), critical=True)
    return _write(key, draft.sign(key, hashes.SHA256()))


def _make_seal(ca: Bearer) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    draft = _draft(_name("Allting Seal"), ca.certificate.subject, key, _YEARS_SEAL)
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    draft = draft.add_extension(_usage(ca=False), critical=True)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.key.public_key())
    return _write(key, draft.add_extension(issuer, critical=False).sign(ca.key, hashes.SHA256()))


def _draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, years: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC) - timedelta(minutes=5)  # clocks differ a little
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    """RFC 5280 § 4.2.1.3: an authority signs certificates; a seal signs and cannot be denied afterwards."""
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Allting")]
    )


def _write(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> bytes:
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + certificate.public_bytes(pem)


def _read(contents: bytes) -> Bearer:
    key = serialization.load_pem_private_key(contents, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the seal key must be an elliptic curve key")
    return Bearer(key, x509.load_pem_x509_certificate(contents))
