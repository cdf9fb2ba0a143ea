"""The law's own life cycle as one state machine, the same for every service (forvaltningsloven chapters IV to VI)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from allting.common.archive import api as archive
from allting.common.cases.models import Case, Event
from allting.kernel.actor import Actor, Capacity
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.problems import Conflict, NotFound


class State(StrEnum):
    """Where a case is."""

    SIGNING = "signing"  # others have not signed yet
    PAYING = "paying"  # the fee is not paid yet
    RECEIVED = "received"  # in the authority's queue, or about to be decided by a rule
    IN_HAND = "in-hand"  # an officer has taken it
    ASKED = "asked"  # the party has been asked for more (forvaltningsloven § 17)
    HEARING = "hearing"  # those it concerns have been told, and have until a day to speak (§ 16)
    PROPOSED = "proposed"  # one officer has written the decision, another must sign it too
    DECIDED = "decided"
    APPEALED = "appealed"  # the authority looks again (§ 33)
    FORWARDED = "forwarded"  # with the appeals body (§ 34)
    CLOSED = "closed"  # decided on appeal: nothing more can be done here
    WITHDRAWN = "withdrawn"
    ANNULLED = "annulled"  # the decision is taken back, and nothing is put in its place (§ 35)
    LAPSED = "lapsed"  # a signature that had to be there did not come


UNDECIDED: Final = (State.RECEIVED, State.IN_HAND, State.ASKED, State.HEARING)
OPEN: Final = (State.SIGNING, State.PAYING, *UNDECIDED)
AT_WORK: Final = (*UNDECIDED, State.PROPOSED, State.APPEALED, State.FORWARDED)
ENDED: Final = (State.DECIDED, State.ANNULLED, State.CLOSED)
OVER: Final = (*ENDED, State.WITHDRAWN, State.LAPSED)

# What happens, in which states it may, and where it leads; None: the case stays where it is, and after "sent-back"
# it is where it was before it was proposed.
TRANSITIONS: Final[dict[str, tuple[tuple[State, ...], State | None]]] = {
    "submitted": ((State.SIGNING,), None),
    "opened": ((State.SIGNING,), None),
    "signed": ((State.SIGNING,), None),
    "declined": ((State.SIGNING,), None),
    "lapsed": ((State.SIGNING,), State.LAPSED),
    "billed": ((State.SIGNING,), State.PAYING),
    "paid": ((State.PAYING,), None),
    "received": ((State.SIGNING, State.PAYING), State.RECEIVED),
    "referred": ((State.RECEIVED,), None),
    "taken": ((State.RECEIVED, State.IN_HAND), State.IN_HAND),
    "assigned": (AT_WORK, None),
    "put-back": (AT_WORK, None),
    "asked": ((State.RECEIVED, State.IN_HAND), State.ASKED),
    "answered": ((State.ASKED,), State.IN_HAND),
    "heard": ((State.RECEIVED, State.IN_HAND), State.HEARING),
    "remarked": ((State.HEARING,), None),
    "hearing-over": ((State.HEARING,), State.IN_HAND),
    "consulted": ((*UNDECIDED, State.APPEALED, State.FORWARDED), None),
    "advised": (tuple(State), None),
    "wrote": ((*AT_WORK, *ENDED), None),
    "delayed": (UNDECIDED, None),
    "proposed": ((State.RECEIVED, State.IN_HAND, State.ASKED, State.APPEALED, State.DECIDED), State.PROPOSED),
    "sent-back": ((State.PROPOSED,), None),
    "decided": ((State.RECEIVED, State.IN_HAND, State.ASKED, State.PROPOSED), State.DECIDED),
    "withdrawn": ((*OPEN, State.PROPOSED), State.WITHDRAWN),
    "appealed": ((State.DECIDED, State.ANNULLED, State.PROPOSED), State.APPEALED),
    "reversed": ((State.APPEALED, State.PROPOSED), State.DECIDED),
    "forwarded": ((State.APPEALED,), State.FORWARDED),
    "returned": ((State.FORWARDED,), State.RECEIVED),
    "appeal-decided": ((State.FORWARDED,), State.CLOSED),
    "annulled": ((State.DECIDED, State.PROPOSED), State.ANNULLED),
    "reopened": ((*ENDED, State.WITHDRAWN), State.IN_HAND),
    "told": ((State.DECIDED, State.CLOSED), State.RECEIVED),
    "revising": ((*ENDED, State.RECEIVED, State.IN_HAND), State.HEARING),
    "revised": ((*ENDED, State.RECEIVED, State.IN_HAND), State.DECIDED),
    "kept": ((State.IN_HAND,), State.DECIDED),
}


def replay(kinds: Iterable[str]) -> State:
    """The state that these events lead to, in order: what the case's row must say. Raises Conflict."""
    state = before = State.SIGNING
    for kind in kinds:
        if not may(state, kind):
            raise Conflict(code="not-now", state=state)
        before = state if kind == "proposed" else before
        state = before if kind == "sent-back" else TRANSITIONS[kind][1] or state
    return state


def may(state: str, kind: str) -> bool:
    """Whether ``kind`` can happen now."""
    return state in TRANSITIONS[kind][0]


def locked(case_id: UUID) -> Case:
    """The case, held until the transaction ends: two who act at once wait for each other. Raises NotFound."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound()
    return case


def append(
    case: Case, kind: str, actor: Actor, content: Any = None, *, revision: int | None = None, to: State | None = None
) -> Event:
    """Let ``kind`` happen to a ``locked`` case. ``revision``: what the actor saw when she chose to; ``to``: where it
    leads, when the table does not say.

    Raises Conflict when something else has happened since, or when it cannot happen in this state.
    """
    if revision is not None and revision != case.revision:
        raise Conflict(code="case-changed")
    if not may(case.state, kind):
        raise Conflict(code="not-now", state=case.state)
    case.state = to or TRANSITIONS[kind][1] or case.state
    case.revision += 1
    case.save()
    if actor.capacity is Capacity.ENTERPRISE:  # who did it for the party
        content = {"by": actor.authority_name, **(content or {})}
    event = Event(
        case=case, kind=kind, person=actor.who, capacity=actor.capacity, on_behalf_of=str(actor.on_behalf_of or "")
    )
    event.content = seal_json(content, f"event:{case.pk}:{kind}") if content is not None else None
    event.save(force_insert=True)
    _file(case, kind, actor)
    return event


def _file(case: Case, kind: str, actor: Actor) -> None:
    """The archive's file is closed when the case is over, and open again when it is taken up again."""
    by = actor.authority_name or "Parten"
    if TRANSITIONS[kind][1] in OVER:
        archive.close(case.pk, by)
    elif kind in ("appealed", "reopened", "told", "revising"):
        archive.reopen(case.pk, by)


def said(event: Event) -> Any:
    """What was said with an event, or an empty dict."""
    if event.content is None:
        return {}
    return unseal_json(bytes(event.content), f"event:{event.case_id}:{event.kind}")
