"""The archive's copies of what comes in and goes out: made by the worker once, when the document has arisen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from allting.common.archive import api as archive
from allting.common.cases import files, part
from allting.common.cases.came import SCAN, Came
from allting.common.cases.journalling import contents
from allting.common.cases.lifecycle import said
from allting.common.cases.models import Attachment, Case, Draft, Event, Signer
from allting.common.cases.shown import answers, flat
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.signature import api as signature

PDF = "application/pdf"
BEGINS = ("submitted", "opened")  # the case begins with what was asked for, or what the authority had


def incoming(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: an application with its files, or what was written later, into the archive."""
    event = Event.objects.select_related("case").get(pk=payload["event"])
    document = UUID(payload["document"]) if payload["document"] else None
    title = payload["title"]
    if event.kind == "signed" and document is not None:  # kept as it was signed, not made once more
        archive.keep(event.case.pk, document, "in", title, signature.document(document) or b"", PDF)
        return
    blocks = _application(event) if event.kind in BEGINS else [mailbox.Paragraph(said(event)["text"])]
    pdf = mailbox.document(f"{title} ({event.case.number})", blocks, "nb")
    sent = files.of(case=event.case.pk) if event.kind in BEGINS else []
    _keep(event.case, document, [one for one in sent if one.field == SCAN])  # the paper itself before what was read
    archive.keep(event.case.pk, document, payload.get("direction", "in"), title, pdf, PDF)
    _keep(event.case, document, [one for one in sent if one.field != SCAN])


def _keep(case: Case, document: UUID | None, sent: Sequence[files.File]) -> None:
    for one in sent:
        _file, data = files.content(one.id, case=case.pk)
        archive.keep(case.pk, document, "in", one.name, data, one.media_type)


def _application(event: Event) -> list[mailbox.Block]:
    case, how = event.case, Came.of_data(said(event) or None)
    service = catalogue.at(case.service, case.digest).service
    blocks: list[mailbox.Block] = []
    if how is not None:
        blocks.append(mailbox.Facts(how.facts()))
    for title, given in answers(service, contents(case), files.of(case=case.pk)):
        blocks.append(mailbox.Heading(title))
        blocks.append(mailbox.Facts([(one.label, flat(one.value)) for one in given]))
    return blocks


def sent(
    *, case: UUID | None, on: date, key: str, title: str, pdf: bytes, enclosure: tuple[str, bytes] | None = None
) -> None:
    """A letter is made, sealed and delivered: the archive keeps the very same bytes, and of what goes with it."""
    if case is None:
        return
    archive.keep(case, uuid5(case, key), "out", title, pdf, PDF)
    if enclosure is not None:
        archive.keep(case, uuid5(case, key), "out", *enclosure, PDF)


def destroyed(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the years are out, so the case goes too, with all that was sent and said in it."""
    case = Case.objects.filter(pk=payload["case"]).first()
    if case is None:
        return
    signature.forget(case.pk)
    for signer in Signer.objects.filter(case=case).exclude(part=None):
        signature.forget(part.reference(signer))
    drafts = list(Attachment.objects.filter(case=case).exclude(draft=None).values_list("draft", flat=True))
    for one in Case._meta.related_objects:
        one.related_model._default_manager.filter(**{one.field.name: case}).delete()
    Draft.objects.filter(Q(pk__in=drafts) | Q(case=case.pk)).delete()
    case.delete()
