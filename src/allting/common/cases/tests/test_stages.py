"""The way of a case, step by step, in every state; and what its pages say to each of their readers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from allting.common.cases.forms import named
from allting.common.cases.lifecycle import State
from allting.common.cases.models import Case
from allting.common.cases.stages import stages
from allting.common.cases.tests.factories import client_of, pdf, send
from allting.common.registers.tests import factories as people

DUE, AT = date(2026, 12, 28), datetime(2026, 11, 25, 9, tzinfo=UTC)
APPEALED = ("decided", "appealed")


def way(state, *happened, others=False, fee=False):
    events = [SimpleNamespace(kind=kind, at=AT) for kind in ("submitted", *happened)]
    return stages(state, events, others=others, fee=fee, due=DUE)


@pytest.mark.parametrize(
    ("state", "happened", "more", "expected"),
    [
        (State.SIGNING, (), {"others": True}, "done Sent, now Others answer, next Being handled, next Answer"),
        (State.PAYING, (), {"fee": True}, "done Sent, now Fee, next Being handled, next Answer"),
        (State.RECEIVED, ("paid",), {"fee": True}, "done Sent, done Fee, now Being handled, next Answer"),
        (State.IN_HAND, (), {}, "done Sent, now Being handled, next Answer"),
        (State.ASKED, ("asked",), {}, "done Sent, now Being handled, next Answer"),
        (State.DECIDED, ("decided",), {}, "done Sent, done Being handled, done Answer"),
        (State.APPEALED, APPEALED, {}, "done Sent, done Being handled, done Answer, now Appeal being handled, "
         "next With the appeals body, next Final answer"),
        (State.DECIDED, (*APPEALED, "reversed"), {},
         "done Sent, done Being handled, done Answer, done Appeal being handled"),
        (State.FORWARDED, (*APPEALED, "forwarded"), {}, "done Sent, done Being handled, done Answer, "
         "done Appeal being handled, now With the appeals body, next Final answer"),
        (State.CLOSED, (*APPEALED, "forwarded", "appeal-decided"), {}, "done Sent, done Being handled, done Answer, "
         "done Appeal being handled, done With the appeals body, done Final answer"),
        (State.WITHDRAWN, ("withdrawn",), {}, ""),
        (State.LAPSED, ("lapsed",), {}, ""),
    ],
)  # fmt: skip
def test_the_way_of_a_case(state, happened, more, expected):
    with translation.override("en"):
        assert ", ".join(f"{one.place} {one.title}" for one in way(state, *happened, **more)) == expected


def test_a_step_says_when_it_was_and_when_the_answer_comes():
    sent, now, answer = way(State.IN_HAND)
    assert (sent.when, sent.by, answer.when, answer.by) == (date(2026, 11, 25), None, None, DUE)
    with translation.override("nb"):
        assert str(now.note) == "Nå"
        assert str(way(State.ASKED)[1].note) == "Venter på svar fra deg"
    assert [one.by for one in way(State.DECIDED, "decided")] == [None, None, None]


@pytest.mark.parametrize(
    ("label", "said"), [("Når flytter du?", "Når flytter du? Fyll ut"), ("Gateadresse", "Gateadresse: Fyll ut")]
)
def test_an_error_is_said_with_its_question(label, said):
    assert named(label, "Fyll ut") == said


@pytest.mark.django_db
def test_a_question_waits_for_the_party_on_one_page_and_for_the_applicant_on_the_other():
    people.state("statsforvalteren")
    molde = people.municipality()
    browser = client_of(people.person())
    need = {"role": "driver", "places": ["home"], "why": "Krykker."}
    case = send(browser, "parking-permit-disabled", {"need": need, "doctor": {"statement": pdf()}})
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    form = {"revision": Case.objects.get(pk=case).revision, "question": "Hvor langt?"}
    assert office.post(f"/office/cases/{case}/ask", form).status_code == 302
    form = {"revision": Case.objects.get(pk=case).revision, "outcome": "refused"}
    wrong = office.post(f"/office/cases/{case}/decide", form)
    assert wrong.status_code == 422 and "Begrunnelse: " in wrong.content.decode()
    for page in ("/office", f"/office/cases/{case}"):
        text = office.get(page).content.decode()
        assert "Venter på søkeren" in text and "fra deg" not in text
    assert "Venter på svar fra deg" in browser.get(f"/my/cases/{case}").content.decode()


@pytest.mark.django_db
def test_no_more_files_than_there_is_room_for_and_that_is_said_in_her_language():
    from allting.common.cases import files
    from allting.common.cases.tests.factories import begin

    people.municipality()
    browser = client_of(people.person())
    draft = begin(browser, "parking-permit-disabled")
    for number in range(files.MOST + 1):
        page = browser.post(f"/drafts/{draft}/doctor", {"statement": pdf(f"{number}.pdf"), "upload": "statement"})
    assert page.status_code == 422
    assert f"Du kan legge til høyst {files.MOST} filer her" in page.content.decode()
