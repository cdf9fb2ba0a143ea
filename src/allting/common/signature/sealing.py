"""PAdES baseline B-LT (ETSI EN 319 142-1): a signature, its time stamp, and all that is needed to check them later.

pyHanko writes the PDF; the signature itself is made by ``cms``, for a general library spends ten letters' time on it.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from io import BytesIO

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from django.utils import timezone
from pyhanko.pdf_utils.extensions import DeveloperExtension, DevExtensionMultivalued
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import cms_embedder, pdf_byterange
from pyhanko.sign.validation.dss import DocumentSecurityStore

from allting.common.signature import authority, cms, revocation, timestamps
from allting.kernel.pki import DER, Bearer

SEAL = "Seal"
_ROOM = 24 * 1024  # hexadecimal digits kept free for the signature
_ESIC = DeveloperExtension(
    prefix_name=pdf_name("/ESIC"), base_version=pdf_name("/1.7"), extension_level=1,
    multivalued=DevExtensionMultivalued.NEVER,
)  # fmt: skip


def seal(pdf: bytes, reason: str) -> bytes:
    """``pdf`` with the platform's seal."""
    return sign(pdf, authority.own("seal"), field=SEAL, reason=reason, name="Allting")


def sign(pdf: bytes, bearer: Bearer, *, field: str, reason: str, name: str) -> bytes:
    """``pdf`` with an invisible signature more, over everything in it; what it had before stays as it was.

    What is needed to check it stands in the same revision, so that the signature covers that too.
    """
    chain = [authority.issuing().certificate, authority.root_certificate()]
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    _embed(writer, [bearer.certificate, authority.own("tsa").certificate, *chain])
    steps = cms_embedder.PdfCMSEmbedder(fields.SigFieldSpec(field)).write_cms(field, writer)
    next(steps)
    steps.send(cms_embedder.SigObjSetup(sig_placeholder=_placeholder(reason, name)))
    prepared, output = steps.send(cms_embedder.SigIOSetup(md_algorithm="sha256", in_place=False))
    steps.send(cms.signed(bearer, prepared.document_digest, chain=chain, stamp=timestamps.token))
    made: bytes = output.getvalue()
    return made


def _placeholder(reason: str, name: str, at: datetime | None = None) -> pdf_byterange.SignatureObject:
    return pdf_byterange.SignatureObject(
        timestamp=at or timezone.now(), subfilter=fields.SigSeedSubFilter.PADES, reason=reason, name=name,
        bytes_reserved=_ROOM,
    )  # fmt: skip


def _embed(writer: IncrementalPdfFileWriter, certificates: list[x509.Certificate]) -> None:
    """The document security store (§ 5.4.2): certificates, and the lists that tell that none was revoked."""
    writer.register_extension(_ESIC)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=[_certificate(one.public_bytes(DER)) for one in certificates],
        crls=[_list(revocation.recent()), _list(authority.root_list())],
    )  # fmt: skip


@lru_cache(maxsize=16)
def _certificate(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)


@lru_cache(maxsize=8)
def _list(der: bytes) -> asn1_crl.CertificateList:
    return asn1_crl.CertificateList.load(der)
