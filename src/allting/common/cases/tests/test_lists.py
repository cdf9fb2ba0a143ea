"""Lists and pages ask the database the same number of times however much there is; nobody gets another's page."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, send
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor

pytestmark = pytest.mark.django_db
PARKING = {
    "need": {"role": "driver", "places": ["home"], "why": "Krykker."},
}


def parking(browser):
    from allting.common.cases.tests.factories import pdf

    return send(browser, "parking-permit-disabled", PARKING | {"doctor": {"statement": pdf()}})


def queries(browser, path):
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("path", "most"), [("/my", 12), ("/my/cases", 6), ("/my/payments", 5)])
def test_a_page_asks_as_often_with_ten_cases_as_with_one(molde, path, most):
    browser = client_of(people.person())
    parking(browser)
    queries(browser, path)
    one = queries(browser, path)
    for _more in range(9):
        parking(browser)
    assert queries(browser, path) == one <= most


def test_the_form_and_the_queue_ask_little(molde):
    person = people.person()
    browser = client_of(person)
    case = parking(browser)
    from allting.common.cases.tests.factories import begin

    draft = begin(browser, "parking-permit-disabled")
    assert queries(browser, f"/drafts/{draft}/need") <= 4
    assert queries(browser, f"/my/cases/{case}") <= 14
    office = client_of(people.officer_in(molde), as_officer_of=molde.pk)
    one = queries(office, "/office/queue")
    for _more in range(5):
        parking(browser)
    assert queries(office, "/office/queue") == one <= 6


def test_the_queue_comes_a_page_at_a_time_most_urgent_first(molde):
    browser = client_of(people.person())
    found = [parking(browser) for _case in range(5)]
    today = timezone.localdate()
    for place, case in enumerate(found):
        Case.objects.filter(pk=case).update(due=today + timedelta(days=5 - place))
    officer = Actor(people.officer_in(molde).pk).as_officer(molde.pk, "Molde kommune")
    first = cases.queue(officer, limit=3)
    rest = cases.queue(officer, after=(first[-1].due, first[-1].id), limit=3)
    assert [one.id for one in first + rest] == found[::-1]
    Case.objects.filter(pk=found[0]).update(due=today - timedelta(days=1))
    assert cases.queue(officer)[0].overdue


def test_an_accountant_with_many_cases_gets_them_by_key(molde):
    browser = client_of(people.person())
    parking(browser)
    row = Case.objects.get()
    from uuid6 import uuid7

    more = []
    for place in range(45):
        copy = Case.objects.get(pk=row.pk)
        copy.pk, copy.number = uuid7(), f"2026/{place + 100}"
        more.append(copy)
    Case.objects.bulk_create(more)
    seen, path = set(), "/my/cases"
    import re

    while path:
        page = browser.get(path).content.decode()
        seen |= set(re.findall(r"/my/cases/([\w-]{36})\"", page))
        found = re.search(r"/my/cases\?before=[\w-]+", page.split("<main")[1].split("</main>")[0])
        path = found[0] if found else ""
    assert len(seen) == 46


@pytest.mark.django_db(transaction=True)
def test_many_at_once_each_get_their_own_page():
    people.municipality()
    browsers = []
    for place in range(8):
        person = people.person(given_name=f"Navn{place}", family_name="Alene")
        browsers.append((f"Navn{place} Alene", client_of(person)))
    wrong, start = [], threading.Barrier(len(browsers))

    def look(name, browser):
        start.wait()
        for _time in range(5):
            answer = browser.get("/my")
            page = answer.content.decode()
            others = [other for other, _browser in browsers if other != name and other in page]
            if name not in page or others or "no-store" not in answer["Cache-Control"]:
                wrong.append((name, others))
        connection.close()

    threads = [threading.Thread(target=look, args=one) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
