"""Cases as their readers see them: the party's own, and the authority's queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.cases import assigning, certificates, files, inquiry, noting, part, revising
from allting.common.cases.came import SCAN, Came
from allting.common.cases.deadlines import next_working_days
from allting.common.cases.deciding import is_late, may_still_appeal, proposed, too_near
from allting.common.cases.drafts import hers, within_mandate
from allting.common.cases.facts import Fact, facts
from allting.common.cases.journalling import contents
from allting.common.cases.letters import payment_line
from allting.common.cases.lifecycle import AT_WORK, UNDECIDED, State, may, said
from allting.common.cases.models import Case, Event, Signer
from allting.common.cases.ruling import Decision, last_facts, of_facts
from allting.common.cases.sent import Sent, sent_as
from allting.common.cases.shown import Answer, Pages, answers
from allting.common.cases.signing import asked_to_sign
from allting.common.cases.stages import Stage, stages
from allting.common.cases.viewed import WHY_HANDLE, WHY_SIGN, record
from allting.common.cases.wording import COLOURS, ENTERED, EVENTS, INTERNAL, LATE_APPEAL, OTHERS, OUTCOMES, STATES
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.payment import api as payment
from allting.common.queries.api import Compiled
from allting.common.registers import api as registers
from allting.common.signature import api as signature
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import unseal
from allting.kernel.problems import NotFound
from allting.kernel.rules import Outcome
from allting.kernel.text import Text


class Status:
    """Where a case is, in a word and a colour."""

    state: State
    outcome: str

    @property
    def granted(self) -> Any:
        """What a case that went well is called."""
        raise NotImplementedError

    @property
    def status(self) -> Any:
        over = self.outcome and self.state in (State.DECIDED, State.CLOSED)
        if over and self.outcome == "granted":
            return self.granted
        return OUTCOMES[self.outcome] if over else STATES[self.state]

    @property
    def colour(self) -> str:
        over = self.outcome and self.state in (State.DECIDED, State.CLOSED)
        return COLOURS.get(self.outcome if over else self.state, "info")


@dataclass(frozen=True)
class Listed(Status):
    """One line of a list of cases."""

    id: UUID
    number: str
    title: Text
    sent: Sent
    authority: str
    state: State
    outcome: str
    submitted: datetime
    due: date
    overdue: bool
    mine: bool = False
    soon: bool = False
    reply_by: date | None = None
    taken: bool = False

    @property
    def granted(self) -> Any:
        return self.sent.granted


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the timeline; ``text`` and ``grounds`` are what was written with it, ``by`` who did it at work,
    ``sent_by`` who did it on behalf of the party, ``to`` the authority it went to, ``came`` how it came that was
    entered for the party."""

    kind: str
    at: datetime
    text: str
    grounds: list[Text]
    by: str
    sent_by: str = ""
    late: bool = False
    to: str = ""
    came: Came | None = None

    @property
    def title(self) -> Any:
        if self.came is not None:
            return ENTERED
        return LATE_APPEAL if self.late else EVENTS[self.kind]


@dataclass(frozen=True, slots=True)
class Signature:
    """One who was asked to sign. ``part``: what she filled in of her own, for those who handle the case only; ``id``:
    of its signed document."""

    name: str
    answer: str
    due: date
    remark: str
    part: Pages
    id: UUID


@dataclass(frozen=True, slots=True)
class Inside:
    """What only those who handle a case see."""

    notes: list[noting.Noted]
    reminders: list[date]
    inquiries: list[inquiry.Asked]
    colleagues: list[tuple[UUID, str]]
    reply_by: date | None
    proposed: dict[str, Any] | None = None


