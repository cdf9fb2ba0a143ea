"""Another degree, or none: what the rule answers, and that one decision takes over from another to the month."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from time import sleep

import pytest
from django.db import connection, transaction
from uuid6 import uuid7

from allting.common.cases import api as cases
from allting.common.cases.tests.factories import client_of, send, work
from allting.common.payment import api as payment
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Level, Party
from allting.kernel.calendar import months_after
from allting.kernel.rules import Outcome
from allting.sectors.pension import register, takeups
from allting.sectors.pension.services.retirement_pension_degree import decide
from allting.sectors.pension.tests.factories import apply, earned, letter_to, me, next_month, officer_of, revision

FIRST = date(2026, 11, 1)


def asked(**more):
    given = {
        "born": date(1963, 10, 30), "start": FIRST, "degree": "100", "level": "high", "years_insured": 40,
        "today": date(2026, 10, 5), "before": 50, "changeable": date(2027, 5, 1), "pension_before": 150_000,
        "balance": 3_000_000,
    }  # fmt: skip
    return decide(**(given | more))


def in_words(outcome):
    return " ".join(one.in_("en") for one in outcome.grounds)


# --- The rule -------------------------------------------------------------------------------------------------------


def test_what_was_taken_is_made_into_a_balance_again_and_all_of_it_divided():
    """150 000 × 19.25 + 3 000 000 is 5 887 500; by 19.25 it is 305 844 a year."""
    found = asked()
    assert found.granted and found.pays[0].amount == 25_487_00 and found.pays[0].start == FIRST
    assert found.steps[1].value == "5\xa0887\xa0500\xa0kr" and "§§ 20-14 og 20-16" in found.steps[1].law
    assert found.more["left"] == 0 and found.more["income_pension"] == 305_844


def test_stopping_pays_nothing_and_keeps_the_whole_balance():
    found = asked(degree="0")
    assert found.granted and not found.pays and found.more["left"] == 5_887_500 and "stops" in in_words(found)


def test_another_part_must_wait_twelve_months_but_all_or_nothing_need_not():
    assert "twelve months" in in_words(asked(degree="60"))
    assert asked(degree="60", changeable=FIRST).granted
    assert "already" in in_words(asked(degree="50", changeable=FIRST))


def test_beginning_again_after_a_stop_takes_of_the_balance_alone():
    found = asked(before=0, pension_before=0, balance=6_000_000, degree="50", changeable=FIRST)
    assert found.pays[0].amount == 12_987_00  # 3 000 000 / 19.25


@pytest.mark.parametrize(
    "given", [{"born": date(1960, 10, 30)}, {"pension_before": None}, {"start": date(2026, 12, 1)}, {"balance": None}]
)
def test_where_it_cannot_be_counted_the_officer_writes_the_balance(given):
    assert "Write the balance in all" in in_words(asked(**given))
    written = asked(**given, together=6_000_000, amount=20_000, enough=True)
    assert written.granted and written.pays[0].amount == 20_000_00 and written.more["left"] == 0


# --- One after another ----------------------------------------------------------------------------------------------


@pytest.fixture
def nav(db):
    people.state("nav-klageinstans")
    return people.state("nav")


@pytest.fixture
def half(nav):
    """One with half a pension of 11 500 a month from the next month."""
    person = people.person(born=date(1960, 5, 5))
    earned(person)
    case = apply(person)
    given = {"amount": "11500", "enough": "yes", "balance": "4000000"}
    cases.decide(officer_of(nav), case, revision(case), "granted", "", given)
    work()
    return person


def change(person, nav, degree, ahead, **facts):
    answers = {"degree": degree, "first": next_month(ahead).isoformat()}
    answers |= {"lives_with": "nobody"} if degree != "0" else {}
    case = send(client_of(person, level=Level.HIGH), "retirement-pension-degree", {"change": answers})
    cases.decide(officer_of(nav), case, revision(case), "granted", "", {"together": "4000000", **facts})
    work()
    return case


def runs(person):
    return [(one.amount // 100, one.until) for one in payment.running(me(person))]


def eve(ahead):
    return date.fromordinal(next_month(ahead).toordinal() - 1)


def test_the_new_degree_takes_over_from_its_month(nav, half):
    assert register.balance_of(half.pk, next_month()).amount == 2_000_000
    change(half, nav, "100", 3, amount="24000", enough="yes")
    assert sorted(runs(half)) == [(11_500, eve(3)), (24_000, None)]
    assert register.balance_of(half.pk, next_month(3)).amount == 0
    assert "100 prosent" in letter_to(half)


@pytest.mark.parametrize("ahead", [1, 2])
def test_of_one_that_another_took_the_place_of_nothing_is_taken(nav, ahead):
    """Two applications at once: the balance of the first must not come back when its month comes."""
    person = people.person(born=date(1960, 5, 5))
    earned(person)
    half, whole = next_month(2).isoformat(), next_month(ahead).isoformat()
    for case in [apply(person, first=half), apply(person, degree="100", first=whole)]:
        given = {"amount": "11500", "enough": "yes", "balance": "4000000"}
        cases.decide(officer_of(nav), case, revision(case), "granted", "", given)
        work()
    assert register.balance_of(person.pk, next_month(3)).amount == 0
    assert len([one for one in runs(person) if one[1] is None]) == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_decisions_at_the_same_moment_wait_for_each_other(monkeypatch):
    """Without the lock neither would see the other, and both would be paid."""
    person, stored = uuid7(), takeups._stored
    monkeypatch.setattr(takeups, "_stored", lambda told: (stored(told), sleep(0.5))[0])
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(_decided, (person,) * 2, (uuid7(), uuid7())))
    assert takeups.TakeUp.objects.filter(ended=None).count() == 1


def _decided(person, case):
    more = {"degree": 50, "left": 2_000_000, "income_pension": None, "years_insured": 40, "start": next_month()}
    outcome = Outcome(True, more=more)
    told = cases.Concluded(case, "", takeups.SERVICES[0], Party("person", person), case, "", 1, outcome)
    try:
        with transaction.atomic():
            takeups.decided(told=told)
    finally:
        connection.close()


def test_it_is_stopped_and_the_balance_is_whole_again(nav, half):
    change(half, nav, "0", 3)
    assert runs(half) == [(11_500, eve(3))]
    assert register.balance_of(half.pk, next_month(3)).amount == 4_000_000
    assert takeups.dataset(half.pk)["degree"] == 0


def test_a_change_that_falls_lets_the_one_before_go_on(nav, half):
    case = change(half, nav, "0", 3)
    cases.annul(officer_of(nav), case, revision(case), "favour", "Hun ville ikke likevel.")
    work()
    assert [amount for amount, until in runs(half) if until is None] == [11_500]
    assert takeups.dataset(half.pk)["degree"] == 50


def test_what_an_officer_had_changed_or_stopped_goes_on_so_when_the_change_falls(nav, half):
    row = takeups.TakeUp.objects.get()
    payment.change(row.case, next_month(2), 9_000_00, "lower")
    case = change(half, nav, "0", 3)
    cases.annul(officer_of(nav), case, revision(case), "favour", "Hun ville ikke likevel.")
    work()
    assert [amount for amount, until in runs(half) if until is None] == [9_000]
    payment.change(row.case, next_month(), None, "stopped")
    case = change(half, nav, "100", 3, amount="24000", enough="yes")
    cases.annul(officer_of(nav), case, revision(case), "favour", "Hun ville ikke likevel.")
    assert runs(half) == []


def test_the_first_decided_anew_is_paid_until_the_change(nav, half):
    change(half, nav, "100", 3, amount="24000", enough="yes")
    first = takeups.TakeUp.objects.get(degree=50).case
    cases.reopen(officer_of(nav), first, revision(first), "Beløpet var feil.")
    cases.decide(officer_of(nav), first, revision(first), "granted", "Rettet.", {"amount": "11600"})
    work()
    assert sorted(runs(half)) == [(11_600, eve(3)), (24_000, None)]


def test_within_twelve_months_the_form_says_no_to_another_part_and_to_applying_twice(half):
    browser = client_of(half, level=Level.HIGH)
    begun = browser.post("/services/retirement-pension-degree/start", {"again": "1"})["Location"].split("/")[2]
    answers = {"degree": "60", "first": next_month(3).isoformat(), "lives_with": "nobody"}
    answers["shown"] = "degree first lives_with"
    answer = browser.post(f"/drafts/{begun}/change", answers)
    assert "Det er mindre enn tolv måneder siden" in answer.content.decode()
    again = browser.post("/services/retirement-pension/start", {"again": "1"})
    assert "Endre alderspensjonen" in browser.get(again["Location"]).content.decode()


def test_one_without_a_pension_is_led_to_apply(nav):
    browser = client_of(people.person(born=date(1960, 5, 5)), level=Level.HIGH)
    begun = browser.post("/services/retirement-pension-degree/start", {"again": "1"})
    assert "Du kan søke om alderspensjon" in browser.get(begun["Location"], follow=True).content.decode()


def test_what_an_officer_stopped_may_be_begun_again(nav, half):
    row = takeups.TakeUp.objects.get()
    payment.change(row.case, next_month(2), None, "stopped")
    assert takeups.dataset(half.pk)["degree"] == 50
    payment.change(row.case, next_month(), None, "stopped at once")
    assert takeups.dataset(half.pk)["degree"] == 0


def test_a_year_after_it_may_be_changed_freely(half):
    told = takeups.dataset(half.pk)
    assert told["changeable"] == months_after(next_month(), 12).isoformat() and told["years_insured"] == 40


def test_my_pension_tells_what_is_taken_and_leads_to_the_change(nav, half):
    page = client_of(half).get("/my/pension").content.decode()
    assert 'href="/services/retirement-pension-degree"' in page and 'href="/services/retirement-pension"' not in page
    assert "50 %" in page and "regnet av hele" in page
    takeups.TakeUp.objects.update(first=next_month(0))
    assert "det resten gir" in client_of(half).get("/my/pension").content.decode()
    change(half, nav, "0", 3)
    assert "stanset" in client_of(half).get("/my/pension").content.decode()
