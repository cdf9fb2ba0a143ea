"""The return of a person: made, looked at, changed, delivered or silent, settled once, changed again."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.models import Case, Event
from allting.common.cases.tests.factories import client_of, pdf, work
from allting.common.mailbox.models import StoredLetter
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill, Payout
from allting.common.registers.models import Person, Relation
from allting.common.registers.tests import factories as people
from allting.kernel.actor import Actor, Party
from allting.kernel.encryption import unseal_json
from allting.kernel.problems import Conflict, Invalid, NotAllowed, NotFound
from allting.sectors.tax import api as tax
from allting.sectors.tax.models import Delivery, TaxReturn
from allting.sectors.tax.returns import making, settling
from allting.sectors.tax.tests.factories import USUAL, YEAR, actor, offices, reported, with_return

pytestmark = pytest.mark.django_db
OWES = USUAL | {"withheld": 90_000}


@pytest.fixture(autouse=True)
def office():
    return offices()


def letter_to(person):
    row = StoredLetter.objects.filter(recipient=f"person:{person.pk}").order_by("id").last()
    return json.dumps(unseal_json(bytes(row.content), f"letter:{row.pk}"), ensure_ascii=False)


def silence_wakes():
    Effect.objects.filter(kind="tax.silence").update(due=timezone.now())
    work()


def time_is_out():
    TaxReturn.objects.update(due=timezone.localdate() - timedelta(days=1))
    silence_wakes()


def paid_out(person):
    return [row.amount for row in Payout.objects.filter(plan__payee=f"person:{person.pk}").order_by("id") if row.amount]


def billed(person):
    rows = Bill.objects.filter(payer=f"person:{person.pk}").exclude(status="cancelled").order_by("id")
    return [row.amount - row.credited for row in rows]


# --- Made, and seen ----------------------------------------------------------------------------------


def test_one_is_made_for_each_who_is_reported_about_and_a_second_run_makes_no_more():
    made = [with_return()[0] for _one in range(3)]
    people.person(given_name="Ukjent")
    assert making.make(YEAR) == 0
    work()
    told = Effect.objects.filter(kind="notification.email", key__startswith="tax-return:2025:")
    assert {one.key.rsplit(":", 1)[1] for one in told} == {str(one.pk) for one in made} and len(told) == 3
    assert set(TaxReturn.objects.values_list("person", flat=True)) == {one.pk for one in made}
    assert set(TaxReturn.objects.values_list("due", flat=True)) <= {
        max(date(YEAR + 1, 4, 30), making.legal_deadline(timezone.localdate(), "4 weeks"))
    }


def test_many_are_made_in_parts(monkeypatch):
    monkeypatch.setattr(making, "CHUNK", 2)
    for _one in range(5):
        reported(people.person())
    assert making.make(YEAR) == 5


def test_who_reported_what_it_comes_to_and_that_it_was_looked_up():
    person, _items = with_return()
    page = client_of(person).get(f"/my/tax-return/{YEAR}").content.decode()
    assert "520\u00a0000\u00a0kr" in page and "Fra Arbeid AS" in page and "Du får igjen" in page
    entries = audit.entries_about(actor(person), datasets=["tax.reports"])
    assert entries and entries[0].basis == "skatteforvaltningsloven § 8-2"
    found = tax.view(actor(person), YEAR)
    wages = tax_of(520_000, 1_500, 60_000)
    assert found.net == settled(150_000_00 - wages)


def settled(net):
    """With interest: 78 per cent of the policy rate of 4 on 1 January 2026, from 1 July 2025 (§ 11-5)."""
    until = timezone.localdate() if net > 0 else settling.due_days(timezone.localdate(), YEAR, -net)[0]
    days = (until - date(YEAR, 7, 1)).days
    return net + (100 if net > 0 else -100) * int(abs(net) // 100 * 0.0312 * days / 365 + 0.5)


def tax_of(wages, other, deductions):
    from allting.kernel.rules import named

    rule = named("tax.wage_earner")
    on = date(YEAR, 12, 31)
    given = {"wages": wages, "other_income": other, "deductions": deductions, "age": 35, "zone": "ordinary"}
    return int(rule.function(rule.at(on), **rule.read(given, on))) * 100


def test_childcare_is_deducted_up_to_the_limit_for_the_children():
    person, _items = with_return(USUAL | {"childcare": 45_000})
    people.child_of(person)
    assert tax.view(actor(person), YEAR).outcome.more["tax"] == tax_of(520_000, 1_500, 85_000)
    people.child_of(person, born=date(2020, 2, 2))
    assert tax.view(actor(person), YEAR).outcome.more["tax"] == tax_of(520_000, 1_500, 100_000)


def test_a_pensioner_gets_the_deduction_for_pension_income():
    person = people.person(born=date(1949, 2, 20))
    reported(person, {"pension": 300_000}, months=12, degree=100)
    reported(person, {"withheld": 20_000})
    making.make(YEAR)
    steps = [str(step.text) for step in tax.view(actor(person), YEAR).outcome.steps]
    assert any("pensjonsinntekt" in text for text in steps)


def test_another_has_no_part_in_it():
    person, items = with_return()
    other, browser = people.person(), client_of(people.person())
    with pytest.raises(NotFound):
        tax.view(actor(other), YEAR)
    for path in ("", f"/items/{items['wage']}", "/add"):
        assert browser.get(f"/my/tax-return/{YEAR}{path}").status_code == 404
    assert browser.post(f"/my/tax-return/{YEAR}/deliver", {"revision": "0"}).status_code == 404
    assert "ingen skattemelding" in browser.get("/my/tax-return").content.decode()
    chief, company = people.chief_of()
    assert client_of(chief, acting_for=Party("organisation", company.pk)).get("/my/tax-return").status_code == 403
    assert tax.years(actor(person)) == [YEAR]


@pytest.mark.parametrize(("scope", "status"), [("economic", 200), ("", 200), ("personal", 403)])
def test_a_guardian_sees_to_it_as_far_as_her_mandate_reaches(scope, status):
    ward, _items = with_return(born=date(1940, 1, 1))
    guardian = people.person(given_name="Verge")
    Relation.objects.create(person=guardian, other=ward, kind=Relation.Kind.GUARDIAN, scope=scope)
    browser = client_of(guardian, acting_for=Party("person", ward.pk))
    assert browser.get(f"/my/tax-return/{YEAR}").status_code == status
    answer = browser.post(f"/my/tax-return/{YEAR}/deliver", {"revision": "0"})
    assert answer.status_code == (302 if status == 200 else 403)
    assert Delivery.objects.count() == (status == 200)
    assert client_of(guardian).get(f"/my/tax-return/{YEAR}").status_code == 404


# --- Changed -------------------------------------------------------------------------------------------


def test_a_change_an_addition_and_taking_it_back_count_at_once():
    person, items = with_return()
    browser, me = client_of(person), actor(person)
    before = tax.view(me, YEAR).net
    path = f"/my/tax-return/{YEAR}/items/{items['interest_paid']}"
    assert browser.post(path, {"amount": "70 000", "reason": "Et lån til"}).status_code == 302
    draft = tax.view(me, YEAR).draft
    form = {"kind": "interest_received", "source": "Utenlandsbanken", "amount": "900", "reason": "Konto i utlandet"}
    assert browser.post(f"/my/tax-return/{YEAR}/add", form | {"draft": draft}).status_code == 302
    found = tax.view(me, YEAR)
    assert found.outcome.more["tax"] == tax_of(520_000, 2_400, 70_000)
    page = browser.get(f"/my/tax-return/{YEAR}").content.decode()
    assert "Endret av deg" in page and "Meldt: 60\u00a0000\u00a0kr" in page and "Utenlandsbanken" in page
    for _each in range(2):
        form = {"place": "0", "draft": tax.view(me, YEAR).draft}
        assert browser.post(f"/my/tax-return/{YEAR}/undo", form).status_code == 302
    assert tax.view(me, YEAR).net == before


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"amount": "mye", "reason": "x"}, "amount"),
        ({"amount": "", "reason": "x"}, "amount"),
        ({"amount": "-5", "reason": "x"}, "amount"),
        ({"amount": "5", "reason": " "}, "reason"),
        ({"amount": "5", "reason": "x" * 201}, "reason"),
    ],
)
def test_what_is_wrong_is_said_by_the_field_and_nothing_is_lost(form, field):
    person, items = with_return()
    answer = client_of(person).post(f"/my/tax-return/{YEAR}/items/{items['wage']}", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and f'id="error-{field}"' in page and form["amount"] in page
    assert tax.view(actor(person), YEAR).draft is None


def test_only_some_kinds_are_added_and_what_counts_for_nothing_is_not_changed():
    person, items = with_return(USUAL | {"debt": 900_000})
    for kind in ("withheld", "pension", "debt", "no-such", ""):
        with pytest.raises(Invalid):
            tax.add(actor(person), YEAR, {"kind": kind, "source": "", "amount": "100", "reason": "x"})
    assert client_of(person).get(f"/my/tax-return/{YEAR}/items/{items['debt']}").status_code == 404


def test_two_windows_do_not_overwrite_each_other():
    person, items = with_return()
    me = actor(person)
    tax.change(me, YEAR, items["wage"], "521000", "x")
    seen = tax.view(me, YEAR).draft
    tax.change(me, YEAR, items["wage"], "522000", "x", seen)
    with pytest.raises(Conflict):
        tax.change(me, YEAR, items["wage"], "523000", "x", seen)
    assert [one.amount for one in tax.view(me, YEAR).items if one.item == str(items["wage"])] == [522_000_00]


# --- Delivered, and settled ----------------------------------------------------------------------------


def test_delivered_is_a_case_a_letter_with_the_calculation_and_the_money_once():
    person, items = with_return()
    browser, me = client_of(person), actor(person)
    tax.change(me, YEAR, items["interest_paid"], "65000", "Et lån til")
    browser.post(f"/my/tax-return/{YEAR}/files", {"documents": pdf()})
    answer = browser.post(f"/my/tax-return/{YEAR}/deliver", {"revision": "0"})
    case = Case.objects.get(pk=answer["Location"].split("/")[3].split("?")[0])
    work()
    work()
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("decided", "granted")
    back = settled(150_000_00 - tax_of(520_000, 1_500, 65_000))
    assert paid_out(person) == [back] and billed(person) == []
    letter = letter_to(person)
    assert "Skatteoppgjøret ditt for 2025" in letter and "Trinnskatt" in letter
    assert case.appeal_until >= timezone.localdate() + timedelta(days=41)
    view = cases.view(me, case.pk)
    assert view.has_files and "appealed" in view.can
    again = browser.post(f"/my/tax-return/{YEAR}/deliver", {"revision": "0"})
    assert str(case.pk) in again["Location"] and Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_delivered_at_once_in_two_windows_is_one_case():
    person, _items = with_return()
    come, answers = threading.Barrier(2), []

    def press():
        come.wait()
        try:
            answers.append(tax.deliver(actor(person), YEAR, 0))
        finally:
            connections.close_all()

    both = [threading.Thread(target=press) for _one in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(set(answers)) == 1 and Case.objects.count() == 1 and Delivery.objects.count() == 1


def test_residual_tax_is_billed_in_two_equal_parts_on_the_days_of_the_law():
    person, _items = with_return(OWES)
    tax.deliver(actor(person), YEAR, 0)
    work()
    owed = -settled(90_000_00 - tax_of(520_000, 1_500, 60_000))
    assert sum(billed(person)) == owed and len(billed(person)) == 2 and paid_out(person) == []
    assert max(billed(person)) - min(billed(person)) <= 1
    first, second = Bill.objects.order_by("id").values_list("due", flat=True)
    assert first >= timezone.localdate() + timedelta(days=21) and (second - first).days >= 35
    assert {one.law for one in Bill.objects.all()} == {"skattebetalingsloven § 10-21"}


@pytest.mark.parametrize(
    ("today", "amount", "days"),
    [
        (date(2017, 6, 22), 1000_00, [date(2017, 8, 21), date(2017, 9, 25)]),  # as Hamarøy kommune told in 2017
        (date(2026, 10, 1), 999_99, [date(2026, 10, 22)]),
        (date(2026, 10, 1), 2000_00, [date(2026, 10, 22), date(2026, 11, 26)]),
    ],
)
def test_the_days_to_pay(today, amount, days):
    assert settling.due_days(today, today.year - 1, amount) == days


def test_less_than_a_hundred_kroner_falls_away():
    owed = tax_of(520_000, 0, 0)
    person, _items = with_return({"wage": 520_000, "withheld": owed // 100 - 99})
    tax.deliver(actor(person), YEAR, 0)
    work()
    assert billed(person) == [] and paid_out(person) == []
    assert "mindre enn 100 kroner" in letter_to(person)


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
