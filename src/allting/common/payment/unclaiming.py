"""A new decision gives what was claimed back: the claim is credited by itself, and what was paid of it goes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from allting.common.payment import models, payouts
from allting.common.payment.running import Place, paid_for, right_now
from allting.common.payment.terms import let_off


def settle_claims(case: UUID, why: Callable[[], str]) -> int:
    """Take off the case's claims what its decision gives now, in the caller's transaction: the newest claim first. What
    is taken off counts as paid, so that it is not paid once more. Returns øre; "payment.credited" tells of it.

    ``why`` stands on the credit note. The caller holds the case, so that no other decision claims meanwhile.
    """
    claimed = _claimed(case)
    if not claimed:
        return 0  # as for most decisions
    payouts.held_plans(case)
    paid, right = paid_for(case), right_now(case)
    wrong = {
        place: over for place, sum_of in claimed.items()
        if (over := sum_of - max(0, paid.get(place, 0) - right(*place))) > 0
    }  # fmt: skip
    off: dict[UUID, int] = defaultdict(int)
    for row in models.Claimed.objects.filter(case=case).order_by("-bill_id", "pk"):
        part = min(row.amount, wrong.get((row.part, row.month), 0))
        if part:
            wrong[row.part, row.month] -= part
            off[row.bill_id] += part
            _lower(row, part)
    for bill, amount in off.items():
        let_off(bill, amount, why())
    return sum(off.values())


def _claimed(case: UUID) -> dict[Place, int]:
    found: dict[Place, int] = defaultdict(int)
    for part, month, amount in models.Claimed.objects.filter(case=case).values_list("part", "month", "amount"):
        found[part, month] += amount
    return found


def _lower(row: models.Claimed, part: int) -> None:
    row.amount -= part
    if row.amount:
        row.save(update_fields=["amount"])
    else:
        row.delete()
