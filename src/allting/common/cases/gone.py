"""Somebody has died or moved abroad: what is paid month by month for her, or to her, ends with that month.

The services that name it (``ends_with``) are looked at by the worker. A death is decided at once, since a warning is
plainly needless (forvaltningsloven § 16, third paragraph); of a move abroad the receiver is told, and may speak first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases import revising
from allting.common.cases.inquiry import due_after
from allting.common.cases.journalling import contents
from allting.common.cases.lifecycle import locked
from allting.common.cases.looking_again import DAYS, STANDS, goes_on, month_after
from allting.common.cases.models import Case
from allting.common.cases.revising import Revision
from allting.common.cases.submitting import system
from allting.common.catalogue import api as catalogue
from allting.common.outbox import api as outbox
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.text import said


def died(*, person: UUID, died_on: date) -> None:
    """A child has died: what her parents are paid for her. What the dead themselves are paid ends by itself."""
    _look(registers.parents(person), person, died_on, "died")


def emigrated(*, person: UUID, left_on: date) -> None:
    """Somebody has left Norway: what she is paid, and what her parents are paid for her."""
    _look([person, *registers.parents(person)], person, left_on, "emigrated")


def _look(parties: list[UUID], person: UUID, on: date, why: str) -> None:
    keys = [str(Party("person", one)) for one in parties]
    for case in Case.objects.filter(party__in=keys, outcome="granted").values_list("pk", flat=True):
        payload = {"case": str(case), "person": str(person), "on": on.isoformat(), "why": why}
        outbox.put("cases.somebody_is_gone", f"{case}:{person}:{timezone.now().timestamp()}", payload)


def end(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: stop what runs from the month after. A case that is being looked at waits for its officer, who
    sees what the register says."""
    case = locked(UUID(payload["case"]))
    service = catalogue.at(case.service, case.digest).service
    if service.ends_with is None or not _about(case, service.ends_with.who, payload["person"]):
        return
    running = payment.running_of_case(case.pk) if case.state in STANDS else []
    month = month_after(payload["on"])
    if not goes_on(running, month):
        return
    words = _DIED if payload["why"] == "died" else _EMIGRATED
    grounds, wanted = [said(words, law=service.ends_with.law)], Revision(month, None, by_rule=True)
    revising.home(case)
    if payload["why"] == "died":
        revising.conclude(case, system(case), wanted, grounds)
    else:
        revising.let_speak(case, system(case), wanted, grounds, due_after(DAYS))


def _about(case: Case, who: str, person: str) -> bool:
    """Whether the case is for that person, or pays her."""
    return person in (str(Party.parse(case.party).id), contents(case)["answers"].get(who))


_DIED = _(
    "The population register says that the child has died. It is paid to and with the month of the death (%(law)s)."
)
_EMIGRATED = _(
    "The population register says that the one it is paid for, or to, has moved from Norway. It is paid to and with the"
    " month of the move (%(law)s)."
)
