"""Letters that an officer writes herself, from texts that are used often, with what the case knows filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import letters
from allting.common.cases.deciding import at_desk, words_of
from allting.common.cases.lifecycle import append
from allting.common.cases.models import Case, Phrase
from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.kernel.text import Text, written

FIELD = re.compile(r"\{([a-z_.]+)\}")
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
    known = fields(case)
    unknown = sorted(set(FIELD.findall(text)) - set(known))
    if unknown:
        named = ", ".join(f"{{{one}}}" for one in unknown)
        raise Invalid(errors={field: [_("Nothing is called %(names)s here") % {"names": named}]})
    return FIELD.sub(lambda found: known[found[1]], text)


@transaction.atomic
def preview(actor: Actor, case_id: UUID, title: str, text: str) -> tuple[str, str]:
    """The letter as it will be. Raises Invalid, and as ``at_desk``."""
    return _letter(at_desk(actor, case_id), title, text)


def _letter(case: Case, title: str, text: str) -> tuple[str, str]:
    wrong = {}
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
    return found[0], found[1]


@transaction.atomic
def write(actor: Actor, case_id: UUID, revision: int, title: str, text: str) -> None:
    """Send the party a letter. It decides nothing. Raises Invalid, Conflict, and as ``at_desk``."""
    case = at_desk(actor, case_id)
    heading, words = _letter(case, title, text)
    append(case, "wrote", actor, {"name": actor.name, "text": f"{heading}\n{words}"}, revision=revision)
    blocks: list[mailbox.Block] = [mailbox.Paragraph(one) for one in words.split("\n\n") if one.strip()]
    letters.send(case, Text.same(heading), blocks, entered=Text.same(str(_("Letter to the party"))))


# --- Texts that are used often ---------------------------------------------------------------------------


def phrases(actor: Actor, service: str | None = None) -> list[Block]:
    """The authority's texts, by title; for one service: its own and those for all."""
    if not actor.is_officer:
        raise NotAllowed()
    rows = Phrase.objects.filter(authority=actor.authority)
    rows = rows.filter(Q(service=service) | Q(service="")) if service is not None else rows
    return [Block(row.pk, row.service, row.title, row.text) for row in rows.order_by("title", "id")[:MOST]]


def keep_phrase(actor: Actor, service: str, title: str, text: str) -> UUID:
    """Add a text for all of the authority's officers. Raises Invalid, Conflict for a title that is there."""
    if not actor.is_officer or actor.authority is None:
        raise NotAllowed()
    wrong = {name: [_("Fill in this field")] for name, one in (("title", title), ("text", text)) if not written(one)}
    if len(title) > LONGEST_TITLE:
        wrong["title"] = [_("Write at most 100 characters")]
    if wrong:
        raise Invalid(errors=wrong)
    words = words_of("text", text)
    try:
        with transaction.atomic():
            row = Phrase.objects.create(authority=actor.authority, service=service, title=written(title), text=words)
    except IntegrityError:
        raise Conflict(code="title-taken") from None
    return row.pk


def drop_phrase(actor: Actor, phrase_id: UUID) -> None:
    """Raises NotFound, also for another authority's."""
    if not actor.is_officer or not Phrase.objects.filter(pk=phrase_id, authority=actor.authority).delete()[0]:
        raise NotFound()
