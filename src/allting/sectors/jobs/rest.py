"""``/api/jobs``: CV, matches and applications for oneself; an enterprise's vacancies and who has applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from allting.kernel.access import OrganisationGuard, RestGuard
from allting.kernel.actor import Actor
from allting.sectors.jobs import api as jobs
from allting.sectors.jobs.vacancies_rest import VacancyOut

router = Router()
prefix = "/jobs"
MINE = RestGuard()
EMPLOYER = OrganisationGuard()


class VacancyIn(Schema):
    """``occupation``: STYRK-08 major group; ``kind``: permanent, temporary, apprentice or summer."""

    title: str
    text: str
    occupation: str
    skills: list[str] = Field(default_factory=list)
    municipality: str
    kind: str
    extent: int = 100
    positions: int = 1
    apply_by: str


class ChangeIn(VacancyIn):
    revision: int


class CloseIn(Schema):
    """``state``: filled or withdrawn."""

    state: str
    revision: int


class CvBody(Schema):
    experience: str = ""
    education: str = ""
    skills: list[str] = Field(default_factory=list)
    occupations: list[str] = Field(default_factory=list)
    places: list[str] = Field(default_factory=list)
    kinds: list[str] = Field(default_factory=list)
    extent: int = 1


class MatchOut(Schema):
    vacancy: VacancyOut
    points: int
    fits: list[str]
    lacks: list[str]


class ApplyIn(Schema):
    vacancy: UUID
    message: str


class AppliedOut(Schema):
    id: UUID
    vacancy: VacancyOut
    state: str
    at: datetime
    message: str
    answer: str


class ReceivedOut(AppliedOut):
    name: str
    email: str
    mobile: str
    cv: CvBody


class AnswerIn(Schema):
    """``state``: invited or declined."""

    state: str
    answer: str


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("/mine/cv", auth=MINE, response=CvBody, url_name="job-cv")
def cv(request: HttpRequest) -> Any:
    return jobs.cv(_actor(request))


@router.put("/mine/cv", auth=MINE, response=CvBody, url_name="job-cv-save")
def save_cv(request: HttpRequest, payload: CvBody) -> Any:
    return jobs.save(_actor(request), payload.dict())


@router.get("/mine/matches", auth=MINE, response=list[MatchOut], url_name="job-matches")
def matches(request: HttpRequest) -> Any:
    """Vacancies that fit one's CV, best first, and why in words."""
    return jobs.best(jobs.cv(_actor(request)), jobs.newest(500))


@router.get("/mine/applications", auth=MINE, response=list[AppliedOut], url_name="job-applications")
def applications(request: HttpRequest) -> Any:
    return jobs.own(_actor(request))


@router.get("/employer", auth=EMPLOYER, response=list[VacancyOut], url_name="employer-vacancies")
def vacancies(request: HttpRequest) -> Any:
    """The employer's own vacancies, for whoever represents it, or works in the authority."""
    return jobs.vacancies_of(_actor(request))


@router.post("/employer", auth=EMPLOYER, response={201: VacancyOut}, url_name="employer-publish")
def publish(request: HttpRequest, payload: VacancyIn) -> Any:
    """Tell of a vacancy (arbeidsmarkedsloven § 7)."""
    return 201, jobs.publish(_actor(request), payload.dict())


@router.put("/employer/{vacancy_id}", auth=EMPLOYER, response=VacancyOut, url_name="employer-change")
def change(request: HttpRequest, vacancy_id: UUID, payload: ChangeIn) -> Any:
    return jobs.change(_actor(request), vacancy_id, payload.revision, payload.dict())


@router.post("/employer/{vacancy_id}/close", auth=EMPLOYER, response=VacancyOut, url_name="employer-close")
def close(request: HttpRequest, vacancy_id: UUID, payload: CloseIn) -> Any:
    return jobs.close(_actor(request), vacancy_id, payload.revision, payload.state)


@router.get(
    "/employer/{vacancy_id}/applications", auth=EMPLOYER, response=list[ReceivedOut], url_name="employer-received"
)
def received(request: HttpRequest, vacancy_id: UUID) -> Any:
    """Who has applied. Each of them sees in her log that it was read."""
    me = _actor(request)
    return jobs.received(me, jobs.vacancy_of(me, vacancy_id))


@router.post(
    "/employer/applications/{interest_id}/answer", auth=EMPLOYER, response={204: None}, url_name="employer-answer"
)
def answer(request: HttpRequest, interest_id: UUID, payload: AnswerIn) -> Any:
    jobs.answer(_actor(request), interest_id, payload.state, payload.answer)
    return 204, None


@router.post("/mine/applications", auth=MINE, response={201: AppliedOut}, url_name="job-apply")
def apply(request: HttpRequest, payload: ApplyIn) -> Any:
    """Send name, contact details, CV and a message to the employer."""
    jobs.apply(_actor(request), payload.vacancy, payload.message)
    return 201, jobs.own_one(_actor(request), payload.vacancy)


@router.delete("/mine/applications/{vacancy_id}", auth=MINE, response={204: None}, url_name="job-withdraw")
def withdraw(request: HttpRequest, vacancy_id: UUID) -> Any:
    jobs.withdraw(_actor(request), vacancy_id)
    return 204, None
