"""Checking an XML signature in a container: who made it, over which files, and when.

Only what XAdES signatures over whole files need is read, and each part is looked up where it must stand: a signature
that moves its parts about (XML signature wrapping), transforms what it signs, or uses older algorithms, is refused.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from asgiref.sync import async_to_sync
from asn1crypto import cms as asn1_cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.errors import RevokedError

from allting.common.signature import trust, verdicts
from allting.common.signature.verdicts import Signed
from allting.common.signature.xades import C14N, PROPERTIES, SPACES, canonical
from allting.kernel.pki import DER

MOST_SIGNATURES = 20
_INCLUSIVE: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_DIGESTS: Final = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_METHODS: Final = {
    f"http://www.w3.org/2001/04/xmldsig-more#{kind}-{name}": (kind, digest)
    for kind in ("ecdsa", "rsa")
    for name, digest in (("sha256", hashes.SHA256()), ("sha384", hashes.SHA384()), ("sha512", hashes.SHA512()))
}
_LEAST_RSA_BITS = 2048


class Malformed(ValueError):
    """The signature is not as the standard has it, or uses what we do not take."""


class Fault(Exception):
    """The signature is as it should be, but not to be trusted; ``words`` is the reason for the reader."""

    def __init__(self, words: Any) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class _Parts:
    signature: etree._Element
    info: etree._Element
    value: etree._Element
    certificate: x509.Certificate
    properties: etree._Element
    held: list[x509.Certificate]
    lists: list[bytes]
    token: bytes | None


def check(xml: bytes, files: Mapping[str, bytes], inside: str) -> list[Signed]:
    """The signatures of one signature file. Raises Malformed."""
    found = _root(xml).findall("ds:Signature", SPACES)
    if not 0 < len(found) <= MOST_SIGNATURES:
        raise Malformed("no signatures, or too many")
    try:
        return [_signed(_parts(one), files, inside) for one in found]
    except (ValueError, TypeError, KeyError, AttributeError, etree.LxmlError) as broken:
        raise Malformed(str(broken)) from broken


def _root(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.LxmlError, ValueError) as broken:
        raise Malformed("not XML") from broken
    if root.getroottree().docinfo.doctype:
        raise Malformed("a document type")
    if root.tag != f"{{{SPACES['asic']}}}XAdESSignatures":
        raise Malformed("not a signature file")
    names = [value for one in root.iter() for key, value in one.attrib.items() if key in ("Id", "ID", "id")]
    if len(names) != len(set(names)):
        raise Malformed("two parts of one name")
    return root


# --- Taking apart ----------------------------------------------------------------------------------


def _parts(signature: etree._Element) -> _Parts:
    qualifying = _one(signature, "ds:Object/xades:QualifyingProperties")
    if qualifying.get("Target") != f"#{signature.get('Id')}":
        raise Malformed("properties of another signature")
    later = qualifying.find("xades:UnsignedProperties/xades:UnsignedSignatureProperties", SPACES)
    certificates = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", SPACES)
    if not certificates:
        raise Malformed("no certificate")
    own = [x509.load_der_x509_certificate(_decoded(one)) for one in certificates]
    more = _all(later, "xades:CertificateValues/xades:EncapsulatedX509Certificate")
    return _Parts(
        signature=signature, info=_one(signature, "ds:SignedInfo"), value=_one(signature, "ds:SignatureValue"),
        certificate=own[0], properties=_one(qualifying, "xades:SignedProperties"),
        held=[*own[1:], *(x509.load_der_x509_certificate(one) for one in more)],
        lists=_all(later, "xades:RevocationValues/xades:CRLValues/xades:EncapsulatedCRLValue"),
        token=next(iter(_all(later, "xades:SignatureTimeStamp/xades:EncapsulatedTimeStamp")), None),
    )  # fmt: skip


def _one(element: etree._Element, path: str) -> etree._Element:
    found = element.findall(path, SPACES)
    if len(found) != 1:
        raise Malformed(f"{path}: {len(found)}")
    return found[0]


def _all(element: etree._Element | None, path: str) -> list[bytes]:
    return [] if element is None else [_decoded(one) for one in element.findall(path, SPACES)]


def _decoded(element: etree._Element) -> bytes:
    if len(element):
        raise Malformed("something inside what should be a value")
    return b64decode("".join((element.text or "").split()), validate=True)


# --- Judging ---------------------------------------------------------------------------------------


def _signed(parts: _Parts, files: Mapping[str, bytes], inside: str) -> Signed:
    fault: Any = ""
    at, certificate = None, parts.certificate
    by, level = verdicts.kind_of(certificate)
    try:
        _whole(parts, files)
        at = _stamped_at(parts)
        _trusted(parts, at)
        if at is None:
            raise Fault(verdicts.NO_TIME)
    except Fault as found:
        fault = found.words
    return Signed(
        who=verdicts.named(certificate), by="other" if fault else by, at=at or _claimed(parts), stamped=at is not None,
        lasting=bool(parts.lists), level=None if fault else level, fault=fault, inside=inside,
    )  # fmt: skip


def _claimed(parts: _Parts) -> datetime | None:
    said = parts.properties.findtext("xades:SignedSignatureProperties/xades:SigningTime", None, SPACES)
    found = datetime.fromisoformat(said) if said else None
    return found if found is None or found.tzinfo else None


def _whole(parts: _Parts, files: Mapping[str, bytes]) -> None:
    """The signature is by its certificate's key, over all the files and over its own properties."""
    if not _by_key(parts):
        raise Fault(verdicts.FORGED)
    properties, listed = f"#{parts.properties.get('Id')}", set()
    own = 0
    for reference in parts.info.findall("ds:Reference", SPACES):
        uri = reference.get("URI", "")
        if uri == properties and reference.get("Type") == PROPERTIES:
            own += 1
            _same(reference, canonical(parts.properties, _transform(reference)), verdicts.CHANGED)
        else:
            listed.add(_file(reference, uri, files))
    if own != 1:
        raise Malformed("its own properties are not signed once")
    if not _names(parts):
        raise Fault(verdicts.FORGED)
    if listed != set(files):
        raise Fault(verdicts.LEFT_OUT)


