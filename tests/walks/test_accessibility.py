"""axe (WCAG 2.2 A and AA) finds nothing on the pages, at 1280 and at 320 px, and none scrolls sideways.

The pages that take an application to reach are looked at in test_walk.
"""

import itertools
import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.walks.conftest import new_page, picture
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser
OPEN = (
    "/", "/search", "/search?q=barnehage", "/search?q=xyzzy", "/services", "/services?theme=barnehage",
    "/life-events/having-a-child", "/services/kindergarten-place", "/services/driving-licence-replacement",
    "/privacy", "/accessibility", "/contact", "/no-such-page", "/demo/messages", "/demo/payouts", "/rules",
    "/rules/tax.withholding", "/rules/tax.pensioner", "/rules/tax.allowance",
)  # fmt: skip
PERSONAL = (
    "/my", "/my/contact", "/my/lookups", "/my/letters", "/my/cases", "/my/payments", "/my/sign", "/my/sessions",
    "/act-as", "/office", "/my/powers", "/my/powers/new", "/my/id-card",
)  # fmt: skip
AT_WORK = (
    "/office", "/office/queue", "/office/queue?show=mine", "/office/queue?show=decided", "/office/own", "/office/dead",
)  # fmt: skip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(params=[1280, 320])
def sized(request, page):
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


def test_nothing_is_found(platform, sized):
    found = {path: findings(sized, platform.url + path) for path in OPEN}
    found["login"] = findings(sized, platform.url + "/my")
    sized.fill("#field-pid", "1")
    sized.keyboard.press("Enter")
    sized.locator(".ds-error-summary").wait_for()
    found["login error"] = findings(sized)
    log_in(sized, platform, platform.person("parent"))
    found |= {path: findings(sized, platform.url + path) for path in PERSONAL}
    sized.goto(platform.url + "/my/contact")
    sized.fill("#field-mobile", "1")
    sized.keyboard.press("Enter")
    sized.locator(".ds-error-summary").wait_for()
    found["contact error"] = findings(sized)
    found["logout"] = findings(sized, platform.url + "/id/logout")
    assert {path: rules for path, rules in found.items() if rules} == {}


def test_nothing_is_found_at_work(platform, sized):
    log_in(sized, platform, platform.officer("digitaliseringsdirektoratet"), "/act-as")
    act_for(sized, "Digitaliseringsdirektoratet")
    found = {path: findings(sized, platform.url + path) for path in AT_WORK}
    assert {path: rules for path, rules in found.items() if rules} == {}


def test_acting_for_a_company_with_a_long_name_fits(platform, sized):
    log_in(sized, platform, platform.person("chief executive"), "/act-as")
    act_for(sized, "Romsdalsfjorden Bistro AS")
    assert findings(sized, platform.url + "/my") == []
    expect(sized.locator(".who")).to_contain_text("på vegne av Romsdalsfjorden Bistro AS")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_folds_on_a_phone_and_opens_by_keyboard(platform, browser, scripts):
    page = new_page(browser, 320, scripts=scripts)
    log_in(page, platform, platform.person("parent"))
    menu, letters = page.get_by_role("button", name="Meny"), page.get_by_role("link", name="Brev", exact=True)
    expect(letters).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(letters).to_be_visible()
    assert (findings(page) if scripts else sideways(page)) == []
    page.keyboard.press("Escape")
    expect(letters).to_be_hidden()
    expect(menu).to_be_focused()
    page.context.close()


def act_for(page, name):
    page.get_by_label(name).check()
    with page.expect_navigation():
        page.get_by_role("button", name="Fortsett").click()


_pictures = itertools.count(1)


def findings(page, url=None):
    """What axe finds; with ``SCREENSHOTS=folder`` there is a picture of each page that is asked about."""
    if url:
        page.goto(url)
    test = re.sub(r"\W+", "-", os.environ["PYTEST_CURRENT_TEST"].rpartition("::")[2].removesuffix(" (call)"))
    picture(page, f"{test}{next(_pictures):03}")
    return sideways(page) + [one["id"] for one in Axe().run(page, options=RULES).response["violations"]]


def sideways(page):
    page.wait_for_load_state()  # a button may have led on
    page.wait_for_function("document.documentElement")
    fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return [] if fits else ["scrolls sideways"]
