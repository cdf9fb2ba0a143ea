"""Sending an application: one transaction for the case, its first event, the journal, signatures and the bill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.cases import came, deadlines, drafts, letters, paper, part, searching
from allting.common.cases.came import Came
from allting.common.cases.deadlines import end_of
from allting.common.cases.journalling import contents, journal
from allting.common.cases.lifecycle import State, append, locked
from allting.common.cases.models import Attachment, Case, Counter, Draft, Event, Signer
from allting.common.catalogue import api as catalogue
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.common.signature import api as signature
from allting.kernel import events
from allting.kernel.actor import Actor, Level, Party, Purpose
from allting.kernel.calendar import legal_deadline
from allting.kernel.encryption import seal, seal_json
from allting.kernel.problems import Conflict, Invalid, LoginNeeded, NotAllowed, NotFound
from allting.kernel.text import said, written

LONGEST_REMARK = 4000
DECLARATION = _("I confirm that what I have written is right, as far as I know.")


def signed_document(case: Case) -> bytes:
    """What a signature is about, byte for byte: the contents and the files' digests."""
    files = sorted(Attachment.objects.filter(case=case).exclude(draft=None).values_list("sha256", flat=True))
    whole = {"case": str(case.pk), "service": case.service, "digest": case.digest, "files": files, **contents(case)}
    return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sign_level(service: catalogue.Service) -> Level:
    return Level.from_name(service.sign.level)


Named = Mapping[str, UUID]  # identity numbers in the answers, and whose they are


def submit(actor: Actor, draft_id: UUID, *, seen: bool = False) -> UUID:
    """Send a draft; sending it twice gives the same case. ``seen``: an officer has seen the signatures of the others
    on the paper that she enters.

    Raises Invalid with what is missing (``errors`` by field) or code "stopped", LoginNeeded when the signature
    wants a stronger login, NotFound for another's draft or where no authority serves her address, and Conflict when
    it is changed in another window meanwhile.
    """
    form = drafts.opened(actor, draft_id)
    if form.case is not None:
        return form.case
    if form.came is None:
        _may_sign(actor, form.service)
    named = _named(actor, form)
    with transaction.atomic():
        return _send(actor, draft_id, form.revision, named, seen=seen)


def _may_sign(actor: Actor, service: catalogue.Service) -> None:
    level = sign_level(service)
    if actor.level < level:
        raise LoginNeeded(level=level.acr)
    if actor.together and not _partners(actor):
        raise NotAllowed(code="no-co-signer")


def _send(actor: Actor, draft_id: UUID, revision: int, named: Named, *, seen: bool) -> UUID:
    row, form = drafts.locked_form(actor, draft_id)
    if row.case is not None:
        return row.case
    if row.revision != revision:
        raise Conflict(code="draft-changed")
    known = drafts.refreshed(actor, row, form)
    answers = _checked(form, known)
    case = _make(actor, form, answers, known)
    _hand_over_files(row, case, form, known)
    drafts.sent(row, case.pk, form.came)
    _set_going(actor, case, form, named, seen=seen)
    return case.pk


def _hand_over_files(row: Draft, case: Case, form: drafts.Form, known: dict[str, Any]) -> None:
    """The files go with the application; those of a question that is no longer asked are not sent and not kept."""
    values = catalogue.scope(form.service, form.answers, known, form.day)
    asked = {name for page in form.service.asks for name in catalogue.shown(form.service, page, values)} | {came.SCAN}
    files = Attachment.objects.filter(draft=row)
    files.exclude(field__in=asked).delete()
    files.update(case=case)


def _checked(form: drafts.Form, known: dict[str, Any]) -> dict[str, Any]:
    today = form.day
    if catalogue.stops(form.service, form.answers, known, today):
        raise Invalid(code="stopped")
    faults = catalogue.recheck(form.service, form.answers, known, today)
    if faults:
        raise Invalid(errors={name: [text] for errors in faults.values() for name, text in errors.items()})
    return catalogue.asked(form.service, form.answers, known, today)


def _named(actor: Actor, form: drafts.Form) -> Named:
    """Who they are that the answers name by number; those who shall sign have their own reason.

    Not in the transaction of the sending: what was looked up stands in the log, also when a number is nobody's and
    nothing is sent. Raises Invalid at the question.
    """
    fields = {name: one for name, one in form.service.fields.items() if one.type in ("person", "people")}
    answers = _checked(form, form.known) if fields else {}
    found: dict[str, UUID] = {}
    for name in [name for name in fields if name in answers]:
        why = _("Is to be told of it and answer") if name == form.service.sign.also else _("Is named in an application")
        purpose = Purpose(form.service.law, said(why).in_(actor.language))
        for place, number in enumerate(_numbers(answers[name]), 1):
            try:
                found[number] = registers.find_person(actor, purpose, number)
            except NotFound:
                text = _("We do not find the person on line %(line)d. Check the number.") % {"line": place}
                raise Invalid(errors={name: [text]}) from None
    return found


