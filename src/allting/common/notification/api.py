"""Say THAT something came, by e-mail and SMS; never what (eForvaltningsforskriften § 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party

__all__ = ["Message", "nudge"]

Message = Literal["letter", "letter-reminder", "to-sign", "payment-due", "case-news"]


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
