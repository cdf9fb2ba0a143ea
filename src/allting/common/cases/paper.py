"""The application on paper: what the applicant, and all who sign with her, put their signatures under."""

from __future__ import annotations

from typing import Any

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from allting.common.cases import files, shown
from allting.common.cases.models import Attachment, Case
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party


def made(case: Case, service: catalogue.Service, held: dict[str, Any], declaration: Any, language: str) -> bytes:
    """As a tagged PDF/A in the applicant's language. Files are named with their digests: they are signed for too."""
    with translation.override(language):
        blocks: list[mailbox.Block] = [mailbox.Facts(_head(case))]
        pages = shown.answers(service, held, files.of(case=case.pk))
        for title, rows in shown.without_people(service, pages) if service.sign.also else pages:
            blocks.append(mailbox.Heading(str(title)))
            blocks.append(mailbox.Facts([(str(one.label), _flat(one.value)) for one in rows]))
        if sent := _files(case):
            blocks += [mailbox.Heading(_("Attached files, by their SHA-256 digests")), mailbox.Facts(sent)]
        blocks.append(mailbox.Paragraph(str(declaration)))
        return mailbox.document(str(service.title), blocks, language, lasting=True)


def of_part(
    case: Case, service: catalogue.Service, answered: shown.Pages, who: str, over: str, declaration: Any, language: str
) -> bytes:
    """What one who signs filled in of her own, in her language; ``over``: the SHA-256 digest, in hexadecimal, of the
    application that it belongs to."""
    with translation.override(language):
        blocks: list[mailbox.Block] = [mailbox.Facts([*_head(case), (_("Filled in by"), who)])]
        for title, rows in answered:
            blocks.append(mailbox.Heading(str(title)))
            blocks.append(mailbox.Facts([(str(one.label), _flat(one.value)) for one in rows]))
        blocks.append(mailbox.Facts([(_("The application, by its SHA-256 digest"), _in_eights(over))]))
        blocks.append(mailbox.Paragraph(str(declaration)))
        return mailbox.document(str(service.title), blocks, language, lasting=True)


def _head(case: Case) -> list[tuple[str, str]]:
    party, applicant = Party.parse(case.party), Party("person", case.applicant)
    rows = [
        (_("Case number"), case.number),
        (_("Sent to"), registers.authority(case.authority).name),
        (_("From"), registers.name_of(party)),
    ]
    if party.id != case.applicant:
        rows.append((_("Sent by"), registers.name_of(applicant)))
    sent = formats.date_format(timezone.localtime(case.submitted), "DATETIME_FORMAT")
    return [*rows, (_("Sent at"), sent)]


def _files(case: Case) -> list[tuple[str, str]]:
    digests = dict(Attachment.objects.filter(case=case).exclude(draft=None).values_list("pk", "sha256"))
    found = [(one.name, digests[one.id]) for one in files.of(case=case.pk) if one.id in digests]
    return [(name, _in_eights(digest)) for name, digest in found]


def _in_eights(digest: str) -> str:
    return " ".join(digest[at : at + 8] for at in range(0, 64, 8))


def _flat(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
