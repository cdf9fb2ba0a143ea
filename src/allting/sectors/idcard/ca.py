"""The card authority: a root, an issuing authority under it, and whoever answers for its certificates (OCSP).

Private keys are files in the key folder; what is public stands in ``ID_CARD_CA_FOLDER``, where the login reads it.
The root's key is needed for a new issuing authority only: it is moved out after the ceremony (docs/howto/id-card.md).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

from allting.kernel.keys import file_key
from allting.kernel.problems import Unavailable

Use = Literal["auth", "sign"]
ROOT_YEARS, ISSUING_YEARS, RESPONDER_DAYS = 20, 12, 90
# Our own policies, under the arc for UUIDs (ITU-T X.667), which needs no registration.
POLICY: Final[dict[Use, ObjectIdentifier]] = {
    "auth": ObjectIdentifier(f"2.25.{uuid5(NAMESPACE_URL, 'allting:id-card:auth').int}"),
    "sign": ObjectIdentifier(f"2.25.{uuid5(NAMESPACE_URL, 'allting:id-card:sign').int}"),
}
_ORGANISATION_IDENTIFIER = NameOID.ORGANIZATION_IDENTIFIER
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Bearer:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a card's certificates are for (ETSI EN 319 412-2 § 4.2.4)."""

    given_name: str
    family_name: str
    identity_number: str


def public_folder() -> Path:
    return Path(settings.ID_CARD_CA_FOLDER)


def exists() -> bool:
    return (Path(settings.KEY_FOLDER) / "idcard-issuing.pem").exists()


def issuing() -> Bearer:
    """Whoever signs cards' certificates and revocation lists. Raises Unavailable before ``init``."""
    return _held("idcard-issuing.pem")


def responder() -> Bearer:
    """Whoever signs answers about certificates (RFC 6960 § 2.6). Raises Unavailable before ``init``."""
    return _held("idcard-ocsp.pem")


def root_certificate() -> x509.Certificate:
    """Raises Unavailable before ``init``."""
    try:
        return x509.load_pem_x509_certificate((public_folder() / "idcard-root.pem").read_bytes())
    except FileNotFoundError:
        raise Unavailable(code="no-card-authority") from None


def _held(name: str) -> Bearer:
    path = Path(settings.KEY_FOLDER) / name
    if not path.exists():
        raise Unavailable(code="no-card-authority")
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _load(path: Path, changed: int) -> Bearer:
    contents = file_key(path, bytes)
    key = serialization.load_pem_private_key(contents, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the card authority's key must be an elliptic curve key")
    return Bearer(key, x509.load_pem_x509_certificate(contents))


# --- The ceremony ----------------------------------------------------------------------------------


def init(name: str, organisation_number: str) -> list[str]:
    """Make what is not there: root, issuing authority, responder; returns which files are new.

    ``name`` and ``organisation_number`` are the issuing authority's, as they stand in each certificate.
    """
    keys, made = Path(settings.KEY_FOLDER), []
    if not (public_folder() / "idcard-issuing.pem").exists() and not exists():
        root = Bearer(key := ec.generate_private_key(ec.SECP384R1()), _root(key, name, organisation_number))
        issuer_key = ec.generate_private_key(ec.SECP384R1())
        issuer = Bearer(issuer_key, _issuing(issuer_key, root, name, organisation_number))
        for file, bearer in (("idcard-root.pem", root), ("idcard-issuing.pem", issuer)):
            file_key(keys / file, lambda bearer=bearer: _written(bearer))  # type: ignore[misc]
            made.append(file)
        publish("idcard-root.crl", _empty_list(root))
    if renew_responder():
        made.append("idcard-ocsp.pem")
    for file in ("idcard-root.pem", "idcard-issuing.pem"):
        if (keys / file).exists():
            publish(file, _held(file).certificate.public_bytes(_PEM))
    return made


def renew_responder() -> bool:
    """A new certificate for the responder when there is none, or the one there is has less than a month left."""
    path = Path(settings.KEY_FOLDER) / "idcard-ocsp.pem"
    if path.exists():
        left = responder().certificate.not_valid_after_utc - datetime.now(UTC)
        if left > timedelta(days=30):
            return False
        path.unlink()
    file_key(path, lambda: _written(_responder()))
    return True


def _root(key: ec.EllipticCurvePrivateKey, name: str, number: str) -> x509.Certificate:
    subject = _name(f"{name} ID Card Root CA", name, number)
    draft = _draft(subject, subject, key.public_key(), timedelta(days=365 * ROOT_YEARS))
    draft = draft.add_extension(x509.BasicConstraints(True, 1), critical=True)
    return draft.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True).sign(key, hashes.SHA384())


def _issuing(key: ec.EllipticCurvePrivateKey, root: Bearer, name: str, number: str) -> x509.Certificate:
    subject = _name(f"{name} ID Card CA", name, number)
    draft = _draft(subject, root.certificate.subject, key.public_key(), timedelta(days=365 * ISSUING_YEARS))
    draft = draft.add_extension(x509.BasicConstraints(True, 0), critical=True)
    draft = draft.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    draft = draft.add_extension(_policies(*POLICY.values()), critical=False)
    draft = draft.add_extension(_list_at("root.crl"), critical=False)
    return draft.add_extension(_of(root), critical=False).sign(root.key, hashes.SHA384())