def _numbers(answer: Any) -> list[str]:
    return answer if isinstance(answer, list) else [answer]


def _make(actor: Actor, form: drafts.Form, answers: dict[str, Any], known: dict[str, Any]) -> Case:
    applicant = form.party.id if form.came else actor.who
    assert applicant is not None
    authority = _authority(actor, form, answers)
    return new_case(form.published, authority.id, form.party, applicant, answers, known, form.came)


def new_case(
    published: catalogue.Published, authority: UUID, party: Party, applicant: UUID, answers: dict[str, Any],
    known: dict[str, Any], came: Came | None = None,
) -> Case:  # fmt: skip
    """The case's row, with its number; nothing has happened to it yet. ``came``: how it came, when an officer entered
    it, and when: the time for the answer counts from then."""
    service, case_id = published.service, uuid7()
    submitted = came.at if came else timezone.now()
    day = timezone.localdate(submitted)
    case = Case(
        id=case_id, number=_number(authority, timezone.localdate().year), service=service.service,
        digest=published.digest, party=str(party), applicant=applicant, authority=authority,
        desk=authority, state=State.SIGNING, submitted=submitted,
        due=legal_deadline(day, catalogue.deadline(service, answers, known, day)),
        content=seal_json({"answers": answers, "known": known}, f"case:{case_id}"),
    )  # fmt: skip
    case.save(force_insert=True)
    searching.index(case)
    return case


def _authority(actor: Actor, form: drafts.Form, answers: dict[str, Any]) -> registers.Authority:
    """Whose case it is: as she answered, where the service asks, else by where the party belongs."""
    service = form.service
    place = answers[service.sent_to] if service.sent_to else municipality(actor, service, form.party)
    found = registers.authority_for(service.offered_by, place)
    if form.came and found.id != actor.authority:  # it is sent on to whose it is (forvaltningsloven § 11)
        raise Invalid(code="other-authority", errors={"authority": [belongs_to(found)]})
    return found


def belongs_to(authority: registers.Authority) -> Any:
    """What an officer is told of an application that another authority decides."""
    return _("This is for %(authority)s to decide. Send it on to them, and tell who applied.") % {
        "authority": authority.name
    }


def municipality(actor: Actor, service: catalogue.Service, party: Party) -> str | None:
    """Where the party belongs. An enterprise's seat is public; a person's address is asked for inside the house."""
    if party.kind == "person":
        return registers.municipality_of(party.id)
    purpose = Purpose(service.law, said(_("Which municipality the enterprise belongs to")).in_(actor.language))
    seat: str = registers.look_up(actor, purpose, "entities.organisation", party.id)["municipality"]
    return seat