@dataclass(frozen=True)
class View(Status):
    """A case opened: everything its page shows, and what the reader may do (``can``)."""

    id: UUID
    number: str
    service: catalogue.Service
    authority: str
    desk: str
    party_name: str
    state: State
    outcome: str
    revision: int
    submitted: datetime
    due: date
    decided: date | None
    appeal_until: date | None
    late: bool
    pages: list[tuple[Text, list[Answer]]]
    events: list[Happened]
    signers: list[Signature]
    can: frozenset[str]
    bill: Any = None
    letter: UUID | None = None
    journal: list[archive.JournalEntry] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    answer: Outcome | None = None
    officer: str = ""
    signed: bool = False
    has_files: bool = False
    inside: Inside | None = None
    hearings: list[inquiry.Asked] = field(default_factory=list)
    money: revising.Money | None = None
    running: list[payment.Running] = field(default_factory=list)
    scans: list[files.File] = field(default_factory=list)
    gives: list[certificates.Given] = field(default_factory=list)

    @property
    def sent(self) -> Sent:
        """What its page calls what was sent in."""
        return sent_as(self.service)

    @property
    def granted(self) -> Any:
        return self.sent.granted

    @property
    def answer_pays(self) -> list[Text]:
        """What the rule's answer would pay, as the letter says it."""
        return [payment_line(one) for one in self.answer.pays] if self.answer else []

    @property
    def came(self) -> Came | None:
        """How it came, when an officer entered it for the party."""
        return next((one.came for one in self.events if one.kind == "submitted"), None)

    def last(self, kind: str) -> Happened | None:
        """The latest event of a kind."""
        return next((one for one in reversed(self.events) if one.kind == kind), None)

    @property
    def stages(self) -> list[Stage]:
        """Its way, from sent to answered."""
        return stages(
            self.state, self.events, others=bool(self.signers), fee=self.service.fee is not None, due=self.due
        )


FIRST = 5  # how many my page shows
_first: Compiled[str, Case] = Compiled(
    str, lambda party: Case.objects.filter(party=party).defer("content").order_by("-id")[:FIRST]
)


def my_cases(actor: Actor, before: UUID | None = None, limit: int = 20) -> list[Listed]:
    """The party's cases, newest first; ``before`` is the last id of the page before."""
    if actor.is_officer or actor.who is None:
        return []
    if before is None and limit <= FIRST and actor.scope.limits() is None:
        return listed(_first(str(actor.party))[:limit], actor)
    rows = Case.objects.filter(registers.within(actor), party=str(actor.party)).defer("content").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return listed(list(rows[:limit]), actor)


def stamp(actor: Actor) -> str:
    """Changes when something happens to one of the party's cases."""
    if actor.is_officer or actor.person is None:
        return ""
    rows = Case.objects.filter(registers.within(actor), party=str(actor.party))
    return str(rows.aggregate(all=Sum("revision"), cases=Count("id")))


def listed(rows: Sequence[Case], actor: Actor) -> list[Listed]:
    """Rows as lines of a list; ``soon`` is within the days of a warning."""
    names = {one: registers.authority(one).name for one in {row.authority for row in rows}}
    today = timezone.localdate()
    near = next_working_days(today)
    services = {row.pk: catalogue.at(row.service, row.digest).service for row in rows}
    return [
        Listed(
            row.pk, row.number, services[row.pk].title, sent_as(services[row.pk]), names[row.authority],
            State(row.state), row.outcome, row.submitted, row.due,
            row.due < today and row.state in AT_WORK, row.officer is not None and row.officer == actor.person,
            today <= row.due <= near and row.state in AT_WORK,
            row.reply_by if row.reply_by and row.reply_by <= near and row.state in UNDECIDED else None,
            row.officer is not None,
        )
        for row in rows
    ]  # fmt: skip


def view(actor: Actor, case_id: UUID) -> View:
    """The party's own case. Raises NotFound, also for another's, and NotAllowed when her mandate does not cover it."""
    row = Case.objects.filter(pk=case_id).first()
    if row is None:
        raise NotFound()
    hers(actor, row.party, catalogue.at(row.service, row.digest).service, row.authority)
    return _view(row, actor, _party_can(row))


