"""MyID: a password and a one-time code, by SMS or from an authenticator app. Level substantial.

Got with a code that comes by post to the registered address, or after a login with another eID at the same level.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from allting.common.identity.eids.provider import Held, Provider
from allting.common.identity.providers.myid import accounts
from allting.common.identity.providers.myid.pages import STEPS, page
from allting.kernel.actor import Level
from allting.kernel.text import Text

TITLE = "MyID"


def _held(person: UUID) -> Sequence[Held]:
    account = accounts.account_of(person)
    return [Held(TITLE, Level.SUBSTANTIAL, account.created, account.last_used)] if account else []


PROVIDER = Provider(
    name="myid",
    title=Text.same(TITLE),
    who=Text(
        {
            "nb": "Passord og engangskode på SMS eller fra en app. For alle med norsk fødselsnummer eller d-nummer.",
            "nn": "Passord og eingongskode på SMS eller frå ein app. For alle med norsk fødselsnummer eller d-nummer.",
            "en": "Password and a one-time code by SMS or from an app. For everyone with a Norwegian identity number.",
        }
    ),
    levels=(Level.SUBSTANTIAL,),
    amr=(accounts.OTC, accounts.TOTP, accounts.PAPER),
    page=page,
    steps=STEPS,
    ready=lambda: bool(settings.SMS_GATEWAY_URL),
    held=_held,
    add="/my/eids/myid/new",
    mine="/my/eids/myid",
)
