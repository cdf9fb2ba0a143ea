"""What if the rates were others, in a real browser: propose, read the bars, mend a mistake; axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.walks.conftest import picture
from tests.walks.test_accessibility import findings

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 320])
def test_anyone_proposes_and_reads_who_wins(platform, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(platform.url + "/rules")
    with page.expect_navigation():
        page.locator("main a[href='/rules/what-if']").click()
    assert not findings(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ds-error-summary")).to_be_visible()
    page.select_option("#field-figure_1", "welfare.extended")
    page.fill("#field-value_1", "3 000")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#by-family")).to_be_visible()
    assert page.url == platform.url + "/rules/what-if"
    assert not findings(page)
    picture(page, f"what-if-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
