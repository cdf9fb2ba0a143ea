"""What an authority does with a case: take it, ask, decide, look again at an appeal, send it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import certificates, deadlines, letters, ruling, searching
from allting.common.cases.effects import EFFECTS
from allting.common.cases.facts import carried_out
from allting.common.cases.journalling import contents, journal
from allting.common.cases.lifecycle import State, append, locked
from allting.common.cases.lifecycle import said as held_in
from allting.common.cases.models import Case, Event, Signer
from allting.common.cases.ruling import LONGEST, Decision
from allting.common.cases.sent import sent_as
from allting.common.cases.submitting import hers, period_of, system
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel import events
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import legal_deadline, months_after
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text, said, written

_WON = said(_("A new decision gives you what was claimed back."))


@dataclass(frozen=True, slots=True)
class Concluded:
    """A decision as a sector hears of it ("cases.decided"), in its transaction."""

    case: UUID
    number: str
    service: str
    party: Party
    authority: UUID
    authority_name: str
    revision: int
    outcome: Outcome


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
    words = words_of("question", question)
    case = at_desk(actor, case_id)
    case.officer = actor.person
    append(case, "asked", actor, {"name": actor.name, "text": words}, revision=revision)
    letters.plain(
        case, _("We need to know more about your case"), words, _("Answer on the page of the case, as soon as you can.")
    )


@transaction.atomic
def answer(actor: Actor, case_id: UUID, text: str, revision: int | None = None) -> None:
    """The party's answer to a question. Raises Invalid for an empty one, NotFound for another's case."""
    words = words_of("text", text)
    case = hers(actor, case_id)
    event = append(case, "answered", actor, {"text": words}, revision=revision)
    journal(case, said(_("Answer from the party")), "in", document(case), event)


@transaction.atomic
def delay(actor: Actor, case_id: UUID, revision: int, why: str, weeks: int) -> None:
    """A provisional reply: why the answer takes longer, and when it comes (forvaltningsloven § 11 a)."""
    words = words_of("why", why)
    if not 1 <= weeks <= 52:
        raise Invalid(errors={"weeks": [_("Write between 1 and 52 weeks")]})
    case = at_desk(actor, case_id)
    case.due, case.reply_by = legal_deadline(timezone.localdate(), f"{weeks} weeks"), None
    append(case, "delayed", actor, {"name": actor.name, "text": words, "due": case.due.isoformat()}, revision=revision)
    deadlines.watch(case)
    until = said(_("You will have an answer within %(weeks)s weeks."), weeks=str(weeks))
    letters.plain(case, sent_as(catalogue.at(case.service, case.digest).service).takes_longer, words, until)


@transaction.atomic
def decide(
    actor: Actor, case_id: UUID, revision: int, outcome: str, grounds: str, corrections: Mapping[str, Any] | None = None
) -> bool:
    """The officer's decision. ``corrections`` replaces a rule's arguments where the service has a rule. False: it waits
    for another officer.

    Raises Invalid (no outcome, no grounds for a refusal), Conflict when somebody was there first, NotAllowed.
    """
    case = at_desk(actor, case_id)
    if case.state == State.PROPOSED:  # said before what is wrong with the facts
        raise Conflict(code="not-now", state=case.state)
    result = ruling.of_officer(case, outcome, grounds, corrections)
    return _by_one_or_two(case, actor, "decided", result, revision, (outcome, grounds, corrections))


def _by_one_or_two(
    case: Case, actor: Actor, kind: Decision, result: ruling.Ruled, revision: int, chosen: tuple[str, str, Any]
) -> bool:
    """An officer's decision; where the service wants two, it waits for the other one, and nothing is sent yet."""
    case.officer = actor.person
    outcome, words, facts = chosen
    if propose(case, actor, kind, revision, {"outcome": outcome, "text": words, "facts": dict(facts or {})}):
        return False
    conclude(case, actor, kind, result, revision)
    return True


def propose(case: Case, actor: Actor, kind: str, revision: int, chosen: Mapping[str, Any]) -> bool:
    """Whether another officer must sign it too; then it is kept as proposed. Raises Conflict when one is already."""
    if case.state == State.PROPOSED:
        raise Conflict(code="not-now", state=case.state)
    if not catalogue.at(case.service, case.digest).service.countersigned:
        return False
    held = {"name": actor.name, "kind": kind, "from": case.state, **chosen}
    append(case, "proposed", actor, held, revision=revision)
    return True


