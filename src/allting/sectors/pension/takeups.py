"""How much of the pension is taken, decision by decision: what each pays, and what takes over when one changes it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from allting.common.cases import api as cases
from allting.common.payment import api as payment
from allting.kernel.actor import Party
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict
from allting.kernel.rules import Pay
from allting.sectors.pension.models import HeldPerson, TakeUp
from allting.sectors.pension.services.retirement_wording import TITLE

DATASET: Final = "pension.taken"
SERVICES: Final = ("retirement-pension", "retirement-pension-degree")
LAW: Final = "folketrygdloven § 20-14"
MONTHS_BETWEEN: Final = 12  # two changes (§ 20-14; Nav, pensjonsbrev, InnholdSoeknadFoerEttAar.kt)


def decided(*, told: cases.Concluded) -> None:
    """Handler of "cases.decided", in the decision's transaction: the one before is paid until this one begins. Decided
    anew, it is itself paid until the next one begins."""
    if told.service not in SERVICES:
        return
    if not told.outcome.granted:
        set_aside(case=told.case)
        return
    _hold(told.party.id)
    row = _stored(told)
    key = f"pension:{told.case}:{told.revision}"
    if before := _before(row):
        _until(before, row.first, f"{key}:before")
    if after := _after(row):
        _until(row, after.first, f"{key}:after")


def _hold(person: UUID) -> None:
    """Two decisions about one person are one after the other, the first ones too, when there is no row to hold."""
    HeldPerson.objects.get_or_create(person=person)
    HeldPerson.objects.select_for_update().get(person=person)


def _stored(told: cases.Concluded) -> TakeUp:
    more = told.outcome.more
    values = {name: more[name] for name in ("degree", "left", "income_pension", "years_insured")}
    values |= {
        "first": more["start"], "monthly": sum(one.amount for one in told.outcome.pays), "ended": None,
        "fallen": False, "case_number": told.number, "person": told.party.id, "authority": told.authority,
        "authority_name": told.authority_name,
    }  # fmt: skip
    return TakeUp.objects.update_or_create(case=told.case, defaults=values)[0]


def set_aside(*, case: UUID) -> None:
    """Handler of "cases.set_aside": the one before it is paid again, until the one after it."""
    row = TakeUp.objects.filter(case=case, fallen=False).first()
    if row is None:
        return
    _hold(row.person)
    row.refresh_from_db()
    row.fallen = True
    row.save(update_fields=["fallen"])
    before, after = _before(row), _after(row)
    if before:
        _until(before, after.first if after else None, f"pension:{case}:fallen:{before.ended}")


def latest(person: UUID) -> TakeUp | None:
    """The one that holds; None for one who has not taken any."""
    return TakeUp.objects.filter(person=person, fallen=False).order_by("-id").first()


def dataset(subject: UUID) -> dict[str, Any]:
    """pension.taken: whether any was ever taken (``ever``), how much is now and since when, and the day from which the
    degree may be changed freely. Stopped is nothing per cent, by whomever it was stopped."""
    row = latest(subject)
    if row is None:
        return {"ever": False, "degree": 0}
    runs = bool(payment.running_of_case(row.case))
    return {
        "ever": True, "degree": row.degree if runs else 0, "first": row.first.isoformat(),
        "income_pension": row.income_pension,
        "changeable": months_after(row.first, MONTHS_BETWEEN).isoformat(), "years_insured": row.years_insured,
    }  # fmt: skip


def _before(row: TakeUp) -> TakeUp | None:
    rows = TakeUp.objects.select_for_update().filter(person=row.person, fallen=False, id__lt=row.pk)
    return rows.order_by("-id").first()


def _after(row: TakeUp) -> TakeUp | None:
    return TakeUp.objects.filter(person=row.person, fallen=False, id__gt=row.pk).order_by("id").first()


def _until(row: TakeUp, month: date | None, key: str) -> None:
    """Pay it to the month before ``month``, or on; as it was last paid, which an officer may have changed."""
    if month == row.ended:
        return
    if month and (row.ended is None or month < row.ended):
        if row.ended is None:
            row.monthly = _paid_in(row, month)
        _stop(row, month, key)
    elif row.monthly and row.ended:
        pays = Pay(row.monthly, TITLE, "month", row.ended, month - timedelta(days=1) if month else None)
        payment.pay(
            Party("person", row.person), debtor=row.authority, debtor_name=row.authority_name, case=row.case,
            case_number=row.case_number, pays=pays, key=key, law=LAW,
        )  # fmt: skip
    row.ended = month
    row.save(update_fields=["ended", "monthly"])


def _paid_in(row: TakeUp, month: date) -> int:
    """What it would have paid in that month, in øre."""
    runs = payment.running_of_case(row.case)
    there = [one for one in runs if one.next.replace(day=1) <= month and (one.until is None or one.until >= month)]
    return sum(one.amount for one in there)


def _stop(row: TakeUp, month: date, key: str) -> None:
    try:
        payment.change(row.case, month, None, key)
    except Conflict as refused:
        if refused.code != "nothing-is-paid-then":  # it was stopped before
            raise