def _responder() -> Bearer:
    """The responder's certificate is short-lived instead of checked itself (RFC 6960 § 4.2.2.2.1)."""
    issuer, key = issuing(), ec.generate_private_key(ec.SECP256R1())
    *owner, _common = issuer.certificate.subject
    subject = x509.Name([*owner, _attribute(NameOID.COMMON_NAME, "ID Card OCSP")])
    draft = _draft(subject, issuer.certificate.subject, key.public_key(), timedelta(days=RESPONDER_DAYS))
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    draft = draft.add_extension(_usage(digital_signature=True), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    draft = draft.add_extension(x509.OCSPNoCheck(), critical=False)
    certificate = draft.add_extension(_of(issuer), critical=False).sign(issuer.key, hashes.SHA384())
    return Bearer(key, certificate)


def _empty_list(root: Bearer) -> bytes:
    """The root's own list: nothing is revoked. It is signed at the ceremony and holds as long as the root."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject).last_update(now)
    builder = builder.next_update(root.certificate.not_valid_after_utc)
    builder = builder.add_extension(x509.CRLNumber(1), critical=False).add_extension(_of(root), critical=False)
    return builder.sign(root.key, hashes.SHA384()).public_bytes(serialization.Encoding.DER)


def publish(name: str, contents: bytes) -> None:
    """Put a public file in its folder, whole or not at all."""
    folder = public_folder()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    draft.write_bytes(contents)
    draft.replace(folder / name)


# --- A card's certificates -------------------------------------------------------------------------


def certificate_for(
    subject: Subject, use: Use, key: x509.CertificateSigningRequest, until: datetime
) -> x509.Certificate:
    """A certificate for one key of a card, to ``until``.

    Authentication signs challenges only; signature cannot be denied afterwards (ETSI EN 319 412-2 § 4.3.2: types C, A).
    """
    issuer = issuing()
    until = min(until, issuer.certificate.not_valid_after_utc)
    now = datetime.now(UTC) - timedelta(minutes=5)
    draft = _draft(_person(subject), issuer.certificate.subject, key.public_key(), until - now)
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    usage = _usage(digital_signature=True) if use == "auth" else _usage(content_commitment=True)
    draft = draft.add_extension(usage, critical=True)
    if use == "auth":
        draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    draft = draft.add_extension(_policies(POLICY[use]), critical=False).add_extension(_of(issuer), critical=False)
    draft = draft.add_extension(_list_at("idcard.crl"), critical=False).add_extension(_answers(), critical=False)
    return draft.sign(issuer.key, hashes.SHA384())


def _person(one: Subject) -> x509.Name:
    return x509.Name(
        [
            _attribute(NameOID.COUNTRY_NAME, "NO"),
            _attribute(NameOID.SERIAL_NUMBER, f"PNONO-{one.identity_number}"),  # EN 319 412-1 § 5.1.3
            _attribute(NameOID.SURNAME, one.family_name[:40]),
            _attribute(NameOID.GIVEN_NAME, one.given_name[:40]),
            _attribute(NameOID.COMMON_NAME, f"{one.given_name} {one.family_name}"[:64]),
        ]
    )


def _name(common: str, organisation: str, number: str) -> x509.Name:
    """An issuer that is a legal person (EN 319 412-2 § 4.2.3.1)."""
    return x509.Name(
        [
            _attribute(NameOID.COUNTRY_NAME, "NO"),
            _attribute(NameOID.ORGANIZATION_NAME, organisation),
            _attribute(_ORGANISATION_IDENTIFIER, f"NTRNO-{number}"),
            _attribute(NameOID.COMMON_NAME, common),
        ]
    )


def _attribute(kind: ObjectIdentifier, text: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(kind, text)


def _draft(
    subject: x509.Name, issuer: x509.Name, key: object, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC) - timedelta(minutes=5)  # clocks differ a little
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)  # type: ignore[arg-type]
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + lasts)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key)  # type: ignore[arg-type]
    return builder.add_extension(identifier, critical=False)


def _usage(
    *, digital_signature: bool = False, content_commitment: bool = False, key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:  # fmt: skip
    return x509.KeyUsage(
        digital_signature=digital_signature, content_commitment=content_commitment, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=key_cert_sign, crl_sign=crl_sign,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _policies(*policies: ObjectIdentifier) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(one, None) for one in policies])


def _of(issuer: Bearer) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _list_at(name: str) -> x509.CRLDistributionPoints:
    where = x509.UniformResourceIdentifier(f"{settings.BASE_URL}/idcard/{name}")
    return x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)])


def _answers() -> x509.AuthorityInformationAccess:
    """Where to ask about the certificate, and where its issuer's own is (RFC 5280 § 4.2.2.1)."""
    kinds = AuthorityInformationAccessOID
    where = {kinds.OCSP: "ocsp", kinds.CA_ISSUERS: "issuing.cer"}
    found = [
        x509.AccessDescription(kind, x509.UniformResourceIdentifier(f"{settings.BASE_URL}/idcard/{name}"))
        for kind, name in where.items()
    ]
    return x509.AuthorityInformationAccess(found)


def _written(bearer: Bearer) -> bytes:
    private = bearer.key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + bearer.certificate.public_bytes(_PEM)
