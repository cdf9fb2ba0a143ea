"""When something about how a person logs in is changed: it stands in her log, and she is told that it happened."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from uuid6 import uuid7

from allting.common.audit import api as audit
from allting.common.notification import api as notification
from allting.kernel.actor import Actor, Party, Purpose

BASIS = "eForvaltningsforskriften § 4"


def tell(person: UUID) -> None:
    """Write it in the log, and put an SMS and an e-mail that say only that something was changed."""
    me = Actor(person=person)
    with transaction.atomic():
        purpose = Purpose(BASIS, gettext("You changed how you log in"))
        audit.record(me, purpose, "identity.eid", person, action="change")
        notification.nudge(Party("person", person), "login-changed", f"login-changed:{uuid7()}")
