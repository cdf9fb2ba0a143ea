"""What is asked before a decision: of another authority, and of those it concerns (forvaltningsloven §§ 16 and 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.cases import letters
from allting.common.cases.deadlines import end_of
from allting.common.cases.deciding import at_desk, document, words_of
from allting.common.cases.journalling import journal
from allting.common.cases.lifecycle import State, append, locked
from allting.common.cases.models import Case, Inquiry
from allting.common.cases.submitting import system
from allting.common.cases.viewed import WHY_ADVISE, record
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.notification import api as notification
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.calendar import legal_deadline
from allting.kernel.encryption import seal, unseal
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.kernel.text import Text, said

SHORTEST, LONGEST = 3, 90  # days to answer
MOST_HEARD = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a case with its answer, as the one asked and the one asking see it."""

    id: UUID
    case: UUID
    case_number: str
    title: Text
    asker: str
    who: str
    question: str
    answer: str
    asked: datetime
    due: date
    answered: datetime | None
    open: bool


# --- Another authority -------------------------------------------------------------------------------


@transaction.atomic
def consult(actor: Actor, case_id: UUID, revision: int, authority: str, question: str, days: int) -> UUID:
    """Ask another authority, by its name or slug. It sees the question and the case's number, and nothing else of the
    case: what it needs to know is written in the question. Raises Invalid, Conflict and as ``at_desk``."""
    case = at_desk(actor, case_id)
    words, due = words_of("question", question), due_after(days)
    asked = _authority(authority)
    held = {"name": actor.name, "text": words, "to": asked.name}
    event = append(case, "consulted", actor, held, revision=revision)
    row = _keep(case, words, due, authority=asked.id)
    journal(case, said(_("Question to another authority")), "out", row.pk, event, other=asked.name)
    return row.pk


def _authority(named: str) -> registers.Authority:
    """The one with this slug or name, or the only one whose name has it."""
    text = named.strip().lower()
    found = [one for one in registers.authorities() if text and (text in one.name.lower() or text == one.slug)]
    exact = [one for one in found if text in (one.name.lower(), one.slug)]
    if len(exact or found) != 1:
        raise Invalid(errors={"authority": [_("We find no authority, or several, with this name. Write it in full.")]})
    return (exact or found)[0]


def to_answer(actor: Actor) -> list[Asked]:
    """What other authorities ask the officer's, the most urgent first; the words are read one by one (``question``),
    for that is a view of the case."""
    if not actor.is_officer:
        return []
    rows = Inquiry.objects.select_related("case").filter(authority=actor.authority, answered=None)
    return [replace(_asked(row), question="") for row in rows.order_by("due", "id")[:50]]


@transaction.atomic
def question(actor: Actor, inquiry_id: UUID) -> Asked:
    """A question to the officer's authority; that she read it stands in the party's log. Raises NotFound, also for
    another's."""
    row = _to_authority(actor, inquiry_id)
    record(actor, row.case, "case.question", why=WHY_ADVISE)
    return _asked(row)


@transaction.atomic
def advise(actor: Actor, inquiry_id: UUID, text: str) -> None:
    """The other authority's answer. Raises Invalid without words, Conflict when it is answered, NotFound."""
    case = locked(_to_authority(actor, inquiry_id).case_id)
    row, words = _to_authority(actor, inquiry_id), words_of("text", text)
    held = {"name": actor.authority_name, "text": words}
    event = append(case, "advised", actor, held)
    _answer(row, words)
    journal(case, said(_("Answer from another authority")), "in", document(case), event, other=actor.authority_name)
    if case.officer is not None:
        notification.nudge(Party("person", case.officer), "work-news", f"advised:{row.pk}")


def _to_authority(actor: Actor, inquiry_id: UUID) -> Inquiry:
    row = Inquiry.objects.select_related("case").filter(pk=inquiry_id).first()
    if row is None or not actor.is_officer or row.authority != actor.authority:
        raise NotFound()
    return row


# --- Those it concerns ---------------------------------------------------------------------------------


def hear(actor: Actor, case_id: UUID, revision: int, text: str, days: int, others: str = "") -> None:
    """Tell the party, and ``others`` by identity number (one a line), what is about to be decided, and let them speak.

    It is not decided before all have spoken or the time is out (forvaltningsloven § 16). Raises Invalid, Conflict and
    as ``at_desk``; who was looked up by number stands in the log even when nothing is sent.
    """
    with transaction.atomic():
        case = at_desk(actor, case_id)
    words, due = words_of("text", text), due_after(days)
    named = _named(actor, case, others)
    with transaction.atomic():
        case = at_desk(actor, case_id)
        case.officer = actor.person
        append(case, "heard", actor, {"name": actor.name, "text": words, "due": due.isoformat()}, revision=revision)
        for party in dict.fromkeys([Party.parse(case.party), *named]):
            _hear(case, party, words, due)
        key = f"{case.pk}:{case.revision}"
        outbox.put("cases.hearing_is_over", key, {"case": str(case.pk)}, due=end_of(due))