def may_still_appeal(case: Case) -> bool:
    """Whether what waits for another officer is about a decision that may be appealed: proposing something must not
    take her right away."""
    chosen, _first = proposed(case)
    return bool(chosen["from"] == State.DECIDED)


def proposed(case: Case) -> tuple[dict[str, Any], UUID | None]:
    """What was proposed last, and by whom. Raises Conflict when nothing waits."""
    event = Event.objects.filter(case=case, kind="proposed").order_by("-id").first()
    if case.state != State.PROPOSED or event is None:
        raise Conflict(code="not-now", state=case.state)
    return held_in(event), event.person


def by_rule(case: Case) -> None:
    """The rule's decision about a locked case."""
    conclude(case, system(case), "decided", ruling.of_rule(case), None)


def conclude(
    case: Case, actor: Actor, kind: Decision, ruled: ruling.Ruled, revision: int | None, first: str = ""
) -> None:
    """A decision and all that follows from it, in one transaction: letter, money, registers, and "cases.decided" for
    whoever has more to do with it. ``first``: who wrote it,
    when the actor is the second to sign."""
    service, outcome = catalogue.at(case.service, case.digest).service, ruled.outcome
    was, today = case.outcome, timezone.localdate()
    case.outcome = "granted" if outcome.granted else "refused"
    case.decided = today
    final = kind == "appeal-decided"
    case.appeal_until = None if final else legal_deadline(today, service.appeal.within)
    if case.first_decided is None:
        case.first_decided, case.late = today, today > case.due
    case.reply_by = None
    append(case, kind, actor, _as_data(ruled, actor, first), revision=revision)
    certificates.withdraw(case)  # what an earlier decision gave; this one gives its own
    letters.decision(case, outcome, law=service.law, final=final)
    if was == "granted":
        payment.stop(case.pk)
    if outcome.granted:
        _carry_out(case, ruled, actor, again=was == "granted")
        settle_claims(case)
    told = Concluded(
        case.pk, case.number, case.service, Party.parse(case.party), case.authority, _name(case.authority),
        case.revision, outcome,
    )  # fmt: skip
    events.publish("cases.decided", told=told)


def settle_claims(case: Case) -> None:
    """Take back the claims on what the case's decision gives now."""
    payment.settle_claims(case.pk, lambda: _WON.in_(registers.contact(Party.parse(case.party)).language))


def _as_data(ruled: ruling.Ruled, actor: Actor, first: str = "") -> dict[str, Any]:
    outcome = ruled.outcome
    return {
        "granted": outcome.granted,
        "grounds": [text.as_dict() for text in outcome.grounds],
        "steps": [[step.text.as_dict(), step.value, step.law] for step in outcome.steps],
        "version": outcome.version,
        "facts": dict(ruled.facts),
        "by": f"{first}, {actor.name}" if first else actor.name,
    }


def _carry_out(case: Case, ruled: ruling.Ruled, actor: Actor, *, again: bool) -> None:
    published = catalogue.at(case.service, case.digest)
    service = published.service
    for place, pays in enumerate(ruled.outcome.pays):
        payment.pay(
            Party.parse(case.party), debtor=case.authority, debtor_name=registers.authority(case.authority).name,
            case=case.pk, case_number=case.number, pays=pays, key=f"pay:{case.pk}:{case.revision}:{place}",
            law=service.law,
        )  # fmt: skip
    if service.effect is None or again:
        return
    held, day = contents(case), timezone.localdate(case.submitted)
    scope = catalogue.scope(service, held["answers"], held["known"], day)
    given = catalogue.arguments(None, service.effect.given, scope) | carried_out(published, held, ruled.facts, day)
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
    words = words_of("why", why)
    case = hers(actor, case_id)
    if case.decided and timezone.localdate() > months_after(case.decided, 12):
        raise Conflict(code="appeal-too-late")
    if case.state == State.PROPOSED and not may_still_appeal(case):
        raise Conflict(code="not-now", state=case.state)
    late = is_late(case)
    event = append(case, "appealed", actor, {"text": words, "late": late}, revision=revision)
    case.due = legal_deadline(timezone.localdate(), "1 month")
    case.save(update_fields=["due"])
    deadlines.watch(case)
    journal(case, said(_("Appeal")), "in", document(case), event)


