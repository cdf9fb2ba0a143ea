"""``/api/tax/reports``: employers, banks and others report for tax returns, from program to program."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor, Capacity
from allting.sectors.tax import api as tax

router = Router()
prefix = "/tax/reports"
SCOPE = "skatt:tredjepart.skriv"


class ProgramGuard(RestGuard):
    """The door of an enterprise's program, with a machine token that has the scope; a person has no business there."""

    def __init__(self, scope: str) -> None:
        super().__init__(limited=True, scope=scope)
        self.entry = f"enterprise {scope}"

    def fits(self, actor: Actor) -> bool:
        return actor.capacity is Capacity.ENTERPRISE


class ReportIn(Schema):
    """``amount`` in øre; ``months`` and ``degree`` (per cent) only for retirement pension. A later report with the same
    ``reference`` corrects the earlier; the amount 0 takes it back."""

    reference: str = Field(max_length=64)
    identity_number: str = Field(max_length=20)
    year: int
    kind: str = Field(max_length=20)
    amount: int
    months: int = 0
    degree: int = 0


class BatchIn(Schema):
    reports: list[ReportIn] = Field(max_length=1000)


class TakenOut(Schema):
    new: int
    corrected: int
    unchanged: int


@router.post("", auth=ProgramGuard(SCOPE), response=TakenOut, url_name="tax-reports")
def take(request: HttpRequest, payload: BatchIn) -> Any:
    """Report a batch, all or nothing; the errors say which row and field. Sent again it changes nothing."""
    return tax.take(request.auth, [one.dict() for one in payload.reports])  # type: ignore[attr-defined]
