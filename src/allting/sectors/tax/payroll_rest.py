"""``/api/payroll``: an employer's program reports wages month by month, and sees what is reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.sectors.tax.payroll import receiving, reported
from allting.sectors.tax.payroll.reading import HIGHEST, EmployeesIn, of_program

SCOPE = "allting:payroll"
router = Router(auth=RestGuard(limited=True, scope=SCOPE))  # a program of the enterprise, or who represents it
prefix = "/payroll"


class PayrollIn(EmployeesIn):
    """``month``: 2026-10. ``reference`` is the employer's own: what comes with it again replaces what came before.
    ``zone`` is that of the employers' contribution: 1, 1a, 2, 3, 4, 4a or 5. ``withheld`` and ``contribution`` are the
    employer's own sums in øre, and are checked when they are there."""

    month: str = Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")
    reference: str = Field(max_length=60)
    zone: str = Field(max_length=2)
    withheld: int | None = Field(default=None, ge=0, le=HIGHEST)
    contribution: int | None = Field(default=None, ge=0, le=HIGHEST)


class ReceiptOut(Schema):
    """Amounts in øre. ``kid`` is what the bill is paid with, ``due`` its last day; ``deadline`` is the report's."""

    id: UUID
    month: date
    reference: str
    zone: str
    received: datetime
    employees: int
    base: int
    withheld: int
    contribution: int
    to_pay: int
    deadline: date
    late: bool
    replaced: bool
    kid: str
    due: date | None
    paid: bool


class ReportedOut(Schema):
    row: int
    identity_number: str
    gross: int
    withheld: int


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.post("", response={201: ReceiptOut}, url_name="payroll-send")
def send(request: HttpRequest, payload: PayrollIn) -> Any:
    """Report a month: all rows or none. A bad row is told by its number, as ``employees.3``. The same again gives the
    same receipt."""
    rows, faults = of_program(payload.employees)
    given = receiving.Given(
        date.fromisoformat(f"{payload.month}-01"), payload.reference, payload.zone, rows, faults, payload.withheld,
        payload.contribution,
    )  # fmt: skip
    return Status(201, receiving.receive(_actor(request), given))


@router.get("", response=list[ReceiptOut], url_name="payroll-reports")
def reports(request: HttpRequest) -> Any:
    """The enterprise's reports that count, newest month first."""
    return reported.reports(_actor(request))


@router.get("/{report_id}", response=ReceiptOut, url_name="payroll-report")
def report(request: HttpRequest, report_id: UUID) -> Any:
    return reported.report(_actor(request), report_id)


@router.get("/{report_id}/employees", response=list[ReportedOut], url_name="payroll-lines")
def lines(request: HttpRequest, report_id: UUID, after: int = 0) -> Any:
    """What is reported of each, a hundred rows from the one after ``after``."""
    return reported.lines(_actor(request), report_id, max(0, min(after, 10**9)))
