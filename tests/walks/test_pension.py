"""My pension in a real browser: the chart moves with age and degree, axe finds nothing, and no address says a thing."""

import os

import pytest
from playwright.sync_api import expect

from tests.walks.test_accessibility import findings
from tests.walks.test_login import log_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 320])
def test_the_chart_moves_with_age_and_degree(platform, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(platform.url + "/my/pension")
    log_in(page, platform, platform.person("parent"))
    page.goto(platform.url + "/my/pension")
    assert not findings(page)
    page.fill("#field-balance", "4000000")
    page.fill("#field-income", "600000")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".bar.chosen .year")).to_have_text("67")
    before = page.locator(".amount").inner_text()
    page.locator("#as-table").click()
    page.select_option("#field-age", "62")
    expect(page.locator(".bar.chosen .year")).to_have_text("62")
    page.select_option("#field-degree", "50")
    expect(page.locator("#comes-to")).to_contain_text("50")
    expect(page.locator("table")).to_be_visible()  # folded out, and stays so
    expect(page.locator("main form [role=status]")).to_contain_text(page.locator(".amount").inner_text())
    assert page.locator(".amount").inner_text() != before
    assert page.url == platform.url + "/my/pension"
    assert not findings(page)
    if os.environ.get("PICTURES"):
        page.screenshot(path=f"{os.environ['PICTURES']}/pension-{width}.png", full_page=True)
