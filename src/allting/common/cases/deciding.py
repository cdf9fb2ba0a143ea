"""What an authority does with a case: take it, ask, decide, look again at an appeal, send it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import letters, ruling
from allting.common.cases.effects import EFFECTS
from allting.common.cases.lifecycle import append, locked
from allting.common.cases.models import Case, Signer
from allting.common.cases.ruling import LONGEST, Decision
from allting.common.cases.submitting import contents, hers, journal, system
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import legal_deadline, months_after
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text, said, written


def at_desk(actor: Actor, case_id: UUID) -> Case:
    """The case, held, when it lies at the officer's authority and is not too near her. Raises NotFound, NotAllowed."""
    case = locked(case_id)
    if not actor.is_officer or case.desk != actor.authority:
        raise NotFound()
    if too_near(actor, case):
        raise NotAllowed(code="own-case")
    return case


def too_near(actor: Actor, case: Case) -> bool:
    """Whether the officer may not handle it (forvaltningsloven § 6): it is her own or of those nearest her, or she
    has signed it."""
    assert actor.person is not None
    if actor.person == case.applicant or Signer.objects.filter(case=case, person=actor.person).exists():
        return True
    applicant = Party("person", case.applicant)
    return registers.near(actor.person, Party.parse(case.party)) or registers.near(actor.person, applicant)


@transaction.atomic
def take(actor: Actor, case_id: UUID, revision: int) -> None:
    """The officer takes the case, from a colleague too."""
    case = at_desk(actor, case_id)
    case.officer = actor.person
    append(case, "taken", actor, {"name": actor.name}, revision=revision)


@transaction.atomic
def ask(actor: Actor, case_id: UUID, revision: int, question: str) -> None:
    """Ask the party for more (forvaltningsloven § 17). Raises Invalid for an empty question."""
    words = _written("question", question)
    case = at_desk(actor, case_id)
    case.officer = actor.person
    append(case, "asked", actor, {"name": actor.name, "text": words}, revision=revision)
    letters.plain(
        case, _("We need to know more about your case"), words, _("Answer on the page of the case, as soon as you can.")
    )


@transaction.atomic
def answer(actor: Actor, case_id: UUID, text: str, revision: int | None = None) -> None:
    """The party's answer to a question. Raises Invalid for an empty one, NotFound for another's case."""
    words = _written("text", text)
    case = hers(actor, case_id)
    event = append(case, "answered", actor, {"text": words}, revision=revision)
    journal(case, said(_("Answer from the party")), "in", _document(case), event)


@transaction.atomic
def delay(actor: Actor, case_id: UUID, revision: int, why: str, weeks: int) -> None:
    """A provisional reply: why the answer takes longer, and when it comes (forvaltningsloven § 11 a)."""
    words = _written("why", why)
    if not 1 <= weeks <= 52:
        raise Invalid(errors={"weeks": [_("Write between 1 and 52 weeks")]})
    case = at_desk(actor, case_id)
    case.due = legal_deadline(timezone.localdate(), f"{weeks} weeks")
    append(case, "delayed", actor, {"name": actor.name, "text": words, "due": case.due.isoformat()}, revision=revision)
    until = said(_("You will have an answer within %(weeks)s weeks."), weeks=str(weeks))
    letters.plain(case, _("The answer to your application takes longer"), words, until)


@transaction.atomic
def decide(
    actor: Actor, case_id: UUID, revision: int, outcome: str, grounds: str, corrections: Mapping[str, Any] | None = None
) -> None:
    """The officer's decision. ``corrections`` replaces a rule's arguments where the service has a rule.

    Raises Invalid (no outcome, no grounds for a refusal), Conflict when somebody was there first, NotAllowed.
    """
    case = at_desk(actor, case_id)
    result = ruling.of_officer(case, outcome, grounds, corrections)
    case.officer = actor.person
    _conclude(case, actor, "decided", result, revision)


def by_rule(case: Case) -> None:
    """The rule's decision about a locked case."""
    _conclude(case, system(case), "decided", ruling.of_rule(case), None)


def _conclude(case: Case, actor: Actor, kind: Decision, ruled: ruling.Ruled, revision: int | None) -> None:
    """A decision and all that follows from it, in one transaction: letter, money, registers."""
    service, outcome = catalogue.at(case.service, case.digest).service, ruled.outcome
    was, today = case.outcome, timezone.localdate()
    case.outcome = "granted" if outcome.granted else "refused"
    case.decided = today
    final = kind == "appeal-decided"
    case.appeal_until = None if final else legal_deadline(today, service.appeal.within)
    append(case, kind, actor, _as_data(ruled, actor), revision=revision)
    letters.decision(case, outcome, law=service.law, final=final)
    if was == "granted":
        payment.stop(case.pk)
    if outcome.granted:
        _carry_out(case, service, outcome, actor, again=was == "granted")


def _as_data(ruled: ruling.Ruled, actor: Actor) -> dict[str, Any]:
    outcome = ruled.outcome
    return {
        "granted": outcome.granted,
        "grounds": [text.as_dict() for text in outcome.grounds],
        "steps": [[step.text.as_dict(), step.value, step.law] for step in outcome.steps],
        "version": outcome.version,
        "facts": dict(ruled.facts),
        "by": actor.name,
    }


