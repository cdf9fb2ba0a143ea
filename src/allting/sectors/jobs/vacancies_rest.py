"""``/api/vacancies``: the open vacancies, for anyone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from allting.sectors.jobs import api as jobs

router = Router()
prefix = "/vacancies"


class VacancyOut(Schema):
    id: UUID
    employer_name: str
    title: str
    text: str
    occupation: str
    skills: list[str]
    municipality: str
    kind: str
    extent: int
    positions: int
    apply_by: date
    state: str
    published: datetime
    revision: int


@router.get("", response=list[VacancyOut], url_name="vacancies")
def search(
    request: HttpRequest, q: str = "", occupation: str = "", place: str = "", kind: str = "",
    after: UUID | None = None,
) -> Any:  # fmt: skip
    """Open vacancies, newest first, twenty at a time; ``after`` is the id of the last one seen."""
    wanted = jobs.Search(q[:100].replace("\x00", ""), *(text.replace("\x00", "") for text in (occupation, place, kind)))
    return jobs.search(wanted, after=after)


@router.get("/{vacancy_id}", response=VacancyOut, url_name="vacancy")
def vacancy(request: HttpRequest, vacancy_id: UUID) -> Any:
    return jobs.vacancy(vacancy_id)
