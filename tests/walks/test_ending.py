"""The operator logs one person out, on a page that she can use wide and narrow."""

import pytest

from tests.walks.conftest import new_page, picture
from tests.walks.test_accessibility import act_for, findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 320])
def test_a_person_is_logged_out_and_reads_why(platform, browser, page, width):
    parent = platform.person("parent")
    theirs = new_page(browser)
    log_in(theirs, platform, parent)
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, platform, platform.officer("digitaliseringsdirektoratet"), "/act-as")
    act_for(page, "Digitaliseringsdirektoratet")
    page.goto(platform.url + "/office/logins")
    page.fill("#field-pid", platform.officer("digitaliseringsdirektoratet")["identity_number"])
    page.get_by_label("Høyt").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/office/logins")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Logg ut denne personen").click()
    page.locator(".ds-error-summary").wait_for()
    assert findings(page) == []
    picture(page, f"logins-{width}")
    page.fill("#field-pid", parent["identity_number"])
    page.fill("#field-reason", "Telefonen er meldt stjålet")
    page.get_by_role("button", name="Logg ut denne personen").click()
    page.get_by_text("avsluttet").wait_for()
    theirs.goto(platform.url + "/my")
    assert "/id/eid" in theirs.url
    log_in(theirs, platform, parent, "/my/lookups")
    assert "Telefonen er meldt stjålet" in theirs.locator("main").inner_text()
    theirs.context.close()
