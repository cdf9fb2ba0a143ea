"""The lists that a person chooses among when she acts for another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from allting.common.registers import api as registers
from allting.kernel.actor import Capacity, Party
from allting.kernel.problems import Invalid

CHOICES = 50  # enterprises on a page
FEW = 8  # as many are found at a glance
Fits = Callable[[registers.Mandate], bool]


def choices(person: UUID, form: Mapping[str, str], fits: Fits = lambda mandate: True) -> dict[str, Any]:
    """What the page shows: at most one page of enterprises, by the part of a name that was typed (``q``), from the one
    after the last on the page before (``after``)."""
    query = form.get("q", "").strip()
    read = registers.mandates(person, query, _last(form.get("after", "")), CHOICES + 1)
    enterprises = [one for one in read if one.capacity is Capacity.REPRESENTATIVE]
    more = enterprises[CHOICES - 1].party.id if len(enterprises) > CHOICES else None
    found = [one for one in read if one not in enterprises[CHOICES:] and fits(one)]
    return {"groups": _groups(found), "q": query, "more": more, "many": len(found) > FEW or more or query}


def chosen(text: str) -> Party | None:
    """The party of the form; None: herself. Raises Invalid."""
    try:
        return Party.parse(text) if text else None
    except ValueError:
        raise Invalid(code="not-a-party") from None


def _groups(found: list[registers.Mandate]) -> list[tuple[Any, list[registers.Mandate]]]:
    headings = {
        Capacity.OFFICER: _("At work"),
        Capacity.GUARDIAN: _("Children and wards"),
        Capacity.ATTORNEY: _("Those who have given you a power of attorney"),
        Capacity.REPRESENTATIVE: _("Enterprises"),
    }
    groups = ((text, [one for one in found if one.capacity is kind]) for kind, text in headings.items())
    return [group for group in groups if group[1]]


def _last(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
