"""The words of states and events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from allting.common.cases.lifecycle import State

STATES: Final[Mapping[str, Any]] = {
    State.SIGNING: _("Waits for signatures"),
    State.PAYING: _("Waits for payment"),
    State.RECEIVED: _("Received"),
    State.IN_HAND: _("Being handled"),
    State.ASKED: _("Waits for your answer"),
    State.HEARING: _("Those it concerns are heard"),
    State.PROPOSED: _("Being handled"),
    State.ANNULLED: _("Decision annulled"),
    State.DECIDED: _("Decided"),
    State.APPEALED: _("Appeal received"),
    State.FORWARDED: _("Appeal sent on"),
    State.CLOSED: _("Closed"),
    State.WITHDRAWN: _("Withdrawn"),
    State.LAPSED: _("Lapsed"),
}
EVENTS: Final[Mapping[str, Any]] = {
    "submitted": _("Sent"),
    "opened": _("Opened by the authority itself"),
    "signed": _("Signed by another"),
    "declined": _("Answered with a remark"),
    "lapsed": _("Lapsed: not everyone signed"),
    "billed": _("Fee to pay"),
    "paid": _("Fee paid"),
    "received": _("Received"),
    "referred": _("A case officer looks at it before it is decided"),
    "taken": _("A case officer has taken the case"),
    "asked": _("More information asked for"),
    "answered": _("Answer sent"),
    "delayed": _("The answer takes longer"),
    "assigned": _("Given to another case officer"),
    "put-back": _("Put back in the queue"),
    "heard": _("Those it concerns were told, and may speak"),
    "remarked": _("A remark came"),
    "hearing-over": _("The time to speak is over"),
    "consulted": _("Another authority was asked"),
    "advised": _("The other authority answered"),
    "wrote": _("Letter sent"),
    "proposed": _("Decision written, waits for another officer"),
    "sent-back": _("Sent back by the other officer"),
    "returned": _("The appeals body sent it back to be handled anew"),
    "annulled": _("Decision annulled"),
    "reopened": _("Case taken up again"),
    "told": _("Told of a change"),
    "revising": _("Told that the payment may be changed"),
    "revised": _("Payment changed"),
    "kept": _("Payment not changed"),
    "decided": _("Decision made"),
    "withdrawn": _("Taken back"),
    "appealed": _("Appeal sent"),
    "reversed": _("Decision changed after the appeal"),
    "forwarded": _("Appeal sent to the appeals body"),
    "appeal-decided": _("Appeal decided"),
}
INTERNAL: Final = ("assigned", "put-back", "proposed", "sent-back")  # not for the party's eyes
OTHERS: Final = ("consulted", "advised", "remarked")  # that it was said is for the party to see; not another's words
ENTERED: Final = _("Received, and entered by the authority")
LATE_APPEAL: Final = _("Appeal sent after the time to appeal was out")
OUTCOMES: Final[Mapping[str, Any]] = {
    "granted": _("Granted"),
    "refused": _("Refused"),
    "upheld": _("Decision upheld"),
    "overturned": _("Decision overturned"),
}
COLOURS: Final[Mapping[str, str]] = {
    "granted": "success", "overturned": "success", "refused": "danger", "upheld": "danger",
    State.ANNULLED: "danger", State.SIGNING: "warning", State.PAYING: "warning", State.ASKED: "warning",
}  # fmt: skip
