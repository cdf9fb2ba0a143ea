"""My pension as a page: what the registers know, what is typed, the chart with its table, and nothing in addresses."""

from datetime import date

import pytest
from django.utils import timezone

from allting.common.audit.models import Entry
from allting.common.cases.tests.factories import client_of
from allting.common.registers.tests import factories as make
from allting.kernel.actor import Party
from allting.kernel.money import kroner
from allting.sectors.pension import register
from allting.sectors.pension.balance import Figure

pytestmark = pytest.mark.django_db
TYPED = {"balance": "4 000 000", "income": "0", "age": "62", "degree": "100", "level": "high", "years_insured": "0"}


@pytest.fixture
def kari():
    return make.person(born=date(1963, 3, 5))


def test_the_published_example_stands_on_the_page_with_chart_and_table(kari):
    page = client_of(kari).post("/my/pension", TYPED).content.decode()
    assert "199\u00a0402\u00a0kr" in page and 'role="img"' in page and 'aria-labelledby="as-table"' in page
    assert "have not earned enough" in page or "ikke tjent opp nok" in page


def test_the_colours_of_the_chart_are_explained_where_there_are_two(kari):
    whole = TYPED | {"age": "67", "years_insured": "40"}
    assert '<p class="legend">' in client_of(kari).post("/my/pension", whole | {"balance": "300000"}).content.decode()
    assert '<p class="legend">' not in client_of(kari).post("/my/pension", TYPED).content.decode()


def test_in_january_the_figures_of_last_year_are_used_and_that_is_said(kari, monkeypatch):
    browser = client_of(kari)
    monkeypatch.setattr("allting.sectors.pension.api.timezone.localdate", lambda: date(2027, 1, 5))
    page = browser.post("/my/pension", TYPED).content.decode()
    assert "199\u00a0402\u00a0kr" in page and "31. desember 2026" in page


def test_an_enterprise_has_no_pension(kari):
    boss, firm = make.chief_of("Bistro AS")
    assert client_of(boss, acting_for=Party("organisation", firm.pk)).get("/my/pension").status_code == 403


def test_the_look_up_has_a_legal_basis_and_is_made_once_for_the_form(kari):
    browser = client_of(kari)
    page = browser.get("/my/pension").content.decode()
    first = Entry.objects.filter(subject=kari.pk).count()
    carried = page.split('name="known" value="')[1].split('"')[0]
    browser.post("/my/pension", TYPED | {"known": carried})
    assert Entry.objects.filter(subject=kari.pk).count() == first
    assert Entry.objects.filter(subject=kari.pk, basis="folketrygdloven kapittel 20").exists()


def test_another_persons_signed_birth_date_is_not_taken(kari):
    page = client_of(kari).get("/my/pension").content.decode()
    carried = page.split('name="known" value="')[1].split('"')[0]
    other = make.person(born=date(1940, 1, 1))
    answer = client_of(other).post("/my/pension", TYPED | {"known": carried}).content.decode()
    assert "1954" in answer


def test_half_a_pension_and_work_beside_it_gives_more_later(kari):
    typed = TYPED | {"degree": "50", "income": "500000"}
    page = client_of(kari).post("/my/pension", typed).content.decode()
    assert "252\u00a0791\u00a0kr" in page


@pytest.mark.parametrize(
    ("field", "typed"), [("balance", ""), ("balance", "-1"), ("income", "much"), ("age", "80"), ("degree", "30")]
)
def test_bad_input_stands_beside_its_field_with_what_was_typed(kari, field, typed):
    answer = client_of(kari).post("/my/pension", TYPED | {field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and f'href="#field-{field}"' in page
    assert field == "balance" or 'value="4 000 000"' in page


def earned(person):
    figures = [Figure("balance", 2022, 3_900_000, "Nav"), Figure("income", 2024, 700_000, "Skatteetaten")]
    register.store({person.pk: [*figures, Figure("income", 1999, 1, "Skatteetaten")]})
    return str(register.balance_of(person.pk, timezone.localdate()).amount)


def test_the_register_fills_in_and_the_pension_stands_there_at_once(kari):
    balance = earned(kari)
    page = client_of(kari).get("/my/pension").content.decode()
    assert kroner(int(balance) * 100) in page
    assert f'value="{balance}"' in page and 'value="700000"' in page and 'role="img"' in page
    assert "3\u00a0900\u00a0000\u00a0kr" in page and "Skatteetaten" in page and "1. januar 2026" in page
    assert Entry.objects.filter(subject=kari.pk, dataset="pension.earnings", basis="folketrygdloven § 20-4").exists()


def test_what_is_changed_counts_and_the_years_still_stand_there_without_a_new_look_up(kari):
    earned(kari)
    browser = client_of(kari)
    carried = browser.get("/my/pension").content.decode().split('name="known" value="')[1].split('"')[0]
    before = Entry.objects.filter(subject=kari.pk).count()
    page = browser.post("/my/pension", TYPED | {"known": carried}).content.decode()
    assert "199\u00a0402\u00a0kr" in page and "3\u00a0900\u00a0000\u00a0kr" in page
    assert Entry.objects.filter(subject=kari.pk).count() == before


def test_years_that_are_not_in_the_balance_are_said(kari):
    register.store({kari.pk: [Figure("income", 1999, 300_000, "Skatteetaten")]})
    page = client_of(kari).get("/my/pension").content.decode()
    assert 'value="0"' in page and "1999." in page and "–" in page


def test_the_application_is_a_click_away_and_not_for_those_of_the_old_rules(kari):
    link = 'href="/services/retirement-pension"'
    assert link in client_of(kari).get("/my/pension").content.decode()
    assert link not in client_of(make.person(born=date(1950, 1, 1))).get("/my/pension").content.decode()


def test_nobody_in_sees_nothing(client):
    assert client.get("/my/pension").status_code in (302, 303)