def _carry_out(case: Case, service: catalogue.Service, outcome: Outcome, actor: Actor, *, again: bool) -> None:
    for place, pays in enumerate(outcome.pays):
        payment.pay(
            Party.parse(case.party), debtor=case.authority, debtor_name=registers.authority(case.authority).name,
            case=case.pk, case_number=case.number, pays=pays, key=f"pay:{case.pk}:{case.revision}:{place}",
        )  # fmt: skip
    if service.effect is None or again:
        return
    held = contents(case)
    scope = catalogue.scope(service, held["answers"], held["known"], timezone.localdate(case.submitted))
    given = catalogue.arguments(None, service.effect.given, scope)
    purpose = Purpose(service.law, service.title.in_("nb"), case.pk)
    EFFECTS[service.effect.do][1](actor, purpose, Party.parse(case.party).id, given)


# --- Appeal ------------------------------------------------------------------------------------------


def is_late(case: Case) -> bool:
    return case.appeal_until is not None and timezone.localdate() > case.appeal_until


@transaction.atomic
def appeal(actor: Actor, case_id: UUID, why: str, revision: int | None = None) -> None:
    """The party's appeal (forvaltningsloven § 28). A late one is received and marked so (§ 31); after a year it is not.

    Raises Invalid without words, Conflict when there is nothing to appeal, NotFound for another's case.
    """
    words = _written("why", why)
    case = hers(actor, case_id)
    if case.decided and timezone.localdate() > months_after(case.decided, 12):
        raise Conflict(code="appeal-too-late")
    late = is_late(case)
    event = append(case, "appealed", actor, {"text": words, "late": late}, revision=revision)
    case.due = legal_deadline(timezone.localdate(), "1 month")
    case.save(update_fields=["due"])
    journal(case, said(_("Appeal")), "in", _document(case), event)


@transaction.atomic
def reverse(
    actor: Actor, case_id: UUID, revision: int, grounds: str, corrections: Mapping[str, Any] | None = None
) -> None:
    """The authority changes its own decision to the party's favour (forvaltningsloven § 33)."""
    case = at_desk(actor, case_id)
    result = ruling.of_officer(case, "granted", _written("grounds", grounds), corrections)
    case.officer = actor.person
    _conclude(case, actor, "reversed", result, revision)


@transaction.atomic
def forward(actor: Actor, case_id: UUID, revision: int, note: str) -> None:
    """Send the appeal to the appeals body with the authority's view; the party is told (forvaltningsloven § 33)."""
    words = _written("note", note)
    case = at_desk(actor, case_id)
    service = catalogue.at(case.service, case.digest).service
    body = registers.authority(service.appeal.to)
    event = append(case, "forwarded", actor, {"name": actor.name, "text": words, "to": body.name}, revision=revision)
    words_to_party = _("We have not changed the decision. Your appeal is sent to %(body)s, who decides it.")
    sent_on = said(words_to_party, body=body.name)
    letters.plain(case, _("Your appeal is sent on"), sent_on, words)
    case.desk, case.officer = body.id, None
    case.save(update_fields=["desk", "officer"])
    journal(case, said(_("Appeal")), "in", _document(case), event)


@transaction.atomic
def decide_appeal(
    actor: Actor, case_id: UUID, revision: int, outcome: str, grounds: str, corrections: Mapping[str, Any] | None = None
) -> None:
    """The appeals body's decision: "upheld" or "overturned" (forvaltningsloven § 34). Grounds are always given.

    Only the party appeals here, so overturning is in her favour: what was refused is granted, and what was granted
    is granted anew, counted from the facts as they are corrected.
    """
    words = _written("grounds", grounds)
    if outcome not in ("upheld", "overturned"):
        raise Invalid(errors={"outcome": [_("Choose a result")]})
    case = at_desk(actor, case_id)
    if outcome == "overturned":
        _conclude(case, actor, "appeal-decided", ruling.of_officer(case, "granted", words, corrections), revision)
    else:
        _uphold(case, actor, words, revision)


def _uphold(case: Case, actor: Actor, words: str, revision: int) -> None:
    """Nothing changes but that it is final."""
    result = ruling.Ruled(Outcome(case.outcome == "granted", (Text.same(words),)), ruling.last_facts(case))
    case.appeal_until = None
    append(case, "appeal-decided", actor, _as_data(result, actor), revision=revision)
    upheld = said(_("The decision stands. It cannot be appealed further."))
    blocks = [mailbox.Paragraph(upheld), *letters.grounds(result.outcome)]
    letters.send(case, said(_("Your appeal is decided")), blocks)


def _written(field: str, text: str) -> str:
    words = written(text)
    if not words:
        raise Invalid(errors={field: [_("Fill in this field")]})
    if len(words) > LONGEST:
        raise Invalid(errors={field: [_("Write at most 20000 characters")]})
    return words


def _document(case: Case) -> UUID:
    """An id for what came in, one for each step of the case."""
    return uuid5(case.pk, f"in:{case.revision}")
