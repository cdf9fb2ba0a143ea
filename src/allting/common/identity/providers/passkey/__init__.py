"""Passkey (WebAuthn Level 2): a key in the telephone, the computer or a security key, opened by its user."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from allting.common.identity.eids.provider import Held, Provider
from allting.common.identity.providers.passkey import keys
from allting.common.identity.providers.passkey.pages import AMR, page
from allting.kernel.actor import Level
from allting.kernel.text import Text


def _held(person: UUID) -> Sequence[Held]:
    return [
        Held(one.name, keys.level_of(one), one.created, one.last_used, str(one.pk)) for one in keys.of_person(person)
    ]


PROVIDER = Provider(
    name="passkey",
    title=Text({"nb": "Passnøkkel", "nn": "Passnøkkel", "en": "Passkey"}),
    who=Text(
        {
            "nb": "Fingeravtrykk, ansikt eller PIN på din egen telefon eller datamaskin. Legges til på siden din.",
            "nn": "Fingeravtrykk, ansikt eller PIN på din eigen telefon eller datamaskin. Du legg han til på sida di.",
            "en": "Fingerprint, face or PIN on your own telephone or computer. You add it on your page.",
        }
    ),
    levels=(Level.SUBSTANTIAL, Level.HIGH),
    amr=(AMR,),
    page=page,
    ready=keys.ready,
    held=_held,
    add="/my/eids/passkey/new",
    mine="/my/eids/passkey",
)
