"""A right that is seen before anyone asks, and said yes to in one step."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.catalogue import api as catalogue
from allting.common.registers.models import Relation
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Level, Party
from allting.kernel.calendar import months_after
from allting.kernel.problems import Conflict, NotFound
from allting.sectors.welfare import rights
from allting.sectors.welfare.offers import offers

pytestmark = pytest.mark.django_db(transaction=True)


def actor(person):
    return Actor(person.pk, Level.SUBSTANTIAL, name=person.name)


@pytest.fixture
def parent():
    people.municipality()
    people.state("nav")
    people.state("nav-klageinstans")
    return people.person()


def test_a_child_at_home_gives_a_right_and_yes_gives_the_benefit(parent):
    child = people.child_of(parent)
    me, browser = actor(parent), client_of(parent)
    page = browser.get("/my/rights").content.decode()
    assert "Barnetrygd for Ola" in page and "2\u00a0012\u00a0kr" in page
    assert audit.entries_about(me, datasets=["population.children"])
    answer = browser.post("/my/rights/accept", {"right": f"child-benefit:{child.pk}"})
    assert answer.status_code == 302 and answer["Location"].startswith("/my/cases/")
    work()
    (case,) = cases.my_cases(me)
    assert case.outcome == "granted"
    assert rights.rights(me) == []
    assert "Ja, send" not in browser.get("/my/rights").content.decode()
    assert browser.post("/my/rights/accept", {"right": f"child-benefit:{child.pk}"}).status_code == 404
    assert len(cases.my_cases(me)) == 1


def test_a_child_elsewhere_or_grown_gives_none(parent):
    child = people.child_of(parent)
    type(child).objects.filter(pk=child.pk).update(address=None)
    nearly = timezone.localdate() - timedelta(days=int(17.98 * 365.25))
    people.child_of(parent, born=nearly)
    assert rights.rights(actor(parent)) == []


def test_one_childs_application_does_not_hide_anothers_right(parent):
    first = people.child_of(parent)
    people.child_of(parent, born=date(2020, 5, 2), given_name="Eva")
    rights.accept(actor(parent), f"child-benefit:{first.pk}")
    assert [one.name.split()[0] for one in rights.rights(actor(parent))] == ["Eva"]


@pytest.mark.parametrize("key", ["", "x", "child-benefit:00000000-0000-0000-0000-000000000000", "no-such:1"])
def test_what_is_not_offered_cannot_be_said_yes_to(parent, key):
    people.child_of(parent)
    with pytest.raises(NotFound):
        rights.accept(actor(parent), key)
    assert cases.my_cases(actor(parent)) == []


def test_anothers_child_is_not_offered(parent):
    child = people.child_of(people.person(given_name="Per"))
    assert client_of(parent).post("/my/rights/accept", {"right": f"child-benefit:{child.pk}"}).status_code == 404


def test_an_enterprise_has_no_such_page():
    chief, company = people.chief_of()
    assert client_of(chief, acting_for=Party("organisation", company.pk)).get("/my/rights").status_code == 403


def other_parent_of(child, parent):
    other = people.person(given_name="Per", address=parent.address)
    Relation.objects.create(person=other, other=child, kind="parent")
    return other


def test_both_parents_are_offered_a_child_and_the_first_to_say_yes_has_it(parent):
    child = people.child_of(parent)
    other, key = other_parent_of(child, parent), f"child-benefit:{child.pk}"
    for one in (other, parent):
        assert [right.key for right in rights.rights(actor(one))] == [key]
    rights.accept(actor(parent), key)
    assert rights.rights(actor(other)) == []  # asked for, and not decided yet
    work()
    second = client_of(other).post("/my/rights/accept", {"right": key})
    assert second.status_code == 409 and "Den andre forelderen har søkt" in second.content.decode()
    assert cases.my_cases(actor(other)) == [] and rights.rights(actor(other)) == []


def test_the_form_of_the_second_parent_goes_to_an_officer(parent):
    child = people.child_of(parent)
    other, answers = other_parent_of(child, parent), {"shared": "no", "alone": "no", "abroad": "no"}
    for one in (parent, other):
        send(client_of(one), "child-benefit", {"child": {"child": str(child.pk), **answers}})
        work()
    (first,), (second,) = cases.my_cases(actor(parent)), cases.my_cases(actor(other))
    assert (first.outcome, second.outcome, str(second.state)) == ("granted", "", "received")


def at_once(*calls):
    """Each call in a thread and a connection of its own, when all are ready; what they answered, or raised."""
    ready, answers = threading.Barrier(len(calls)), []

    def make(call):
        ready.wait()
        try:
            answers.append(call())
        except (Conflict, NotFound) as refused:
            answers.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make, args=(one,)) for one in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers


def test_both_parents_who_press_at_once_are_one_after_the_other(parent):
    child = people.child_of(parent)
    other, key = other_parent_of(child, parent), f"child-benefit:{child.pk}"
    answers = at_once(*[lambda one=one: rights.accept(actor(one), key) for one in (parent, other)])
    assert answers.count("other-parent-first") == 1 and len(answers) == 2
    assert len(cases.my_cases(actor(parent)) + cases.my_cases(actor(other))) == 1


def test_one_who_presses_in_two_windows_at_once_has_one_case(parent):
    child = people.child_of(parent)
    key = f"child-benefit:{child.pk}"
    answers = at_once(*[lambda: rights.accept(actor(parent), key)] * 2)
    assert answers.count("no-such-right") == 1 and len(cases.my_cases(actor(parent))) == 1


def test_what_is_refused_the_one_is_still_offered_the_other(parent):
    child = people.child_of(parent)
    other, key = other_parent_of(child, parent), f"child-benefit:{child.pk}"
    case = rights.accept(actor(parent), key)
    cases.withdraw(actor(parent), case)
    assert [one.key for one in rights.rights(actor(other))] == [key]


def test_a_child_of_a_year_and_a_bit_gives_cash_for_care_too(parent):
    """Kontantstøtteloven §§ 2, 7 and 8: 7 500 kroner without a place in kindergarten, from 13 to 19 months."""
    child = people.child_of(parent, born=months_after(timezone.localdate(), -14))
    found = {one.service: one for one in rights.rights(actor(parent))}
    assert set(found) == {"child-benefit", "cash-for-care"} and found["cash-for-care"].amount == 7_500_00
    case = rights.accept(actor(parent), f"cash-for-care:{child.pk}")
    work()
    assert cases.view(actor(parent), case).outcome == "granted"
    assert [one.service for one in rights.rights(actor(parent))] == ["child-benefit"]


@pytest.mark.parametrize("months", [3, 21])
def test_a_child_too_young_or_too_old_for_cash_for_care_gives_child_benefit_only(parent, months):
    people.child_of(parent, born=months_after(timezone.localdate(), -months))
    assert [one.service for one in rights.rights(actor(parent))] == ["child-benefit"]


def test_each_offer_answers_every_question_of_its_page(parent):
    for offer in offers():
        asked = next(page for page in catalogue.service(offer.service).service.asks if page.page == offer.page)
        files = {name for name, one in asked.fields.items() if one.type == "file"}  # asked for with other answers only
        assert {"child", *offer.answers} == set(asked.fields) - files
