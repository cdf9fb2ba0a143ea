"""axe (WCAG 2.2 A and AA) finds nothing on the pages, at 1280 and at 320 px."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
OPEN = (
    "/", "/privacy", "/accessibility", "/contact", "/no-such-page", "/demo/messages", "/rules",
    "/rules/tax.withholding", "/rules/tax.pensioner", "/rules/tax.allowance",
)  # fmt: skip
PERSONAL = (
    "/my", "/my/contact", "/my/lookups", "/my/letters", "/my/sessions", "/act-as", "/my/powers", "/my/powers/new",
    "/my/id-card",
)  # fmt: skip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_is_found(platform, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    found = {}
    for path in OPEN:
        found[path] = findings(page, platform.url + path)
    found["login"] = findings(page, platform.url + "/my")
    page.fill("#field-pid", "1")
    page.keyboard.press("Enter")
    page.locator(".ds-error-summary").wait_for()
    found["login error"] = findings(page)
    log_in(page, platform, platform.person("parent"))
    for path in PERSONAL:
        found[path] = findings(page, platform.url + path)
    page.goto(platform.url + "/my/contact")
    page.fill("#field-mobile", "1")
    page.keyboard.press("Enter")
    page.locator(".ds-error-summary").wait_for()
    found["contact error"] = findings(page)
    found["logout"] = findings(page, platform.url + "/id/logout")
    assert {path: rules for path, rules in found.items() if rules} == {}


def findings(page, url=None):
    if url:
        page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{url} scrolls sideways"
    return [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]
