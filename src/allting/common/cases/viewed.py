"""That a case was looked at by somebody else than its party: in the log that the party reads, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from allting.common.audit import api as audit
from allting.common.cases.models import Case
from allting.common.catalogue import api as catalogue
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.text import said

WHY_HANDLE, WHY_SIGN = _("Handling of case %(number)s"), _("Was asked to sign or answer, case %(number)s")
WHY_ADVISE = _("Was asked by another authority about case %(number)s")


def record(
    actor: Actor, case: Case, dataset: str, fields: Sequence[str] = (), why: Any = WHY_HANDLE,
    about: Party | None = None,
) -> None:  # fmt: skip
    """In the caller's transaction, and in the language of the one it is about, who is the party when no other is: she
    reads it."""
    party, law = about or Party.parse(case.party), catalogue.at(case.service, case.digest).service.law
    reason = said(why, number=case.number).in_(registers.contact(party).language)
    audit.record(actor, Purpose(law, reason, case.pk), dataset, party.id, fields=fields)
