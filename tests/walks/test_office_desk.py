"""An officer's tools in a browser: notes, a letter looked at first, several cases at once, keys, figures; axe finds
nothing, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_office import apply
from tests.walks.test_walk import at_work, on_the_desk, walker  # noqa: F401  the fixture

pytestmark = pytest.mark.browser


def test_notes_letters_several_at_once_keys_and_figures(walker, platform):  # noqa: F811
    parent = walker(platform.person("parent"))
    sent = [apply(parent, f"desk-{number}") for number in range(2)]
    officer = walker(platform.officer("1506-molde"))
    at_work(officer)
    officer.goto("/office")
    officer.see("desk-first")
    officer.open(on_the_desk(sent[0]))
    officer.fill("Notat", "Ring mor på mandag.")
    officer.press("Legg til notatet")
    expect(officer.page.get_by_text("Ring mor på mandag.")).to_be_visible()
    officer.see("desk-note")
    officer.follow("Skriv et brev til parten")
    officer.press("Se på brevet")
    expect(officer.page.locator(".ds-error-summary")).to_be_focused()
    officer.see("desk-letter-errors")
    officer.fill("Tittel", "Om sak {case.number}")
    officer.page.get_by_label("Tekst", exact=True).fill("Hei {party.name}.\n\nVi svarer etter ferien.")
    officer.press("Se på brevet")
    expect(officer.page.get_by_text("Slik parten får lese det")).to_be_visible()
    officer.see("desk-letter")
    officer.press("Send brevet")
    officer.goto("/office/texts")
    officer.see("desk-texts")

    officer.goto("/office/queue")
    _keys(officer.page)
    officer.see("desk-queue")
    for case in sent:
        officer.page.locator(f"input[name=case][value='{case.rsplit('/', 1)[1]}']").check()
    officer.press("Gå videre med de valgte")
    officer.see("desk-several")
    officer.page.get_by_text("Avgjør dem likt").click()
    _press_open(officer, "Se hva som vil skje")
    expect(officer.page.locator(".ds-error-summary")).to_be_focused()
    officer.see("desk-several-errors")
    officer.choose("Resultat", "Avslå")
    officer.page.get_by_label("Begrunnelse", exact=True).fill("Alle plassene er fordelt.")
    _press_open(officer, "Se hva som vil skje")
    officer.see("desk-several-sure")
    officer.press("Avgjør og send brevene")
    expect(officer.page.get_by_role("status").first).to_contain_text("Utført med 2 saker")
    officer.see("desk-several-done")
    officer.goto("/office/figures")
    officer.see("desk-figures")
    officer.goto("/office/figures?service=kindergarten-place")
    officer.see("desk-figures-of-one")


def _keys(page):
    """Nothing before they are turned on; then a key moves the focus, and none while she types."""
    page.keyboard.press("j")
    expect(page.locator("body")).to_be_focused()
    page.get_by_role("button", name="Hurtigtaster").click()
    page.get_by_label("Bruk hurtigtaster i denne nettleseren").check()
    page.get_by_role("button", name="Lukk").click()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".queue tbody a").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(".queue tbody input").first).to_be_checked()
    page.keyboard.press("j")
    expect(page.locator(".queue tbody a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(".queue tbody input").first).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    field = page.locator("input[name=q]").first
    field.focus()
    field.press_sequentially("jx")
    expect(field).to_have_value("jx")


def _press_open(officer, name):
    """The button of what is folded out."""
    with officer.page.expect_navigation():
        officer.page.locator("details[open]").get_by_role("button", name=name).click()