def _number(authority: UUID, year: int) -> str:
    """The authority's next number this year, without gaps: the counter's row is held until the case is there."""
    Counter.objects.bulk_create([Counter(authority=authority, year=year)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(authority=authority, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{year}/{counter.last}"


def _set_going(actor: Actor, case: Case, form: drafts.Form, named: Named, *, seen: bool) -> None:
    service, how = form.service, form.came
    event = append(case, "submitted", actor, how.as_data() if how else None)
    if how is None:
        _sign(actor, case, service, DECLARATION)
    journal(case, service.title, "in", None, event, received_on=how.received if how else None)
    if how is not None:
        _tell_of(actor, case, how)
    if _ask_others(actor, case, service, named, seen=seen and how is not None):
        return
    go_on(case, service, form.day)


def _tell_of(actor: Actor, case: Case, how: came.Came) -> None:
    """The party is told what was entered, and can object; the paper, or the officer's note, is her signature."""
    service = catalogue.at(case.service, case.digest).service
    came.record(actor, service.law, Party.parse(case.party), "change")
    letters.entered(case, service, how)


def _sign(actor: Actor, case: Case, service: catalogue.Service, text: Any) -> None:
    """Her signature over the contents, and in the document that everyone signs."""
    signature.sign(
        actor, reference=case.pk, document=signed_document(case), text=str(text), level=sign_level(service),
        paper=lambda: paper.made(case, service, contents(case), text, actor.language),
    )  # fmt: skip


# --- Others who sign -------------------------------------------------------------------------------


def _ask_others(actor: Actor, case: Case, service: catalogue.Service, named: Named, *, seen: bool) -> bool:
    """Ask those who must sign besides her; False when there are none, or their signatures are ``seen`` on paper."""
    hers = (case.applicant, Party.parse(case.party).id)
    others = [one for one in _others(case, service, named) if one not in hers]
    partners = _partners(actor)
    asked = dict.fromkeys(others, False) | {one: True for one in partners if one not in others}
    if not asked:
        return False
    due = legal_deadline(timezone.localdate(), service.sign.within)
    signers = [Signer(case=case, person=one, due=due, either=either) for one, either in asked.items()]
    if seen:
        for one in signers:
            one.answer, one.answered = "paper", timezone.now()
    Signer.objects.bulk_create(signers)
    if seen:
        return False
    _tell_next(case, service)
    outbox.put("cases.time_is_out", str(case.pk), {"case": str(case.pk)}, due=end_of(due))
    return True


def _tell_next(case: Case, service: catalogue.Service) -> None:
    """Tell those whose turn it is; being told twice counts once."""
    waiting = list(Signer.objects.filter(case=case, answer="").order_by("id").values_list("person", flat=True))
    for one in waiting[:1] if service.sign.in_order else waiting:
        notification.nudge(Party("person", one), "to-sign", f"{case.pk}:{one}")


def her_turn(signer: Signer) -> bool:
    """Whether she may answer now: where they sign in order, those before her have."""
    if not catalogue.at(signer.case.service, signer.case.digest).service.sign.in_order:
        return True
    return not Signer.objects.filter(case=signer.case, answer="", pk__lt=signer.pk).exists()


def _partners(actor: Actor) -> list[UUID]:
    """Those of whom one must sign with her, when she binds the enterprise only together with another."""
    if actor.person is None or not actor.together:
        return []
    return registers.co_signers(actor.person, actor.party.id)


def _others(case: Case, service: catalogue.Service, named: Named) -> list[UUID]:
    also, when = service.sign.also, service.sign.when
    if also is None:
        return []
    held = contents(case)
    values = catalogue.scope(service, held["answers"], held["known"], timezone.localdate(case.submitted))
    if when and not when.holds(values):
        return []
    if also in service.knows:
        return [UUID(one["id"]) for one in held["known"].get(also) or []]
    return [named[number] for number in _numbers(held["answers"].get(also) or [])]


@transaction.atomic
def sign(
    actor: Actor, case_id: UUID, *, agree: bool, remark: str = "", typed: Mapping[str, list[str]] | None = None
) -> None:
    """Answer a request to sign. Answering twice counts once. ``typed``: what she filled in of her own, where the
    service asks for it; one who does not agree is not asked.

    Raises NotFound, NotAllowed, Conflict when it is over, and Invalid when she disagrees without a word, or with
    too many, or by field when what she filled in cannot be used.
    """
    if actor.on_behalf_of is not None or actor.is_officer or actor.person is None:
        raise NotAllowed(code="sign-yourself")
    case = locked(case_id)
    signer = Signer.objects.filter(case=case, person=actor.person).first()
    if signer is None:
        raise NotFound()
    if signer.answer:
        return
    if not her_turn(signer):
        raise NotFound()
    words = "" if agree else _remark(remark)
    service = catalogue.at(case.service, case.digest).service
    hers = part.read(signer, typed or {}) if agree else None
    if agree:
        _sign(actor, case, service, service.sign.text or DECLARATION)
    event = append(case, "signed" if agree else "declined", actor, {"name": actor.name, "remark": words})
    if hers is not None:
        _keep_part(actor, case, signer, hers, event)
    _answered(signer, "signed" if agree else "declined", words)
    if _fails(signer, must=service.sign.must):
        _lapse(case)
    elif not Signer.objects.filter(case=case, answer="").exists():
        go_on(case, service)
    elif service.sign.in_order:
        _tell_next(case, service)


def _keep_part(actor: Actor, case: Case, signer: Signer, hers: dict[str, Any], event: Event) -> None:
    """What she filled in, signed in a document of its own and journalled; the event does not tell what it was."""
    service = catalogue.at(case.service, case.digest).service
    text = service.sign.text or DECLARATION
    reference = part.sign(actor, signer, hers, signed_document(case), text, sign_level(service))
    title = said(_("Filled in by one who signs: %(title)s"), title=service.title)
    journal(case, title, "in", reference, event, other=actor.name, private=True)


def _fails(signer: Signer, *, must: bool) -> bool:
    """Whether this answer stops the case. Of those who sign together with another, one is enough."""
    others = Signer.objects.filter(case=signer.case, either=True, answer="")
    if signer.either and signer.answer == "signed":
        others.update(answer="released")
    if signer.answer == "signed":
        return False
    return not others.exists() if signer.either else must


def _remark(text: str) -> str:
    words = written(text)
    if not words:
        raise Invalid(errors={"remark": [_("Write what you want to say")]})
    if len(words) > LONGEST_REMARK:
        raise Invalid(errors={"remark": [_("Write at most 4000 characters")]})
    return words


def _answered(signer: Signer, answer: str, remark: str = "") -> None:
    signer.answer = answer
    signer.answered = timezone.now()
    signer.remark = seal(remark.encode(), f"remark:{signer.case_id}:{signer.person}") if remark else None
    signer.save()


def close_signing(case_id: UUID) -> None:
    """The time to sign is out: go on without those who are silent, or lapse where they had to sign."""
    case = locked(case_id)
    if case.state != State.SIGNING:
        return
    service = catalogue.at(case.service, case.digest).service
    missing = Signer.objects.filter(case=case, answer="")
    alone = missing.filter(either=True).exists()  # nobody signed together with her: one signature releases the rest
    for signer in missing:
        _answered(signer, "silent")
    if service.sign.must or alone:
        _lapse(case)
    else:
        go_on(case, service)


def _lapse(case: Case) -> None:
    append(case, "lapsed", system(case))
    notification.nudge(Party.parse(case.party), "case-news", f"lapsed:{case.pk}")


# --- Fee, and on to the authority --------------------------------------------------------------------


def system(case: Case) -> Actor:
    """The authority's own hand: a rule or the worker."""
    return Actor.system(case.desk, registers.authority(case.desk).name)


def period_of(case: Case) -> str:
    """How long the answer may take, by what was sent."""
    service, held = catalogue.at(case.service, case.digest).service, contents(case)
    return catalogue.deadline(service, held["answers"], held["known"], timezone.localdate(case.submitted))


def go_on(case: Case, service: catalogue.Service, since: date | None = None) -> None:
    """To the fee, or to the authority; a rule is asked at once, by the worker. ``since``: the day it came, when it
    waited for nothing."""
    actor = system(case)
    held = contents(case)
    kroner = catalogue.fee(service, held["answers"], held["known"], timezone.localdate(case.submitted))
    if kroner and case.state == State.SIGNING:
        append(case, "billed", actor, {"kroner": kroner})
        payment.bill(
            Party.parse(case.party), creditor=case.authority, creditor_name=actor.authority_name, case=case.pk,
            case_number=case.number, amount=kroner * 100, text=service.title, key=f"fee:{case.pk}",
            service=case.service,
        )  # fmt: skip
        return
    append(case, "received", actor)
    deadlines.begin(case, period_of(case), since)
    if service.at_once:
        outbox.put("cases.by_rule", str(case.pk), {"case": str(case.pk)})


def hold(*, case: UUID) -> None:
    """A payment is about to be recorded: the case is held before the bill, as everywhere else."""
    locked(case)


def paid(*, case: UUID, **facts: Any) -> None:
    """The fee came in. A case that is past paying is left as it is: the payment room gives the money back."""
    row = locked(case)
    if row.state != State.PAYING:
        return
    append(row, "paid", system(row))
    go_on(row, catalogue.at(row.service, row.digest).service)


def hers(actor: Actor, case_id: UUID) -> Case:
    """The case, held, when it is the party's own. Raises NotFound, NotAllowed when her mandate does not cover it."""
    case = locked(case_id)
    drafts.hers(actor, case.party, catalogue.at(case.service, case.digest).service, case.authority)
    return case


@transaction.atomic
def withdraw(actor: Actor, case_id: UUID, revision: int | None = None) -> None:
    """Take an application back before it is decided. Raises NotFound for another's, Conflict when it is too late."""
    case = hers(actor, case_id)
    if case.state == State.WITHDRAWN:
        return
    if case.outcome or payment.too_much(case.pk):  # a decision stands, or has paid, though it is looked at again
        raise Conflict(code="not-now", state=case.state)
    append(case, "withdrawn", actor, revision=revision)
    payment.cancel(case.pk)
    service = catalogue.at(case.service, case.digest).service
    journal(case, said(_("Withdrawn: %(title)s"), title=service.title), "in", case.pk)
    events.publish("cases.withdrawn", case=case.pk, service=case.service)
