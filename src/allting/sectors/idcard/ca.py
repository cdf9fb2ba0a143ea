"""The card authority: a root, an issuing authority under it, and whoever answers for its certificates (OCSP).

Private keys are files in the key folder; what is public stands in ``ID_CARD_CA_FOLDER``, where the login reads it.
The root's key is needed for a new issuing authority only: it is moved out after the ceremony (docs/howto/id-card.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal
from uuid import NAMESPACE_URL, uuid5

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

from allting.kernel import pki
from allting.kernel.device import EllipticDeviceKey
from allting.kernel.files import ALL_MAY_READ, put_whole
from allting.kernel.keys import file_key
from allting.kernel.pki import Bearer
from allting.kernel.problems import Unavailable

Use = Literal["auth", "sign"]
ROOT_YEARS, ISSUING_YEARS, RESPONDER_DAYS = 20, 12, 90
# Our own policies, under the arc for UUIDs (ITU-T X.667), which needs no registration.
POLICY: Final[dict[Use, ObjectIdentifier]] = {
    "auth": ObjectIdentifier(f"2.25.{uuid5(NAMESPACE_URL, 'allting:id-card:auth').int}"),
    "sign": ObjectIdentifier(f"2.25.{uuid5(NAMESPACE_URL, 'allting:id-card:sign').int}"),
}


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
    return pki.read(file_key(path, bytes), settings.KEY_DEVICE)


# --- The ceremony ----------------------------------------------------------------------------------


def init(name: str, organisation_number: str) -> list[str]:
    """Make what is not there: root, issuing authority, responder; returns which files are new.

    ``name`` and ``organisation_number`` are the issuing authority's, as they stand in each certificate.
    """
    keys, made = Path(settings.KEY_FOLDER), []
    if not (public_folder() / "idcard-issuing.pem").exists() and not exists():
        root = Bearer(key := ec.generate_private_key(ec.SECP384R1()), _root(key, name, organisation_number))
        issuer_key = _issuing_key()
        issuer = Bearer(issuer_key, _issuing(issuer_key, root, name, organisation_number))
        for file, bearer in (("idcard-root.pem", root), ("idcard-issuing.pem", issuer)):
            file_key(keys / file, lambda bearer=bearer: pki.written(bearer))  # type: ignore[misc]
            made.append(file)
        publish("idcard-root.crl", _empty_list(root))
    if renew_responder():
        made.append("idcard-ocsp.pem")
    for file in ("idcard-root.pem", "idcard-issuing.pem"):
        if (keys / file).exists():
            publish(file, _held(file).certificate.public_bytes(pki.PEM))
    return made


def renew_responder() -> bool:
    """A new certificate for the responder when there is none, or the one there is has less than a month left."""
    path = Path(settings.KEY_FOLDER) / "idcard-ocsp.pem"
    if path.exists():
        left = responder().certificate.not_valid_after_utc - datetime.now(UTC)
        if left > timedelta(days=30):
            return False
        path.unlink()
    file_key(path, lambda: pki.written(_responder()))
    return True


def _issuing_key() -> ec.EllipticCurvePrivateKey:
    """In the device, where there is one; the root is a file, to be moved out, and the responder lasts a season."""
    if settings.KEY_DEVICE is None:
        return ec.generate_private_key(ec.SECP384R1())
    key = settings.KEY_DEVICE.make("idcard-issuing", "P-384")
    assert isinstance(key, EllipticDeviceKey)
    return key


def _root(key: ec.EllipticCurvePrivateKey, name: str, number: str) -> x509.Certificate:
    subject = _name(f"{name} ID Card Root CA", name, number)
    draft = pki.draft(subject, subject, key.public_key(), timedelta(days=365 * ROOT_YEARS))
    draft = draft.add_extension(x509.BasicConstraints(True, 1), critical=True)
    return draft.add_extension(pki.usage(authority=True), critical=True).sign(key, hashes.SHA384())


def _issuing(key: ec.EllipticCurvePrivateKey, root: Bearer, name: str, number: str) -> x509.Certificate:
    subject = _name(f"{name} ID Card CA", name, number)
    draft = pki.draft(subject, root.certificate.subject, key.public_key(), timedelta(days=365 * ISSUING_YEARS))
    draft = draft.add_extension(x509.BasicConstraints(True, 0), critical=True)
    draft = draft.add_extension(pki.usage(authority=True), critical=True)
    draft = draft.add_extension(pki.policies(*POLICY.values()), critical=False)
    draft = draft.add_extension(_list_at("root.crl"), critical=False)
    return draft.add_extension(pki.issued_by(root.certificate), critical=False).sign(root.key, hashes.SHA384())


def _responder() -> Bearer:
    """The responder's certificate is short-lived instead of checked itself (RFC 6960 § 4.2.2.2.1)."""
    issuer, key = issuing(), ec.generate_private_key(ec.SECP256R1())
    *owner, _common = issuer.certificate.subject
    subject = x509.Name([*owner, _attribute(NameOID.COMMON_NAME, "ID Card OCSP")])
    draft = pki.draft(subject, issuer.certificate.subject, key.public_key(), timedelta(days=RESPONDER_DAYS))
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    draft = draft.add_extension(pki.usage(digital_signature=True), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
    draft = draft.add_extension(x509.OCSPNoCheck(), critical=False)
    draft = draft.add_extension(pki.issued_by(issuer.certificate), critical=False)
    return Bearer(key, draft.sign(issuer.key, hashes.SHA384()))


def _empty_list(root: Bearer) -> bytes:
    """The root's own list: nothing is revoked. It is signed at the ceremony and holds as long as the root."""
    now = datetime.now(UTC) - pki.CLOCKS_DIFFER
    return pki.revocation_list(root, 1, now, root.certificate.not_valid_after_utc, [])


def publish(name: str, contents: bytes) -> None:
    """Put a public file in its folder, whole or not at all."""
    folder = public_folder()
    folder.mkdir(parents=True, exist_ok=True)
    put_whole(folder / name, contents, ALL_MAY_READ)


# --- A card's certificates -------------------------------------------------------------------------


def certificate_for(
    subject: Subject, use: Use, request: x509.CertificateSigningRequest, until: datetime
) -> x509.Certificate:
    """A certificate for one key of a card, to ``until``.

    Authentication signs challenges only; signature cannot be denied afterwards (ETSI EN 319 412-2 § 4.3.2: types C, A).
    """
    issuer = issuing()
    until = min(until, issuer.certificate.not_valid_after_utc)
    key = request.public_key()
    assert isinstance(key, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey))  # the request was checked when it came
    draft = pki.draft(_person(subject), issuer.certificate.subject, key, until - datetime.now(UTC))
    draft = draft.add_extension(x509.BasicConstraints(False, None), critical=True)
    usage = pki.usage(digital_signature=True) if use == "auth" else pki.usage(content_commitment=True)
    draft = draft.add_extension(usage, critical=True)
    if use == "auth":
        draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    draft = draft.add_extension(pki.policies(POLICY[use]), critical=False)
    draft = draft.add_extension(pki.issued_by(issuer.certificate), critical=False)
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
    return pki.name(common, organisation=organisation, number=number)


def _attribute(kind: ObjectIdentifier, text: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(kind, text)


def _list_at(name: str) -> x509.CRLDistributionPoints:
    return pki.list_at(f"{settings.BASE_URL}/idcard/{name}")


def _answers() -> x509.AuthorityInformationAccess:
    return pki.answers_at(f"{settings.BASE_URL}/idcard/ocsp", f"{settings.BASE_URL}/idcard/issuing.cer")
