"""Letters that an officer writes herself, from texts that are used often, with what the case knows filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import letters
from allting.common.cases.assigning import at_work, handled
from allting.common.cases.deciding import at_desk, words_of
from allting.common.cases.lifecycle import append
from allting.common.cases.models import Case, Phrase
from allting.common.cases.ruling import LONGEST
from allting.common.cases.viewed import record
from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.kernel.text import Text, said, written

FIELD = re.compile(r"\{([a-z_.]+)\}")
MERGE_FIELDS: Final = {
    "party.name": _("the party's name"), "case.number": _("the case number"), "case.due": _("the day of the answer"),
    "case.submitted": _("the day it was sent"), "authority.name": _("the authority's name"), "today": _("today's date"),
}  # fmt: skip
MOST = 200  # texts of an authority
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Block:
    """A text that is used often; ``service`` empty: in all services."""

    id: UUID
    service: str
    title: str
    text: str


def fields(case: Case) -> dict[str, str]:
    """What may stand in braces in a letter, and what it becomes in this case."""
    return {
        "party.name": registers.name_of(Party.parse(case.party)),
        "case.number": case.number,
        "case.due": formats.date_format(case.due, "DATE_FORMAT"),
        "case.submitted": formats.date_format(timezone.localdate(case.submitted), "DATE_FORMAT"),
        "authority.name": registers.authority(case.desk).name,
        "today": formats.date_format(timezone.localdate(), "DATE_FORMAT"),
    }


def merged(case: Case, field: str, text: str) -> str:
    """The text with the case's values in it. Raises Invalid at ``field`` for a name that nothing is known by."""
    if wrong := _unknown(text):
        raise Invalid(errors={field: wrong})
    known = fields(case)
    return FIELD.sub(lambda found: known[found[1]], text)


def _unknown(text: str) -> list[Any]:
    """What is wrong with the names in braces."""
    unknown = sorted(set(FIELD.findall(text)) - set(MERGE_FIELDS))
    named = ", ".join(f"{{{one}}}" for one in unknown)
    return [_("Nothing is called %(names)s here") % {"names": named}] if unknown else []


@transaction.atomic
def preview(actor: Actor, case_id: UUID, title: str, text: str) -> tuple[str, str]:
    """The letter as it will be; it may hold the party's name, so it is a view of the case. Raises Invalid, and as
    ``at_desk``."""
    case = at_desk(actor, case_id)
    letter = _letter(case, title, text)
    record(actor, case, "case.contents", sorted(set(FIELD.findall(title + text))))
    return letter


def _letter(case: Case, title: str, text: str) -> tuple[str, str]:
    wrong: dict[str, Any] = {}
    found = []
    for field, words in (("title", title), ("text", text)):
        try:
            found.append(merged(case, field, words_of(field, words)))
        except Invalid as one:
            wrong |= one.errors
    if wrong:
        raise Invalid(errors=wrong)
    if len(found[0]) > 2 * LONGEST_TITLE:
        raise Invalid(errors={"title": [_("Write at most 200 characters")]})
    return " ".join(found[0].split()), found[1]


@transaction.atomic
def write(actor: Actor, case_id: UUID, revision: int, title: str, text: str) -> None:
    """Send the party a letter. It decides nothing. Raises Invalid, Conflict, and as ``at_desk``."""
    case = at_desk(actor, case_id)
    heading, words = _letter(case, title, text)
    append(case, "wrote", actor, {"name": actor.name, "text": f"{heading}\n{words}"}, revision=revision)
    blocks: list[mailbox.Block] = [mailbox.Paragraph(one) for one in words.split("\n\n") if one.strip()]
    letters.send(case, Text.same(heading), blocks, entered=said(_("Letter to the party")))


# --- Texts that are used often ---------------------------------------------------------------------------


def phrases(actor: Actor, service: str | None = None) -> list[Block]:
    """The authority's texts, by title; for one service: its own and those for all."""
    rows = Phrase.objects.filter(authority=at_work(actor)[1])
    rows = rows.filter(Q(service=service) | Q(service="")) if service is not None else rows
    return [Block(row.pk, row.service, row.title, row.text) for row in rows.order_by("title", "id")[:MOST]]


def keep_phrase(actor: Actor, service: str, title: str, text: str) -> UUID:
    """Add a text for all of the authority's officers, for one ``service`` that comes to it, or for all.

    Raises Invalid, Conflict for a title that is there.
    """
    _person, authority = at_work(actor)
    _sound(authority, title, text)
    service = service if service in dict(handled(actor)) else ""
    try:
        with transaction.atomic():
            row = Phrase.objects.create(authority=authority, service=service, title=written(title), text=written(text))
    except IntegrityError:
        raise Conflict(code="title-taken") from None
    return row.pk


def _sound(authority: UUID, title: str, text: str) -> None:
    """Raises Invalid with all that is wrong."""
    wrong: dict[str, Any] = {"title": _unknown(title), "text": _unknown(text)}
    wrong |= {name: [_("Fill in this field")] for name, one in (("title", title), ("text", text)) if not written(one)}
    if len(title) > LONGEST_TITLE:
        wrong["title"] = [_("Write at most 100 characters")]
    if len(text) > LONGEST:
        wrong["text"] = [_("Write at most 20000 characters")]
    if Phrase.objects.filter(authority=authority).count() >= MOST:
        wrong["title"] = [_("There are 200 texts already. Remove one first.")]
    if faults := {name: found for name, found in wrong.items() if found}:
        raise Invalid(errors=faults)


def drop_phrase(actor: Actor, phrase_id: UUID) -> None:
    """Raises NotFound, also for another authority's."""
    if not Phrase.objects.filter(pk=phrase_id, authority=at_work(actor)[1]).delete()[0]:
        raise NotFound()
