"""``/api/tax-cards``: one's own card, and for employers' programs the cards of those they employ."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Field, Router, Schema

from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid
from allting.sectors.tax import cards, employment

SCOPE = "allting:tax-cards"
router = Router()
prefix = "/tax-cards"
EMPLOYER = RestGuard(limited=True, scope=SCOPE)  # a program of the enterprise, or somebody who represents it
Number = Annotated[str, Field(max_length=20)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class EmploymentIn(Schema):
    """``begins`` and ``ends`` are the first and the last day; without ``ends`` she works there still."""

    identity_number: Number
    begins: date
    ends: date | None = None


class EmploymentsIn(Schema):
    employments: Annotated[list[EmploymentIn], Field(min_length=1, max_length=employment.MOST)]


class StatedOut(Schema):
    """``row`` counts from 1. ``result``: stated, or why not."""

    row: int
    identity_number: str
    result: Literal["stated", "bad-number", "bad-dates", "no-such-person"]


class FetchIn(Schema):
    year: Year
    identity_numbers: Annotated[list[Number], Field(min_length=1, max_length=employment.MOST)]


class CardOfEmployeeOut(Schema):
    """``table`` is the withholding table; without one ``percent`` is of all pay."""

    year: int
    table: int | None
    percent: int | None
    valid_from: date


class FetchedOut(Schema):
    """``result``: card, no-card (then what ``without_card`` says is withheld), not-employed or bad-number."""

    row: int
    identity_number: str
    result: Literal["card", "no-card", "not-employed", "bad-number"]
    card: CardOfEmployeeOut | None


class CardsOut(Schema):
    """``without_card``: per cent withheld from those without a card."""

    without_card: int
    employees: list[FetchedOut]


class ChangedOut(Schema):
    """``next_since``: ask from this moment the next time."""

    next_since: datetime
    employees: list[FetchedOut]


class OwnCardOut(Schema):
    id: UUID
    year: int
    table: int | None
    percent: int | None
    valid_from: date
    made: datetime


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("", auth=RestGuard(limited=True), response=list[OwnCardOut], url_name="tax-cards")
def mine(request: HttpRequest) -> Any:
    """One's own cards of this year, newest first: the first one counts."""
    return cards.mine(_actor(request))


@router.post("/employments", auth=EMPLOYER, response=list[StatedOut], url_name="tax-card-employments")
def employments(request: HttpRequest, payload: EmploymentsIn) -> Any:
    """Say whom the enterprise employs. Good rows are kept, also when others are refused; the same again changes
    nothing."""
    rows = [employment.Stated(one.identity_number, one.begins, one.ends) for one in payload.employments]
    return employment.state(_actor(request), rows)


@router.post("/fetch", auth=EMPLOYER, response=CardsOut, url_name="tax-card-fetch")
def fetch(request: HttpRequest, payload: FetchIn) -> Any:
    """The cards of those the enterprise has said it employs, at most a thousand at a time. Each of them sees in her
    log that it was fetched."""
    found = employment.fetch(_actor(request), payload.year, payload.identity_numbers)
    return {"without_card": cards.without_a_card(), "employees": found}


@router.get("/changes", auth=EMPLOYER, response=ChangedOut, url_name="tax-card-changes")
def changes(request: HttpRequest, year: Year, since: datetime) -> Any:
    """Cards made since a moment, of those the enterprise employs."""
    found, next_since = employment.changes(_actor(request), year, _moment(since))
    return {"next_since": next_since, "employees": found}


def _moment(given: datetime) -> datetime:
    """A moment of our time; one without an offset is Norwegian time. Raises Invalid."""
    if not 2000 <= given.year <= 2100:
        raise Invalid(errors={"since": [gettext("Write a moment between 2000 and 2100")]})
    return timezone.make_aware(given) if timezone.is_naive(given) else given
