"""What a letter is: a frame and blocks, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from allting.kernel.actor import Party
from allting.kernel.text import Text

Words = Text | str


@dataclass(frozen=True, slots=True)
class Heading:
    text: Words


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Words


@dataclass(frozen=True, slots=True)
class Items:
    items: Sequence[Words]


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with their values, as a table with row headers."""

    rows: Sequence[tuple[Words, Words]]


@dataclass(frozen=True, slots=True)
class Table:
    header: Sequence[Words]
    rows: Sequence[Sequence[Words]]


Block = Heading | Paragraph | Items | Facts | Table


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document of its own that goes with a letter, sealed like it and made to be kept (PDF/A)."""

    title: Words
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to ``recipient`` from the authority ``sender``; ``appeal`` is the right to appeal, in words;
    ``service`` is the one it is about, which says who may read it on the recipient's behalf."""

    recipient: Party
    sender: UUID
    sender_name: str
    title: Words
    paragraphs: Sequence[Block] = field(default_factory=list)
    case: UUID | None = None
    case_number: str = ""
    appeal: Words = ""
    reply_url: str = ""
    service: str = ""
    enclosure: Enclosure | None = None


def words(text: Words, language: str) -> str:
    return text.in_(language) if isinstance(text, Text) else str(text)


def block_as_data(block: Block, language: str) -> dict[str, Any]:
    """A block as JSON: ``kind`` and its texts in ``language``."""
    match block:
        case Heading(text):
            return {"kind": "heading", "text": words(text, language)}
        case Paragraph(text):
            return {"kind": "paragraph", "text": words(text, language)}
        case Items(items):
            return {"kind": "items", "items": [words(item, language) for item in items]}
        case Facts(rows):
            return {"kind": "facts", "rows": [[words(cell, language) for cell in row] for row in rows]}
        case Table(header, lines):
            return {
                "kind": "table",
                "header": [words(cell, language) for cell in header],
                "rows": [[words(cell, language) for cell in row] for row in lines],
            }
