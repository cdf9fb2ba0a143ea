"""Containers: several files and the signatures over them in one (ASiC-E with XAdES, ETSI EN 319 162-1)."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from django.utils import timezone
from lxml import etree
from lxml.builder import ElementMaker

from allting.common.signature import authority, revocation, timestamps, xades
from allting.common.signature.xades import File
from allting.kernel.problems import Invalid

MEDIA_TYPE: Final = "application/vnd.etsi.asic-e+zip"
SIGNATURES: Final = "META-INF/signatures0.xml"
MOST_FILES = 100
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_m = ElementMaker(namespace=_MANIFEST, nsmap={"manifest": _MANIFEST})


def safe(name: str) -> bool:
    """Whether a name can be one in a container: relative, and not among those that the container needs itself."""
    parts = name.split("/")
    own = parts[0].casefold() in ("mimetype", "meta-inf")
    odd = any(not letter.isprintable() or letter in '\\:*?"<>|' for letter in name)
    return not (own or odd or any(part in ("", ".", "..") for part in parts))


def sealed(files: Sequence[File]) -> bytes:
    """The files in one container, with the platform's seal and a time stamp.

    Raises Invalid for no file, too many, two of one name, or a name that leads elsewhere.
    """
    names = {one.name.casefold() for one in files}
    if not files or len(files) > MOST_FILES or len(names) < len(files) or not all(safe(one.name) for one in files):
        raise Invalid(code="bad-files")
    seal = authority.own("seal")
    chain = [authority.own("tsa").certificate, authority.issuing().certificate, authority.root_certificate()]
    lists = [revocation.recent(), authority.root_list()]
    signature = xades.signed(files, seal, chain=chain, lists=lists, stamp=timestamps.token)
    return _packed(files, signature)


def _packed(files: Sequence[File], signature: bytes) -> bytes:
    """The type comes first and as it is (annex A.1), so that it can be read without unpacking."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_entry("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        for one in files:
            packed.writestr(_entry(one.name), one.data)
        packed.writestr(_entry("META-INF/manifest.xml"), _manifest(files))
        packed.writestr(_entry(SIGNATURES), signature)
    return out.getvalue()


def _entry(name: str, method: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    now = timezone.localtime()
    entry = zipfile.ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type = method
    return entry


def _manifest(files: Sequence[File]) -> bytes:
    listed = [("/", MEDIA_TYPE), *((one.name, one.media_type) for one in files)]
    entries = []
    for name, media_type in listed:
        entry = _m("file-entry")
        entry.set(f"{{{_MANIFEST}}}full-path", name)
        entry.set(f"{{{_MANIFEST}}}media-type", media_type)
        entries.append(entry)
    root = _m("manifest", *entries)
    root.set(f"{{{_MANIFEST}}}version", "1.2")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made
