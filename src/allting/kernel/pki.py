"""What every certificate authority of ours needs: certificates, lists of revoked ones, answers about one.

RFC 5280 (certificates and lists), RFC 6960 (answers). Nothing here knows whose certificates they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

from allting.kernel.device import Device, EllipticDeviceKey, line_for, named_in

DER, PEM = Encoding.DER, Encoding.PEM
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A private key with its certificate; the key may live in a device."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a certificate of ours. ``reason``: a name of ``x509.ReasonFlags``."""

    revoked: datetime | None = None
    reason: str = "unspecified"


# --- Certificates ----------------------------------------------------------------------------------


def name(common: str, *, organisation: str = "", number: str = "", serial: str = "") -> x509.Name:
    """A Norwegian name; ``number`` is an organisation number (ETSI EN 319 412-1 § 5.1.4)."""
    parts = [
        (NameOID.COUNTRY_NAME, "NO"),
        (NameOID.ORGANIZATION_NAME, organisation[:64]),
        (NameOID.ORGANIZATION_IDENTIFIER, f"NTRNO-{number}" if number else ""),
        (NameOID.SERIAL_NUMBER, serial),
        (NameOID.COMMON_NAME, common[:64]),
    ]
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts if text])


def draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, lasts: timedelta
) -> x509.CertificateBuilder:
    """A certificate that holds from five minutes ago, for clocks differ a little."""
    begins = datetime.now(UTC) - CLOCKS_DIFFER
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(begins).not_valid_after(begins + CLOCKS_DIFFER + lasts)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def usage(
    *, digital_signature: bool = False, content_commitment: bool = False, authority: bool = False
) -> x509.KeyUsage:
    """RFC 5280 § 4.2.1.3. ``authority``: it signs certificates and lists."""
    return x509.KeyUsage(
        digital_signature=digital_signature, content_commitment=content_commitment, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def issued_by(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def policies(*which: ObjectIdentifier) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(one, None) for one in which])


def list_at(url: str) -> x509.CRLDistributionPoints:
    where = x509.UniformResourceIdentifier(url)
    return x509.CRLDistributionPoints([x509.DistributionPoint([where], None, None, None)])


def answers_at(ocsp_url: str, issuer_url: str) -> x509.AuthorityInformationAccess:
    """Where to ask about the certificate, and where its issuer's own is (RFC 5280 § 4.2.2.1)."""
    kinds = AuthorityInformationAccessOID
    where = ((kinds.OCSP, ocsp_url), (kinds.CA_ISSUERS, issuer_url))
    found = [x509.AccessDescription(kind, x509.UniformResourceIdentifier(url)) for kind, url in where if url]
    return x509.AuthorityInformationAccess(found)


def written(bearer: Bearer) -> bytes:
    """Key (PKCS #8) and certificate, as PEM; of a device's key only where it is."""
    if isinstance(bearer.key, EllipticDeviceKey):
        return line_for(bearer.key) + bearer.certificate.public_bytes(PEM)
    private = bearer.key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return private + bearer.certificate.public_bytes(PEM)


def read(contents: bytes, device: Device | None) -> Bearer:
    """What ``written`` wrote. Raises ValueError, and LookupError for a key in a device when there is none."""
    key = named_in(contents, device) or serialization.load_pem_private_key(contents, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("an authority's key must be an elliptic curve key")
    return Bearer(key, x509.load_pem_x509_certificate(contents))


# --- What is revoked -------------------------------------------------------------------------------


def revocation_list(
    issuer: Bearer, number: int, this: datetime, following: datetime, revoked: Iterable[tuple[int, Status]]
) -> bytes:
    """The signed list (DER, RFC 5280 § 5). ``following``: when there is a new one at the latest."""
    entries = [_entry(serial, status) for serial, status in revoked]
    builder = x509.CertificateRevocationListBuilder(revoked_certificates=entries)  # one by one is quadratic
    builder = builder.issuer_name(issuer.certificate.subject).last_update(this).next_update(following)
    builder = builder.add_extension(issued_by(issuer.certificate), critical=False)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    return builder.sign(issuer.key, _as_strong_as(issuer.key)).public_bytes(DER)


def _as_strong_as(key: ec.EllipticCurvePrivateKey) -> hashes.SHA256 | hashes.SHA384:
    return hashes.SHA384() if key.key_size > 256 else hashes.SHA256()


def _entry(serial: int, status: Status) -> x509.RevokedCertificate:
    assert status.revoked is not None
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(status.revoked)
    return builder.add_extension(x509.CRLReason(x509.ReasonFlags[status.reason]), critical=False).build()


def ocsp_answer(
    asked: bytes, issuer: x509.Certificate, responder: Bearer, find: Callable[[int], Status | None]
) -> bytes:
    """The answer (DER) to an OCSP request (DER): good, revoked, or unknown to us (``find`` answers None).

    What cannot be read is answered "malformed", another authority's certificate "unauthorized".
    """
    try:
        request = ocsp.load_der_ocsp_request(asked)
        nonce, serial = _nonce(request), request.serial_number
        ours = _is_about(request, issuer)
    except (ValueError, NotImplementedError, UnsupportedAlgorithm):  # several in one request are not answered
        return refused(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if not ours:
        return refused(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    builder = _answered(request, find(serial))
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
    builder = builder.certificates([responder.certificate])
    builder = builder.add_extension(nonce, critical=False) if nonce else builder
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(DER)


def refused(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(DER)


def _nonce(request: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        return request.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None


def _is_about(request: ocsp.OCSPRequest, issuer: x509.Certificate) -> bool:
    """Whether the request names the issuer, by its name and its key (RFC 6960 § 4.1.1)."""
    subject, key = hashes.Hash(request.hash_algorithm), hashes.Hash(request.hash_algorithm)
    subject.update(issuer.subject.public_bytes())
    public = issuer.public_key()
    key.update(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    return (request.issuer_name_hash, request.issuer_key_hash) == (subject.finalize(), key.finalize())


def _answered(request: ocsp.OCSPRequest, found: Status | None) -> ocsp.OCSPResponseBuilder:
    status = ocsp.OCSPCertStatus.UNKNOWN if found is None else ocsp.OCSPCertStatus.GOOD
    when, why = None, None
    if found is not None and found.revoked is not None:
        status, when, why = ocsp.OCSPCertStatus.REVOKED, found.revoked, x509.ReasonFlags[found.reason]
    return ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash, issuer_key_hash=request.issuer_key_hash,
        serial_number=request.serial_number, algorithm=request.hash_algorithm, cert_status=status,
        this_update=datetime.now(UTC), next_update=None, revocation_time=when, revocation_reason=why,
    )  # fmt: skip