@transaction.atomic
def reverse(
    actor: Actor, case_id: UUID, revision: int, grounds: str, corrections: Mapping[str, Any] | None = None
) -> bool:
    """The authority changes its own decision to the party's favour (forvaltningsloven § 33). False: it waits for
    another officer."""
    case = at_desk(actor, case_id)
    result = ruling.of_officer(case, "granted", words_of("grounds", grounds), corrections)
    return _by_one_or_two(case, actor, "reversed", result, revision, ("granted", grounds, corrections))


@transaction.atomic
def forward(actor: Actor, case_id: UUID, revision: int, note: str) -> None:
    """Send the appeal to the appeals body with the authority's view; the party is told (forvaltningsloven § 33)."""
    words = words_of("note", note)
    case = at_desk(actor, case_id)
    service = catalogue.at(case.service, case.digest).service
    body = registers.appeals_body(service.appeal.to, case.authority)
    event = append(case, "forwarded", actor, {"name": actor.name, "text": words, "to": body.name}, revision=revision)
    words_to_party = _("We have not changed the decision. Your appeal is sent to %(body)s, who decides it.")
    sent_on = said(words_to_party, body=body.name)
    letters.plain(case, _("Your appeal is sent on"), sent_on, words)
    case.desk, case.officer = body.id, None
    case.save(update_fields=["desk", "officer"])
    searching.index(case)
    journal(case, said(_("Appeal")), "in", document(case), event)


@transaction.atomic
def decide_appeal(
    actor: Actor, case_id: UUID, revision: int, outcome: str, grounds: str, corrections: Mapping[str, Any] | None = None
) -> None:
    """The appeals body's decision: "upheld", "overturned" or "returned" (forvaltningsloven § 34). Grounds are always
    given.

    Only the party appeals here, so overturning is in her favour: what was refused is granted, and what was granted
    is granted anew, counted from the facts as they are corrected.
    """
    words = words_of("grounds", grounds)
    if outcome not in ("upheld", "overturned", "returned"):
        raise Invalid(errors={"outcome": [_("Choose a result")]})
    case = at_desk(actor, case_id)
    if outcome == "returned":
        _return(case, actor, words, revision)
        return
    case.appeal_result = outcome
    if outcome == "overturned":
        conclude(case, actor, "appeal-decided", ruling.of_officer(case, "granted", words, corrections), revision)
    else:
        _uphold(case, actor, words, revision)


def _return(case: Case, actor: Actor, words: str, revision: int) -> None:
    """The decision is set aside, and the authority handles the case anew (forvaltningsloven § 34, fourth paragraph)."""
    append(case, "returned", actor, {"name": actor.name, "text": words}, revision=revision)
    set_aside(case)
    again = said(_("The decision is set aside. %(body)s handles your case anew."), body=_name(case.authority))
    letters.send(case, said(_("Your appeal is decided")), [mailbox.Paragraph(again), mailbox.Paragraph(words)])
    case.desk, case.officer = case.authority, None
    case.save(update_fields=["desk", "officer"])
    deadlines.begin(case, period_of(case))


def set_aside(case: Case) -> None:
    """There is no decision any more: nothing more is paid by it, and what it gave is taken back."""
    payment.stop(case.pk)
    certificates.withdraw(case)
    case.outcome, case.appeal_until = "", None
    case.save(update_fields=["outcome", "appeal_until"])
    events.publish("cases.set_aside", case=case.pk)


def _name(authority: UUID) -> str:
    return registers.authority(authority).name


def _uphold(case: Case, actor: Actor, words: str, revision: int) -> None:
    """Nothing changes but that it is final."""
    result = ruling.Ruled(Outcome(case.outcome == "granted", (Text.same(words),)), ruling.last_facts(case))
    case.appeal_until = None
    append(case, "appeal-decided", actor, _as_data(result, actor), revision=revision)
    upheld = said(_("The decision stands. It cannot be appealed further."))
    blocks = [mailbox.Paragraph(upheld), *letters.grounds(result.outcome)]
    letters.send(case, said(_("Your appeal is decided")), blocks)


def words_of(field: str, text: str) -> str:
    """What was written, as it is kept. Raises Invalid at ``field`` when it is nothing, or too much."""
    words = written(text)
    if not words:
        raise Invalid(errors={field: [_("Fill in this field")]})
    if len(words) > LONGEST:
        raise Invalid(errors={field: [_("Write at most 20000 characters")]})
    return words


def document(case: Case) -> UUID:
    """An id for what came in, one for each step of the case."""
    return uuid5(case.pk, f"in:{case.revision}")
