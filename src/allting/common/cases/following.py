"""What the worker does with a case: a rule's decision, the end of the time to sign, and a letter that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from allting.common.cases import deciding, inquiry, letters, revising, ruling, submitting
from allting.common.cases.lifecycle import State, append, locked
from allting.common.cases.models import Case, Event
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.calendar import legal_deadline

DECISIONS_SENT = ("decided", "reversed", "annulled", "revised")


def by_rule(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: let the rule decide, or leave it to an officer where the service says so. A case that is decided
    or withdrawn meanwhile is left alone."""
    case = locked(UUID(payload["case"]))
    if case.state != State.RECEIVED:
        return
    if because := ruling.referral(case):
        language = registers.contact(Party.parse(case.party)).language
        append(case, "referred", submitting.system(case), {"text": because.in_(language)})
    else:
        deciding.by_rule(case)


def time_is_out(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the last day to sign is over."""
    submitting.close_signing(UUID(payload["case"]))


def hearing_is_over(payload: Mapping[str, Any], key: str) -> None:
    """Outbox handler: the last day to speak is over."""
    case = UUID(payload["case"])
    inquiry.close_hearing(case)
    revising.by_itself(case)


def arrived(*, case: UUID | None, on: date, key: str, **facts: Any) -> None:
    """A decision came. The time to appeal runs from that day (forvaltningsloven § 29), and is never made shorter."""
    if case is None:
        return
    rows = Case.objects.select_for_update().filter(pk=case, state__in=(State.DECIDED, State.ANNULLED))
    row = rows.exclude(appeal_until=None).first()
    if row is None or row.appeal_until is None or key != letters.key_of(row, _decided_at(row)):
        return
    until = legal_deadline(on, catalogue.at(row.service, row.digest).service.appeal.within)
    if until > row.appeal_until:
        row.appeal_until = until
        row.save(update_fields=["appeal_until"])


def _decided_at(case: Case) -> int:
    """The revision at which it was decided last: each event is one."""
    kinds = list(Event.objects.filter(case=case).order_by("id").values_list("kind", flat=True))
    return max((place for place, kind in enumerate(kinds, 1) if kind in DECISIONS_SENT), default=0)
