"""All of a case's application in one file: what was signed and what was sent with it, under the platform's seal."""

from __future__ import annotations

from uuid import UUID

from allting.common.cases import files, listing
from allting.common.signature import api as signature
from allting.kernel.actor import Actor

_ODD = str.maketrans(dict.fromkeys('\\/:*?"<>|', "-"))


def container(actor: Actor, case_id: UUID) -> tuple[str, bytes]:
    """The case's number and a container (ASiC-E) with its signed application and the files, for those who may read
    the application. Raises NotFound, also where nothing was signed."""
    number, pdf = listing.signed(actor, case_id)
    sent = [files.content(one.id, case=case_id) for one in files.of(case=case_id)]
    inside = [signature.File(f"{number.translate(_ODD)}.pdf", "application/pdf", pdf)]
    # Two files may have the same name: the number keeps them apart.
    named = [(f"{place}-{one.name.translate(_ODD)}", one.media_type, data) for place, (one, data) in enumerate(sent, 1)]
    return number, signature.container([*inside, *(signature.File(*one) for one in named)])
