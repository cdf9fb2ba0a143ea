"""The document that a granted application gives, where its service says so: sealed, to be shown and to be checked.

It goes with the decision's letter. A decision that is changed, annulled or set aside takes it back, and whoever checks
it then is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from allting.common.cases.models import Case, Certificate
from allting.common.catalogue import api as catalogue
from allting.common.mailbox import api as mailbox
from allting.common.registers import api as registers
from allting.common.signature import api as signature
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import seal_json, unseal_json
from allting.kernel.text import Text, said


@dataclass(frozen=True, slots=True)
class Given:
    """A document that was given, as its readers see it; ``letter``: the party's letter that it came with."""

    title: Text
    issued: date
    valid_until: date | None
    withdrawn: date | None
    letter: UUID | None = None

    @property
    def holds(self) -> bool:
        over = self.valid_until is not None and self.valid_until < timezone.localdate()
        return self.withdrawn is None and not over


def enclosed(case: Case, service: catalogue.Service, scope: dict[str, Any], key: str) -> mailbox.Enclosure | None:
    """Give what the service gives, in the decision's transaction, with the letter of this ``key``."""
    gives = service.gives
    if gives is None:
        return None
    title, until, today = catalogue.filled(gives.title, scope), _until(gives, scope), timezone.localdate()
    row = Certificate(id=uuid7(), case=case, key=key, issued=today, valid_until=until)
    row.title = seal_json(title.as_dict(), f"certificate:{row.pk}")
    row.save(force_insert=True)
    blocks: list[mailbox.Block] = [mailbox.Paragraph(catalogue.filled(text, scope)) for text in gives.text]
    blocks += [mailbox.Facts(_facts(case, service, until)), mailbox.Paragraph(said(_HOW_TO_CHECK))]
    return mailbox.Enclosure(title, blocks)


_HOW_TO_CHECK = _(
    "This document bears the platform's seal. Anyone can check there, under “Check a signed document”, that it is"
    " unchanged and has not been taken back."
)


def _until(gives: Any, scope: dict[str, Any]) -> date | None:
    """The last day it is valid; None where the service says none, or it cannot be told from the answers."""
    value = gives.valid(scope) if gives.valid else None
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _facts(case: Case, service: catalogue.Service, until: date | None) -> list[tuple[Text | str, Text | str]]:
    rows: list[tuple[Text | str, Text | str]] = [
        (said(_("Given to")), registers.name_of(Party.parse(case.party))),
        (said(_("Given by")), registers.authority(case.authority).name),
        (said(_("Under")), service.law),
    ]
    if until is not None:
        day = said("%(day)s", day=lambda: formats.date_format(until, "DATE_FORMAT"))
        rows.append((said(_("Valid to and including")), day))
    return rows


def withdraw(case: Case) -> None:
    """Take back what the case has given, so that whoever checks the sealed document is told. Nothing where the service
    gives none."""
    if catalogue.at(case.service, case.digest).service.gives is None:
        return
    rows = Certificate.objects.filter(case=case, withdrawn=None)
    for digest in rows.exclude(sha256="").values_list("sha256", flat=True):
        signature.withdraw(digest)
    rows.update(withdrawn=timezone.now())


def sealed(*, key: str, enclosure: tuple[str, bytes] | None, **facts: Any) -> None:
    """The worker has made it: from now on it is known by its digest, also when it was taken back meanwhile."""
    if enclosure is None:
        return
    row = Certificate.objects.select_for_update().filter(key=key).first()
    if row is None:
        return
    row.sha256 = sha256(enclosure[1]).hexdigest()
    row.save(update_fields=["sha256"])
    if row.withdrawn is not None:
        signature.withdraw(row.sha256)


def given(actor: Actor, case: Case, service: catalogue.Service) -> list[Given]:
    """What the case has given, newest first. The caller has decided that the reader may see the case."""
    if service.gives is None:
        return []
    return [_read(actor, row) for row in Certificate.objects.filter(case=case).order_by("-id")]


def _read(actor: Actor, row: Certificate) -> Given:
    title = Text(unseal_json(bytes(row.title), f"certificate:{row.pk}"))
    withdrawn = timezone.localdate(row.withdrawn) if row.withdrawn else None
    return Given(title, row.issued, row.valid_until, withdrawn, mailbox.with_key(actor, row.key))
