"""The national ID card, or another smart card: an X.509 certificate whose key never leaves the chip."""

from __future__ import annotations

from allting.common.identity.eids.provider import Provider
from allting.common.identity.providers.idcard import certificates
from allting.common.identity.providers.idcard.pages import AMR, STEPS, page
from allting.kernel.actor import Level
from allting.kernel.text import Text

PROVIDER = Provider(
    name="idcard",
    title=Text({"nb": "ID-kort", "nn": "ID-kort", "en": "ID card"}),
    who=Text(
        {
            "nb": "Nasjonalt ID-kort med PIN, i en kortleser.",
            "nn": "Nasjonalt ID-kort med PIN, i ein kortlesar.",
            "en": "National ID card with its PIN, in a card reader.",
        }
    ),
    levels=(Level.HIGH,),
    amr=(AMR,),
    page=page,
    steps=STEPS,
    ready=lambda: bool(certificates.authorities()),
)
