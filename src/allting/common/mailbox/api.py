"""The secure mailbox: deliver letters, and let only the party read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from uuid6 import uuid7

from allting.common.mailbox import rendering
from allting.common.mailbox.letters import (
    Block,
    Enclosure,
    Facts,
    Heading,
    Items,
    Letter,
    Paragraph,
    Table,
    Words,
    block_as_data,
    words,
)
from allting.common.mailbox.models import POST, StoredLetter
from allting.common.mailbox.printing import Printed, print_waiting
from allting.common.outbox import api as outbox
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import seal_json, unseal, unseal_json
from allting.kernel.events import publish
from allting.kernel.problems import NotFound

__all__ = [
    "Block",
    "Enclosure",
    "Facts",
    "Heading",
    "Items",
    "Letter",
    "Paragraph",
    "Printed",
    "Received",
    "Table",
    "deliver",
    "document",
    "enclosure",
    "inbox",
    "latest",
    "open_letter",
    "pdf",
    "post",
    "print_waiting",
    "render",
    "stamp",
    "unread",
    "with_key",
]


@dataclass(frozen=True, slots=True)
class Received:
    """A letter as its reader sees it."""

    id: UUID
    title: str
    sender_name: str
    delivered: datetime
    opened: datetime | None
    case: UUID | None
    content: Mapping[str, Any]


def deliver(letter: Letter, key: str) -> None:
    """Put ``letter`` in the caller's transaction; the worker makes, seals and delivers it, once per ``key``.

    It goes on paper too to a person who is reserved, or whom nobody can tell by e-mail or SMS that it has come.
    """
    contact = registers.contact(letter.recipient)
    paper = letter.recipient.kind == "person" and (contact.reserved or not (contact.email or contact.mobile))
    _put(letter, key, "paper" if paper else "digital", contact.language)


def post(recipient: Party, title: Words, paragraphs: Sequence[Words], key: str) -> None:
    """Put a letter of the platform's own in the caller's transaction, that goes by post only.

    It is never shown in the mailbox: that it reached her home is what it proves.
    """
    sender = registers.authority(settings.OPERATOR_AUTHORITY)
    letter = Letter(recipient, sender.id, sender.name, title, [Paragraph(text) for text in paragraphs])
    _put(letter, key, POST, registers.contact(recipient).language)


def _put(letter: Letter, key: str, channel: str, language: str) -> None:
    letter_id = uuid7()
    row = StoredLetter(
        id=letter_id,
        key=key,
        recipient=str(letter.recipient),
        sender=letter.sender,
        case=letter.case,
        service=letter.service,
        channel=channel,
        content=seal_json(_content(letter, language), f"letter:{letter_id}"),
    )
    StoredLetter.objects.bulk_create([row], ignore_conflicts=True)
    outbox.put("mailbox.deliver", key)


def render(letter: Letter, language: str) -> bytes:
    """The letter as tagged PDF/UA, not sealed."""
    return rendering.pdf_of(_content(letter, language))


def document(title: Words, blocks: Sequence[Block], language: str, *, lasting: bool = False) -> bytes:
    """A document without sender and recipient, as a receipt: tagged PDF/UA, not sealed. ``lasting``: PDF/A too."""
    data = [block_as_data(block, language) for block in blocks]
    content = {"language": language, "title": words(title, language), "blocks": data}
    return rendering.pdf_of(content, lasting=lasting)


FIRST = 5  # how many my page shows
_first: Compiled[str, StoredLetter] = Compiled(
    str,
    lambda party: (
        StoredLetter.objects.filter(recipient=party)
        .exclude(delivered=None)
        .exclude(channel=POST)
        .defer("pdf", "enclosure")
        .order_by("-id")[:FIRST]
    ),
)


def inbox(actor: Actor, before: UUID | None = None, limit: int = 20) -> list[Received]:
    """The party's letters, newest first; ``before`` is the last id of the page before."""
    first = before is None and limit <= FIRST and actor.scope.limits() is None
    if first and actor.person is not None and not actor.is_officer:
        return [_read(row) for row in _first(str(actor.party))[:limit]]
    rows = _of(actor).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_read(row) for row in rows.defer("pdf", "enclosure")[:limit]]


def unread(actor: Actor) -> int:
    return _of(actor).filter(opened=None).count()


def stamp(actor: Actor) -> str:
    """Changes when a letter comes."""
    return str(_of(actor).order_by("-id").values_list("pk", flat=True).first())


def latest(actor: Actor, case: UUID) -> UUID | None:
    """The newest letter of a case, if the party has one."""
    return _of(actor).filter(case=case).order_by("-id").values_list("pk", flat=True).first()


@transaction.atomic
def open_letter(actor: Actor, letter_id: UUID) -> Received:
    """Read a letter; the first time is told as ``mailbox.opened``. Raises NotFound, also for another's letter."""
    row = _one(actor, letter_id)
    now = timezone.now()
    if StoredLetter.objects.filter(pk=row.pk, opened=None).update(opened=now):
        row.opened = now
        publish("mailbox.opened", letter=row.pk, case=row.case)
    return _read(row)


def pdf(actor: Actor, letter_id: UUID) -> bytes:
    """The sealed PDF, which counts as opening it. Raises NotFound."""
    open_letter(actor, letter_id)
    row = _one(actor, letter_id)
    return unseal(bytes(row.pdf or b""), f"letter-pdf:{row.pk}")


def enclosure(actor: Actor, letter_id: UUID) -> bytes:
    """The sealed document that goes with a letter. Raises NotFound, also when none does."""
    open_letter(actor, letter_id)
    row = _one(actor, letter_id)
    if row.enclosure is None:
        raise NotFound()
    return unseal(bytes(row.enclosure), f"letter-enclosure:{row.pk}")


def with_key(actor: Actor, key: str) -> UUID | None:
    """The party's letter that was delivered under ``key``."""
    return _of(actor).filter(key=key).values_list("pk", flat=True).first()


def _of(actor: Actor) -> QuerySet[StoredLetter]:
    if actor.is_officer or actor.person is None:
        return StoredLetter.objects.none()
    covered = registers.within(actor, authority="sender")
    rows = StoredLetter.objects.filter(covered, recipient=str(actor.party))
    return rows.exclude(delivered=None).exclude(channel=POST)


def _one(actor: Actor, letter_id: UUID) -> StoredLetter:
    row: StoredLetter | None = _of(actor).filter(pk=letter_id).first()
    if row is None:
        raise NotFound()
    return row


def _content(letter: Letter, language: str) -> dict[str, Any]:
    return {
        "language": language,
        "title": words(letter.title, language),
        "sender_name": letter.sender_name,
        "recipient_name": registers.name_of(letter.recipient),
        "case_number": letter.case_number,
        "appeal": words(letter.appeal, language),
        "reply_url": letter.reply_url,
        "blocks": [block_as_data(block, language) for block in letter.paragraphs],
        "enclosure": _enclosed(letter.enclosure, language),
    }


def _enclosed(one: Enclosure | None, language: str) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"title": words(one.title, language), "blocks": [block_as_data(block, language) for block in one.blocks]}


def _read(row: StoredLetter) -> Received:
    content = unseal_json(bytes(row.content), f"letter:{row.pk}")
    assert row.delivered is not None
    return Received(row.pk, content["title"], content["sender_name"], row.delivered, row.opened, row.case, content)
