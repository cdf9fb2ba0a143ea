"""``/api/reporting-cards``: one's own cards, as on ``/my/reporting-card``: listed, read, sent and corrected."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid, NotFound
from allting.sectors.welfare import awards, periods

router = Router(auth=RestGuard())
prefix = "/reporting-cards"


class ReportedDay(Schema):
    """``half_hours``: of work; ``what``: empty, sick, away (holiday or other absence) or course."""

    half_hours: int = Field(0, ge=0, le=48)
    what: Literal["", "sick", "away", "course"] = ""


class ReportingCardOut(Schema):
    """``state``: sent, send (now), late, or later; ``given``: øre, when it is counted."""

    start: date
    end: date
    opens: date
    by: date
    state: str
    given: int | None
    days: list[ReportedDay]

    @staticmethod
    def resolve_given(one: Any) -> int | None:
        return one.given.amount if one.given else None


class CardBenefitOut(Schema):
    """A benefit that is paid by cards; ``day_rate`` in kroner, the newest period first."""

    case: UUID
    service: str
    day_rate: int
    start: date
    ended: date | None
    periods: list[ReportingCardOut]


class ReportingCardIn(Schema):
    """Fourteen days from the Monday; ``goes_on``: she still looks for work, or needs help to get to it."""

    days: list[ReportedDay]
    goes_on: bool


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("", response=CardBenefitOut, url_name="reporting-cards")
def cards(request: HttpRequest) -> Any:
    """What one has that is paid by cards, and its periods."""
    held = awards.mine(_actor(request))
    if held is None:
        raise NotFound()
    return held


@router.get("/{slug:start}", response=ReportingCardOut, url_name="reporting-card")
def card(request: HttpRequest, start: str) -> Any:
    return awards.period(_actor(request), periods.read_day(start))


@router.put("/{slug:start}", response=ReportingCardOut, url_name="reporting-card-send")
def send(request: HttpRequest, start: str, payload: ReportingCardIn) -> Any:
    """Send the card of the period, or what is right instead of what was sent. The same again changes nothing that is
    paid."""
    found = awards.period(_actor(request), periods.read_day(start))
    days = [periods.Day(one.half_hours, one.what) for one in payload.days]
    if len(days) != periods.LENGTH:
        raise Invalid(errors={"days": [_("Write all fourteen days")]})
    if any(one.half_hours and one.what in periods.ABSENT for one in days):
        raise Invalid(errors={"days": [_("Write hours or absence, not both on one day")]})
    awards.send(_actor(request), found.start, days, goes_on=payload.goes_on)
    return awards.period(_actor(request), found.start)
