"""A wage earner looks over her return, changes an amount, adds one, delivers, and reads the assessment."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import PDF, walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_look_change_deliver_and_read_the_assessment(walker, platform):  # noqa: F811
    me = walker(platform.person("neighbour"))
    me.goto("/my")
    me.follow("Skattemeldingen min")
    expect(me.page.get_by_role("heading", level=1)).to_have_text("Skattemelding for 2025")
    me.see("tax-return")
    me.page.get_by_role("link", name="Endre Renter av gjeld").click()
    me.fill("Hva er riktig?", "mye")
    me.press("Endre")
    me.see("tax-return-wrong")
    me.fill("Hva er riktig?", "104 000")
    me.fill("Hvorfor er det ikke som meldt?", "Et lån i utlandet er ikke meldt")
    me.press("Endre")
    expect(me.page.get_by_text("Endret av deg")).to_be_visible()
    me.follow("Legg til et beløp")
    me.see("tax-return-add")
    me.page.get_by_label("Hva er det?").select_option("other_income")
    me.fill("Beløp i året", "2500")
    me.fill("Fortell hva det er", "Leide ut båten")
    me.press("Legg til")
    me.page.get_by_text("Legg ved dokumentasjon").click()
    me.page.locator("#field-documents").set_input_files(PDF)
    me.press("Legg ved filen" if me.page.get_by_role("button", name="Legg ved filen").count() else "Legg til filen")
    me.see("tax-return-changed")
    me.press("Lever")
    me.see("tax-return-case")
    me.letter("Skatteoppgjøret ditt for 2025")
    me.see("tax-return-letter")
    me.goto("/my/tax-return")
    me.see("tax-return-delivered")
    me.follow("Skatteoppgjøret ditt")
    expect(me.page.get_by_role("link", name="Klag på vedtaket")).to_be_visible()
