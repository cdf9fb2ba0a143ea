"""The national ID card in a real browser: ordered, paid, checked, granted, made, handed over, and blocked."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.test_walk import at_work, walker  # noqa: F401 - the fixture

pytestmark = pytest.mark.browser
MADE_SECONDS = 30


@pytest.mark.parametrize(("width", "role"), [(1280, "neighbour"), (320, "parking permit")])
def test_from_order_to_blocked(walker, platform, width, role):  # noqa: F811
    person = platform.person(role)
    holder = walker(person, width)
    holder.goto("/my/id-card")
    holder.see("id-card-none")
    holder.start("national-id-card")
    holder.choose("Skal kortet ha reiserett?", "Ja")
    holder.choose("Hvorfor bestiller du?", "Jeg har ikke hatt ID-kort")
    holder.choose("Hvordan vil du få kortet?", "Jeg henter det hos politiet")
    holder.page.get_by_label("Den kortet er til, er norsk statsborger.").check()
    holder.see("id-card-order")
    holder.press("Neste")
    holder.send("id-card")
    holder.page.locator("main form button").first.click()
    holder.page.locator("button[value=pay]").click()
    holder.page.wait_for_url("**/my/cases/**")
    number = holder.page.locator(".stepped .quiet").inner_text().split(",")[0].split()[-1]

    officer = walker(platform.officer("politiet"), width)
    at_work(officer)
    officer.see("id-card-queue")
    if width == 320:
        officer.page.get_by_role("button", name="Meny").click()
    officer.follow("ID-kort")
    officer.see("id-card-desk")
    officer.follow("Registrer ID-kontroll")
    officer.press("Registrer")
    officer.see("id-card-check-errors")
    officer.fill("Fødselsnummer", person["identity_number"])
    officer.choose("Hva ble vist fram?", "Pass")
    officer.press("Registrer")
    expect(officer.page.get_by_role("status")).to_contain_text("registrert")
    officer.see("id-card-check")
    officer.goto("/office")
    officer.page.locator("tr, li").filter(has_text=number).locator("a[href^='/office/cases/']").first.click()
    officer.choose("Resultat", "Innvilg")
    officer.press("Avgjør og send brevet")
    officer.page.wait_for_url("**/office?done=1")
    for _half_second in range(MADE_SECONDS * 2):
        holder.goto("/my/id-card")
        if holder.page.get_by_text("På vei").count():
            break
        holder.page.wait_for_timeout(500)
    holder.see("id-card-sent")
    card = holder.page.get_by_role("heading", level=2).first.inner_text().split()[-1]

    officer.goto("/office/id-cards")
    officer.page.get_by_label("Kortnummer eller fødselsnummer").fill(person["identity_number"])
    officer.press("Finn")
    officer.see("id-card-found")
    officer.follow(card)
    officer.see("id-card-card")
    officer.fill("Les av kortet, eller skriv nummeret", card[::-1])
    officer.press("Lever ut")
    officer.see("id-card-wrong-card")
    officer.fill("Les av kortet, eller skriv nummeret", card)
    officer.press("Lever ut")
    expect(officer.page.locator(".stepped .ds-tag")).to_have_text("I bruk")

    holder.goto("/my/id-card")
    holder.see("id-card-in-use")
    holder.follow("Sperr kortet")
    holder.see("id-card-block")
    holder.choose("Hva har skjedd?", "Det er stjålet")
    holder.press("Sperr kortet nå")
    expect(holder.page.get_by_role("status")).to_contain_text("sperret")
    holder.see("id-card-blocked")
    holder.letter("ID-kortet ditt er sperret")
