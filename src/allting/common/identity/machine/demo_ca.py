"""A small authority of enterprise certificates for the demo and for tests: root, issuer, revocation list and OCSP.

Its keys are made on first start. Never outside a demo: whoever can run ``allting enterprise`` is any organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from django.conf import settings

from allting.kernel.keys import file_key

ROOT, ISSUER = "root", "issuer"
_YEARS = 10
_FRESH = timedelta(hours=1)  # how long a revocation list or an OCSP answer holds
_SOON = timedelta(minutes=5)  # clocks differ a little
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Bearer:
    """A private key, its certificate, and the certificates up to the root (without it)."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def pem(self) -> bytes:
        """The key and the whole chain, as servers and clients read them."""
        private = self.key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return private + b"".join(one.public_bytes(Encoding.PEM) for one in (self.certificate, *self.chain))


def folder() -> Path:
    """Where the root certificate lies, to be trusted; made when it is not there."""
    path = Path(settings.DATA_FOLDER) / "enterprise-ca"
    root = path / "root.crt"
    if not root.exists():
        path.mkdir(parents=True, exist_ok=True)
        root.write_bytes(authority(ROOT).certificate.public_bytes(Encoding.PEM))
    return path


def authority(which: str) -> Bearer:
    """The root, or the issuer under it."""
    return _load(Path(settings.KEY_FOLDER), which)


@lru_cache(maxsize=8)
def _load(keys: Path, which: str) -> Bearer:
    contents = file_key(keys / f"enterprise-{which}.pem", lambda: _make_authority(which).pem())
    key = serialization.load_pem_private_key(contents, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Bearer(key, x509.load_pem_x509_certificate(contents))


def _make_authority(which: str) -> Bearer:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([_attribute(NameOID.ORGANIZATION_NAME, "Allting"), _attribute(NameOID.COMMON_NAME, _title(which))])
    above = authority(ROOT) if which != ROOT else Bearer(key, None)  # type: ignore[arg-type]
    draft = _draft(name, name if which == ROOT else above.certificate.subject, key, above, timedelta(days=365 * _YEARS))
    if which != ROOT:
        draft = _with_addresses(draft, ROOT)
    draft = draft.add_extension(x509.BasicConstraints(True, 1 if which == ROOT else 0), critical=True)
    draft = draft.add_extension(usage(key_cert_sign=True, crl_sign=True, digital_signature=True), critical=True)
    return Bearer(key, draft.sign(above.key, hashes.SHA256()))


def _title(which: str) -> str:
    return f"Allting Test Enterprise {'Root' if which == ROOT else 'CA'}"


def issue(number: str, name: str, *, key: Key | None = None, days: int = 365) -> Bearer:
    """A new certificate for the organisation with this number, known to OCSP from now on; RSA unless ``key``."""
    above = authority(ISSUER)
    key = key or rsa.generate_private_key(65537, 2048)
    draft = _draft(subject(number, name), above.certificate.subject, key, above, timedelta(days=days))
    draft = _with_addresses(draft, ISSUER)
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    draft = draft.add_extension(usage(digital_signature=True), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    certificate = draft.sign(above.key, hashes.SHA256())
    _note("issued", certificate.serial_number)
    return Bearer(key, certificate, (above.certificate,))


def subject(number: str, name: str) -> x509.Name:
    """An organisation's name as Norwegian enterprise certificates have it (ETSI EN 319 412-3 § 4.2.1)."""
    return x509.Name(
        [
            _attribute(NameOID.COUNTRY_NAME, "NO"),
            _attribute(NameOID.ORGANIZATION_NAME, name[:64]),
            _attribute(x509.ObjectIdentifier("2.5.4.97"), f"NTRNO-{number}"),
            _attribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )


def _attribute(oid: x509.ObjectIdentifier, value: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(oid, value)


def _draft(name: x509.Name, issuer: x509.Name, key: Key, above: Bearer, life: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(UTC) - _SOON
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key()), critical=False)
    )


def _with_addresses(draft: x509.CertificateBuilder, which: str) -> x509.CertificateBuilder:
    """Where to ask whether it is revoked (RFC 5280 §§ 4.2.1.13 and 4.2.2.1)."""
    base = f"{settings.BASE_URL}/demo/enterprise-ca/{which}"
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(f"{base}.crl")], None, None, None)
    access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{base}/ocsp"))
    draft = draft.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return draft.add_extension(x509.AuthorityInformationAccess([access]), critical=False)


def usage(**on: bool) -> x509.KeyUsage:
    """Key usage with only these bits on (RFC 5280 § 4.2.1.3)."""
    bits: dict[str, Any] = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    return x509.KeyUsage(**(bits | on))


# --- Revocation: a file for each serial number, which every process sees ------------------------------


def revoke(serial: int) -> None:
    """From now on it is revoked, in the list and in OCSP."""
    _note("revoked", serial)


def _note(what: str, serial: int) -> None:
    path = folder() / what / f"{serial:x}"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(datetime.now(UTC).isoformat())


def _noted(what: str) -> dict[int, datetime]:
    files = (folder() / what).glob("*")
    return {int(path.name, 16): datetime.fromisoformat(path.read_text()) for path in files}


def revocation_list(which: str) -> bytes:
    """The authority's CRL (RFC 5280 § 5), DER. One authority never issues another's serial numbers."""
    above, now = authority(which), datetime.now(UTC)
    draft = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(above.certificate.subject)
        .last_update(now - _SOON)
        .next_update(now + _FRESH)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key()), critical=False)
    )
    for serial, at in _noted("revoked").items():
        draft = draft.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        )
    return draft.sign(above.key, hashes.SHA256()).public_bytes(Encoding.DER)


def ocsp_answer(which: str, question: bytes) -> bytes:
    """The OCSP response (RFC 6960 § 4.2), DER; "malformed" for what is not a request, never an error."""
    try:
        asked = ocsp.load_der_ocsp_request(question)
        serial, algorithm = asked.serial_number, asked.hash_algorithm
    except (ValueError, NotImplementedError):
        return _unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    above = authority(which)
    if asked.issuer_key_hash != _key_hash(above, algorithm):
        return _unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    revoked = _noted("revoked").get(serial)
    status = ocsp.OCSPCertStatus.UNKNOWN
    if revoked:
        status = ocsp.OCSPCertStatus.REVOKED
    elif serial in _noted("issued") or (which == ROOT and serial == authority(ISSUER).certificate.serial_number):
        status = ocsp.OCSPCertStatus.GOOD
    now = datetime.now(UTC)
    name, key, since, until = asked.issuer_name_hash, asked.issuer_key_hash, now - _SOON, now + _FRESH
    draft = ocsp.OCSPResponseBuilder()
    draft = draft.add_response_by_hash(name, key, serial, algorithm, status, since, until, revoked, None)
    draft = draft.responder_id(ocsp.OCSPResponderEncoding.HASH, above.certificate).certificates([above.certificate])
    return draft.sign(above.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _unsuccessful(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _key_hash(above: Bearer, algorithm: hashes.HashAlgorithm) -> bytes:
    """RFC 6960 § 4.1.1: of the public key's bits alone."""
    bits = above.key.public_key().public_bytes(Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    digest = hashes.Hash(algorithm)
    digest.update(bits)
    return digest.finalize()
