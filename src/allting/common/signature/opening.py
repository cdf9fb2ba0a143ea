"""Opening what somebody sends to be checked: a signed PDF, or a container with files and signatures (ASiC-E)."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Final

from django.utils.translation import gettext_lazy as _

from allting.common.signature import pdfs, xades_checks
from allting.common.signature.containers import MEDIA_TYPE, MOST_FILES, safe
from allting.common.signature.models import Withdrawn
from allting.common.signature.verdicts import WITHDRAWN, Report, Signed
from allting.kernel.problems import Invalid

MOST_UNPACKED = 200 * 1024 * 1024
_SIGNATURES: Final = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
_OTHER_KIND: Final = re.compile(r"META-INF/[^/]*\.(p7s|tst)", re.IGNORECASE)

DAMAGED = _("The container is damaged: it cannot be read.")
TOO_MUCH = _("The file unpacks to more than we can read.")
ODD = _("The file list of the container is not as it should be. We do not vouch for it.")
BROKEN = _("A signature in the container is not as the standard has it. We do not vouch for it.")
CADES = _("The signatures in this container are of a kind that we cannot check (CAdES). We check XAdES.")
NEITHER = _("The file is neither a PDF nor a container of signed files (ASiC-E). Choose another.")


def check(data: bytes) -> Report:
    """A document that its issuer has taken back is told of as such. Raises Invalid, with the reason in words, for what
    cannot be read or cannot be vouched for at all."""
    found = _read(data)
    if not found.fault and Withdrawn.objects.filter(sha256=sha256(data).hexdigest()).exists():
        return replace(found, fault=WITHDRAWN)
    return found


def _read(data: bytes) -> Report:
    if data.startswith(b"PK\x03\x04"):
        return _container(data)
    if b"%PDF-" in data[:1024]:
        return pdfs.check(data)
    raise Invalid(NEITHER, code="unknown-kind")


def _container(data: bytes) -> Report:
    entries = _entries(data)
    files = {name: inside for name, inside in entries.items() if safe(name)}
    rest = [name for name in entries if name not in files and name != "mimetype"]
    if any(not name.startswith("META-INF/") for name in rest):
        raise Invalid(ODD, code="file-list")
    if any(_OTHER_KIND.fullmatch(name) for name in rest):
        raise Invalid(CADES, code="unknown-kind")
    found: list[Signed] = []
    for name in sorted(filter(_SIGNATURES.fullmatch, rest)):
        try:
            found += xades_checks.check(entries[name], files, name)
        except xades_checks.Malformed:
            raise Invalid(BROKEN, code="bad-signature") from None
    return Report("asic", found, list(files))


def _entries(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            infos = packed.infolist()
            _as_it_should_be(packed, infos)
            return _unpacked(packed, [one for one in infos if not one.is_dir()])
    except Invalid:
        raise
    except Exception:  # damaged archives break the reader in many ways
        raise Invalid(DAMAGED, code="damaged") from None


def _as_it_should_be(packed: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Annex A.1: the type is first and not packed. Two files of one name could show one and have another signed."""
    if any(one.flag_bits & 1 for one in infos):
        raise Invalid(_("The file is locked with a password. Save it without one, and try again."), code="locked")
    names = [one.filename.casefold() for one in infos]
    if len(infos) > MOST_FILES + 20:
        raise Invalid(TOO_MUCH, code="too-much-inside")
    if len(set(names)) < len(names):
        raise Invalid(ODD, code="file-list")
    first = infos[0]
    typed = first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED and first.file_size < 100
    if not typed or packed.read(first).strip() != MEDIA_TYPE.encode():
        raise Invalid(NEITHER, code="unknown-kind")


def _unpacked(packed: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """What they say of their size is not believed: no more is unpacked than there is room for."""
    left, found = MOST_UNPACKED, {}
    for one in infos:
        with packed.open(one) as inside:
            found[one.filename] = inside.read(left + 1)
        left -= len(found[one.filename])
        if left < 0:
            raise Invalid(TOO_MUCH, code="too-much-inside")
    return found
