"""Whether a card's certificate is good today, and whose it is (RFC 5280, ETSI EN 319 412-1).

Trust stands in files of ID_CARD_CA_FOLDER: ``*.pem`` are the authorities (those that sign themselves are the roots),
``*.crl`` what they have revoked. They are read for each login, so that a card that is blocked is blocked at once.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from binascii import Error as BadBase64
from pathlib import Path
from urllib.parse import unquote

from asn1crypto import crl, pem, x509
from django.conf import settings
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    PKIXValidationParams,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from allting.kernel.numbers import BadNumber, identity_number

_PERSON = re.compile(r"PNO[A-Z]{2}-(\d{11})")
_REVOCATION = CertRevTrustPolicy(
    RevocationCheckingPolicy(
        ee_certificate_rule=RevocationCheckingRule.CRL_REQUIRED,
        intermediate_ca_cert_rule=RevocationCheckingRule.CHECK_IF_DECLARED,
    )
)


class BadCard(Exception):
    """The certificate is not one to log in with; ``why`` is unreadable, unknown, expired, revoked or other."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(text: str) -> bytes:
    """The DER of a certificate as a proxy sends it: PEM (percent-encoded or on one line), or RFC 9440's ``:base64:``.

    Raises BadCard.
    """
    try:
        if text.startswith(":") and text.endswith(":"):
            return b64decode(text[1:-1], validate=True)
        plain = unquote(text)
        body = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", plain, re.DOTALL)
        if body is None:
            raise BadCard("unreadable")
        return b64decode("".join(body[1].split()), validate=True)
    except BadBase64:
        raise BadCard("unreadable") from None


def authorities() -> list[x509.Certificate]:
    """The authorities' certificates in the folder; empty when there are none or there is no folder."""
    return [one for path in _files("*.pem") for one in _certificates(path.read_bytes())]


def revocation_lists() -> list[crl.CertificateList]:
    return [crl.CertificateList.load(_der(path.read_bytes())) for path in _files("*.crl")]


def number_of(der: bytes) -> str:
    """The identity number of the holder, when the certificate is good in every way. Raises BadCard."""
    certificate = _load(der)
    asyncio.run(_check(certificate))
    serial = certificate.subject.native.get("serial_number", "")
    found = _PERSON.fullmatch(serial) if isinstance(serial, str) else None
    try:
        return identity_number(found[1] if found else "")
    except BadNumber:
        raise BadCard("other") from None


def _load(der: bytes) -> x509.Certificate:
    try:
        found: x509.Certificate = x509.Certificate.load(der, strict=True)
        _parsed = found.native
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadCard("unreadable") from None
    return found


async def _check(certificate: x509.Certificate) -> None:
    """Chain, validity, revocation, policy, and that the key is for logging in."""
    known = authorities()
    roots = [one for one in known if one.self_signed in ("yes", "maybe")]
    policies = frozenset(settings.ID_CARD_POLICIES)
    context = ValidationContext(
        trust_roots=roots,
        other_certs=[one for one in known if one not in roots],
        crls=revocation_lists(),
        allow_fetching=False,
        revinfo_policy=_REVOCATION,
    )
    params = PKIXValidationParams(policies, initial_explicit_policy=True) if policies else None
    validator = CertificateValidator(certificate, validation_context=context, pkix_params=params)
    try:
        await validator.async_validate_usage(  # type: ignore[no-untyped-call]
            {"digital_signature"}, {"client_auth"}, extended_optional=True
        )
    except RevokedError:
        raise BadCard("revoked") from None
    except (ExpiredError, NotYetValidError):
        raise BadCard("expired") from None
    except PathBuildingError:
        raise BadCard("unknown") from None
    except ValidationError:
        raise BadCard("other") from None
    if certificate.ca:
        raise BadCard("other")


def _files(pattern: str) -> list[Path]:
    return sorted(Path(settings.ID_CARD_CA_FOLDER).glob(pattern))


def _certificates(contents: bytes) -> list[x509.Certificate]:
    if not pem.detect(contents):
        return [x509.Certificate.load(contents)]
    return [x509.Certificate.load(der) for _kind, _headers, der in pem.unarmor(contents, multiple=True)]


def _der(contents: bytes) -> bytes:
    return bytes(pem.unarmor(contents)[2]) if pem.detect(contents) else contents
