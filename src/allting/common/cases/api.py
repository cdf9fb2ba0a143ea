"""Cases: from the first question to the appeal. Whoever may do what is decided here, by Actor."""

from __future__ import annotations

from allting.common.cases.deciding import (
    answer,
    appeal,
    ask,
    decide,
    decide_appeal,
    delay,
    forward,
    reverse,
    take,
)
from allting.common.cases.drafts import (
    Form,
    attach,
    begun,
    detach,
    discard,
    drafts,
    may_start,
    opened,
    save,
    start,
)
from allting.common.cases.effects import carries_out
from allting.common.cases.lifecycle import State
from allting.common.cases.listing import (
    Listed,
    ToSign,
    View,
    file,
    for_officer,
    my_cases,
    queue,
    signed,
    signing,
    stamp,
    to_sign,
    view,
)
from allting.common.cases.packing import container
from allting.common.cases.shown import Answer, answers
from allting.common.cases.submitting import DECLARATION, sign, sign_level, submit, withdraw

__all__ = [
    "DECLARATION", "Answer", "Form", "Listed", "State", "ToSign", "View",
    "answer", "answers", "appeal", "ask", "attach", "begun", "carries_out", "container", "decide", "decide_appeal",
    "delay", "detach", "discard", "drafts", "file", "for_officer", "forward", "may_start", "my_cases", "opened",
    "queue", "reverse", "save", "sign", "sign_level", "signed", "signing", "stamp", "start", "submit", "take",
    "to_sign", "view", "withdraw",
]  # fmt: skip
