"""``/api/signatures``: what others ask the person to sign, by the same verbs as the pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from allting.common.cases import api as cases
from allting.common.cases.rest import as_typed
from allting.common.cases.shown import Pages
from allting.kernel.access import RestGuard
from allting.kernel.actor import Actor
from allting.kernel.problems import Invalid

router = Router(auth=RestGuard(limited=True))
prefix = "/signatures"


class HersOut(Schema):
    """A question that is hers to answer; ``show_if``: asked only when it holds, of her own answers."""

    name: str
    type: str
    label: str
    required: bool
    show_if: str
    options: dict[str, str]


class ToSignOut(Schema):
    """``answers``, ``asks`` and ``part`` are there when one request is read by itself; ``answer``: signed, declined,
    silent or empty; ``part``: what she answered to what she was asked, which the applicant does not see."""

    case: UUID
    title: str
    from_name: str
    due: date
    must: bool
    answer: str
    answers: dict[str, Any]
    asks: list[HersOut]
    part: dict[str, Any]


class SignIn(Schema):
    """``answers`` to what she is asked, by name, as an application's; only when she agrees."""

    agree: bool
    remark: str = ""
    answers: dict[str, Any] = {}


def _actor(request: HttpRequest) -> Actor:
    return request.auth  # type: ignore[attr-defined,no-any-return]


@router.get("", response=list[ToSignOut], url_name="signatures")
def to_sign(request: HttpRequest) -> list[dict[str, Any]]:
    """What others ask the person to sign or answer."""
    return [_to_sign(one) for one in cases.to_sign(_actor(request))]


@router.get("/{uuid:case_id}", response=ToSignOut, url_name="signature")
def signing(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    return _to_sign(cases.signing(_actor(request), case_id))


@router.post("/{uuid:case_id}", response=ToSignOut, url_name="signature-answer")
def sign(request: HttpRequest, case_id: UUID, payload: SignIn) -> dict[str, Any]:
    """Sign, with answers where she is asked for them, or answer with a remark. Answering twice counts once."""
    me = _actor(request)
    typed = _typed(cases.signing(me, case_id).form, payload.answers)
    cases.sign(me, case_id, agree=payload.agree, remark=payload.remark, typed=typed)
    return _to_sign(cases.signing(me, case_id))


def _typed(form: cases.Form | None, answers: dict[str, Any]) -> dict[str, list[str]]:
    fields = form.service.fields if form else {}
    if unknown := [name for name in answers if name not in fields]:
        raise Invalid(errors={name: [_("There is no such question")] for name in unknown})
    return {name: as_typed(fields[name], value) for name, value in answers.items()}


def _to_sign(one: cases.ToSign) -> dict[str, Any]:
    fields = one.form.service.fields if one.form else {}
    asks = [
        {
            "name": name, "type": field.type, "label": str(field.label), "required": field.required,
            "show_if": str(field.show_if or ""), "options": {key: str(text) for key, text in field.options.items()},
        }
        for name, field in fields.items()
    ]  # fmt: skip
    return {
        "case": one.case, "title": str(one.title), "from_name": one.from_name, "due": one.due, "must": one.must,
        "answer": one.answer, "answers": _shown(one.pages), "asks": asks, "part": _shown(one.part),
    }  # fmt: skip


def _shown(pages: Pages) -> dict[str, Any]:
    answers = [one for _title, rows in pages for one in rows if one.name and not one.files]
    return {one.name: one.value if isinstance(one.value, list) else str(one.value) for one in answers}
