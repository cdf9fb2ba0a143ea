"""Cases of an authority found again: by number, party, service, state and dates. Always within the officer's desk."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.lifecycle import State
from allting.common.cases.models import Case, Word
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.keys import file_key
from allting.kernel.problems import Invalid, NotAllowed, NotFound
from allting.kernel.text import said, written

MOST_WORDS = 5  # of a name
BASIS, WHY = "forvaltningsloven § 11 a", _("Search for a case among those of the authority")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; empty: anything. ``party``: an identity number, an organisation number, or words of a
    name. ``last`` is the day of sending to the last day, both included."""

    number: str = ""
    party: str = ""
    service: str = ""
    state: str = ""
    first: date | None = None
    last: date | None = None


def found(actor: Actor, wanted: Wanted, before: UUID | None, limit: int) -> list[Case]:
    """The desk's cases that fit, newest first; ``before``: the last one of the page before.

    Who is looked up by number stands in the log, that somebody sought her. Raises Invalid, NotAllowed.
    """
    if not actor.is_officer or actor.authority is None:
        raise NotAllowed()
    rows = Case.objects.filter(desk=actor.authority).defer("content")
    if number := written(wanted.number):
        rows = rows.filter(number=number)
    if service := written(wanted.service):
        rows = rows.filter(service=service)
    if wanted.state:
        rows = rows.filter(state=_state(wanted.state))
    if wanted.party.strip():
        rows = _of_party(actor, rows, wanted.party.split())
    rows = _between(rows, wanted.first, wanted.last)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id")[:limit])


def _state(text: str) -> State:
    try:
        return State(text)
    except ValueError:
        raise Invalid(errors={"state": [_("Choose a state")]}) from None


def _between(rows: Any, first: date | None, last: date | None) -> Any:
    """A case's id begins with the moment it was made, which is when it was sent (RFC 9562, version 7)."""
    if first is not None and first.year > 1970:
        rows = rows.filter(id__gte=id_at(first))
    if last is not None and last.year < 9999:
        rows = rows.filter(id__lt=id_at(max(last, date(1970, 1, 1)) + timedelta(days=1)))
    return rows


def id_at(day: date) -> UUID:
    """The least id of what is made from ``day`` on."""
    return UUID(int=int(start_of(day).timestamp() * 1000) << 80)


def start_of(day: date) -> datetime:
    """The moment ``day`` begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def _of_party(actor: Actor, rows: Any, words: list[str]) -> Any:
    number = "".join(words)
    if number.isascii() and number.isdigit():
        return rows.filter(party__in=_numbered(actor, number))
    for word in words[:MOST_WORDS]:
        rows = rows.filter(words__digest=_digest(actor.authority, word))
    return rows


def _numbered(actor: Actor, number: str) -> list[str]:
    """The party with this number; nobody is no fault: no case is found then."""
    if len(number) == 9:
        one = registers.organisation_with(number)
        return [str(Party("organisation", one))] if one else []
    purpose = Purpose(BASIS, said(WHY).in_("nb"))
    with transaction.atomic():
        try:
            return [str(Party("person", registers.find_person(actor, purpose, number)))]
        except NotFound:
            return []


# --- Words of names --------------------------------------------------------------------------------------


def index(case: Case) -> None:
    """Let a case be found by its party's name, as it is now, at the desk where it lies; put in the transaction of its
    coming there."""
    words = {word.casefold() for word in registers.name_of(Party.parse(case.party)).split()}
    rows = [Word(digest=_digest(case.desk, word), case=case) for word in words]
    Word.objects.bulk_create(rows, ignore_conflicts=True)


def _digest(desk: UUID | None, word: str) -> str:
    """The same word has another digest at another desk, so that the table tells nothing across desks."""
    return hmac.new(_key(Path(settings.KEY_FOLDER)), f"{desk}|{word.casefold()}".encode(), sha256).hexdigest()[:32]


@lru_cache(maxsize=4)
def _key(folder: Path) -> bytes:
    return file_key(folder / "search.key", lambda: secrets.token_bytes(32))
