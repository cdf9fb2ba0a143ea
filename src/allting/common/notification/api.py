"""Say THAT something came, by e-mail and SMS; never what (eForvaltningsforskriften § 8)."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Literal

from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.encryption import seal_json

__all__ = ["Message", "nudge", "send_code"]

Message = Literal[
    "letter", "letter-reminder", "to-sign", "payment-due", "case-news", "card-due", "login-changed", "job-news",
    "job-interest", "work-due", "work-news", "tax-return",
]  # fmt: skip


def nudge(party: Party, message: Message, key: str, *, due: datetime | None = None) -> None:
    """Put an e-mail and an SMS to ``party`` in the caller's transaction, for the ways she can be reached.

    The same ``key`` again changes nothing. The address is read when it is sent, and is never in the queue.
    """
    contact = registers.contact(party)
    payload = {"party": str(party), "message": message}
    if contact.email:
        outbox.put("notification.email", key, payload, due=due)
    if contact.mobile:
        outbox.put("notification.sms", key, payload, due=due)


def send_code(mobile: str, code: str, key: str, *, until: datetime, language: str) -> None:
    """Put an SMS with a one-time code in the caller's transaction. After ``until`` it is not sent any more.

    Number and code stand encrypted in the queue: who reads it, or a log, learns neither.
    """
    contents = {"to": mobile, "code": code, "until": until.isoformat(), "language": language}
    sealed = b64encode(seal_json(contents, f"code:{key}")).decode()
    outbox.put("notification.code", key, {"sealed": sealed})
