"""A decision that pays month by month is stopped or changed, and what was paid too much is claimed back.

The party is told first and may speak (forvaltningsloven § 16), unless she told of it herself or gets more. It ends in
a decision with a letter and a right to appeal. What is claimed back is the officer's choice under the service's own
paragraph, never the platform's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import deadlines, inquiry, letters, revising_letters
from allting.common.cases.deciding import at_desk, document, settle_claims, words_of
from allting.common.cases.journalling import journal
from allting.common.cases.lifecycle import State, append, locked, said
from allting.common.cases.models import Case, Event
from allting.common.cases.submitting import hers, period_of, system
from allting.common.catalogue import api as catalogue
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.kernel.actor import Actor
from allting.kernel.calendar import legal_deadline
from allting.kernel.money import ore
from allting.kernel.problems import Conflict, Invalid, NotAllowed
from allting.kernel.text import Text
from allting.kernel.text import said as in_words

DECISIONS = ("decided", "reversed", "appeal-decided", "annulled", "revised", "kept")
BILL_DAYS = 14  # at the least, to pay what is claimed back


@dataclass(frozen=True, slots=True)
class Revision:
    """What is meant: ``amount`` øre a month from ``month`` on, None: nothing; no month: only what was too much.

    ``too_much``: øre that it leaves paid too much, as the party was told; ``by_rule``: a rule says so.
    """

    month: date | None = None
    amount: int | None = None
    too_much: int = 0
    by_rule: bool = False

    def as_data(self) -> dict[str, Any]:
        month = self.month.isoformat() if self.month else None
        return {"month": month, "amount": self.amount, "too_much": self.too_much, "by_rule": self.by_rule}


@dataclass(frozen=True, slots=True)
class Money:
    """A case's money as the officer sees it: what runs, what was paid too much, and what the party was told of."""

    running: list[payment.Running]
    too_much: list[payment.TooMuch]
    pending: Revision | None
    claim_law: str

    @property
    def claimable(self) -> int:
        return sum(one.amount for one in self.too_much if not one.waiting)


Wanted = Revision | tuple[str, str, str]  # or as it was typed: what, day and kroner


def read_revision(wanted: Wanted) -> Revision:
    """What an officer typed. Raises Invalid by "what", "day" and "amount"."""
    if isinstance(wanted, Revision):
        return wanted
    what, day, kroner = wanted
    errors: dict[str, list[Any]] = {}
    month = _day(day)
    if what not in ("stop", "change", "claim"):
        errors["what"] = [_("Choose what is to happen")]
    if what in ("stop", "change") and month is None:
        errors["day"] = [_("Write a day in the first month it holds for")]
    amount = ore(kroner) if what == "change" else None
    if what == "change" and amount is None:
        errors["amount"] = [_("Write an amount")]
    if errors:
        raise Invalid(errors=errors)
    return Revision() if what == "claim" or month is None else Revision(month.replace(day=1), amount)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


# --- The party --------------------------------------------------------------------------------------------------


@transaction.atomic
def tell(actor: Actor, case_id: UUID, text: str, revision: int | None = None) -> None:
    """The party tells of something that may change what she is paid; the case comes to the authority's queue.

    Raises Invalid without words, Conflict when nothing is paid by it, NotFound for another's case.
    """
    words = words_of("text", text)
    case = hers(actor, case_id)
    if not payment.running_of_case(case.pk):
        raise Conflict(code="nothing-is-paid")
    home(case)
    event = append(case, "told", actor, {"text": words}, revision=revision)
    deadlines.begin(case, period_of(case))
    journal(case, in_words(_("Told of a change")), "in", document(case), event)


def home(case: Case) -> None:
    """After an appeal the case comes back to the authority that pays."""
    if case.state == State.CLOSED and case.desk != case.authority:
        case.desk = case.authority
        case.save(update_fields=["desk"])


# --- The officer ------------------------------------------------------------------------------------------------


def _held(actor: Actor, case_id: UUID) -> Case:
    case = locked(case_id)
    if actor.authority == case.authority:
        home(case)
    return at_desk(actor, case_id)


