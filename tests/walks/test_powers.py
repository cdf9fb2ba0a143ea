"""A power of attorney in a real browser: given, used, refused outside it, and withdrawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.walks.conftest import new_page
from tests.walks.test_walk import walker  # noqa: F401 - the fixture

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "giver", "receiver"), [
    (1280, "chief executive", "neighbour"), (320, "parking permit", "other parent"),
])  # fmt: skip
def test_given_used_refused_outside_and_withdrawn(walker, platform, width, giver, receiver):  # noqa: F811
    who, other = platform.person(giver), platform.person(receiver)
    mine = walker(who, width)
    mine.goto("/my/powers")
    mine.see("powers-empty")
    mine.follow("Gi fullmakt")
    mine.press("Fortsett")
    mine.see("powers-covers-error")
    mine.choose("Hva skal fullmakten gjelde?", "Noen tjenester")
    mine.press("Fortsett")
    mine.press("Gi fullmakten")
    mine.see("powers-new-errors")
    expect(mine.page.locator(".ds-error-summary")).to_be_focused()
    mine.page.get_by_label("Melde flytting", exact=True).check()
    mine.fill("Fødselsnummeret til den du velger", other["identity_number"])
    mine.fill("Etternavn", "Ingenmann")
    mine.press("Gi fullmakten")
    expect(mine.page.get_by_label("Etternavn")).to_have_value("Ingenmann")
    mine.fill("Etternavn", other["name"].split()[-1])
    mine.press("Gi fullmakten")
    mine.page.wait_for_url("**?new=1")
    mine.see("powers-given")
    page = mine.page.url.split("?")[0]

    theirs = walker(other, width)
    theirs.letter(f"{who['name']} har gitt deg fullmakt")
    theirs.goto("/act-as")
    theirs.see("powers-act-as")
    theirs.page.get_by_label(who["name"], exact=True).check()
    theirs.press("Fortsett")
    theirs.see("powers-my-page")
    theirs.start("change-of-address")
    expect(theirs.page.get_by_label("Gateadresse")).to_be_visible()
    theirs.start("driving-licence-replacement")
    expect(theirs.page.get_by_role("heading", level=1)).to_have_text("Du har ikke tilgang til dette")
    expect(theirs.page.locator("main")).to_contain_text("gjelder ikke dette")
    theirs.see("powers-refused")

    mine.goto("/my/powers")
    mine.see("powers")
    mine.page.goto(page)
    mine.follow("Trekk den tilbake")
    mine.see("powers-end")
    mine.press("Trekk den tilbake")
    expect(mine.page.locator(".stepped .ds-tag")).to_have_text("Avsluttet")
    mine.see("powers-ended")
    theirs.goto("/my")
    expect(theirs.page.locator(".who")).not_to_contain_text("på vegne av")


def test_an_accountant_finds_a_client_without_javascript(platform, browser):
    from tests.walks.test_login import log_in

    page = new_page(browser, 320, scripts=False)
    log_in(page, platform, platform.person("accountant"), "/act-as")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    client = page.locator("fieldset").last.locator("label").first.inner_text()
    page.get_by_label(client, exact=True).check()
    page.get_by_role("button", name="Fortsett").click()
    page.wait_for_url("**/my")
    assert client in page.locator(".who").inner_text()
    page.goto(platform.url + "/my/contact")
    assert "gjelder ikke dette" in page.locator("main").inner_text()
    page.context.close()
