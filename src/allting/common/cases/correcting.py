"""A decision that is taken up again or taken back by the authority itself (forvaltningsloven § 35)."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import deadlines, letters
from allting.common.cases.deciding import at_desk, propose, set_aside, words_of
from allting.common.cases.lifecycle import State, append, locked
from allting.common.cases.models import Case
from allting.common.cases.submitting import period_of
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.kernel.actor import Actor
from allting.kernel.calendar import legal_deadline
from allting.kernel.problems import Invalid
from allting.kernel.text import said

# What lets an authority annul its own decision without an appeal: the letters of § 35, first paragraph.
GROUNDS: Final = {
    "favour": _("It harms nobody whom the decision favours (§ 35 a)"),
    "unknown": _("The party has not been told of the decision (§ 35 b)"),
    "invalid": _("The decision is invalid (§ 35 c)"),
}


@transaction.atomic
def reopen(actor: Actor, case_id: UUID, revision: int, why: str) -> None:
    """Take a case up again, for a new decision; the old one stands until then. The party is told.

    After an appeal the case comes back from the appeals body to the authority that decides it. Raises as ``at_desk``.
    """
    case = locked(case_id)
    if case.state == State.CLOSED and actor.authority == case.authority:
        case.desk = case.authority
        case.save(update_fields=["desk"])
    case = at_desk(actor, case_id)
    words = words_of("why", why)
    case.officer = actor.person
    append(case, "reopened", actor, {"name": actor.name, "text": words}, revision=revision)
    deadlines.begin(case, period_of(case))
    letters.plain(case, _("Your case is taken up again"), words, _("You will have a letter when it is decided."))


@transaction.atomic
def annul(actor: Actor, case_id: UUID, revision: int, ground: str, why: str) -> bool:
    """Take a decision back. ``ground``: one of ``GROUNDS``. The party may appeal it. False: it waits for another one.

    Raises Invalid, Conflict.
    """
    case = at_desk(actor, case_id)
    words = words_of("grounds", why)
    if ground not in GROUNDS:
        raise Invalid(errors={"ground": [_("Choose a ground")]})
    case.officer = actor.person
    if propose(case, actor, "annulled", revision, {"outcome": ground, "text": words, "facts": {}}):
        return False
    annulled(case, actor, ground, words, revision)
    return True


def annulled(case: Case, actor: Actor, ground: str, words: str, revision: int, first: str = "") -> None:
    """The decision is gone, its payments stop, and a letter says why, by which rule, and how to appeal."""
    service = catalogue.at(case.service, case.digest).service
    by = f"{first}, {actor.name}" if first else actor.name
    append(case, "annulled", actor, {"by": by, "text": words, "ground": ground}, revision=revision)
    set_aside(case)
    case.appeal_until = legal_deadline(timezone.localdate(), service.appeal.within)
    case.save(update_fields=["appeal_until"])
    blocks: list[mailbox.Block] = [
        mailbox.Paragraph(said(_("We have annulled our decision. It does not hold any more."))),
        mailbox.Heading(said(_("Grounds"))),
        mailbox.Paragraph(words),
        mailbox.Paragraph(said(_("The rule is forvaltningsloven § 35: %(ground)s"), ground=lambda: GROUNDS[ground])),
    ]
    letters.send(
        case, said(_("The decision in your case is annulled")), blocks, appeal=letters.right_to_appeal(case, service)
    )