@transaction.atomic
def revise(actor: Actor, case_id: UUID, revision: int, wanted: Wanted, why: str, days: int) -> None:
    """Tell the party what is meant with her payments, and why, and let her speak. Raises Invalid, Conflict and as
    ``at_desk``."""
    words, due = words_of("why", why), inquiry.due_after(days)
    case, meant = _held(actor, case_id), read_revision(wanted)
    _check(case, meant)
    case.officer = actor.person
    let_speak(case, actor, meant, [Text.same(words)], due, revision)


def let_speak(
    case: Case, actor: Actor, wanted: Revision, why: Sequence[Text], due: date, revision: int | None = None
) -> None:
    """The letter that tells of it, and the wait for an answer; the case is held."""
    wanted = Revision(wanted.month, wanted.amount, _over(case, wanted), wanted.by_rule)
    name = "" if wanted.by_rule else actor.name
    content = {"name": name, "grounds": _kept(why), "due": due.isoformat(), "revision": wanted.as_data()}
    append(case, "revising", actor, content, revision=revision)
    deadlines.begin(case, period_of(case))
    question = revising_letters.meant(wanted.month, wanted.amount, wanted.too_much, why)
    inquiry.hear_party(case, question, due)
    key = f"{case.pk}:{case.revision}"
    outbox.put("cases.hearing_is_over", key, {"case": str(case.pk)}, due=deadlines.end_of(due))


@transaction.atomic
def revise_now(actor: Actor, case_id: UUID, revision: int, wanted: Wanted, grounds: str) -> None:
    """Decide it without telling her first: she told of it herself, or gets more. Raises Invalid, Conflict."""
    words = words_of("why", grounds)
    case, meant = _held(actor, case_id), read_revision(wanted)
    _check(case, meant)
    if meant.month is None or not (_told(case) or _more(case, meant)):
        raise Invalid(errors={"how": [_("The party must be told first (forvaltningsloven § 16)")]})
    case.officer = actor.person
    conclude(case, actor, meant, [Text.same(words)], revision)


@transaction.atomic
def conclude_revision(actor: Actor, case_id: UUID, revision: int, outcome: str, grounds: str, kroner: str = "") -> None:
    """After she was heard: "revised" as she was told, or "kept" as it was. ``kroner``: how much is claimed back.

    Raises Invalid, Conflict when nothing waits, NotAllowed where another officer must decide.
    """
    words = words_of("grounds", grounds)
    case = at_desk(actor, case_id)
    wanted = pending(case)
    if wanted is None:
        raise Conflict(code="not-now", state=case.state)
    if outcome not in ("revised", "kept"):
        raise Invalid(errors={"outcome": [_("Choose a result")]})
    _second(case, actor)
    case.officer = actor.person
    if outcome == "kept":
        _keep(case, actor, words, revision)
    else:
        conclude(case, actor, wanted, [Text.same(words)], revision, _claimed(case, wanted, kroner))


def _second(case: Case, actor: Actor) -> None:
    """Where a service wants two officers, whoever told the party does not decide."""
    first = Event.objects.filter(case=case, kind="revising").order_by("-id").first()
    countersigned = catalogue.at(case.service, case.digest).service.countersigned
    if countersigned and first is not None and first.person == actor.person:
        raise NotAllowed(code="same-officer")


def _claimed(case: Case, wanted: Revision, kroner: str) -> int:
    """How much is claimed back: no more than there is, and than she was told. Raises Invalid."""
    if not kroner.strip() or kroner.strip() == "0":
        return 0
    amount, most = ore(kroner), min(_over(case, wanted), wanted.too_much)
    if amount is None or amount > most or not law_of_claim(case):
        raise Invalid(errors={"claim": [_("Write an amount, no more than was paid too much")]})
    return amount


def _keep(case: Case, actor: Actor, words: str, revision: int) -> None:
    """Nothing changes, and she is told."""
    append(case, "kept", actor, {"name": actor.name, "text": words}, revision=revision)
    letters.plain(case, _("We do not change what you are paid"), words)


