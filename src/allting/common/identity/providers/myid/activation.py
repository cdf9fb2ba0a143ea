"""The activation code: to the address in the population register, by post, for who says she is that person.

The order is an effect: the page does the same work whether there is anybody, and the worker finds out.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from uuid6 import uuid7

from allting.common.identity.eids import codes
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.encryption import seal, unseal
from allting.kernel.problems import NotFound
from allting.kernel.text import Text

EFFECT = "identity.activation-letter"
PURPOSE = "myid-activation"
AGAIN = timedelta(days=7)  # a letter on its way is not made worthless by whoever orders another
_LOOK = Purpose("eForvaltningsforskriften § 4", "Bestilling av aktiveringskode til MyID")
_TITLE = Text({"nb": "Aktiveringskode til MyID", "nn": "Aktiveringskode til MyID", "en": "Activation code for MyID"})
_BEFORE = Text(
    {
        "nb": "Noen har bestilt MyID i ditt navn. Var det deg, skriver du koden på siden «Ta i bruk MyID»:",
        "nn": "Nokon har bestilt MyID i ditt namn. Var det deg, skriv du koden på sida «Ta i bruk MyID»:",
        "en": "Somebody has ordered MyID in your name. If it was you, write the code on the page “Activate MyID”:",
    }
)
_AFTER = Text(
    {
        "nb": "Koden virker i tre uker, og bare én gang. Gi den ikke til noen. Var det ikke deg, kan du kaste brevet.",
        "nn": "Koden verkar i tre veker, og berre éin gong. Gi han ikkje til nokon. Var det ikkje deg, kan du kaste "
        "brevet.",
        "en": "The code works for three weeks, and once. Give it to nobody. If it was not you, throw this letter away.",
    }
)


def order(number: str) -> None:
    """Let a letter be sent to the person with this identity number, should there be one."""
    key = str(uuid7())
    sealed = b64encode(seal(number.encode(), f"activation:{key}")).decode()
    with transaction.atomic():
        outbox.put(EFFECT, key, {"sealed": sealed})


def carry_out(payload: Mapping[str, Any], key: str) -> None:
    """The worker's part of ``order``: find the person, make a code, post it. At most one letter a week."""
    number = unseal(b64decode(payload["sealed"]), f"activation:{key}").decode()
    try:
        person = registers.find_person(Actor.system(authority_name="Allting"), _LOOK, number)
    except NotFound:
        return
    if codes.issued_since(PURPOSE, str(person), timezone.now() - AGAIN) and codes.alive(PURPOSE, str(person)):
        return
    code = codes.ten_letters()
    codes.issue(PURPOSE, str(person), code, codes.POST_SECONDS, codes.POST_TRIES)
    import_string(settings.LETTER_POST)(Party("person", person), _TITLE, [_BEFORE, code, _AFTER], f"activation:{key}")


def fits(number: str, code: str) -> UUID | None:
    """The person whose letter has this code; None when number or code is wrong, or too old. It is not used yet."""
    try:
        person = registers.find_person(Actor.system(authority_name="Allting"), _LOOK, number)
    except NotFound:
        return None
    return person if codes.use(PURPOSE, str(person), code, keep=True) else None


def spend(person: UUID) -> bool:
    """Use the code up; False when it has been used meanwhile."""
    return codes.spend(PURPOSE, str(person))
