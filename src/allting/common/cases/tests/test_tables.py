"""Questions of several parts on a page: rows come and go by pressing, without a script, and nothing typed is lost."""

from __future__ import annotations

import re

import pytest

from allting.common.cases.journalling import contents
from allting.common.cases.models import Case
from allting.common.cases.tests.factories import begin, client_of
from allting.common.registers.tests import factories as people

pytestmark = pytest.mark.django_db
NEED = {"what": ["living"], "period": ["2026-11-01", "2026-11-30"], "why": "Uten jobb.", "shown": "what period why"}
HOME = {"stays": ["Storgata 1", "6413", ""], "lives_with": "yes", "rent": "9000", "shown": "stays adults"}
MONEY = {"savings": "0", "bank": "00000000019", "duty": "yes", "shown": "income savings bank duty"}


@pytest.fixture
def browser():
    people.municipality()
    return client_of(people.person())


def cells(response, name):
    """What stands in the inputs of a question."""
    page = response.content.decode()
    return re.findall(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)


def test_rows_come_and_go_and_what_is_typed_stays(browser):
    draft = begin(browser, "social-assistance")
    browser.post(f"/drafts/{draft}/need", NEED)
    path = f"/drafts/{draft}/money"
    assert cells(browser.get(path), "income") == ["", ""]
    typed = MONEY | {"income": ["Lønn", "1000"], "duty": ""}
    more = browser.post(path, typed | {"add": "income"})
    assert more.status_code == 200 and cells(more, "income") == ["Lønn", "1000", "", ""]
    assert "data-error-summary" not in more.content.decode()
    typed["income"] = ["Lønn", "1000", "Trygd", "mye"]
    wrong = browser.post(path, typed)
    assert wrong.status_code == 422 and "Rad 2, Beløp etter skatt" in wrong.content.decode()
    assert cells(wrong, "income") == typed["income"]
    fewer = browser.post(path, typed | {"drop": "income.0"})
    assert cells(fewer, "income") == ["Trygd", "mye"]


@pytest.mark.parametrize("press", ["income.9", "income.-1", "income", "nothing.0", "income.x", "."])
def test_a_row_that_is_not_there_is_not_removed(browser, press):
    draft = begin(browser, "social-assistance")
    answer = browser.post(f"/drafts/{draft}/money", MONEY | {"income": ["Lønn", "1000"], "drop": press})
    assert answer.status_code == 200 and cells(answer, "income") == ["Lønn", "1000"]


def test_a_case_holds_rows_periods_and_addresses(browser):
    draft = begin(browser, "social-assistance")
    browser.post(f"/drafts/{draft}/need", NEED)
    nobody = browser.post(f"/drafts/{draft}/home", HOME | {"adults": ["", ""]})
    assert nobody.status_code == 422
    browser.post(f"/drafts/{draft}/home", HOME | {"adults": ["Ola", "partner"]})
    browser.post(f"/drafts/{draft}/money", MONEY | {"income": ["Lønn", "1000,50"]})
    review = browser.get(f"/drafts/{draft}/review").content.decode()
    assert "Storgata 1, 6413 Molde" in review and "Navn: Ola; Hvem er det? Ektefelle eller samboer" in review
    assert browser.post(f"/drafts/{draft}/review").status_code == 302
    answers = contents(Case.objects.get())["answers"]
    assert answers["income"] == [{"source": "Lønn", "amount": 100050}]
    assert answers["period"] == {"start": "2026-11-01", "end": "2026-11-30"}


def test_the_same_over_rest(browser):
    began = browser.post("/api/drafts", {"service": "social-assistance"}, "application/json")
    draft = f"/api/drafts/{began.json()['id']}"
    answers = {"savings": 0, "bank": "00000000019", "duty": True, "income": [{"source": "Lønn", "amount": 100050}]}
    answer = browser.put(f"{draft}/pages/money", {"answers": answers}, "application/json")
    assert answer.status_code == 200 and answer.json()["answers"]["income"] == answers["income"]
    for odd in ([{"amount": 1}], "Lønn", [1], {"source": "x"}, [[]]):
        wrong = browser.put(f"{draft}/pages/money", {"answers": answers | {"income": odd}}, "application/json")
        assert wrong.status_code == 422, odd
