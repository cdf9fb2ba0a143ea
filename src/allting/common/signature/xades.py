"""XAdES baseline B-LT (ETSI EN 319 132-1): a signature over files beside it, with ECDSA P-256 and SHA-256."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.utils import timezone
from lxml import etree
from lxml.builder import ElementMaker

from allting.common.signature import cms
from allting.kernel.pki import DER, Bearer

ASIC, DS, XADES = (
    "http://uri.etsi.org/02918/v1.2.1#", "http://www.w3.org/2000/09/xmldsig#", "http://uri.etsi.org/01903/v1.3.2#",
)  # fmt: skip
SPACES: Final = {"asic": ASIC, "ds": DS, "xades": XADES}
PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"
C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
ECDSA: Final = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
_FIELD_BYTES = 32

_asic = ElementMaker(namespace=ASIC, nsmap=SPACES)
_ds = ElementMaker(namespace=DS, nsmap=SPACES)
_x = ElementMaker(namespace=XADES, nsmap=SPACES)


@dataclass(frozen=True, slots=True)
class File:
    """A file by its name in the container. ``media_type`` is what the signer says it is."""

    name: str
    media_type: str
    data: bytes


def canonical(element: etree._Element, algorithm: str = C14N) -> bytes:
    """The element's canonical form: exclusive (W3C xml-exc-c14n) or inclusive (Canonical XML 1.0), no comments."""
    made: bytes = etree.tostring(element, method="c14n", exclusive=algorithm == C14N, with_comments=False)
    return made


def signed(
    files: Sequence[File], bearer: Bearer, *, chain: Sequence[x509.Certificate], lists: Sequence[bytes],
    stamp: Callable[[bytes], bytes],
) -> bytes:  # fmt: skip
    """The signature file of a container. ``lists``: the revocation lists (DER) that tell that none was revoked;
    ``stamp`` makes a time stamp token of a SHA-256 digest."""
    properties = _properties(files, bearer.certificate)
    info, value = _ds.SignedInfo(), _ds.SignatureValue(Id="S0-value")
    after = _x.UnsignedSignatureProperties()
    qualifying = _x.QualifyingProperties(properties, _x.UnsignedProperties(after), Target="#S0")
    keys = _ds.KeyInfo(_ds.X509Data(_ds.X509Certificate(_b64(bearer.certificate.public_bytes(DER)))))
    root = _asic.XAdESSignatures(_ds.Signature(info, value, keys, _ds.Object(qualifying), Id="S0"))
    info.extend(_signed_info(files, properties))
    value.text = _b64(_raw(bearer.key.sign(canonical(info), ec.ECDSA(hashes.SHA256()))))
    after.extend(_later(stamp(sha256(canonical(value)).digest()), [bearer.certificate, *chain], lists))
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def _signed_info(files: Sequence[File], properties: etree._Element) -> list[etree._Element]:
    beside = [
        _ds.Reference(*_digest(one.data), Id=f"S0-file-{place}", URI=quote(one.name)) for place, one in enumerate(files)
    ]
    transforms = _ds.Transforms(_ds.Transform(Algorithm=C14N))
    own = _ds.Reference(transforms, *_digest(canonical(properties)), Type=PROPERTIES, URI="#S0-properties")
    return [_ds.CanonicalizationMethod(Algorithm=C14N), _ds.SignatureMethod(Algorithm=ECDSA), *beside, own]


def _properties(files: Sequence[File], certificate: x509.Certificate) -> etree._Element:
    """What the signer says of herself and of the files (§ 5.2): it is under the signature too."""
    named = _x.Cert(
        _x.CertDigest(*_digest(certificate.public_bytes(DER))), _x.IssuerSerialV2(_b64(cms.issuer_serial(certificate)))
    )
    at = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    hers = _x.SignedSignatureProperties(_x.SigningTime(at), _x.SigningCertificateV2(named))
    formats = [
        _x.DataObjectFormat(_x.MimeType(one.media_type), ObjectReference=f"#S0-file-{place}")
        for place, one in enumerate(files)
    ]
    return _x.SignedProperties(hers, _x.SignedDataObjectProperties(*formats), Id="S0-properties")


def _later(token: bytes, certificates: Sequence[x509.Certificate], lists: Sequence[bytes]) -> list[etree._Element]:
    """The time stamp of the signature (§ 5.3), and what is needed to check it in many years (§ 5.4)."""
    held = [_x.EncapsulatedX509Certificate(_b64(one.public_bytes(DER))) for one in certificates]
    return [
        _x.SignatureTimeStamp(
            _ds.CanonicalizationMethod(Algorithm=C14N), _x.EncapsulatedTimeStamp(_b64(token)), Id="S0-stamp"
        ),
        _x.CertificateValues(*held),
        _x.RevocationValues(_x.CRLValues(*(_x.EncapsulatedCRLValue(_b64(one)) for one in lists))),
    ]


def _digest(data: bytes) -> tuple[etree._Element, etree._Element]:
    return _ds.DigestMethod(Algorithm=SHA256), _ds.DigestValue(_b64(sha256(data).digest()))


def _raw(encoded: bytes) -> bytes:
    """XML signatures hold r and s side by side (RFC 4050 § 3.3), not as DER."""
    return b"".join(one.to_bytes(_FIELD_BYTES, "big") for one in decode_dss_signature(encoded))


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
