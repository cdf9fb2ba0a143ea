"""Which terms an enterprise hands in VAT returns for: two months each, or the whole year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allting.common.audit import api as audit
from allting.kernel.actor import Actor, Purpose
from allting.kernel.problems import Invalid
from allting.sectors.tax.models import VatReturn, VatTerms
from allting.sectors.tax.services.vat_return import WHOLE_YEAR

GIVEN = ("kind", "from_year")
FIRST_YEAR = 2022  # of the returns that are taken here
_BY_YEAR = (VatTerms.Kind.YEARLY, VatTerms.Kind.PRIMARY)


def change(actor: Actor, purpose: Purpose, enterprise: UUID, given: Mapping[str, Any]) -> None:
    """Effect tax.change_vat_terms: other terms from a year on. Raises Invalid when returns for that year or a later one
    are in already, for terms of the other length."""
    kind, year = VatTerms.Kind(given["kind"]), int(given["from_year"])
    VatTerms.objects.bulk_create([VatTerms(enterprise=enterprise)], ignore_conflicts=True)
    VatTerms.objects.select_for_update().get(enterprise=enterprise, from_year=0)
    handed_in = VatReturn.objects.filter(enterprise=enterprise, year__gte=year, stands=True)
    others = handed_in.exclude(term=WHOLE_YEAR) if kind in _BY_YEAR else handed_in.filter(term=WHOLE_YEAR)
    if others.exists():
        raise Invalid(
            errors={"outcome": [_("Returns for that year are handed in already, for terms of another length.")]}
        )
    VatTerms.objects.update_or_create(enterprise=enterprise, from_year=year, defaults={"kind": kind})
    audit.record(actor, purpose, "tax.vat_terms", enterprise, action="change", fields=["kind", "from_year"])


def is_primary(enterprise: UUID, year: int) -> bool:
    """Whether the year is one of farming, forestry or fishing, with a deadline of its own."""
    return _kind(_rows(enterprise), year) == VatTerms.Kind.PRIMARY


def told(enterprise: UUID) -> dict[str, Any]:
    """``changes``: from which year on the enterprise has which terms; ``yearly`` and ``primary``: the years, till next
    year, of which the whole year is one term."""
    rows = _rows(enterprise)
    years = range(FIRST_YEAR, timezone.localdate().year + 2)
    kinds = {year: _kind(rows, year) for year in years}
    return {
        "changes": [{"from": one.from_year, "kind": one.kind} for one in rows if one.from_year],
        "yearly": [year for year in years if kinds[year] in _BY_YEAR],
        "primary": [year for year in years if kinds[year] == VatTerms.Kind.PRIMARY],
    }


def _rows(enterprise: UUID) -> list[VatTerms]:
    return list(VatTerms.objects.filter(enterprise=enterprise).order_by("from_year"))


def _kind(rows: list[VatTerms], year: int) -> str:
    begun = [one.kind for one in rows if one.from_year <= year]
    return begun[-1] if begun else VatTerms.Kind.TWO_MONTHLY
