"""Several cases at once: each by its own rules, each with its own event and letter; one that cannot stops no other."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from uuid6 import uuid7

from allting.common.cases import api as cases
from allting.common.cases import together
from allting.common.cases.models import Case, Event, Reminder
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.cases.tests.test_law import apply, at_work, letters, revision
from allting.common.cases.tests.test_lists import queries
from allting.common.cases.tests.test_office import desk_of, text
from allting.common.cases.tests.test_tables import HOME, MONEY, NEED
from allting.common.outbox.models import Effect
from allting.common.registers.models import Mandate
from allting.common.registers.tests import factories as people
from allting.kernel.problems import Invalid

pytestmark = pytest.mark.django_db
JSON = "application/json"
PAGE = "/office/together"


@pytest.fixture
def parents(molde):
    return [people.person(given_name=name) for name in ("Ragnhild", "Solveig", "Tone")]


@pytest.fixture
def three(parents):
    return [apply(one, people.child_of(one)) for one in parents]


def seen(chosen):
    return [f"{one}:{revision(one)}" for one in chosen]


def test_alike_decided_each_party_gets_her_own_letter_and_each_case_its_own_event(molde, nina, parents, three):
    browser = desk_of(nina, molde)
    work()
    before = [len(letters(one)) for one in parents]
    queue = text(browser.get("/office/queue"))
    assert all(f'name="case" value="{one}"' in queue for one in three)
    first = text(browser.post(PAGE, {"case": three, "show": "free"}))
    form = {"case": re.findall(r'name="case" value="([^"]+)"', first)[:3], "do": "decide", "outcome": "refused"}
    wrong = browser.post(PAGE, form | {"grounds": " "})
    assert wrong.status_code == 422 and "Fyll ut" in text(wrong)
    sure = text(browser.post(PAGE, form | {"grounds": "Alle plassene er fordelt."}))
    assert "3 saker blir avgjort" in sure and "Alle plassene er fordelt." in sure
    assert {one.state for one in Case.objects.all()} == {"received"}  # looked over: nothing done
    done = text(browser.post(PAGE, form | {"grounds": "Alle plassene er fordelt.", "go": "1"}))
    assert "Utført med 3 saker" in done
    work()
    for parent, case, was in zip(parents, three, before, strict=True):
        row = Case.objects.get(pk=case)
        assert (row.state, row.outcome, row.officer) == ("decided", "refused", nina.pk)
        assert Event.objects.filter(case=case, kind="decided", person=nina.pk).count() == 1
        assert len(letters(parent)) == was + 1 and "Alle plassene er fordelt." in letters(parent)[-1]
    again = text(browser.post(PAGE, form | {"grounds": "Alle plassene er fordelt.", "go": "1"}))
    assert "Utført med" not in again and Event.objects.filter(kind="decided").count() == 3


def test_one_that_cannot_is_told_why_and_the_rest_goes_on(molde, nina, parents, three):
    officer, chosen = at_work(molde, nina), [(one, revision(one)) for one in three]
    cases.take(at_work(molde), three[1], revision(three[1]))  # a colleague was there between
    alesund = people.municipality("1508")
    told = cases.together(officer, chosen, cases.Deed("decide", outcome="granted"))
    assert [bool(one.why) for one in told] == [False, True, False] and told[1].why == together.UNLIKE
    told = cases.together(officer, chosen[1:2], cases.Deed("decide", outcome="granted"))
    assert told[0].why == together.CHANGED and Case.objects.get(pk=three[1]).state == "in-hand"
    assert told[0].number == Case.objects.get(pk=three[1]).number
    stranger = at_work(alesund)
    told = cases.together(stranger, chosen, cases.Deed("remind", on=timezone.localdate().isoformat()))
    assert {(one.why, one.number) for one in told} == {(together.NOT_HERE, "")} and not Reminder.objects.exists()


def test_too_near_is_too_near_here_as_well(molde, parents, three):
    Mandate.objects.create(person=parents[0], organisation=molde, role="case-officer")
    mother = at_work(molde, parents[0])
    chosen = [(one, revision(one)) for one in three]
    told = cases.together(mother, chosen, cases.Deed("decide", outcome="granted"))
    assert [one.why for one in told] == [together.NEAR, "", ""]
    assert Case.objects.get(pk=three[0]).state == "received"


def test_a_fault_in_the_middle_leaves_no_half_case(molde, nina, three, monkeypatch):
    from allting.common.cases import letters as sent
    from allting.kernel.problems import Unavailable

    whole, calls = sent.decision, []

    def once_out(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise Unavailable()
        whole(*args, **kwargs)

    monkeypatch.setattr(sent, "decision", once_out)
    told = cases.together(at_work(molde, nina), [(one, revision(one)) for one in three],
                          cases.Deed("decide", outcome="granted"))  # fmt: skip
    assert [bool(one.why) for one in told] == [False, True, False]
    row = Case.objects.get(pk=three[1])
    assert (row.state, row.outcome) == ("received", "") and not Event.objects.filter(case=row, kind="decided").exists()
    assert not Effect.objects.filter(key__startswith=f"case:{row.pk}:{row.revision + 1}").exists()


def test_two_officers_still_decide_what_takes_two(molde, nina, parents):
    pages = {"need": NEED, "home": HOME | {"lives_with": "no"}, "money": MONEY}
    two = [send(client_of(one), "social-assistance", pages) for one in parents[:2]]
    browser = desk_of(nina, molde)
    form = {"case": seen(two), "do": "decide", "outcome": "refused", "grounds": "Sparepenger."}
    assert "En annen saksbehandler" in text(browser.post(PAGE, form))
    assert "De venter på en annen saksbehandler" in text(browser.post(PAGE, form | {"go": "1"}))
    work()
    assert {one.state for one in Case.objects.filter(pk__in=two)} == {"proposed"}
    assert not [one for parent in parents[:2] for one in letters(parent) if "Sparepenger." in one]
    ola = at_work(molde, people.officer_in(molde, "Ola"))
    told = cases.together(ola, [(one, revision(one)) for one in two], cases.Deed("decide", outcome="granted"))
    assert {one.why for one in told} == {together.NOT_NOW}  # each is signed by itself


def test_given_to_a_colleague_and_reminded_of(molde, nina, three):
    browser, ola = desk_of(nina, molde), people.officer_in(molde, "Ola")
    form = {"case": seen(three), "do": "assign", "person": ""}
    assert browser.post(PAGE, form).status_code == 422
    assert "3 saker blir gitt til" in text(browser.post(PAGE, form | {"person": str(ola.pk)}))
    browser.post(PAGE, form | {"person": str(ola.pk), "go": "1"})
    assert {one.officer for one in Case.objects.filter(pk__in=three)} == {ola.pk}
    today = timezone.localdate()
    form = {"case": seen(three), "do": "remind", "on": (today - timedelta(days=1)).isoformat(), "go": "1"}
    assert browser.post(PAGE, form).status_code == 422
    for _twice in range(2):
        browser.post(PAGE, form | {"on": today.isoformat()})
    assert Reminder.objects.filter(person=nina.pk).count() == 3 == Effect.objects.filter(kind="cases.remind").count()


def test_none_chosen_leads_back_and_too_many_is_refused(molde, nina, three):
    browser = desk_of(nina, molde)
    answer = browser.post(PAGE, {"show": "free"})
    assert answer["Location"] == "/office/queue?show=free&none=1"
    assert "Velg minst én sak" in text(browser.get(answer["Location"]))
    assert browser.get(PAGE).status_code == 302
    with pytest.raises(Invalid):
        cases.look_over(at_work(molde, nina), three + [uuid7() for _one in range(together.MOST)])


def test_change_goes_back_with_what_was_written(molde, nina, three):
    browser = desk_of(nina, molde)
    form = {"case": seen(three), "do": "decide", "outcome": "granted", "grounds": "Ledig.", "change": "1"}
    page = text(browser.post(PAGE, form))
    assert "Ledig." in page and re.search(r'value="granted" checked', page)


def test_looking_over_asks_as_often_for_three_as_for_two(molde, nina, three):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    officer = at_work(molde, nina)

    def asked(chosen):
        with CaptureQueriesContext(connection) as seen_now:
            cases.look_over(officer, chosen)
        return len(seen_now)

    one, two = asked(three[:1]), asked(three[:2])
    assert asked(three) - two <= two - one  # how near she is, is asked of each: at most a page of them
    assert queries(desk_of(nina, molde), "/office/queue") < 10


def test_the_same_over_rest(molde, nina, three):
    office = desk_of(nina, molde)
    body = {"do": "decide", "cases": [{"id": str(one), "revision": revision(one)} for one in three], "outcome": "x"}
    assert office.post("/api/office/together", body, JSON).status_code == 422
    body["cases"][1]["revision"] = 0
    told = office.post("/api/office/together", body | {"outcome": "granted"}, JSON).json()
    assert [one["why"] == "" for one in told] == [True, False, True]
    assert [one["id"] for one in told] == [str(one) for one in three]
