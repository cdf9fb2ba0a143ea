"""Cases: from the first question to the appeal. Whoever may do what is decided here, by Actor."""

from __future__ import annotations

from allting.common.cases.assigning import (
    Period,
    assign,
    colleagues,
    end_substitute,
    handled,
    put_back,
    set_skills,
    set_substitute,
    skills,
    substitutes,
)
from allting.common.cases.came import WAYS
from allting.common.cases.correcting import GROUNDS, annul, reopen
from allting.common.cases.countersigning import countersign, send_back
from allting.common.cases.deciding import (
    Concluded,
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
    entered,
    known,
    may_start,
    opened,
    refresh,
    save,
    start,
)
from allting.common.cases.effects import carries_out
from allting.common.cases.entering import Arrived, enter, enterable
from allting.common.cases.figures import MONTHS, Figures, figures
from allting.common.cases.inquiry import Asked, advise, consult, hear, hearing, question, remark, to_answer
from allting.common.cases.lifecycle import State
from allting.common.cases.listing import (
    Listed,
    View,
    file,
    for_officer,
    my_cases,
    signed,
    signed_part,
    stamp,
    view,
)
from allting.common.cases.noting import note, remind, reminded, reminders
from allting.common.cases.opening import answers_of, open_case
from allting.common.cases.packing import container
from allting.common.cases.part import fill as fill_part
from allting.common.cases.previewing import Tried, ask_out, begun_with, preview_pages, preview_part, try_out
from allting.common.cases.queues import TABS, Desk, Only, desk, queue, search, themes_handled
from allting.common.cases.revising import Revision, conclude_revision, revise, revise_now, tell
from allting.common.cases.searching import Wanted
from allting.common.cases.shown import Answer, answers
from allting.common.cases.signing import ToSign, answered, signing, to_sign
from allting.common.cases.submitting import DECLARATION, sign, sign_level, submit, withdraw
from allting.common.cases.taken import taken
from allting.common.cases.together import DEEDS, Deed, Looked, Told, look_over, together
from allting.common.cases.writing import MERGE_FIELDS, Block, drop_phrase, keep_phrase, phrases, preview, write

__all__ = [
    "Answer", "Arrived", "Asked", "Block", "Concluded", "DECLARATION", "DEEDS", "Deed", "Desk", "Figures", "Form",
    "GROUNDS", "Listed", "Looked", "MERGE_FIELDS", "MONTHS", "Only", "Period", "Revision", "State", "TABS", "ToSign",
    "Told", "Tried", "View", "WAYS", "Wanted", "advise", "annul", "answer", "answered", "answers", "answers_of",
    "appeal", "ask", "ask_out", "assign", "attach", "begun", "begun_with", "carries_out", "colleagues",
    "conclude_revision", "consult", "container", "countersign", "decide", "decide_appeal", "delay", "desk",
    "detach", "discard", "drafts", "drop_phrase", "end_substitute", "enter", "enterable", "entered", "figures",
    "file", "fill_part", "for_officer", "forward", "handled", "hear", "hearing", "keep_phrase", "known",
    "look_over", "may_start", "my_cases", "note", "open_case", "opened", "phrases", "preview", "preview_pages",
    "preview_part", "put_back", "question", "queue", "refresh", "remark", "remind", "reminded", "reminders",
    "reopen", "reverse", "revise", "revise_now", "save", "search", "send_back", "set_skills", "set_substitute",
    "sign", "sign_level", "signed", "signed_part", "signing", "skills", "stamp", "start", "submit", "substitutes",
    "take", "taken", "tell", "themes_handled", "to_answer", "to_sign", "together", "try_out", "view", "withdraw",
    "write",
]  # fmt: skip
