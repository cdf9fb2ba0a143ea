"""How an application came that an officer enters for its party."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from allting.common.audit import api as audit
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.text import Text, said

WAYS: Final = {"paper": _("On paper"), "telephone": _("By telephone"), "counter": _("At the counter")}
SCAN: Final = "came.paper"  # what the scanned paper answers; no question can be called this


@dataclass(frozen=True, slots=True)
class Came:
    """In which of the ``WAYS`` it came and on which day, the officer's ``note`` of what was said (forvaltningsloven
    § 11 d second paragraph), and her name."""

    way: str
    received: date
    note: str
    by: str

    @property
    def title(self) -> Any:
        return WAYS[self.way]

    @property
    def at(self) -> datetime:
        """When it is taken as sent: now for today's, else as the day it came began."""
        if self.received == timezone.localdate():
            return timezone.now()
        return timezone.make_aware(datetime.combine(self.received, time()))

    def facts(self) -> list[tuple[Text, Text | str]]:
        """For documents: how and when it came, who entered it, and what was said."""
        day = said("%(day)s", day=lambda: formats.date_format(self.received, "DATE_FORMAT"))
        rows: list[tuple[Text, Text | str]] = [
            (said(_("How it came")), said(self.title)), (said(_("Received")), day),
            (said(_("Entered by")), self.by),
        ]  # fmt: skip
        return [*rows, (said(_("What was said")), self.note)] if self.note else rows

    def as_data(self) -> dict[str, str]:
        return {"way": self.way, "received": self.received.isoformat(), "note": self.note, "by": self.by}

    @classmethod
    def of_data(cls, data: Mapping[str, str] | None) -> Came | None:
        """None when it came as most do: from the party itself."""
        if not data or "way" not in data:
            return None
        return cls(data["way"], date.fromisoformat(data["received"]), data["note"], data["by"])


def record(actor: Actor, law: str, party: Party, action: str = "read") -> None:
    """In the log of the party: an officer began, opened or sent what is entered for it."""
    reason = said(_("We enter an application for you")).in_(registers.contact(party).language)
    audit.record(actor, Purpose(law, reason), "case.contents", party.id, action=action)