@transaction.atomic
def for_officer(actor: Actor, case_id: UUID) -> View:
    """A case at the officer's desk; that she opened it stands in the log. Raises NotFound."""
    row = Case.objects.filter(pk=case_id).first()
    if row is None or not actor.is_officer or actor.authority not in (row.desk, row.authority):
        raise NotFound()
    service = catalogue.at(row.service, row.digest).service
    record(actor, row, "case.contents", sorted(service.fields))
    can = frozenset() if too_near(actor, row) else _officer_can(row, actor)
    return _view(row, actor, can, inside=True)


def _party_can(row: Case) -> frozenset[str]:
    actions = {name for name in ("withdrawn", "answered", "appealed") if may(row.state, name)}
    if row.outcome:  # a decision stands, though it is looked at again
        actions.discard("withdrawn")
    if row.state == State.PROPOSED and not may_still_appeal(row):
        actions.discard("appealed")
    if may(row.state, "told") and payment.running_of_case(row.pk):
        actions.add("told")
    return frozenset(actions)


AT_ONCE = (
    "taken", "assigned", "put-back", "asked", "heard", "consulted", "wrote", "delayed", "decided", "reversed",
    "forwarded", "appeal-decided", "annulled", "reopened",
)  # fmt: skip


def _officer_can(row: Case, actor: Actor) -> frozenset[str]:
    if row.desk != actor.authority:  # after an appeal the first authority may take it up again
        return frozenset(["reopened", *_about_money(row)] if row.state == State.CLOSED else [])
    if row.state != State.PROPOSED:
        return frozenset(kind for kind in (*AT_ONCE, *_about_money(row)) if may(row.state, kind))
    _chosen, first = proposed(row)
    return frozenset({"assigned", "put-back", "sent-back"} | ({"countersigned"} if first != actor.person else set()))


def _about_money(row: Case) -> tuple[str, ...]:
    """What is paid month by month, or was paid too much, may be changed."""
    held = revising.money(row)
    if held is None:
        return ()
    return ("revised", "kept") if held.pending else ("revising",)


def _view(row: Case, actor: Actor, can: frozenset[str], *, inside: bool = False) -> View:
    published = catalogue.at(row.service, row.digest)
    held = contents(row)
    names = {one: registers.authority(one).name for one in {row.authority, row.desk}}
    party, sent = Party.parse(row.party), files.of(case=row.pk)
    found = facts(published, held, timezone.localdate(row.submitted), last_facts(row)) if inside else []
    return View(
        id=row.pk, number=row.number, service=published.service, authority=names[row.authority], desk=names[row.desk],
        party_name=registers.name_of(party), state=State(row.state), outcome=row.outcome, revision=row.revision,
        submitted=row.submitted, due=row.due, decided=row.decided, appeal_until=row.appeal_until, late=is_late(row),
        pages=answers(published.service, held, sent), has_files=bool(sent), events=_events(row, inside=inside),
        signers=_signers(row, actor if inside else None), can=can, inside=_inside(row, actor) if inside else None,
        hearings=[] if inside else inquiry.hearings_of(actor, row.pk),
        bill=None if inside else payment.bill_of_case(row.pk),
        letter=None if inside else mailbox.latest(actor, row.pk),
        journal=archive.entries(row.pk) if inside else [],
        money=revising.money(row) if inside else None, running=[] if inside else payment.running_of_case(row.pk),
        facts=found, answer=of_facts(row, held, found) if inside and not can.isdisjoint(get_args(Decision)) else None,
        officer=registers.name_of(Party("person", row.officer)) if inside and row.officer else "",
        signed=signature.has_document(row.pk), scans=[one for one in sent if one.field == SCAN],
        gives=certificates.given(actor, row, published.service),
    )  # fmt: skip


def _inside(row: Case, actor: Actor) -> Inside:
    return Inside(
        noting.notes(actor, row), [day for day, _case, _number in noting.reminders(actor, row.pk)],
        inquiry.of_case(row), assigning.colleagues(actor), row.reply_by,
        proposed(row)[0] if row.state == State.PROPOSED else None,
    )  # fmt: skip


