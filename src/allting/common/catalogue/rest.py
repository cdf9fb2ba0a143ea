"""``/api/services``: what is on offer, as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from allting.common.catalogue import api as catalogue
from allting.kernel.access import public

router = Router()
prefix = "/services"


class ServiceOut(Schema):
    service: str
    title: dict[str, str]
    summary: dict[str, str]
    offered_by: str
    audience: str
    law: str
    level: str
    life_events: list[str]
    themes: list[str]
    decided_by: str
    fee_kroner: int
    deadline: str


class QuestionOut(Schema):
    name: str
    type: str
    label: dict[str, str]
    required: bool
    show_if: str
    options: dict[str, dict[str, str]]


class PageOut(Schema):
    page: str
    title: dict[str, str]
    fields: list[QuestionOut]


class ServiceDetail(ServiceOut):
    pages: list[PageOut]


@router.get("", response=list[ServiceOut], url_name="services")
@public
def services(request: HttpRequest, q: str = "") -> list[dict[str, Any]]:
    """All services, or those found by ``q``, best first."""
    if not q:
        return [_out(one.service) for one in catalogue.services()]
    return [_out(catalogue.service(hit.slug).service) for hit in catalogue.find(q) if hit.kind == "service"]


@router.get("/{slug}", response=ServiceDetail, url_name="service")
@public
def service(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One service with its questions."""
    one = catalogue.service(slug).service
    pages = [
        {"page": page.page, "title": page.title.as_dict(), "fields": [_question(*item) for item in page.fields.items()]}
        for page in one.asks
    ]
    return {**_out(one), "pages": pages}


def _question(name: str, field: catalogue.FormField) -> dict[str, Any]:
    return {
        "name": name,
        "type": field.type,
        "label": field.label.as_dict(),
        "required": field.required,
        "show_if": field.show_if.source if field.show_if else "",
        "options": {key: text.as_dict() for key, text in field.options.items()},
    }


def _out(one: catalogue.Service) -> dict[str, Any]:
    return {
        "service": one.service,
        "title": one.title.as_dict(),
        "summary": one.summary.as_dict(),
        "offered_by": one.offered_by,
        "audience": one.audience,
        "law": one.law,
        "level": one.level,
        "life_events": list(one.life_events),
        "themes": list(one.themes),
        "decided_by": "rule" if one.at_once else "officer",
        "fee_kroner": one.fee.kroner if one.fee else 0,
        "deadline": one.deadline,
    }
