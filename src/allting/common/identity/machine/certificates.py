"""Enterprise certificates: an organisation's own eID (X.509, RFC 5280), as ``x5c`` of a signed request carries it.

Whom we trust is a folder (``ENTERPRISE_CA_FOLDER``): self-signed certificates are trust anchors, others help to build
the path, ``.crl`` files are revocation lists. Path, names, policies and revocation are judged by pyhanko-certvalidator.
"""

from __future__ import annotations

import asyncio
import binascii
import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone
from joserfc.jwk import ECKey, RSAKey
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    PKIXValidationParams,
)

from allting.common.identity.machine import demo_ca, revocation
from allting.kernel.numbers import BadNumber, organisation_number

MOST = 5  # certificates in a chain
_ORGANISATION_IDENTIFIER = x509.ObjectIdentifier("2.5.4.97")
_NTR = re.compile(r"NTRNO-(\d{9})")
_USES = (
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
)
_SMALLEST_RSA = 2048  # bits
_MALFORMED = (  # what the parsers raise
    ValueError, TypeError, LookupError, AttributeError, UnsupportedAlgorithm, x509.InvalidVersion,
    x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip


class NotTrusted(Exception):
    """The certificate is not taken; the text says why, to the one who sent it."""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The organisation that a trusted certificate names. ``serial`` is the certificate's, in hexadecimal."""

    number: str
    name: str
    serial: str
    jwk: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Trusted:
    anchors: tuple[asn1.Certificate, ...]
    others: tuple[asn1.Certificate, ...]
    crls: tuple[bytes, ...]


def enterprise(x5c: Sequence[Any]) -> Enterprise:
    """The organisation of a certificate chain (RFC 7515 § 4.1.6: base64 DER, its own first). Raises NotTrusted.

    A judgement holds for ``ENTERPRISE_REVOCATION_SECONDS``; so long may a revocation take to be felt.
    """
    chain = _decoded(x5c)
    try:
        leaf = x509.load_der_x509_certificate(chain[0])
        found = _read(leaf)
    except _MALFORMED:
        raise NotTrusted("the certificate cannot be read") from None
    _judge(chain, leaf)
    return found


def _decoded(x5c: Sequence[Any]) -> list[bytes]:
    if not isinstance(x5c, list) or not 1 <= len(x5c) <= MOST:
        raise NotTrusted(f"x5c must be a list of 1 to {MOST} certificates")
    try:
        return [b64decode(one, validate=True) for one in x5c]
    except (binascii.Error, ValueError, TypeError):
        raise NotTrusted("x5c must hold certificates as base64 DER") from None


# --- What the certificate says ---------------------------------------------------------------------


def _read(leaf: x509.Certificate) -> Enterprise:
    _fit_to_sign(leaf)
    key: Any = leaf.public_key()
    return Enterprise(
        number=_number(leaf.subject),
        name=_one(leaf.subject, NameOID.ORGANIZATION_NAME) or _one(leaf.subject, NameOID.COMMON_NAME),
        serial=f"{leaf.serial_number:x}",
        jwk=dict((RSAKey if _is_rsa(key) else ECKey).import_key(key).as_dict(private=False)),
    )


def _fit_to_sign(leaf: x509.Certificate) -> None:
    """RFC 5280 § 4.2.1.3, 9 and 12: an end entity's, for signatures, and not only for a web server."""
    key = leaf.public_key()
    if not (isinstance(key, ec.EllipticCurvePublicKey) or _is_rsa(key)):
        raise NotTrusted(f"the certificate's key must be RSA of {_SMALLEST_RSA} bits or more, or of an elliptic curve")
    basic = _extension(leaf, x509.BasicConstraints)
    if basic is not None and basic.ca:
        raise NotTrusted("this is the certificate of an authority, not of an enterprise")
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or not (usage.digital_signature or usage.content_commitment):
        raise NotTrusted("the certificate is not for signatures (key usage)")
    extended = _extension(leaf, x509.ExtendedKeyUsage)
    if extended is not None and not any(one in extended for one in _USES):
        raise NotTrusted("the certificate is not for this use (extended key usage)")


def _is_rsa(key: Any) -> bool:
    return isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SMALLEST_RSA


def _extension(certificate: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _number(subject: x509.Name) -> str:
    """The organisation number: ``organizationIdentifier`` NTRNO-… (ETSI EN 319 412-1 § 5.1.4) or ``serialNumber``."""
    identifier, serial = _one(subject, _ORGANISATION_IDENTIFIER), _one(subject, NameOID.SERIAL_NUMBER)
    match = _NTR.fullmatch(identifier)
    if identifier and match is None:
        raise NotTrusted("organizationIdentifier is not a Norwegian organisation number (NTRNO-)")
    given = {one for one in (match[1] if match else "", serial if re.fullmatch(r"\d{9}", serial) else "") if one}
    if len(given) != 1:
        raise NotTrusted("the certificate does not name one organisation number")
    try:
        return organisation_number(given.pop())
    except BadNumber:
        raise NotTrusted("the certificate's organisation number is wrong") from None


def _one(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
    values = [str(one.value) for one in subject.get_attributes_for_oid(oid)]
    if len(values) > 1:
        raise NotTrusted("the certificate's subject says the same thing twice")
    return values[0].strip() if values else ""


# --- Whether it can be believed ---------------------------------------------------------------------

_judged = LocMemCache("enterprise", {"MAX_ENTRIES": 1000})


def _judge(chain: list[bytes], leaf: x509.Certificate) -> None:
    folder = _folder()
    key = sha256(repr((folder, _stamp(folder), *chain)).encode()).hexdigest()
    verdict = _judged.get(key)
    if verdict is None:
        seconds = (leaf.not_valid_after_utc - timezone.now()).total_seconds()
        try:
            verdict = _verdict(chain, _trusted(folder, _stamp(folder)))
        except _MALFORMED:
            verdict = "the certificate chain cannot be read"
        if not verdict:
            _judged.set(key, verdict, max(0, min(seconds, settings.ENTERPRISE_REVOCATION_SECONDS)))
    if verdict:
        raise NotTrusted(verdict)


def anchors() -> list[str]:
    """The names of the authorities that are trusted. Raises OSError or ValueError for a file that cannot be read."""
    folder = _folder()
    return sorted(one.subject.human_friendly for one in _trusted(folder, _stamp(folder)).anchors)


def forget() -> None:
    """Judge every certificate anew, as after a revocation that must be felt at once in this process."""
    _judged.clear()
    revocation.forget()


def _verdict(chain: list[bytes], trusted: _Trusted) -> str:
    """Why it is not trusted; empty when it is. Its addresses are only asked once its issuer is known to be ours."""
    if not trusted.anchors:
        return "no authority of enterprise certificates is trusted here"
    own, *more = [asn1.Certificate.load(one) for one in chain]
    others = [*trusted.others, *more]
    try:
        path = _path(own, trusted, others, NO_REVOCATION, [], [])
        crls, ocsps = revocation.evidence(list(path))
        _path(own, trusted, others, REQUIRE_REVINFO, [*trusted.crls, *crls], ocsps)
    except RevokedError:
        return "the certificate, or one it hangs on, is revoked"
    except ValidationError as fault:
        return f"the certificate is not valid: {fault.failure_msg}"
    except PathError:
        return "the certificate does not come from an authority we trust"
    return ""


def _path(
    own: asn1.Certificate,
    trusted: _Trusted,
    others: list[asn1.Certificate],
    rule: Any,
    crls: list[bytes],
    ocsps: list[bytes],
) -> Any:
    context = ValidationContext(
        trust_roots=list(trusted.anchors),
        other_certs=others,
        crls=crls,
        ocsps=ocsps,
        revinfo_policy=CertRevTrustPolicy(rule),
    )
    policies = frozenset(settings.ENTERPRISE_POLICIES)
    wanted = PKIXValidationParams(policies, initial_explicit_policy=True) if policies else PKIXValidationParams()
    validator = CertificateValidator(own, validation_context=context, pkix_params=wanted)
    return asyncio.run(validator.async_validate_path())


def _folder() -> Path | None:
    if settings.ENTERPRISE_CA_FOLDER:
        return Path(settings.ENTERPRISE_CA_FOLDER)
    return demo_ca.folder() if settings.DEMO else None


def _stamp(folder: Path | None) -> tuple[Any, ...]:
    """Changes when a file of the folder does: an authority is trusted, or no longer, without a restart."""
    if folder is None or not folder.is_dir():
        return ()
    return tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.iterdir() if path.is_file()))


@lru_cache(maxsize=4)
def _trusted(folder: Path | None, stamp: tuple[Any, ...]) -> _Trusted:
    anchors: list[asn1.Certificate] = []
    others: list[asn1.Certificate] = []
    crls: list[bytes] = []
    for name, _changed in stamp:
        path = Path(folder or "") / name
        if path.suffix in (".pem", ".crt", ".cer"):
            for certificate in _certificates(path.read_bytes()):
                (anchors if certificate.self_issued else others).append(certificate)
        elif path.suffix == ".crl":
            data = path.read_bytes()
            crls.append(pem.unarmor(data)[2] if pem.detect(data) else data)
    return _Trusted(tuple(anchors), tuple(others), tuple(crls))


def _certificates(data: bytes) -> list[asn1.Certificate]:
    if not pem.detect(data):
        return [asn1.Certificate.load(data)]
    return [asn1.Certificate.load(der) for _kind, _headers, der in pem.unarmor(data, multiple=True)]
