"""Requests to sign, as those who are asked read them: what it is about, and what they are asked to fill in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from allting.common.cases import files, part
from allting.common.cases.drafts import Form
from allting.common.cases.journalling import contents
from allting.common.cases.lifecycle import State
from allting.common.cases.models import Signer
from allting.common.cases.shown import Pages, answers, without_people
from allting.common.cases.submitting import her_turn
from allting.common.cases.viewed import WHY_SIGN, record
from allting.common.catalogue import api as catalogue
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.common.signature import api as signature
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import NotFound
from allting.kernel.text import Text

ANSWERED = ("signed", "declined")
MOST = 50
_asked: Compiled[UUID, Signer] = Compiled(UUID, lambda person: Signer.objects.filter(person=person, answer="")[:1])


@dataclass(frozen=True, slots=True)
class ToSign:
    """What somebody is asked to sign. ``form``: the questions that are hers to answer first; ``part``: what she
    answered, when she has."""

    case: UUID
    title: Text
    from_name: str
    due: date
    text: Text | None
    must: bool
    answer: str
    authority: str
    pages: Pages = field(default_factory=list)
    paper: bool = False
    form: Form | None = None
    part: Pages = field(default_factory=list)


def to_sign(actor: Actor) -> list[ToSign]:
    """What waits for the person's own signature."""
    if actor.person is None or actor.on_behalf_of is not None or actor.is_officer:
        return []
    if not _asked(actor.person):
        return []  # as for most people on most days
    rows = Signer.objects.select_related("case").filter(person=actor.person, answer="", case__state=State.SIGNING)
    return [_to_sign(row) for row in rows.order_by("due", "id")[:MOST] if her_turn(row)]


def answered(actor: Actor) -> list[ToSign]:
    """What the person has signed or said no to, the latest first, to find again what she answered."""
    if actor.person is None or actor.on_behalf_of is not None or actor.is_officer:
        return []
    rows = Signer.objects.select_related("case").filter(person=actor.person, answer__in=ANSWERED)
    return [_to_sign(row) for row in rows.order_by("-answered")[:MOST]]


@transaction.atomic
def signing(actor: Actor, case_id: UUID) -> ToSign:
    """One request to sign, with what it is about; that she read it stands in the log.

    Raises NotFound when she was not asked, or did not answer while she could.
    """
    row = asked_to_sign(actor, case_id)
    if row is None or (row.answer in ("", "silent", "released") and row.case.state != State.SIGNING):
        raise NotFound()
    if not row.answer and not her_turn(row):
        raise NotFound()
    service = catalogue.at(row.case.service, row.case.digest).service
    record(actor, row.case, "case.contents", sorted(service.fields), WHY_SIGN)
    return _to_sign(row, whole=True)


def asked_to_sign(actor: Actor, case_id: UUID) -> Signer | None:
    """Her own request. A signature is one's own: nobody gives it for another."""
    if actor.person is None or actor.on_behalf_of is not None or actor.is_officer:
        return None
    return Signer.objects.select_related("case").filter(case=case_id, person=actor.person).first()


def _to_sign(row: Signer, *, whole: bool = False) -> ToSign:
    case = row.case
    service = catalogue.at(case.service, case.digest).service
    about: dict[str, Any] = {}
    if whole:
        shown = answers(service, contents(case), files.of(case=case.pk))
        about = {
            "pages": without_people(service, shown), "paper": signature.has_document(case.pk),
            "form": part.form(row), "part": part.pages(row),
        }  # fmt: skip
    return ToSign(
        case=case.pk, title=service.title, from_name=registers.name_of(Party.parse(case.party)), due=row.due,
        text=service.sign.text, must=service.sign.must or row.either, answer=row.answer,
        authority=registers.authority(case.authority).name, **about,
    )  # fmt: skip