def _by_key(parts: _Parts) -> bool:
    kind, digest = _METHODS[_one(parts.info, "ds:SignatureMethod").get("Algorithm", "")]
    signed = canonical(parts.info, _canonicalisation(_one(parts.info, "ds:CanonicalizationMethod")))
    key, value = parts.certificate.public_key(), _decoded(parts.value)
    try:
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            half = len(value) // 2
            r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(digest))
        elif kind == "rsa" and isinstance(key, rsa.RSAPublicKey) and key.key_size >= _LEAST_RSA_BITS:
            key.verify(value, signed, padding.PKCS1v15(), digest)
        else:
            raise Malformed("the certificate's key is of another kind")
    except InvalidSignature:
        return False
    return True


def _canonicalisation(element: etree._Element) -> str:
    algorithm = str(element.get("Algorithm", ""))
    if algorithm not in (C14N, _INCLUSIVE) or len(element):
        raise Malformed("a canonical form we do not take")
    return algorithm


def _transform(reference: etree._Element) -> str:
    found = reference.findall("ds:Transforms/ds:Transform", SPACES)
    if not found:
        return _INCLUSIVE  # the default of XML signatures
    if len(found) > 1:
        raise Malformed("several transforms")
    return _canonicalisation(found[0])


def _file(reference: etree._Element, uri: str, files: Mapping[str, bytes]) -> str:
    if reference.find("ds:Transforms", SPACES) is not None or uri.startswith("#"):
        raise Malformed("a file is signed as it is")
    name = unquote(uri, errors="strict")
    if name not in files:
        raise Fault(verdicts.MISSING)
    _same(reference, files[name], verdicts.CHANGED)
    return name


def _same(reference: etree._Element, data: bytes, words: Any) -> None:
    name = _DIGESTS[_one(reference, "ds:DigestMethod").get("Algorithm", "")]
    if hashlib.new(name, data).digest() != _decoded(_one(reference, "ds:DigestValue")):
        raise Fault(words)


def _names(parts: _Parts) -> bool:
    """Whether the properties name this certificate, so that no other with the same key can take its place."""
    hers = _one(parts.properties, "xades:SignedSignatureProperties")
    certs = [
        one for version in ("SigningCertificateV2", "SigningCertificate")
        for one in hers.findall(f"xades:{version}/xades:Cert/xades:CertDigest", SPACES)
    ]  # fmt: skip
    if not certs:
        return False
    name = _DIGESTS[_one(certs[0], "ds:DigestMethod").get("Algorithm", "")]
    digest = hashlib.new(name, parts.certificate.public_bytes(DER)).digest()
    return digest == _decoded(_one(certs[0], "ds:DigestValue"))


# --- Time and trust --------------------------------------------------------------------------------


def _held(parts: _Parts) -> list[asn1_x509.Certificate]:
    return [trust.as_asn1(one) for one in parts.held]


def _stamped_at(parts: _Parts) -> datetime | None:
    """When it was stamped, by somebody we trust. Raises Fault for a stamp that is wrong or of something else."""
    if parts.token is None:
        return None
    signed = asn1_cms.ContentInfo.load(parts.token)["content"]
    at: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    stamp = _one(parts.signature, ".//xades:SignatureTimeStamp")
    method = stamp.find("ds:CanonicalizationMethod", SPACES)
    value = canonical(parts.value, _INCLUSIVE if method is None else _canonicalisation(method))
    checked = trust.context(at, _held(parts), parts.lists)
    told = async_to_sync(validate_tst_signed_data)(signed, checked, lambda name: hashlib.new(name, value).digest())
    status = TimestampSignatureStatus(**told)
    if not (status.intact and status.valid and status.trusted):
        raise Fault(verdicts.BAD_TIME)
    return at


def _trusted(parts: _Parts, at: datetime | None) -> None:
    if trust.revoked_by(parts.certificate, at):
        raise Fault(verdicts.REVOKED)
    validator = CertificateValidator(
        trust.as_asn1(parts.certificate), _held(parts), validation_context=trust.context(at, _held(parts), parts.lists)
    )
    try:
        async_to_sync(validator.async_validate_usage)({"non_repudiation"})
    except RevokedError as revoked:
        raise Fault(verdicts.REVOKED) from revoked
    except Exception as unknown:  # no path, out of its time, used for what it is not for
        raise Fault(verdicts.STRANGER) from unknown