def _events(row: Case, *, inside: bool) -> list[Happened]:
    found: list[Happened] = []
    rows = [one for one in Event.objects.filter(case=row).order_by("id") if inside or one.kind not in INTERNAL]
    acting = {one.person for one in rows if one.on_behalf_of and one.person}
    names = {one: registers.name_of(Party("person", one)) for one in acting}
    for event in rows:
        content = said(event)
        by = content.get("by") or content.get("name") or ""
        grounds = [Text(one) for one in content.get("grounds", [])]
        for_whom = names[event.person] if event.on_behalf_of and event.person else ""
        late = bool(content.get("late"))
        if not inside and event.kind in OTHERS:
            content, by = {}, ""
        words, to = content.get("text", ""), content.get("to", "")
        came = Came.of_data(content) if event.kind == "submitted" else None
        found.append(Happened(event.kind, event.at, words, grounds, by, for_whom, late, to, came))
    return found


def _signers(row: Case, officer: Actor | None) -> list[Signature]:
    """Those who were asked to sign; for an officer with what they filled in, which stands in their logs."""
    found = []
    for one in Signer.objects.filter(case=row).select_related("case").order_by("id"):
        remark = unseal(bytes(one.remark), f"remark:{row.pk}:{one.person}").decode() if one.remark else ""
        name = registers.name_of(Party("person", one.person))
        hers = part.pages(one) if officer else []
        if officer and one.part is not None:
            _record_part(officer, row, one)
        found.append(Signature(name, one.answer, one.due, remark, hers, part.reference(one)))
    return found


@transaction.atomic
def file(actor: Actor, case_id: UUID, file_id: UUID) -> tuple[files.File, bytes]:
    """A file of a case, for the party, the officer (recorded) or one who was asked to sign. Raises NotFound."""
    row, _service, why = _reader(actor, case_id)
    found = files.content(file_id, case=case_id)
    if why:
        record(actor, row, "case.document", why=why)
    return found


@transaction.atomic
def signed(actor: Actor, case_id: UUID) -> tuple[str, bytes]:
    """The case's number and its signed application (PDF/A with PAdES), for the same readers. Raises NotFound."""
    row, service, why = _reader(actor, case_id)
    found = signature.document(case_id)
    if found is None:
        raise NotFound()
    if why:
        record(actor, row, "case.contents", sorted(service.fields), why)
    return row.number, found


def _reader(actor: Actor, case_id: UUID) -> tuple[Case, catalogue.Service, Any]:
    """The case, when she may read its documents, and why; it is her own when there is no reason. Raises NotFound."""
    row = Case.objects.filter(pk=case_id).first()
    if row is None or actor.who is None:
        raise NotFound()
    service = catalogue.at(row.service, row.digest).service
    if str(actor.party) == row.party and not actor.is_officer:
        within_mandate(actor, service, row.authority)
        return row, service, ""
    if actor.is_officer:
        allowed, why = actor.authority in (row.desk, row.authority), WHY_HANDLE
    else:
        allowed, why = asked_to_sign(actor, case_id) is not None, WHY_SIGN
    if not allowed:
        raise NotFound()
    return row, service, why


@transaction.atomic
def signed_part(actor: Actor, case_id: UUID, part_id: UUID | None = None) -> tuple[str, bytes]:
    """The case's number and what one who signed filled in of her own (PDF/A with PAdES): for herself, and, by the
    document's id, for an officer of the case, which stands in her log. Raises NotFound."""
    row, mine = Case.objects.filter(pk=case_id).first(), asked_to_sign(actor, case_id)
    if row is not None and actor.is_officer and actor.authority in (row.desk, row.authority):
        rows = Signer.objects.filter(case=row).exclude(part=None).select_related("case")
        mine = next((one for one in rows if part.reference(one) == part_id), None)
    found = part.document(mine) if mine is not None else None
    if mine is None or found is None:
        raise NotFound()
    if actor.is_officer:
        _record_part(actor, mine.case, mine)
    return mine.case.number, found


def _record_part(actor: Actor, row: Case, signer: Signer) -> None:
    """In the log of the one who answered."""
    asked = part.form(signer)
    fields = sorted(asked.service.fields) if asked else []
    record(actor, row, "case.part", fields, about=Party("person", signer.person))
