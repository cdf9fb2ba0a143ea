"""VAT returns: remembered when they are handed in, and billed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.payment import api as payment
from allting.common.registers import api as registers
from allting.kernel.actor import Actor, Party, Purpose
from allting.kernel.problems import Conflict
from allting.kernel.text import Text
from allting.sectors.tax import cards
from allting.sectors.tax.models import VatReturn
from allting.sectors.tax.services import vat_return

SERVICE = "vat-return"
GIVEN = ("year", "term", "sales_standard", "sales_food", "sales_low", "sales_fish", "input_vat")


def hand_in(actor: Actor, purpose: Purpose, enterprise: UUID, given: Mapping[str, Any]) -> None:
    """Effect tax.hand_in_vat: a return is in, once for each term. Raises Conflict for another."""
    year, term = int(given["year"]), int(given["term"])
    sales = {name: given[name] for name in GIVEN if name.startswith("sales_")}
    found = vat_return.counted(year, term, vat_return.lines(**sales), given["input_vat"])
    try:
        with transaction.atomic():
            VatReturn.objects.create(
                enterprise=enterprise, year=year, term=term, amount=found.amount, case=purpose.case
            )
    except IntegrityError:
        raise Conflict(code="term-handed-in") from None
    audit.record(actor, purpose, "tax.vat_return", enterprise, action="change", fields=["amount"])
    if found.amount > 0 and purpose.case is not None:
        _bill(enterprise, purpose.case, f"{year}-{term}", found)


def _bill(enterprise: UUID, case: UUID, term: str, found: vat_return.Counted) -> None:
    body = registers.authority(cards.AUTHORITY)
    text = Text(
        {
            "nb": f"Merverdiavgift, termin {term}",
            "nn": f"Meirverdiavgift, termin {term}",
            "en": f"Value added tax, term {term}",
        }
    )
    payment.bill(
        Party("organisation", enterprise), creditor=body.id, creditor_name=body.name, case=case, case_number=term,
        amount=found.amount * 100, text=text, key=f"vat:{case}", service=SERVICE,
        due=max(found.due, timezone.localdate()),
    )  # fmt: skip


def dataset(subject: UUID) -> dict[str, Any]:
    """tax.vat_returns on the exchange: the terms the enterprise has handed in, as "2026-5"."""
    rows = VatReturn.objects.filter(enterprise=subject).order_by("year", "term")
    return {"terms": [str(one) for one in rows]}
