"""eIDs of suppliers, behind an OpenID provider of their own: BankID, Buypass, Commfides, and eIDAS from abroad.

One folder serves them all: each is some lines in EID_SUPPLIERS_FILE.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from allting.common.identity.eids.provider import Held, Provider
from allting.common.identity.models import EidLink
from allting.common.identity.providers.oidc.config import suppliers
from allting.common.identity.providers.oidc.pages import STEPS, page


def supplier(name: str) -> Provider | None:
    """The eID of this name in the suppliers' file; None when it is not there."""
    found = suppliers().get(name)
    if found is None:
        return None
    return Provider(
        name=name,
        title=found.title,
        who=found.who,
        levels=found.our_levels(),
        amr=(found.amr,),
        page=page,
        steps=STEPS,
        held=partial(_held, name),
        add=f"/my/eids/connect/{name}" if found.eidas else "",
        mine="/my/eids/connected" if found.eidas else "",
    )


def _held(name: str, person: UUID) -> Sequence[Held]:
    found = suppliers()[name]
    return [
        Held(str(found.title), max(found.our_levels()), one.created, None, str(one.pk))
        for one in EidLink.objects.filter(name=name, person=person)
    ]
