"""From the front page to who has looked me up, as a person would go, with a keyboard and no JavaScript too."""

import pytest

from tests.walks.conftest import new_page

pytestmark = pytest.mark.browser


def log_in(page, platform, person, path="/my"):
    page.goto(platform.url + path)
    page.fill("#field-pid", person["identity_number"])
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(platform.url + path)


def test_a_parent_logs_in_and_sees_who_looked(platform, page):
    log_in(page, platform, platform.person("parent"))
    assert page.locator("h1").count() == 1
    page.goto(platform.url + "/my/lookups")
    assert "eForvaltningsforskriften § 4" in page.locator("main").inner_text()


def test_an_officer_goes_to_work_and_out_again_without_javascript(platform, browser):
    page = new_page(browser, 320, scripts=False)
    log_in(page, platform, platform.officer("1506-molde"), "/act-as")
    page.get_by_label("Molde kommune").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(platform.url + "/my/sessions")
    page.get_by_role("button", name="Meny").click()
    page.locator('header form[action="/logout"] button').click()
    page.wait_for_url(platform.url + "/")
    page.goto(platform.url + "/my")
    assert "/id/eid" in page.url
    page.context.close()


def test_a_wrong_number_is_explained_beside_the_field(platform, page):
    page.goto(platform.url + "/my")
    page.fill("#field-pid", "123")
    page.keyboard.press("Enter")
    page.locator(".ds-error-summary").wait_for()
    assert page.locator("#field-pid").input_value() == "123"
    assert page.locator("#field-pid").get_attribute("aria-invalid") == "true"