def _named(actor: Actor, case: Case, others: str) -> Sequence[Party]:
    numbers = others.split()
    if len(numbers) > MOST_HEARD:
        raise Invalid(errors={"others": [_("At most %(most)d at a time") % {"most": MOST_HEARD}]})
    law = catalogue.at(case.service, case.digest).service.law
    purpose = Purpose(law, said(_("Is to be heard in case %(number)s"), number=case.number).in_("nb"), case.pk)
    found = []
    for place, number in enumerate(numbers, 1):
        try:
            found.append(Party("person", registers.find_person(actor, purpose, number)))
        except NotFound:
            text = _("We do not find the person on line %(line)d. Check the number.") % {"line": place}
            raise Invalid(errors={"others": [text]}) from None
    return found


def hear_party(case: Case, texts: Sequence[Text], due: date) -> None:
    """Ask the case's own party to speak before something is decided; the words are kept in her language."""
    party = Party.parse(case.party)
    language = registers.contact(party).language
    _hear(case, party, "\n\n".join(one.in_(language) for one in texts), due, texts)


def _hear(case: Case, party: Party, words: str, due: date, texts: Sequence[Text] = ()) -> None:
    row = _keep(case, words, due, party=str(party))
    until = said(_("You may answer within %(days)s days."), days=str((due - timezone.localdate()).days))
    blocks = [*[mailbox.Paragraph(one) for one in texts or [Text.same(words)]], mailbox.Paragraph(until)]
    title = said(_("Tell us what you think before we decide"))
    letters.send(case, title, blocks, to=party, reply_at=f"/my/hearings/{row.pk}")


def hearing(actor: Actor, inquiry_id: UUID) -> Asked:
    """What the party is asked to say something about. Raises NotFound, also for another's."""
    return _asked(_to_party(actor, inquiry_id))


def hearings_of(actor: Actor, case_id: UUID) -> list[Asked]:
    """What the party is asked in a case and has not answered."""
    rows = Inquiry.objects.select_related("case").filter(case=case_id, party=str(actor.party), answered=None)
    return [one for row in rows.order_by("id") if (one := _asked(row)).open]


def remark(actor: Actor, inquiry_id: UUID, text: str) -> None:
    """What somebody who is heard has to say; when all have, the case goes on. Raises Invalid, Conflict, NotFound."""
    case_id = _to_party(actor, inquiry_id).case_id
    words = words_of("text", text)
    with transaction.atomic():
        case = locked(case_id)
        row = _to_party(actor, inquiry_id)
        heard = Party.parse(row.party)
        who, private = registers.name_of(heard), heard.kind == "person"
        event = append(case, "remarked", actor, {"name": who, "text": words})
        _answer(row, words)
        title = said(_("Remark from one who is heard"))
        journal(case, title, "in", document(case), event, other=who, private=private)
        if not _silent(case):
            _go_on(case)


def close_hearing(case_id: UUID) -> None:
    """The time to speak is over: go on without those who are silent. Not while somebody has a later day."""
    case = locked(case_id)
    if case.state == State.HEARING and not [row for row in _silent(case) if row.due > timezone.localdate()]:
        _go_on(case)


def _silent(case: Case) -> list[Inquiry]:
    return list(Inquiry.objects.filter(case=case, authority=None, answered=None))


def _go_on(case: Case) -> None:
    append(case, "hearing-over", system(case))
    if case.officer is not None:
        notification.nudge(Party("person", case.officer), "work-news", f"heard:{case.pk}:{case.revision}")


def _to_party(actor: Actor, inquiry_id: UUID) -> Inquiry:
    row = Inquiry.objects.select_related("case").filter(pk=inquiry_id, authority=None).first()
    if row is None or actor.is_officer or actor.who is None or row.party != str(actor.party):
        raise NotFound()
    return row


# --- Both ----------------------------------------------------------------------------------------------


def of_case(case: Case) -> list[Asked]:
    """Everything that was asked in a case, for those who handle it."""
    return [_asked(row) for row in Inquiry.objects.select_related("case").filter(case=case).order_by("id")]


def due_after(days: int) -> date:
    """The last day to answer. Raises Invalid by "days"."""
    if not SHORTEST <= days <= LONGEST:
        raise Invalid(errors={"days": [_("Write between 3 and 90 days")]})
    return legal_deadline(timezone.localdate(), f"{days} days")


def _keep(case: Case, words: str, due: date, *, authority: UUID | None = None, party: str = "") -> Inquiry:
    row = Inquiry(id=uuid7(), case=case, asked_by=case.desk, authority=authority, party=party, due=due)
    row.content = seal(words.encode(), f"inquiry:{row.pk}")
    row.save(force_insert=True)
    return row


def _answer(row: Inquiry, words: str) -> None:
    if row.answered is not None:
        raise Conflict(code="answered")
    row.answer, row.answered = seal(words.encode(), f"inquiry-answer:{row.pk}"), timezone.now()
    row.save(update_fields=["answer", "answered"])


def _asked(row: Inquiry) -> Asked:
    service = catalogue.at(row.case.service, row.case.digest).service
    who = registers.authority(row.authority).name if row.authority else registers.name_of(Party.parse(row.party))
    answer = unseal(bytes(row.answer), f"inquiry-answer:{row.pk}").decode() if row.answer else ""
    opened = row.answered is None and (row.authority is not None or row.case.state == State.HEARING)
    return Asked(
        row.pk, row.case_id, row.case.number, service.title, registers.authority(row.asked_by).name, who,
        unseal(bytes(row.content), f"inquiry:{row.pk}").decode(), answer, row.asked, row.due, row.answered, opened,
    )  # fmt: skip
