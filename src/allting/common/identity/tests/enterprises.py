"""Enterprise certificates for tests: an authority of one's own that can be made wrong in every way."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from allting.common.identity.machine import demo_ca
from allting.common.identity.machine.demo_ca import Bearer

NUMBER = "310000000"


def x5c(bearer: Bearer) -> list[str]:
    return [b64encode(one.public_bytes(Encoding.DER)).decode() for one in (bearer.certificate, *bearer.chain)]


def certificate(
    above=None,
    *,
    name=None,
    ca=None,
    uses=None,
    extensions=(),
    key=None,
    start=-1,
    days=30,
    signer=None,
    signer_is_named=True,
):
    """A certificate under ``above`` (a Bearer; None: self-signed); ``ca``: path length, or None for an end entity."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = name or demo_ca.subject(NUMBER, "Prøvehuset AS")
    now = datetime.now(UTC)
    above_key = signer or (above.key if above else key)
    named_key = above_key if signer_is_named else above.key
    draft = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(above.certificate.subject if above else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=start))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(named_key.public_key()), critical=False)
        .add_extension(x509.BasicConstraints(ca is not None, ca), critical=True)
    )
    if uses is not False:
        given = uses or ({"key_cert_sign": True, "crl_sign": True} if ca is not None else {"digital_signature": True})
        draft = draft.add_extension(demo_ca.usage(**given), critical=True)
    for one in extensions:
        draft = draft.add_extension(one, critical=isinstance(one, x509.NameConstraints))
    made = draft.sign(above_key, hashes.SHA256())
    return Bearer(key, made, (above.certificate, *above.chain) if above else ())


def crl(above: Bearer, *revoked: int, hours: int = 1) -> bytes:
    now = datetime.now(UTC)
    draft = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(above.certificate.subject)
        .last_update(now - timedelta(days=1))
        .next_update(now + timedelta(hours=hours))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key()), critical=False)
    )
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(hours=2))
        draft = draft.add_revoked_certificate(entry.build())
    return draft.sign(above.key, hashes.SHA256()).public_bytes(Encoding.DER)


def trust(folder: Path, anchor: Bearer, **files: bytes) -> None:
    """Make ``folder`` trust ``anchor``; ``files`` are revocation lists by name."""
    folder.mkdir(exist_ok=True)
    (folder / "root.crt").write_bytes(anchor.certificate.public_bytes(Encoding.PEM))
    for name, data in files.items():
        (folder / f"{name}.crl").write_bytes(data)


def named(organisation: str = "Prøvehuset AS", serial: str = "", identifier: str = "") -> x509.Name:
    parts = [(x509.NameOID.ORGANIZATION_NAME, organisation), (x509.NameOID.SERIAL_NUMBER, serial)]
    parts.append((x509.ObjectIdentifier("2.5.4.97"), identifier))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])
