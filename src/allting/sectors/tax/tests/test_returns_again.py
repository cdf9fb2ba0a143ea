"""The return of a person once more: delivered by silence, changed again, and looked at by an officer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from allting.common.cases import api as cases
from allting.common.cases.models import Case, Event
from allting.common.cases.tests.factories import client_of, work
from allting.common.registers.models import Person
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import Conflict, NotAllowed
from allting.sectors.tax import api as tax
from allting.sectors.tax.models import Delivery
from allting.sectors.tax.returns import making, settling
from allting.sectors.tax.tests.factories import USUAL, YEAR, actor, offices, reported, with_return
from allting.sectors.tax.tests.factories_returns import (
    OWES,
    billed,
    paid_out,
    settled,
    silence_wakes,
    tax_of,
    time_is_out,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    return offices()


# --- Silence -------------------------------------------------------------------------------------------


def test_silence_is_a_yes_to_what_is_reported_without_what_was_not_delivered():
    person, items = with_return()
    tax.change(actor(person), YEAR, items["interest_paid"], "70000", "Ikke levert")
    time_is_out()
    work()
    case = Case.objects.get()
    kinds = list(Event.objects.filter(case=case).order_by("id").values_list("kind", "capacity"))
    assert kinds[0] == ("opened", "system") and case.outcome == "granted"
    assert paid_out(person) == [settled(150_000_00 - tax_of(520_000, 1_500, 60_000))]
    assert "Åpnet av etaten selv" in client_of(person).get(f"/my/cases/{case.pk}").content.decode()
    assert Delivery.objects.get().silent


def test_silence_takes_all_in_parts_once_and_leaves_the_delivered_and_the_dead(monkeypatch):
    monkeypatch.setattr(making, "SILENT_CHUNK", 2)
    silent = [with_return()[0] for _one in range(5)]
    delivered, dead = with_return()[0], with_return()[0]
    tax.deliver(actor(delivered), YEAR, 0)
    Person.objects.filter(pk=dead.pk).update(died=timezone.localdate())
    time_is_out()
    time_is_out()
    assert Case.objects.count() == 6 and Delivery.objects.filter(silent=True).count() == 5
    assert {str(one.party) for one in Case.objects.all()} == {f"person:{one.pk}" for one in (*silent, delivered)}
    assert making.held(YEAR) == [("not-alive", 1)]


def test_before_the_time_is_out_silence_says_nothing():
    with_return()
    silence_wakes()
    assert Case.objects.count() == 0


def test_only_the_system_of_the_tax_office_opens_such_a_case():
    person, _items = with_return()
    nav = people.state("nav")
    for who in (actor(person), Actor.system(nav.pk, "Nav"), Actor.system()):
        with pytest.raises(NotAllowed):
            cases.open_case(who, "tax-return", Party("person", person.pk), {"year": YEAR})
    assert Case.objects.count() == 0


# --- Again ---------------------------------------------------------------------------------------------


def test_delivered_again_moves_only_the_difference_and_keeps_both():
    person, items = with_return()
    me = actor(person)
    tax.deliver(me, YEAR, 0)
    work()
    first = settled(150_000_00 - tax_of(520_000, 1_500, 60_000))
    tax.change(me, YEAR, items["interest_paid"], "80000", "Glemt lån")
    tax.deliver(me, YEAR, 1)
    work()
    second = settled(150_000_00 - tax_of(520_000, 1_500, 80_000))
    assert paid_out(person) == [first, second - first]
    tax.change(me, YEAR, items["interest_paid"], "60000", "Feil likevel")
    tax.deliver(me, YEAR, 2)
    work()
    assert sum(billed(person)) == second - first and sum(paid_out(person)) == second
    assert list(Delivery.objects.values_list("number", flat=True).order_by("number")) == [1, 2, 3]


def test_a_correction_comes_off_the_bill_before_it_is_paid_out():
    person, items = with_return(OWES)
    me = actor(person)
    tax.deliver(me, YEAR, 0)
    work()
    owed = -settled(90_000_00 - tax_of(520_000, 1_500, 60_000))
    tax.change(me, YEAR, items["interest_paid"], "62000", "Glemt")
    tax.deliver(me, YEAR, 1)
    work()
    assert sum(billed(person)) == -settled(90_000_00 - tax_of(520_000, 1_500, 62_000)) < owed and paid_out(person) == []


def test_a_report_corrected_after_delivery_is_told_of_and_counts_when_delivered_again():
    employer = people.chief_of("Arbeid AS")[1]
    person = people.person()
    reported(person, by=employer)
    making.make(YEAR)
    me = actor(person)
    tax.deliver(me, YEAR, 0)
    work()
    assert not tax.view(me, YEAR).news
    reported(person, {"wage": 530_000}, by=employer)
    assert tax.view(me, YEAR).news
    tax.deliver(me, YEAR, 1)
    work()
    net = settled(150_000_00 - tax_of(530_000, 1_500, 60_000))
    assert sum(paid_out(person)) - sum(billed(person)) == net


def test_what_is_reported_after_she_began_to_change_counts_when_she_delivers():
    employer = people.chief_of("Arbeid AS")[1]
    person = people.person()
    items = reported(person, by=employer)
    making.make(YEAR)
    me = actor(person)
    tax.change(me, YEAR, items["interest_paid"], "65000", "Et lån til")
    reported(person, {"wage": 540_000}, by=employer)
    tax.deliver(me, YEAR, 0)
    work()
    assert paid_out(person) == [settled(150_000_00 - tax_of(540_000, 1_500, 65_000))]


def test_the_time_to_change_ends_three_years_after_the_deadline(monkeypatch):
    person, items = with_return()
    monkeypatch.setattr("allting.sectors.tax.returns.own.last_day", lambda year: timezone.localdate() - timedelta(1))
    with pytest.raises(Conflict):
        tax.change(actor(person), YEAR, items["wage"], "1", "x")
    assert "er ute" in client_of(person).get(f"/my/tax-return/{YEAR}").content.decode()
    assert tax.last_day(2025) == date(2029, 4, 30)


def test_what_is_taken_back_before_it_is_decided_waits_again():
    person, items = with_return()
    me = actor(person)
    tax.change(me, YEAR, items["wage"], "300000", "Sluttet i mai")
    case = tax.deliver(me, YEAR, 0)
    work()
    assert Case.objects.get(pk=case).state == "received"
    cases.withdraw(me, case)
    assert tax.view(me, YEAR).case is None
    time_is_out()
    assert Delivery.objects.filter(silent=True).count() == 1 and Case.objects.count() == 2


def test_the_next_version_begins_with_what_was_delivered():
    person, items = with_return()
    me = actor(person)
    tax.change(me, YEAR, items["interest_paid"], "65000", "Et lån til")
    tax.add(me, YEAR, {"kind": "other_income", "source": "", "amount": "900", "reason": "Leie"})
    tax.deliver(me, YEAR, 0)
    work()
    shown = tax.view(me, YEAR)
    assert shown.draft is None and shown.outcome.more["tax"] == tax_of(520_000, 2_400, 65_000)
    page = client_of(person).get(f"/my/tax-return/{YEAR}").content.decode()
    assert "Endret av deg" in page and "Skatteoppgjøret ditt" in page and ">Lever på nytt<" not in page
    form = {"place": "1", "draft": ""}  # the addition is taken back
    assert client_of(person).post(f"/my/tax-return/{YEAR}/undo", form).status_code == 302
    assert tax.view(me, YEAR).outcome.more["tax"] == tax_of(520_000, 1_500, 65_000)
    tax.deliver(me, YEAR, 1)
    work()
    net = settled(150_000_00 - tax_of(520_000, 1_500, 65_000))
    assert sum(paid_out(person)) - sum(billed(person)) == pytest.approx(net, abs=settling.SMALLEST - 1)


def test_a_change_of_what_is_no_longer_reported_can_be_removed():
    employer = people.chief_of("Arbeid AS")[1]
    person = people.person()
    items = reported(person, USUAL | {"childcare": 9_000}, by=employer)
    making.make(YEAR)
    me = actor(person)
    tax.change(me, YEAR, items["childcare"], "10000", "Mer")
    reported(person, {"childcare": 0}, by=employer)
    left = next(one for one in tax.view(me, YEAR).items if one.changed)
    assert left.reported is None
    tax.undo(me, YEAR, left.place, tax.view(me, YEAR).draft)
    assert tax.deliver(me, YEAR, 0)


# --- The officer ---------------------------------------------------------------------------------------


def test_a_large_change_goes_to_an_officer_who_counts_it_with_the_right_figures(office):
    person, items = with_return()
    me = actor(person)
    tax.change(me, YEAR, items["wage"], "300000", "Sluttet i mai")
    assert "50 000" in str(tax.view(me, YEAR).referral)
    case = tax.deliver(me, YEAR, 0)
    work()
    row = Case.objects.get(pk=case)
    assert row.state == "received" and paid_out(person) == []
    with pytest.raises(Conflict):
        tax.deliver(me, YEAR, 1)
    assert "50 000" in client_of(person).get(f"/my/cases/{case}").content.decode()
    desk = client_of(people.officer_in(office, "Lars"), as_officer_of=office.pk)
    page = desk.get(f"/office/cases/{case}").content.decode()
    assert "50 000 kroner" in page and "Sluttet i mai" in page
    form = {"revision": row.revision, "outcome": "granted", "grounds": "Meldt lønn er riktig."}
    form["fact-wages"] = "52000000"
    assert desk.post(f"/office/cases/{case}/decide", form).status_code == 302
    work()
    assert paid_out(person) == [settled(150_000_00 - tax_of(520_000, 1_500, 60_000))]
    with pytest.raises(Conflict):  # what the office has fixed is appealed, not changed
        tax.deliver(me, YEAR, 1)
    assert "klage på skatteoppgjøret" in client_of(person).get(f"/my/tax-return/{YEAR}").content.decode()


def test_an_appeal_that_helps_pays_the_difference_once(office):
    person, _items = with_return()
    me = actor(person)
    case = tax.deliver(me, YEAR, 0)
    work()
    first = paid_out(person)[0]
    cases.appeal(me, case, "Rentene er 80 000.")
    desk = Actor(people.officer_in(office, "Lars").pk, me.level).as_officer(office.pk, office.name)
    row = Case.objects.get(pk=case)
    cases.reverse(desk, case, row.revision, "Du har rett.", {"interest_paid": "8000000"})
    work()
    assert paid_out(person) == [first, settled(150_000_00 - tax_of(520_000, 1_500, 80_000)) - first]