def conclude(
    case: Case, actor: Actor, wanted: Revision, grounds: Sequence[Text], revision: int | None = None, claim: int = 0
) -> None:
    """The decision and what follows from it, in one transaction: payments, claim and letter. The case is held."""
    service, today = catalogue.at(case.service, case.digest).service, timezone.localdate()
    case.decided, case.appeal_until, case.reply_by = today, legal_deadline(today, service.appeal.within), None
    by = "" if wanted.by_rule else actor.name
    content = {"grounds": _kept(grounds), "by": by, "revision": wanted.as_data()}
    append(case, "revised", actor, content, revision=revision)
    if wanted.month is not None:
        payment.change(case.pk, wanted.month, wanted.amount, f"pay:{case.pk}:{case.revision}")
        settle_claims(case)
    bill = _claim(case, service, claim, today) if claim else None
    left = sum(one.amount for one in payment.too_much(case.pk))
    revising_letters.decision(case, service, wanted.month, wanted.amount, grounds, bill, left)


def _claim(case: Case, service: catalogue.Service, amount: int, today: date) -> payment.Bill:
    """The bill: to be paid when the time to appeal is out, at the earliest."""
    due = max(case.appeal_until or today, today + timedelta(days=BILL_DAYS))
    text = in_words(_("Paid too much: %(title)s"), title=service.title)
    key = f"claim:{case.pk}:{case.revision}"
    return payment.claim(
        case.pk, amount, law=service.claims_back or "", text=text, key=key, service=case.service, due=due
    )


def _kept(texts: Sequence[Text]) -> list[dict[str, str]]:
    return [one.as_dict() for one in texts]


# --- What holds -------------------------------------------------------------------------------------------------


def money(case: Case) -> Money | None:
    """What runs and what was too much, for those who handle the case; None where nothing was ever paid by it."""
    runs, over = payment.running_of_case(case.pk), payment.too_much(case.pk)
    wanted = pending(case)
    return Money(runs, over, wanted, law_of_claim(case)) if runs or over or wanted else None


def law_of_claim(case: Case) -> str:
    return catalogue.at(case.service, case.digest).service.claims_back or ""


def pending(case: Case) -> Revision | None:
    """What she was told of and that is not decided; None while it may still be spoken about, and otherwise."""
    if case.state != State.IN_HAND:
        return None
    event = _since_decision(case, "revising")
    held: Mapping[str, Any] = said(event)["revision"] if event else {}
    if not held:
        return None
    month = date.fromisoformat(held["month"]) if held["month"] else None
    return Revision(month, held["amount"], held["too_much"], held["by_rule"])


def _since_decision(case: Case, kind: str) -> Event | None:
    """The latest event of that kind after the latest decision."""
    last = Event.objects.filter(case=case, kind__in=DECISIONS).order_by("-id").values_list("id", flat=True).first()
    return Event.objects.filter(case=case, kind=kind, id__gt=last or 0).order_by("-id").first()


def _told(case: Case) -> bool:
    return _since_decision(case, "told") is not None


def _more(case: Case, wanted: Revision) -> bool:
    return (wanted.amount or 0) >= sum(one.amount for one in payment.running_of_case(case.pk))


def _over(case: Case, wanted: Revision) -> int:
    if wanted.month is None:
        return sum(one.amount for one in payment.too_much(case.pk))
    return payment.would_be_too_much(case.pk, wanted.month, wanted.amount)


def _check(case: Case, wanted: Revision) -> None:
    """Whether there is anything to change, or to claim. Raises Invalid."""
    if wanted.month is None:
        if not (law_of_claim(case) and payment.too_much(case.pk)):
            raise Invalid(errors={"what": [_("Nothing was paid too much that can be claimed back")]})
        return
    runs = payment.running_of_case(case.pk)
    if not any(one.until is None or one.until >= wanted.month for one in runs):
        raise Invalid(errors={"day": [_("Nothing is paid from that month on")]})


def by_itself(case_id: UUID) -> None:
    """The time to speak is over. What a rule says holds when she was silent and nothing is to be claimed back; else
    an officer decides."""
    case = locked(case_id)
    wanted = pending(case)
    event = _since_decision(case, "revising")
    if wanted is None or event is None or not wanted.by_rule or _over(case, wanted) or _spoke(case, event):
        return
    conclude(case, system(case), wanted, [Text(one) for one in said(event)["grounds"]])


def _spoke(case: Case, since: Event) -> bool:
    return Event.objects.filter(case=case, kind="remarked", id__gt=since.pk).exists()
