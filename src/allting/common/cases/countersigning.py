"""The second officer, where a service wants two: she signs what the first one wrote, or sends it back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from allting.common.cases import ruling
from allting.common.cases.correcting import annulled
from allting.common.cases.deciding import at_desk, conclude, proposed, words_of
from allting.common.cases.lifecycle import State, append
from allting.common.notification import api as notification
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import NotAllowed


@transaction.atomic
def countersign(actor: Actor, case_id: UUID, revision: int) -> None:
    """The second officer's signature: now it is decided, and the letter goes. Raises NotAllowed for the first one."""
    case = at_desk(actor, case_id)
    chosen, first = proposed(case)
    if first == actor.person:
        raise NotAllowed(code="same-officer")
    if chosen["kind"] == "annulled":
        annulled(case, actor, chosen["outcome"], chosen["text"], revision, chosen["name"])
        return
    result = ruling.of_officer(case, chosen["outcome"], chosen["text"], chosen["facts"])
    conclude(case, actor, chosen["kind"], result, revision, chosen["name"])


@transaction.atomic
def send_back(actor: Actor, case_id: UUID, revision: int, why: str) -> None:
    """The second officer does not sign, and says why; or the first one takes it back."""
    case = at_desk(actor, case_id)
    words = words_of("why", why)
    chosen, _first = proposed(case)
    append(case, "sent-back", actor, {"name": actor.name, "text": words}, revision=revision, to=State(chosen["from"]))
    if case.officer is not None and case.officer != actor.person:
        notification.nudge(Party("person", case.officer), "work-news", f"sent-back:{case.pk}:{case.revision}")
