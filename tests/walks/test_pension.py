"""My pension in a real browser: filled in from the register, the chart moves, an application is sent, axe finds
nothing, and no address says a thing."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from allting.kernel.calendar import months_after
from tests.walks.conftest import picture
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
    expect(page.locator("table").first).to_be_visible()  # folded out, and stays so
    expect(page.locator("main form [role=status]")).to_contain_text(page.locator(".amount").inner_text())
    assert page.locator(".amount").inner_text() != before
    assert page.url == platform.url + "/my/pension"
    assert not findings(page)
    picture(page, f"pension-{width}")


@pytest.mark.parametrize("width", [1280, 320])
def test_one_near_her_pension_sees_what_she_has_and_applies(platform, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, platform, platform.person("pension"), "/my/pension")
    expect(page.locator("#field-balance")).to_have_value(re.compile("^[1-9][0-9]{6}$"))
    expect(page.locator("#field-income")).to_have_value("720000")
    expect(page.locator("#comes-to")).to_be_visible()
    page.locator("#by-year").click()
    expect(page.get_by_role("rowheader", name="2024")).to_be_visible()
    assert not findings(page)
    picture(page, f"my-pension-{width}")
    with page.expect_navigation():
        page.get_by_role("link", name="Søk om alderspensjon").click()
    apply(page, platform, width)


def apply(page, platform, width):
    assert not findings(page)
    press(page, page.get_by_role("button", name="Start").first)
    if page.get_by_role("button", name="Begynn på en ny").count():
        press(page, page.get_by_role("button", name="Begynn på en ny"))
    if page.locator("#field-pid").count():  # to a higher level
        page.fill("#field-pid", platform.person("pension")["identity_number"])
        page.locator("main form button[type=submit]").click()
    first = months_after(timezone.localdate().replace(day=1), 2)
    page.get_by_label("Fra hvilken måned vil du ha pensjon?").fill(first.isoformat())
    page.get_by_label("50 prosent").check()
    assert not findings(page)
    picture(page, f"pension-when-{width}")
    press(page, page.get_by_role("button", name="Neste"))
    page.get_by_label("Ingen ektefelle, partner eller samboer").check()
    page.get_by_label("Hvor mange år har du bodd eller arbeidet i Norge").fill("47")
    page.get_by_role("group", name="Har du bodd eller arbeidet i andre land").get_by_label("Nei").check()
    page.get_by_label("Konto for utbetaling").fill("00000000019")
    assert not findings(page)
    picture(page, f"pension-home-{width}")
    press(page, page.get_by_role("button", name="Neste"))
    assert not findings(page)
    picture(page, f"pension-review-{width}")
    press(page, page.get_by_role("button", name="Signer og send"))
    expect(page.locator("main")).to_contain_text("Alderspensjon")
    assert "/my/cases/" in page.url
    picture(page, f"pension-sent-{width}")


def press(page, button):
    """Press and wait for the page it leads to."""
    with page.expect_navigation():
        button.click()
