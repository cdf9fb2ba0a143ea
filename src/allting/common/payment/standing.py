"""How a party stands in some cases: what decisions have given, less what they have asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import F, Max, Sum

from allting.common.payment import late, models


def standing(cases: Iterable[UUID]) -> int:
    """Øre that single payments in these cases have given or promised, less the bills that stand. Below nothing: she has
    been asked for more than she was given."""
    return sum(_given(one) - _billed(one) for one in cases)


def paid(cases: Iterable[UUID], by: date | None = None) -> int:
    """Øre that have come in of the bills in these cases, without fees and interest for late payment; ``by``: to and
    with this day, as the bank or the provider says it was paid."""
    rows = models.Bill.objects.filter(case__in=list(cases), status__in=("due", "paid"))
    return sum(_came(one, by) for one in rows)


def _came(row: models.Bill, by: date | None) -> int:
    came = row.amount - row.credited - (late.principal(row) if row.status == "due" else 0)
    if by is None or not came:
        return came
    after = models.Posting.objects.filter(subject=row.pk, kind="paid", day__gt=by)
    return max(0, came - (after.aggregate(sum=Sum("amount"))["sum"] or 0))


def made(case: UUID) -> int:
    """Øre of the single payments made in the case: what the next plan of the same case takes off by itself."""
    rows = models.Payout.objects.filter(plan__case=case, plan__every="once").exclude(status="cancelled")
    return rows.aggregate(sum=Sum("amount"))["sum"] or 0


def _given(case: UUID) -> int:
    """A plan that stands counts what was paid before it; one that was replaced gave only what it had time to."""
    plans = models.Plan.objects.filter(case=case, every="once", replaced=False)
    return max(made(case), plans.aggregate(most=Max("amount"))["most"] or 0)


def _billed(case: UUID) -> int:
    rows = models.Bill.objects.filter(case=case, status__in=("due", "paid"))
    return rows.aggregate(sum=Sum(F("amount") - F("credited")))["sum"] or 0
