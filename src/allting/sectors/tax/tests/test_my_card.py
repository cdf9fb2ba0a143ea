"""My tax card as a page and as a service: applied for, decided by the rule, stored, shown; and made in bulk."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from allting.common.cases.models import Case
from allting.common.cases.tests.factories import begin, client_of, fill_in, send, work
from allting.common.mailbox.models import StoredLetter
from allting.common.registers.tests import factories as make
from allting.sectors.tax import bulk
from allting.sectors.tax.models import TaxCard
from allting.sectors.tax.tests import factories_cards as tax

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
PAGES = {
    "income": {"wages": "600 000", "pension": "0", "other": "0"},
    "deductions": {"interest": "80000", "deductions": "0"},
    "so-far": {"wages_so_far": "500000", "withheld": "100000"},
}


@pytest.fixture
def kari():
    tax.authority()
    return make.person()


def test_a_changed_card_is_decided_by_the_rule_and_counts_at_once(kari):
    browser = client_of(kari)
    case = send(browser, "tax-card", PAGES)
    work()
    found = TaxCard.objects.get(person=kari.pk)
    assert Case.objects.get(pk=case).outcome == "granted"
    assert (found.case, found.table, found.year) == (case, None, YEAR) and 0 < found.percent <= 100
    page = browser.get("/my/tax-card").content.decode()
    assert f"{found.percent} prosent" in page and "600\u00a0000\u00a0kr" in page and f"/my/cases/{case}" in page
    assert StoredLetter.objects.filter(recipient=f"person:{kari.pk}", case=case).exists()


def test_history_is_kept_and_the_newest_counts(kari):
    tax.card(kari)
    tax.card(kari, deductions=50_000)
    page = client_of(kari).get("/my/tax-card").content.decode()
    assert page.index("Tabell 8050") < page.index("Tidligere kort") < page.index("Tabell 8000")


def test_the_calculator_withholds_by_the_table(kari):
    """Skatteetaten's withholding routine 2026: table 8000, 50 000 kroner a month."""
    tax.card(kari)
    answer = client_of(kari).post("/my/tax-card", {"gross": "50 000"})
    page = answer.content.decode()
    assert answer.status_code == 200 and "50\u00a0000\u00a0kr" in page
    from allting.kernel.rules import named

    rule = named("tax.withholding")
    withheld = int(rule.function(rule.at(timezone.localdate()), 8000, 0, 50_000))
    assert f"{withheld:,}".replace(",", "\u00a0") in page


def test_without_a_card_it_says_fifty_per_cent_and_counts_with_it(kari):
    browser = client_of(kari)
    assert "50 prosent" in browser.get("/my/tax-card").content.decode()
    assert "10\u00a0000\u00a0kr" in browser.post("/my/tax-card", {"gross": "20000"}).content.decode()


@pytest.mark.parametrize("typed", ["", "much", "-5", "1" * 40, "\x00"])
def test_a_bad_amount_is_told_beside_its_field(kari, typed):
    answer = client_of(kari).post("/my/tax-card", {"gross": typed})
    assert answer.status_code == 422 and 'href="#field-gross"' in answer.content.decode()


def test_a_year_whose_tables_are_not_here_yet_has_a_page_all_the_same(kari, monkeypatch):
    real, then = timezone.localdate, date(2098, 1, 4)
    monkeypatch.setattr(timezone, "localdate", lambda value=None, *zone: real(value, *zone) if value else then)
    browser = client_of(kari)
    for answer in (browser.get("/my/tax-card"), browser.post("/my/tax-card", {"gross": "50 000"})):
        page = answer.content.decode()
        assert answer.status_code == 200 and "ikke her ennå" in page and "Du har ikke skattekort" in page


def test_another_persons_card_is_not_shown(kari):
    tax.card(kari, deductions=50_000)
    assert "8050" not in client_of(make.person()).get("/my/tax-card").content.decode()
    assert client_of(make.person()).get("/api/tax-cards").json() == []
    assert client_of(kari).get("/api/tax-cards").json()[0]["table"] == 8050


def test_the_form_keeps_what_was_typed_when_amounts_do_not_fit(kari):
    browser = client_of(kari)
    draft = begin(browser, "tax-card")
    fill_in(browser, draft, {name: PAGES[name] for name in ("income", "deductions")})
    typed = {"wages_so_far": "500000", "withheld": "500001", "shown": "wages_so_far withheld"}
    answer = browser.post(f"/drafts/{draft}/so-far", typed)
    page = answer.content.decode()
    assert 'value="500001"' in page and "trukket mer skatt" in page


# --- Everybody's cards ---------------------------------------------------------------------------------


def test_everybody_gets_a_card_once_by_age_and_place(kari):
    north, young = make.person(municipality="5603"), make.person(born=date(YEAR - 16, 1, 1))
    call_command("tax", "cards", year=YEAR)
    tables = dict(TaxCard.objects.values_list("person", "table"))
    assert (tables[kari.pk], tables[north.pk]) == (8000, 8040) and young.pk not in tables
    assert bulk.make(YEAR) == 0


def test_a_run_that_was_broken_off_goes_on_in_the_next(kari, monkeypatch):
    for _one in range(5):
        make.person()
    monkeypatch.setattr(bulk, "CHUNK", 2)

    def stop(_count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.make(YEAR, stop)
    assert TaxCard.objects.count() == 2
    assert bulk.make(YEAR) == 4


def test_what_was_told_last_year_is_used_again(kari):
    tax.card(kari, date(YEAR, 3, 1), deductions=50_000, wages_so_far=100_000)
    TaxCard.objects.update(year=YEAR - 1)
    bulk.make(YEAR)
    assert TaxCard.objects.get(person=kari.pk, year=YEAR).table == 8050


def test_a_year_whose_law_is_not_known_is_refused_in_words(kari):
    with pytest.raises(CommandError, match="2099"):
        call_command("tax", "cards", year=2099)
    assert not TaxCard.objects.exists()
