"""An enterprise hands in a VAT return, sees what it comes to in the letter, and finds the bill."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_from_the_term_to_the_bill(walker, platform):  # noqa: F811
    siri = walker(platform.person("chief executive"))
    siri.goto("/act-as")
    siri.page.get_by_label("Romsdalsfjorden Bistro AS").check()
    siri.press("Fortsett")
    siri.start("vat-return")
    siri.page.get_by_label("År", exact=True).fill("2025")
    siri.choose("Hvilken termin?", "November og desember")
    siri.see("vat-term")
    siri.press("Neste")
    for question, amount in (("Alminnelig", "100000"), ("Næringsmidler", "0"), ("Persontransport", "0")):
        siri.fill(question, amount)
    siri.fill("Førstehåndsomsetning", "0")
    siri.choose("Har du solgt noe det ikke er avgift på?", "Nei")
    siri.see("vat-sales")
    siri.press("Neste")
    siri.fill("Inngående merverdiavgift", "8000")
    siri.choose("Har du importert varer", "Nei")
    siri.choose("Har du tapt noe", "Nei")
    siri.see("vat-purchases")
    siri.press("Neste")
    siri.send("vat")
    siri.letter("Mva-meldingen er mottatt")
    expect(siri.page.get_by_text("17 000 kroner")).to_be_visible()
    siri.see("vat-letter")
    siri.goto("/my/payments")
    expect(siri.page.get_by_role("link", name="Merverdiavgift, termin 2025-6")).to_be_visible()
    _correct(siri)


def _correct(siri):
    """The same term once more: the form says so, is filled in, and the letter says what moves."""
    siri.start("vat-return")
    siri.page.get_by_label("År", exact=True).fill("2025")
    siri.choose("Hvilken termin?", "November og desember")
    siri.press("Neste")
    expect(siri.page.get_by_text("kommer i stedet for den")).to_be_visible()
    siri.fill("Hva var feil, og hvorfor?", "En leverandør i Sverige var glemt.")
    siri.see("vat-correction")
    siri.press("Neste")
    expect(siri.page.get_by_label("Alminnelig")).to_have_value("100000")
    siri.see("vat-correction-sales")
    siri.press("Neste")
    siri.choose("Har du importert varer", "Ja")
    siri.press("Neste")
    expect(siri.page.get_by_text("Du beregner avgiften selv")).to_be_visible()
    siri.page.locator("[name=purchases_abroad]").nth(0).select_option("services_standard")
    siri.page.locator("[name=purchases_abroad]").nth(1).fill("10000")
    siri.page.locator("[name=purchases_abroad]").nth(2).select_option("no")
    siri.see("vat-abroad")
    siri.press("Neste")
    siri.see("vat-correction-review")
    siri.send("vat-correction")
    _two_letters(siri)
    siri.letter("Mva-meldingen er mottatt")
    expect(siri.page.get_by_text("Forskjellen er 2 500 kroner")).to_be_visible()
    siri.see("vat-correction-letter")


def _two_letters(siri):
    for _second in range(40):
        siri.goto("/my/letters")
        if siri.page.get_by_role("link", name="Mva-meldingen er mottatt").count() == 2:
            return
        siri.page.wait_for_timeout(500)
    raise AssertionError("the second letter has not come")
