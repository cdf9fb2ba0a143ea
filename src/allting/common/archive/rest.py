"""``/api/journal``: an authority's public journal as data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from allting.common.archive.public import Search, search
from allting.common.registers import api as registers
from allting.kernel.access import public

router = Router()
prefix = "/journal"


class LineOut(Schema):
    """An entry. ``direction``: ``in``, ``out`` or ``internal``. ``party``: an organisation's name; empty where
    ``withheld`` names the paragraph that keeps it back. ``place``: give it as ``after`` to go on from here."""

    place: str
    year: int
    number: int
    case_number: str
    title: str
    direction: str
    party: str
    withheld: str
    journalled_on: date


@router.get("/{slug}", response=list[LineOut], url_name="journal")
@public
def journal(
    request: HttpRequest, slug: str, q: str = "", start: date | None = None, end: date | None = None, after: str = ""
) -> Any:
    """The journal of an authority, newest first, twenty at a time. ``q``: words of the title, or a case number."""
    return search(registers.authority(slug).id, Search(q[:100], start, end), after)[0]
