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
    siri.fill("År", "2025")
    siri.choose("Hvilken termin?", "November og desember")
    siri.see("vat-term")
    siri.press("Neste")
    for question, amount in (("Alminnelig", "100000"), ("Næringsmidler", "0"), ("Persontransport", "0")):
        siri.fill(question, amount)
    siri.fill("Førstehåndsomsetning", "0")
    siri.see("vat-sales")
    siri.press("Neste")
    siri.fill("Inngående merverdiavgift", "8000")
    siri.press("Neste")
    siri.send("vat")
    siri.letter("Mva-meldingen er mottatt")
    expect(siri.page.get_by_text("17 000 kroner")).to_be_visible()
    siri.see("vat-letter")
    siri.goto("/my/payments")
    expect(siri.page.get_by_role("link", name="Merverdiavgift, termin 2025-6")).to_be_visible()
