"""What a case holds, and what of it stands in the authority's journal."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from allting.common.archive import api as archive
from allting.common.cases.models import Case, Event
from allting.common.catalogue import api as catalogue
from allting.common.outbox import api as outbox
from allting.common.registers import api as registers
from allting.kernel.actor import Party
from allting.kernel.encryption import unseal_json
from allting.kernel.text import Text

WITHHELD = "offentleglova § 13 første ledd, jf. forvaltningsloven § 13 første ledd nr. 1"  # a person's own affairs


def contents(case: Case) -> dict[str, Any]:
    """What was answered and what was known when it was sent."""
    found: dict[str, Any] = unseal_json(bytes(case.content), f"case:{case.pk}")
    return found


def journal(
    case: Case, title: Text, direction: Any, document: UUID | None, event: Event | None = None, *, other: str = "",
    received_on: date | None = None, private: bool = False,
) -> None:  # fmt: skip
    """Enter it in the authority's journal, in Bokmål as the archive is kept. ``event``: where its words stand, when it
    is no letter; the worker makes the archive's copy of it. ``other``: whom it is with, when it is not the party.
    ``received_on``: the day it came, when that was before. ``private``: that other is a person."""
    service, party = catalogue.at(case.service, case.digest).service, Party.parse(case.party)
    withheld = WITHHELD if private or party.kind == "person" else ""
    filing = archive.Filing(service.title.in_("nb"), service.keep.class_, service.keep.years, withheld)
    archive.journal(
        authority=case.desk, case=case.pk, case_number=case.number, title=title.in_("nb"), direction=direction,
        document=document, party_name=other or registers.name_of(party), journalled_on=timezone.localdate(),
        filing=filing, received_on=received_on,
    )  # fmt: skip
    if event is not None:
        kept = str(document) if document else ""
        what = {"event": event.pk, "document": kept, "title": title.in_("nb"), "direction": direction}
        outbox.put("cases.archive", str(event.pk), what)
