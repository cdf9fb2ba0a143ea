"""The way of a case as its party sees it: what is done, where it is now, what comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Protocol

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.cases.lifecycle import UNDECIDED, State


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: ``place`` is done, now or next; ``when`` it was done, ``by`` which day it will be, or a ``note``."""

    title: Any
    place: str
    when: date | None = None
    by: date | None = None
    note: Any = ""


class _Event(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...


# Title, in which states the case is here, and the events that end it.
_SENT: Final = (_("Sent"), (), ("submitted", "opened"))
_OTHERS: Final = (_("Others answer"), (State.SIGNING,), ())
_FEE: Final = (_("Fee"), (State.PAYING,), ("paid",))
_HANDLED: Final = (_("Being handled"), (*UNDECIDED, State.PROPOSED), ())
_ANSWER: Final = (_("Answer"), (), ("decided",))
_APPEAL: Final = (_("Appeal being handled"), (State.APPEALED,), ("reversed", "forwarded"))
_BODY: Final = (_("With the appeals body"), (State.FORWARDED,), ())
_FINAL: Final = (_("Final answer"), (), ("appeal-decided",))


def stages(state: State, events: Sequence[_Event], *, others: bool, fee: bool, due: date) -> list[Stage]:
    """The steps in order; none when the case was withdrawn or lapsed, for then nothing comes.

    ``others``: somebody else must sign; ``fee``: it costs something; ``due``: when the answer comes at the latest.
    """
    if state in (State.WITHDRAWN, State.LAPSED):
        return []
    happened = {one.kind: timezone.localdate(one.at) for one in events}
    way = [_SENT, *([_OTHERS] if others else []), *([_FEE] if fee else []), _HANDLED, _ANSWER]
    if "appealed" in happened:
        way += [_APPEAL] if "reversed" in happened else [_APPEAL, _BODY, _FINAL]
    here = next((place for place, one in enumerate(way) if state in one[1]), len(way))
    found = []
    for place, (title, _states, ends) in enumerate(way):
        when = next((happened[kind] for kind in ends if kind in happened), None)
        if place < here:
            found.append(Stage(title, "done", when=when))
        elif place == here:
            found.append(Stage(title, "now", note=_("Waits for your answer") if state is State.ASKED else _("Now")))
        else:
            found.append(Stage(title, "next", by=due if ends == ("decided",) and state in _HANDLED[1] else None))
    return found
