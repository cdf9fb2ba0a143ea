"""An enterprise that hands in VAT returns, and what it hands in."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone

from allting.common.cases.tests.factories import client_of, send, work
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Party
from allting.sectors.tax.tests import factories_cards as tax

YEAR, TERM = timezone.localdate().year - 1, "6"  # the last term that is surely over
WHEN = {"year": str(YEAR), "term": TERM}
NONE = dict.fromkeys(("sales_standard", "sales_food", "sales_low", "sales_fish"), "0")


def chief_of(name: str = "Fjordkroa AS") -> tuple[Client, Any]:
    """A browser of the chief executive, acting for her enterprise, and the enterprise."""
    tax.authority()
    firm = make.chief_of(name)[1]
    person = Mandate.objects.get(organisation=firm.pk).person
    return client_of(person, acting_for=Party("organisation", firm.pk)), firm


def pages(sold: int = 100_000, deducted: int = 8_000, why: str = "", **more: dict[str, Any]) -> dict[str, Any]:
    """A return in kroner; ``why`` where it corrects another."""
    found = {"term": WHEN} | ({"correction": {"why": why}} if why else {})
    found["sales"] = NONE | {"sales_standard": str(sold), "exempt": "no"}
    found["purchases"] = {"input_vat": str(deducted), "abroad": "no", "adjusts": "no"}
    return found | more


def handed_in(browser: Client, *args: Any, **kwargs: Any) -> Any:
    """Send a return and let it be decided; the case."""
    case = send(browser, "vat-return", pages(*args, **kwargs))
    work()
    return case
