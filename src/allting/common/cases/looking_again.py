"""A register changes under a decision that pays month by month: its rule is asked again with what is known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import deadlines, revising
from allting.common.cases.facts import as_given, corrected, facts
from allting.common.cases.inquiry import due_after
from allting.common.cases.journalling import contents
from allting.common.cases.lifecycle import State, append, locked
from allting.common.cases.models import Case
from allting.common.cases.revising import Revision
from allting.common.cases.ruling import last_facts
from allting.common.cases.submitting import period_of, system
from allting.common.catalogue import api as catalogue
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Party, Purpose
from allting.kernel.calendar import months_after
from allting.kernel.problems import Invalid
from allting.kernel.rules import Outcome
from allting.kernel.text import said

STANDS = (State.DECIDED, State.CLOSED)
DAYS = 14  # to speak before a rule's answer holds


def moved(*, person: UUID, moved_on: date) -> None:
    """Somebody has moved: what she and her parents are paid by rules is looked at again, by the worker."""
    parties = [str(Party("person", one)) for one in (person, *registers.parents(person))]
    rows = Case.objects.filter(party__in=parties, state__in=STANDS, outcome="granted")
    for case in rows.values_list("pk", flat=True):
        payload = {"case": str(case), "on": moved_on.isoformat()}
        outbox.put("cases.look_again", f"{case}:{timezone.now().timestamp()}", payload)


def look_again(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: less than before is told of first, and holds if she is silent; more is decided at once."""
    case = locked(UUID(payload["case"]))
    running = payment.running_of_case(case.pk) if case.state in STANDS else []
    if not running or not catalogue.at(case.service, case.digest).service.at_once:
        return
    month = month_after(payload["on"])
    try:
        outcome, now = answer(case), sum(one.amount for one in running)
    except Invalid:
        _to_officers(case)
        return
    amount = sum(one.amount for one in outcome.pays if one.every == "month") if outcome.granted else 0
    if amount == now or not goes_on(running, month):
        return
    wanted = Revision(month, amount or None, by_rule=True)
    revising.home(case)
    if amount > now:
        revising.conclude(case, system(case), wanted, outcome.grounds)
    else:
        revising.let_speak(case, system(case), wanted, outcome.grounds, due_after(DAYS))


def month_after(day: str) -> date:
    """The first of the month after an ISO ``day``."""
    return months_after(date.fromisoformat(day).replace(day=1), 1)


def goes_on(running: Sequence[payment.Running], month: date) -> bool:
    """Whether something of it would be paid in ``month`` or later."""
    return any(one.until is None or one.until >= month for one in running)


def _to_officers(case: Case) -> None:
    """The rule has no answer to what the register says now."""
    revising.home(case)
    words = said(_("A register has changed, and the rule has no answer."))
    append(case, "told", system(case), {"text": words.in_("nb")})
    deadlines.begin(case, period_of(case))


def answer(case: Case) -> Outcome:
    """What the rule answers today, with what was answered, what an officer has corrected, and what is known now."""
    published, held, sent = catalogue.at(case.service, case.digest), contents(case), timezone.localdate(case.submitted)
    as_sent = as_given(facts(published, held, sent))
    by_officer = {name: value for name, value in last_facts(case).items() if as_sent.get(name) != value}
    fresh = {"answers": held["answers"], "known": _known(case, published.service)}
    return corrected(published, fresh, by_officer, timezone.localdate())


def _known(case: Case, service: catalogue.Service) -> dict[str, Any]:
    party, actor = Party.parse(case.party), system(case)
    language = registers.contact(party).language
    return {
        name: registers.look_up(actor, Purpose(one.basis, one.reason.in_(language), case.pk), one.source, party.id)
        for name, one in service.knows.items()
    }
