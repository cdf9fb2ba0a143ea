"""The return of a person: made, looked at, changed, delivered or silent, settled once, changed again."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from allting.common.audit import api as audit
from allting.common.cases import api as cases
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import client_of, pdf, work
from allting.common.outbox.models import Effect
from allting.common.payment.models import Bill
from allting.common.registers.models import Relation
from allting.common.registers.tests import factories as people
from allting.kernel import events
from allting.kernel.actor import Party
from allting.kernel.problems import Conflict, Invalid, NotFound
from allting.sectors.tax import api as tax
from allting.sectors.tax.models import Delivery, TaxReturn
from allting.sectors.tax.returns import making, settling
from allting.sectors.tax.tests.factories import USUAL, YEAR, actor, offices, reported, with_return
from allting.sectors.tax.tests.factories_returns import (
    OWES,
    billed,
    letter_to,
    paid_out,
    settled,
    tax_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    return offices()


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


def test_my_page_tells_of_it_until_it_is_delivered():
    person, _items = with_return()
    browser, link = client_of(person), f'href="/my/tax-return/{YEAR}"'
    page = browser.get("/my").content.decode()
    assert link in page and "Se over skattemeldingen din for 2025" in page
    tax.deliver(actor(person), YEAR, 0)
    assert link not in browser.get("/my").content.decode()
    assert link not in client_of(people.person()).get("/my").content.decode()


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


def test_whoever_listens_hears_the_wages_of_the_year_once_for_each_assessment():
    heard = []

    def listen(**facts):
        heard.append(facts)

    events.subscribe("tax.assessed", listen)
    try:
        person, _items = with_return()
        tax.deliver(actor(person), YEAR, 0)
        work()
    finally:
        events._handlers["tax.assessed"].remove(listen)
    (facts,) = heard
    assert (facts["person"], facts["year"], facts["income"]) == (person.pk, YEAR, 520_000)
    assert facts["authority_name"]


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
