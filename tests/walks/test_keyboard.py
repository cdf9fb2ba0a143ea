"""A whole application with the keyboard alone: found, filled in, put right, sent; the focus is always seen."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.walks.test_login import log_in
from tests.walks.test_walk import PDF

pytestmark = pytest.mark.browser
MOST_TABS = 60
SEEN = """() => {
  const style = getComputedStyle(document.activeElement);
  if (document.activeElement.matches(".ds-skip-link")) return document.activeElement.offsetHeight > 20; // it appears
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
}"""


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until ``wanted`` has the focus, and see that the focus shows."""
    expect(wanted).to_be_visible()
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            assert page.evaluate(SEEN), f"the focus does not show on {wanted}"
            return
    raise AssertionError(f"Tab does not lead to {wanted}")


def press(page: Page, wanted: Locator) -> None:
    """Go there by Tab, press Enter, and wait for the page it leads to."""
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, file: Any) -> None:
    """Open the file chooser with Enter; on a crowded machine the browser lets the first press pass now and then."""
    for patience in (4_000, 4_000, 15_000):
        try:
            with page.expect_file_chooser(timeout=patience) as chooser:
                page.keyboard.press("Enter")
            break
        except PlaywrightTimeoutError:
            if patience > 4_000:
                raise
    chooser.value.set_files(file)


def test_a_parking_permit_with_the_keyboard_alone(platform, page):
    log_in(page, platform, platform.person("parking permit"))
    page.goto(platform.url + "/")
    tab_to(page, page.get_by_role("link", name="Gå til hovedinnholdet"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Søk etter en tjeneste"))
    page.keyboard.type("HC-kort")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="Parkeringstillatelse for forflytningshemmede"))
    press(page, page.get_by_role("button", name="Start"))
    again, role = page.get_by_role("button", name="Begynn på en ny"), page.get_by_label("Jeg blir kjørt")
    expect(again.or_(role)).to_be_visible()
    if again.count():
        press(page, again)

    press(page, page.get_by_role("button", name="Neste"))
    expect(page.locator(".ds-error-summary")).to_be_focused()
    tab_to(page, page.get_by_role("link", name="Hvor trenger du å parkere?"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ved hjemmet")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")  # into the question before: the radios
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Jeg kjører selv")).to_be_checked()
    tab_to(page, page.get_by_label("Hva gjør det vanskelig for deg å gå?"))
    page.keyboard.type("Jeg går 50 meter med krykker.")
    press(page, page.get_by_role("button", name="Neste"))

    tab_to(page, page.get_by_label("Legeerklæring"))
    choose(page, PDF)
    press(page, page.get_by_role("button", name="Neste"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Se over og send")
    expect(page.get_by_text("statement.pdf")).to_be_visible()
    press(page, page.get_by_role("button", name="Signer og send"))
    expect(page.get_by_role("status").first).to_contain_text("Vi har mottatt søknaden din")
