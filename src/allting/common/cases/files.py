"""Files people send: known by their contents, not by what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from uuid6 import uuid7

from allting.common.cases.models import Attachment, Draft
from allting.common.queries.api import Compiled
from allting.common.scanning import api as scanning
from allting.kernel.encryption import seal, unseal
from allting.kernel.problems import Invalid, NotFound

_SIGNS = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
)
ACCEPT = ".pdf,.jpg,.jpeg,.png"
MOST = 10  # files to one question


@dataclass(frozen=True, slots=True)
class File:
    """A file as its reader sees it, without the bytes."""

    id: UUID
    field: str
    name: str
    media_type: str
    size: int


def taken(field: str, data: bytes, max_mb: int) -> str:
    """The media type of a file that can be taken. Raises Invalid with the reason at ``field``, and Unavailable when it
    cannot be looked through for malware. That takes its time, so it is asked outside a transaction."""
    most = min(max_mb, settings.UPLOAD_MAX_MB)
    if len(data) > most * 1024 * 1024:
        raise Invalid(errors={field: [_("The file is larger than %(mb)d MB") % {"mb": most}]})
    if not data:
        raise Invalid(errors={field: [_("The file is empty")]})
    media_type = next((kind for sign, kind, _ending in _SIGNS if data.startswith(sign)), None)
    if media_type is None:
        raise Invalid(errors={field: [_("The file is not a PDF, JPEG or PNG, whatever it is called. Choose another.")]})
    if scanning.check(data):
        raise Invalid(errors={field: [_("There is a virus in the file, so we cannot take it. Choose another.")]})
    return media_type


def keep(draft: Draft, field: str, name: str, data: bytes, media_type: str) -> Attachment:
    """Keep a file that can be ``taken``, sealed."""
    row = Attachment(id=uuid7(), draft=draft, field=field, media_type=media_type, size=len(data))
    row.sha256 = sha256(data).hexdigest()
    row.name = seal(_clean(name, media_type).encode(), f"file-name:{row.pk}")
    row.content = seal(data, f"file:{row.pk}")
    row.save(force_insert=True)
    return row


def _clean(name: str, media_type: str) -> str:
    """A name without folders and control characters, with the ending its contents call for."""
    ending = next(ending for _sign, kind, ending in _SIGNS if kind == media_type)
    last = "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())
    stem, _dot, tail = last.rpartition(".")
    stem = (stem or tail or "file")[:100]
    return stem + (".jpeg" if tail.lower() == "jpeg" and ending == ".jpg" else ending)


_of_draft: Compiled[UUID, Attachment] = Compiled(
    UUID, lambda draft: Attachment.objects.filter(draft_id=draft).defer("content").order_by("id")
)


def of(draft: UUID | None = None, case: UUID | None = None) -> list[File]:
    """The files of a draft or of a case, oldest first."""
    if draft:
        return [_file(row) for row in _of_draft(draft)]
    return [_file(row) for row in Attachment.objects.filter(case=case).defer("content").order_by("id")]


def _file(row: Attachment) -> File:
    name = unseal(bytes(row.name), f"file-name:{row.pk}").decode()
    return File(row.pk, row.field, name, row.media_type, row.size)


def content(file_id: UUID, *, draft: UUID | None = None, case: UUID | None = None) -> tuple[File, bytes]:
    """A file with its bytes. Raises NotFound when it is not this draft's or case's."""
    rows = Attachment.objects.filter(pk=file_id)
    row = (rows.filter(draft=draft) if draft else rows.filter(case=case)).first()
    if row is None:
        raise NotFound()
    return _file(row), unseal(bytes(row.content), f"file:{row.pk}")


def download_pdf(case_number: str, data: bytes) -> HttpResponse:
    """A document of a case, called by the case's number."""
    return download(data, "application/pdf", f"{case_number.replace('/', '-')}.pdf")


def download(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Always to be saved, never shown inside our pages: what people send is not ours."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
