"""The authority's work in figures: its own cases only, nobody seen in them, as few queries with many cases."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases.figures import Line, _months
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of
from allting.common.cases.tests.test_law import apply, at_work, revision
from allting.common.cases.tests.test_lists import parking, queries
from allting.common.cases.tests.test_office import desk_of, text
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor
from allting.kernel.problems import NotAllowed

pytestmark = pytest.mark.django_db
SERVICE = "kindergarten-place"


def several(count):
    found = []
    for _one in range(count):
        parent = people.person()
        found.append((parent, apply(parent, people.child_of(parent))))
    return found


def test_what_came_was_decided_and_was_appealed(molde, nina):
    officer, sent = at_work(molde, nina), several(4)
    for _parent, case in sent[:3]:
        cases.decide(officer, case, revision(case), "refused", "Fullt.")
    body = at_work(people.state("statsforvalteren"))
    for place, (parent, case) in enumerate(sent[:3]):
        cases.appeal(Actor(parent.pk), case, "Uenig.")
        if place == 0:
            cases.reverse(officer, case, revision(case), "Plass likevel.")
            continue
        cases.forward(officer, case, revision(case), "Vi står ved det.")
        cases.decide_appeal(body, case, revision(case), ("", "upheld", "overturned")[place], "Derfor.")
    line = cases.figures(officer).total()
    assert (line.received, line.decided, line.open, line.overdue) == (4, 3, 1, 0)
    assert (line.appeals, line.changed, line.stood) == (3, 2, 1)
    assert (line.median, line.ninety, line.percent) == (0, 0, 100)
    assert cases.figures(officer).by_month(SERVICE)[-1][1].received == 4
    assert cases.figures(body).total() == Line()  # they are the municipality's
    assert cases.figures(at_work(people.municipality("1508"))).total() == Line()
    with pytest.raises(NotAllowed):
        cases.figures(Actor(sent[0][0].pk))


def test_days_are_counted_from_sent_to_the_first_decision(molde, nina):
    officer = at_work(molde, nina)
    for days, (_parent, case) in zip((1, 2, 40), several(3), strict=True):
        noon = datetime.combine(timezone.localdate() - timedelta(days=days), time(12))  # whatever the clock's season
        Case.objects.filter(pk=case).update(submitted=timezone.make_aware(noon))
        if days == 40:
            Case.objects.filter(pk=case).update(due=timezone.localdate() - timedelta(days=1))
        cases.decide(officer, case, revision(case), "refused", "Fullt.")
    line = cases.figures(officer).total(SERVICE)
    assert (line.median, line.ninety, line.percent) == (2, 40, 66)


def test_percentiles_are_of_the_nearest_rank():
    line = Line(decided=10)
    line.days.update(range(1, 11))
    assert (line.median, line.ninety, line.within(1)) == (5, 9, 10)
    assert Line().median is None and Line(decided=1).percent == 0


def test_months_go_back_over_the_new_year():
    months = _months(timezone.localdate().replace(year=2027, month=2, day=1))
    assert (months[0].isoformat(), months[-1].isoformat(), len(months)) == ("2026-03-01", "2027-02-01", 12)


def test_small_numbers_do_not_leave_the_house(molde, nina):
    browser, officer = desk_of(nina, molde), at_work(molde, nina)
    sent = several(6)
    for _parent, case in sent[:4]:
        cases.decide(officer, case, revision(case), "refused", "Fullt.")
    page = text(browser.get("/office/figures"))
    assert ">6<" in page and ">4<" in page

    def row():
        answer = browser.get("/office/figures.csv")
        assert answer["Content-Type"].startswith("text/csv")
        return list(csv.reader(io.StringIO(text(answer).lstrip("\ufeff")), delimiter=";"))[1]

    assert row()[2:] == ["6", "1–4", "", "", "", "0", "0", "0"]
    cases.decide(officer, sent[4][1], revision(sent[4][1]), "granted", "")
    assert row()[2:] == ["6", "5", "0", "0", "100", "0", "0", "0"]
    Case.objects.filter(pk=sent[0][1]).update(late=True)
    assert row()[2:7] == ["6", "5", "0", "0", ""]  # the share would tell that it was one
    last = [one for one in browser.get("/api/office/figures").json() if one["received"]][-1]
    assert (last["service"], last["decided"], last["percent"], last["stood"]) == (SERVICE, 5, None, 0)


def test_a_page_of_one_service_and_as_few_queries_with_many(molde, nina):
    browser, citizen = desk_of(nina, molde), client_of(people.person())
    several(1)
    few = queries(browser, "/office/figures")
    for _one in range(3):
        parking(citizen)
    assert queries(browser, "/office/figures") == few < 10
    one = text(browser.get(f"/office/figures?service={SERVICE}"))
    assert "Barnehageplass" in one and "parkering" not in one.lower()
    assert browser.get("/office/figures?service=no-such").status_code == 200
