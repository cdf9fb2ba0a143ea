"""Checking a signed PDF, by pyHanko's reading of it: who signed, when, and whether anything changed since."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import ocsp
from cryptography import x509
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from allting.common.signature import trust, verdicts
from allting.common.signature.verdicts import Report, Signed
from allting.kernel.problems import Invalid

MOST_OBJECTS = 50_000
MOST_UNPACKED = 200 * 1024 * 1024
_SCRIPTS = {"/JavaScript", "/JS", "/Launch", "/RichMedia", "/XFA"}
_STREAM = re.compile(rb"stream\r?\n(?=\x78|\x58|\x48)")


def check(pdf: bytes) -> Report:
    """Raises Invalid for what is no whole PDF, is locked, or has a script: what it shows can change by itself."""
    _not_a_bomb(pdf)
    try:
        reader = PdfFileReader(BytesIO(pdf))
        locked = reader.encrypted
    except Exception:  # a damaged file breaks the reader in many ways
        raise Invalid(_("The file is damaged: it cannot be read as a PDF."), code="damaged") from None
    if locked:
        raise Invalid(_("The file is locked with a password. Save it without one, and try again."), code="locked")
    try:
        scripted = _has_script(reader)
        found = [_signed(one, reader) for one in reader.embedded_regular_signatures]
    except Invalid:
        raise
    except Exception:
        raise Invalid(_("The file is damaged: it cannot be read as a PDF."), code="damaged") from None
    if scripted:
        raise Invalid(
            _("The PDF has a script in it, so what it shows can change by itself. We do not vouch for it."),
            code="script",
        )
    return Report("pdf", _settled(found))


def _not_a_bomb(pdf: bytes) -> None:
    """What unpacks to more than we have room for is not read at all."""
    left = MOST_UNPACKED
    for place in _STREAM.finditer(pdf):
        if left <= 0:
            break
        try:
            left -= len(zlib.decompressobj().decompress(pdf[place.end() : place.end() + 1024 * 1024], left))
        except zlib.error:
            continue
    if left <= 0:
        raise Invalid(_("The file unpacks to more than we can read."), code="too-much-inside")


def _has_script(reader: PdfFileReader) -> bool:
    """Every object is looked at, in each revision: a script may hang anywhere."""
    revisions = range(reader.xrefs.total_revisions)
    places = [(one, revision) for revision in revisions for one in reader.xrefs.explicit_refs_in_revision(revision)]
    if len(places) > MOST_OBJECTS:
        raise Invalid(_("The file has more in it than we can look through."), code="too-much-inside")
    return any(_scripted(_object(reader, one, revision)) for one, revision in places)


def _object(reader: PdfFileReader, one: generic.Reference, revision: int) -> Any:
    try:
        return reader.get_object(one, revision=revision, never_decrypt=True)  # type: ignore[no-untyped-call]
    except PdfError:  # deleted in this revision
        return None


def _scripted(value: Any, depth: int = 0) -> bool:
    if depth > 50:
        return True  # nobody nests so deep by honest means
    if isinstance(value, generic.DictionaryObject):
        if value.get("/S", None) in _SCRIPTS or any(str(key) in _SCRIPTS for key in value):
            return True
        return any(_scripted(one, depth + 1) for one in map(value.raw_get, value))
    if isinstance(value, generic.ArrayObject):
        return any(_scripted(value.raw_get(place), depth + 1) for place in range(len(value)))
    return False


def _settled(found: list[tuple[Signed, ModificationLevel | None]]) -> list[Signed]:
    """What came after a signature is a change, unless it is another signature."""
    settled = []
    for place, (one, level) in enumerate(found):
        last = place == len(found) - 1
        most = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
        changed = not one.fault and (level is None or level > most)
        settled.append(replace(one, fault=verdicts.ADDED) if changed else one)
    return settled


def _signed(embedded: Any, reader: PdfFileReader) -> tuple[Signed, ModificationLevel | None]:
    at = _stamped_at(embedded)
    certificates, crls, ocsps = _held(reader)
    checked = trust.context(at, certificates, crls, ocsps)
    stamps = trust.context(at, certificates, crls, ocsps)
    status = validate_pdf_signature(embedded, checked, stamps)
    certificate = x509.load_der_x509_certificate(embedded.signer_cert.dump())
    by, level = verdicts.kind_of(certificate)
    made = Signed(
        who=verdicts.named(certificate), by=by if status.trusted else "other", at=at or status.signer_reported_dt,
        stamped=at is not None, lasting=bool(crls or ocsps), level=level if status.trusted else None,
        reason=str(embedded.sig_object.get("/Reason", "")), fault=_fault(status, certificate, at),
    )  # fmt: skip
    return made, status.modification_level


def _fault(status: Any, certificate: x509.Certificate, at: datetime | None) -> Any:
    if not status.intact:
        return verdicts.CHANGED
    if not status.valid:
        return verdicts.FORGED
    stamp = status.timestamp_validity
    if at is not None and not (stamp and stamp.intact and stamp.valid and stamp.trusted):
        return verdicts.BAD_TIME
    if status.revoked or trust.revoked_by(certificate, at):
        return verdicts.REVOKED
    return "" if status.trusted else verdicts.STRANGER


def _stamped_at(embedded: Any) -> datetime | None:
    """The time in the signature's stamp, as yet unchecked."""
    for token in extract_tst_data_iter(embedded.signer_info, signed=False):
        found: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
        return found
    return None


def _held(reader: PdfFileReader) -> tuple[list[Any], list[bytes], list[Any]]:
    """Certificates, lists and answers that the document brings itself."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except ValidationInfoReadingError:
        return [], [], []
    crls = [one.get_object().data for one in store.crls]
    answers = [ocsp.OCSPResponse.load(one.get_object().data) for one in store.ocsps]
    return list(store.load_certs()), crls, answers
