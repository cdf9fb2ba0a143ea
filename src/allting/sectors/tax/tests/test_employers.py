"""Employers fetch the cards of those they employ, over REST as their programs do, and each look-up is seen."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allting.common.audit.models import Entry
from allting.common.cases.tests.factories import client_of
from allting.common.exchange import api as exchange
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Actor, Party
from allting.kernel.problems import NotAllowed, NotFound
from allting.sectors.tax import cards, employment
from allting.sectors.tax.models import Employment
from allting.sectors.tax.tests import factories_cards as tax

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
FIRST = f"{YEAR}-01-01"


@pytest.fixture
def kari():
    tax.authority()
    row = make.person(given_name="Kari")
    tax.card(row)
    return row


@pytest.fixture
def firm(kari):
    return tax.employer()[0]


@pytest.fixture
def program(firm):
    return tax.Program(firm)


def states(program, person, **more):
    row = {"identity_number": person.identity_number, "begins": FIRST} | more
    return program.send("/tax-cards/employments", {"employments": [row]}).json()


def fetched(program, *numbers, year=YEAR):
    answer = program.send("/tax-cards/fetch", {"year": year, "identity_numbers": list(numbers)})
    assert answer.status_code == 200, answer.content
    return answer.json()["employees"]


def test_a_card_is_given_to_the_one_who_employs_her_and_nobody_else(program, kari):
    number = kari.identity_number
    assert fetched(program, number)[0]["result"] == "not-employed"
    assert states(program, kari)[0]["result"] == "stated"
    one = fetched(program, number)[0]
    assert one == {
        "row": 1, "identity_number": number, "result": "card",
        "card": {"year": YEAR, "table": 8000, "percent": 28, "valid_from": FIRST},
    }  # fmt: skip
    other = tax.Program(tax.employer("Nabokroa AS")[0])
    assert fetched(other, number)[0]["result"] == "not-employed"


def test_each_look_up_stands_in_her_log_under_the_laws_paragraph(program, kari, firm):
    states(program, kari)
    fetched(program, kari.identity_number)
    seen = Entry.objects.filter(subject=kari.pk, dataset="tax.card", action="read").get()
    assert (seen.basis, seen.authority, seen.fields) == ("skattebetalingsloven § 5-1", firm.pk, ["table", "percent"])
    assert "skattekort" in seen.reason


def test_without_a_card_the_answer_says_what_is_withheld(program):
    nobody = make.person()
    states(program, nobody)
    body = {"year": YEAR, "identity_numbers": [nobody.identity_number]}
    answer = program.send("/tax-cards/fetch", body).json()
    assert answer["without_card"] == 50 and answer["employees"][0]["result"] == "no-card"
    assert answer["employees"][0]["card"] is None


def test_bad_rows_are_told_by_number_and_good_ones_are_kept(program, kari):
    rows = [
        {"identity_number": "12345678901", "begins": FIRST},
        {"identity_number": kari.identity_number, "begins": FIRST},
        {"identity_number": kari.identity_number, "begins": FIRST, "ends": f"{YEAR - 1}-12-31"},
        {"identity_number": "\x00", "begins": FIRST},
    ]
    answer = program.send("/tax-cards/employments", {"employments": rows}).json()
    assert [one["result"] for one in answer] == ["bad-number", "stated", "bad-dates", "bad-number"]
    assert [one["row"] for one in answer] == [1, 2, 3, 4]
    assert Employment.objects.count() == 1


def test_the_same_statement_again_changes_nothing_and_an_end_is_kept(program, kari):
    states(program, kari)
    states(program, kari, ends=f"{YEAR}-02-28")
    assert Employment.objects.get().ends == date(YEAR, 2, 28)


def test_one_who_has_left_is_given_until_the_month_after(kari):
    _company, actor = tax.employer()
    today = timezone.localdate()
    last_month = today.replace(day=1) - timedelta(days=1)
    tax.employs(actor, kari, ends=last_month)
    assert employment.fetch(actor, YEAR, [kari.identity_number])[0].result == "card"
    Employment.objects.update(ends=last_month.replace(day=1) - timedelta(days=1))
    assert employment.fetch(actor, YEAR, [kari.identity_number])[0].result == "not-employed"


def test_changes_since_a_moment_are_those_made_after_it_of_the_employed(program, kari):
    stranger = make.person()
    states(program, kari)
    before = timezone.now().isoformat()
    asked = {"year": YEAR, "since": before}
    assert program.get("/api/tax-cards/changes", asked).json()["employees"] == []
    tax.card(kari, deductions=50_000)
    tax.card(stranger, deductions=50_000)
    found = program.get("/api/tax-cards/changes", asked).json()
    assert [(one["identity_number"], one["card"]["table"]) for one in found["employees"]] == [
        (kari.identity_number, 8050)
    ]
    assert found["next_since"] < timezone.now().isoformat()


def test_a_new_employer_is_told_of_in_one_letter(program, kari):
    states(program, kari)
    for _time in range(2):
        fetched(program, kari.identity_number)
    work()
    letter = StoredLetter.objects.get(recipient=f"person:{kari.pk}")
    assert letter.service == "tax-card"


def work():
    from allting.common.outbox import api as outbox

    while outbox.drain():
        pass


def test_she_sees_who_has_fetched_it(program, kari):
    states(program, kari)
    assert "Fjordkroa" not in client_of(kari).get("/my/tax-card").content.decode()
    fetched(program, kari.identity_number)
    assert "Fjordkroa" in client_of(kari).get("/my/tax-card").content.decode()


def test_people_and_officers_do_not_come_in_as_employers(kari):
    for actor in (
        Actor(kari.pk),
        Actor(kari.pk).acting_for(Party("person", make.person().pk), "attorney"),
        Actor(kari.pk).as_officer(make.state("nav").pk, "Nav"),
    ):
        with pytest.raises(NotAllowed):
            employment.fetch(actor, YEAR, [kari.identity_number])
    assert Client().post("/api/tax-cards/fetch", "{}", "application/json").status_code == 401


def test_a_token_without_the_scope_is_refused_as_problem_details(firm):
    program = tax.Program(firm, "allting:cases")
    answer = program.send("/tax-cards/fetch", {"year": YEAR, "identity_numbers": ["1"]})
    assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "insufficient-scope"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("fetch", {"year": 1, "identity_numbers": ["1"]}),
        ("fetch", {"year": YEAR, "identity_numbers": []}),
        ("fetch", {"year": YEAR, "identity_numbers": ["1"] * 1001}),
        ("fetch", {"year": YEAR, "identity_numbers": ["1" * 21]}),
        ("employments", {"employments": [{"identity_number": "1", "begins": "yesterday"}]}),
        ("employments", {"employments": "all"}),
    ],
)
def test_bad_input_is_problem_details_that_name_the_field(program, path, body):
    answer = program.send(f"/tax-cards/{path}", body)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"] and not Employment.objects.exists()


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "soon", ""])
def test_a_bad_moment_is_refused(program, since):
    answer = program.get("/api/tax-cards/changes", {"year": YEAR, "since": since})
    assert answer.status_code == 422 and "since" in answer.json()["errors"]


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=20), min_size=1, max_size=20))
def test_whatever_is_asked_each_row_is_answered_in_its_place(program, numbers):
    found = fetched(program, *numbers)
    assert [(one["row"], one["identity_number"]) for one in found] == list(enumerate(numbers, 1))
    assert {one["result"] for one in found} <= {"bad-number", "not-employed"}


def test_the_exchange_gives_the_card_that_counts(kari):
    officer = Actor(make.person().pk).as_officer(make.state("nav").pk, "Nav")
    tax.card(kari, other=40_000)
    assert exchange.ask(officer, tax.WHY, "tax.card", kari.pk)["table"] == 9040
    with pytest.raises(NotFound):
        exchange.ask(officer, tax.WHY, "tax.card", make.person().pk)


def test_a_mandate_for_other_things_does_not_open_the_card(kari):
    from allting.kernel.scope import Reach, Scope

    amir = Actor(make.person().pk)
    little = Scope((Reach(services=frozenset(["change-of-address"])),))
    with pytest.raises(NotAllowed):
        cards.mine(amir.acting_for(Party("person", kari.pk), "attorney", little))
    enough = Scope((Reach(themes=frozenset(["skatt"])),))
    assert cards.mine(amir.acting_for(Party("person", kari.pk), "attorney", enough))
